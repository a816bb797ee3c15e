"""Where a node is reached: its own names, its listening socket, its address and the origins of its pages."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import ifaddr

if TYPE_CHECKING:
    from server.settings import Settings

LOOPBACK = ("127.0.0.1", "::1")
ANY = ("", "0.0.0.0", "::")


def names_of(host: str) -> frozenset[str]:
    """Every name and address this machine answers to, and the one it was told to serve on."""
    addresses = {
        ip.ip if isinstance(ip.ip, str) else ip.ip[0]
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    }
    names = {"localhost", *LOOPBACK, socket.gethostname(), *addresses}
    return frozenset(names if host in ANY else {*names, host})


def bind(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 lets the kernel choose. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=512)


class Addresses:
    """`url` for people, and `origins`: what a browser on one of our pages says it comes from."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        scheme, port = "https" if settings.tls else "http", listening.getsockname()[1]
        shown = "localhost" if settings.host in (*LOOPBACK, *ANY) else settings.host
        self.url = settings.public_url or _origin(scheme, shown, port)
        names = {_origin(scheme, name, port) for name in names_of(settings.host)}
        self.origins = frozenset({*names, self.url.rstrip("/")})


def _origin(scheme: str, name: str, port: int) -> str:
    """RFC 6454: the scheme's own port is left out."""
    host = f"[{name}]" if ":" in name else name
    own = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" + ("" if port == own else f":{port}")
