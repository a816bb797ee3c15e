"""Who may do what to what: said once, in one table, and asked through `permits`."""
