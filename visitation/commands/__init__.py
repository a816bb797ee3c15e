"""What can be asked of the services that keep the prison's world: closed shapes with limits."""
