"""What the doctor looks at in the installation: packet path, libraries, addresses, certificates, folders."""

from __future__ import annotations

import errno
import ipaddress
import os
import shutil
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from relay.leg import libsrtp_version
from relay.packet_path import why_not_native
from relay.port import Port
from server.addresses import LOOPBACK, names_of
from server.findings import Finding, change, good, size, stops
from server.version import describe, packet_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.settings import Settings

COMPILER = "As root: apt-get install gcc libc6-dev python3-dev; then start `python3 -m visitation` in the checkout once."
RECORDED = 2 * 9_400_000  # bytes a minute of a call with two recorded parties
LITTLE = 20 << 30
LEAST = 64 << 20  # under it the recorder does not begin, and a call that must be recorded is held


async def findings(settings: Settings) -> list[Finding]:
    line, works = await describe(settings.media_path)
    return [
        good("version", line) if works else stops("version", line, "Install the versions of the lock file."),
        *(_packet_path(settings) if works else ()),
        good("libsrtp", f"{libsrtp_version()}, the one inside pylibsrtp."),
        _pages(settings),
        *_media(settings),
        *_folder(settings.data),
    ]


def _packet_path(settings: Settings) -> Iterator[Finding]:
    name, words = "packet path", packet_path(settings.media_path)
    if settings.media_path == "python" or why_not_native() is None:
        yield good(name, f"{words}.")
        return
    lacking = _compiler_lacks()
    tools = f"here lacks {lacking}" if lacking else "a compiler and Python's headers are here"
    yield change(name, f"{words}. It takes about twice the processor per call; {tools}.", COMPILER)


def _compiler_lacks() -> str:
    headers = Path(sysconfig.get_paths()["include"]) / "Python.h"
    compiler = shutil.which("gcc") or shutil.which("cc")
    return " and ".join(
        word for word, there in (("a C compiler", compiler), ("Python.h", headers.exists())) if not there
    )


def _pages(settings: Settings) -> Finding:
    """Browsers give a camera to a page from localhost or over TLS, and to no other (W3C Secure Contexts)."""
    name = "pages"
    if not settings.static.joinpath("visitor.html").exists():
        return stops(
            name,
            f"the browser apps are not in {settings.static}.",
            "Start `python3 -m visitation` in the checkout once.",
        )
    public = settings.public_url or ""
    if settings.tls:
        return good(name, "over TLS with an own certificate, which browsers ask people to accept.")
    if public.startswith("https://"):
        return good(name, f"over TLS by the proxy that serves {public}.")
    if settings.host in LOOPBACK or settings.host == "localhost":
        return good(
            name, "on localhost only; other machines need TLS (--tls, or a proxy and VISITATION_PUBLIC_URL)."
        )
    return stops(
        name,
        f"served on {settings.host} without TLS: no browser on another machine opens its camera to them.",
        "Serve with --tls, or put a proxy with a certificate in front and set VISITATION_PUBLIC_URL=https://...",
    )


def _media(settings: Settings) -> Iterator[Finding]:
    name, port = "media port", None
    try:
        port = Port(settings.media_host, settings.media_port)
        port.close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield change(
                name,
                f"UDP port {settings.media_port} is in use.",
                "If it is this node that runs already, all is well.",
            )
            return
        yield stops(
            name,
            f"{settings.media_host} cannot be used ({error.strerror}).",
            "Correct VISITATION_MEDIA_HOST.",
        )
        return
    outside = settings.host not in LOOPBACK or settings.public_url is not None
    if settings.media_port:
        yield good(name, f"UDP {settings.media_port}; the firewall has to let it in.")
    elif outside:
        yield change(
            name,
            "another one at each start, which no firewall can be told.",
            "Set VISITATION_MEDIA_PORT to a number and open that UDP port.",
        )
    else:
        yield good(name, "any; enough on localhost.")
    yield _media_addresses(
        settings, [host for host, _ in port.candidates(settings.media_addresses)], outside=outside
    )


def _media_addresses(settings: Settings, hosts: list[str], *, outside: bool) -> Finding:
    name, listed = "media addresses", ", ".join(hosts)
    kinds = [ipaddress.ip_address(host) for host in hosts]
    foreign = [host for host in hosts if host not in names_of(settings.host)]
    remedy = 'Set VISITATION_MEDIA_ADDRESSES, for instance ["203.0.113.5:40000"].'
    if outside and all(kind.is_loopback for kind in kinds):
        return stops(name, f"{listed}: no other machine reaches it.", remedy)
    if outside and not any(kind.is_global for kind in kinds):
        return change(
            name, f"{listed}: reached from inside the building only, and not by relatives at home.",
            f"If that is not meant: {remedy[0].lower()}{remedy[1:]}",
        )  # fmt: skip
    if foreign:
        return good(
            name,
            f"{listed}; {', '.join(foreign)} is not this machine's own: a router must pass the UDP port on to it.",
        )
    return good(name, f"{listed}.")


def _folder(data: Path) -> Iterator[Finding]:
    name = "data folder"
    there = data
    while not there.exists():
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield stops(
            name, f"{data} cannot be written by this user.", "Give it to this user, or set VISITATION_DATA."
        )
        return
    yield _room(data, shutil.disk_usage(there).free)
    keys = data / "keys"
    if keys.is_dir() and any(path.stat().st_mode & 0o077 for path in (keys, *keys.iterdir())):
        yield stops("keys", f"{keys} can be read by others.", f"chmod -R go= {keys}")


def _room(data: Path, free: int) -> Finding:
    hours = free / RECORDED / 60
    words = f"{data} has {size(free)} left, about {hours:.0f} hours of recorded calls of two."
    if free < LEAST:
        return stops("data folder", f"{data} has {size(free)} left; nothing can be recorded.", "Make room.")
    if free < LITTLE:
        return change("data folder", words, "Make room, or give the recordings another disk.")
    return good("data folder", words)
