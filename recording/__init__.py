"""Turns one call's packets into sealed, playable, provable recordings."""
