"""The process' one UDP port: a non-blocking socket with big buffers, and the addresses it is reached by."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sys

from aioice.ice import get_host_addresses

from relay.leg import Address

WANTED_BUFFER = 8 << 20  # bytes each way: what arrives in a second of fifty calls, should the reader stall

# Linux' own, from asm/socket.h: past the kernel's limit, for who may administer the network.
_FORCED = {socket.SO_RCVBUF: 33, socket.SO_SNDBUF: 32} if sys.platform == "linux" else {}


class Port:
    """Bound at construction; `sock` is read and written directly, so any event loop will do.

    `receiving` and `sending` are the buffers' sizes in bytes as the kernel gave them, which may be less than wanted.
    """

    def __init__(self, host: str, port: int, buffer: int = WANTED_BUFFER) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self.sock.setblocking(False)
            self.receiving = resize(self.sock, socket.SO_RCVBUF, buffer)
            self.sending = resize(self.sock, socket.SO_SNDBUF, buffer)
            self.sock.bind((host, port))
        except OSError:
            self.sock.close()
            raise
        self._host = host
        self.number: int = self.sock.getsockname()[1]

    def candidates(self, media_addresses: tuple[str, ...]) -> list[Address]:
        """(ip, port) pairs for the offer: those given, else loopback and each interface's address."""
        if media_addresses:
            return [candidate(text, self.number) for text in media_addresses]
        if self._host not in ("0.0.0.0", "::"):
            return [(self._host, self.number)]
        # Firefox gathers no loopback candidates: it needs the interfaces' addresses beside ours.
        hosts = get_host_addresses(use_ipv4=True, use_ipv6=self._host == "::")
        return [(host, self.number) for host in ("127.0.0.1", *hosts)]

    def close(self) -> None:
        self.sock.close()


def candidate(text: str, port: int) -> Address:
    """What "ip", "ip:port" or "[ip]:port" names; `port` where it names none. Raises ValueError."""
    host, given = text, str(port)
    if text.startswith("["):
        host, _, given = text.removeprefix("[").partition("]:")
    elif text.count(":") == 1:
        host, _, given = text.partition(":")
    if not given.isascii() or not given.isdecimal() or not int(given) < 1 << 16:
        raise ValueError(f"{given!r} is no port")
    return str(ipaddress.ip_address(host)), int(given)


def resize(sock: socket.socket, option: int, wanted: int) -> int:
    """The size given. The kernel cuts a wish at net.core.{r,w}mem_max in silence, unless it is forced."""
    sock.setsockopt(socket.SOL_SOCKET, option, wanted)
    if _size(sock, option) < wanted and option in _FORCED:
        with contextlib.suppress(PermissionError):
            sock.setsockopt(socket.SOL_SOCKET, _FORCED[option], wanted)
    return _size(sock, option)


def _size(sock: socket.socket, option: int) -> int:
    size = sock.getsockopt(socket.SOL_SOCKET, option)
    return size // 2 if sys.platform == "linux" else size  # Linux keeps and tells the double (socket(7))
