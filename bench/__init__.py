"""Loads and lines made for measuring: light media clients, an impaired line, the bench itself."""
