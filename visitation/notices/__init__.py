"""What people are told outside the apps: words and files, without sending them."""
