"""The process' one UDP port: a non-blocking socket with big buffers, and the addresses it is reached by."""

from __future__ import annotations

import socket

from aioice.ice import get_host_addresses

from relay.leg import Address

WANTED_BUFFER = 8 << 20  # a stalled loop must not lose packets: about 1 s of fifty calls


class Port:
    """Bound at construction; `sock` is read and written directly, so any event loop will do."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.sock.setsockopt(socket.SOL_SOCKET, option, WANTED_BUFFER)
        try:
            self.sock.bind((host, port))
        except OSError:
            self.sock.close()
            raise
        self._host = host
        self.number: int = self.sock.getsockname()[1]

    def candidates(self, media_addresses: tuple[str, ...]) -> list[Address]:
        """(ip, port) pairs for the offer: those given, else loopback and each interface's address."""
        if media_addresses:
            return [self._candidate(text) for text in media_addresses]
        if self._host not in ("0.0.0.0", "::"):
            return [(self._host, self.number)]
        # Firefox gathers no loopback candidates: it needs the interfaces' addresses beside ours.
        hosts = get_host_addresses(use_ipv4=True, use_ipv6=self._host == "::")
        return [(host, self.number) for host in ("127.0.0.1", *hosts)]

    def _candidate(self, text: str) -> Address:
        host, colon, port = text.rpartition(":")
        if colon and host.count(":") == 0:
            return host, int(port)
        return text, self.number

    def close(self) -> None:
        self.sock.close()
