"""What arranging visits looks at, read from the rows into the deciders' values."""
