"""The rows the prison's world is kept in."""
