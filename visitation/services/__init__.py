"""What the doors ask of the prison's world, one service a file."""
