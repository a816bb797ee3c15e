"""Packets between browsers: transports, forwarding, congestion; no word of what a call is for."""
