"""The prison's world: people, rules, schedule, visits, decisions (import-free: the newcomer's door passes here)."""
