"""How rows are kept: engine, transactions, migrations."""
