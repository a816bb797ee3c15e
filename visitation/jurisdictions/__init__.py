"""Policy packs: what each country's law makes of a visit, as data and texts."""
