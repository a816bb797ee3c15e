"""Run one node until it is told to stop, and say where it is reached."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import shutil
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from recording.keys import KeysRefused
from relay.leg import RelayBroken
from relay.packet_path import NotBuilt
from server import logs, machine
from server.bootstrap import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.settings import Settings

LOCKED = "Another server is already running on this data folder. Stop it, or give --data another folder."
NO_ROOM = "The data folder cannot be written ({reason}). Make room or give --data another folder."
TAKEN = "Port {port} is already in use. Stop what uses it, or give --port another number (0 = any)."
NO_DATABASE = "The database cannot be used ({reason}). Make room, mend it, or give --data another folder."
NEWER = (
    "The database was made by another version of Visitation. Start that one, or give --data another folder."
)
NO_KEYS = "The keys of the recordings cannot be used: {reason}."
NO_RELAY = "A library has another version than this server was made for ({reason}). Install the locked ones."
NO_NATIVE = (
    "VISITATION_MEDIA_PATH=native cannot be: {reason}. `visitation doctor` says what to install; "
    "auto serves without it."
)
ONLY_DEMO = "--reset empties the demo only; this data folder was not made by the demo."
DEMO_MARK = "demo"


class CannotServe(Exception):
    """A reason not to start, in words for the person at the keyboard."""


@contextmanager
def _data_folder(settings: Settings, *, reset: bool) -> Iterator[None]:
    """The data folder, made, locked for this process, emptied if asked. Raises CannotServe."""
    folder = settings.data
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotServe(NO_ROOM.format(reason=error.strerror)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _prepare(settings, reset=reset)
        yield
    except BlockingIOError as error:
        raise CannotServe(LOCKED) from error
    finally:
        os.close(handle)


def _prepare(settings: Settings, *, reset: bool) -> None:
    mark = settings.data / DEMO_MARK
    ours = [path for path in settings.data.iterdir() if path.name != "lock"]
    if reset:
        if ours and not mark.exists():
            raise CannotServe(ONLY_DEMO)
        for path in ours:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if settings.demo and (reset or not ours):
        mark.touch(mode=0o600)


async def serve_until_stopped(settings: Settings, *, reset: bool, as_json: bool) -> int:
    """Serves until SIGINT or SIGTERM. Returns the exit code: 0, or 2 with a reason in words."""
    logs.configure(settings.log_level)
    try:
        machine.settle(settings)
        with _data_folder(settings, reset=reset):
            return await _serve(settings, as_json=as_json)
    except (CannotServe, machine.Unfit) as reason:
        print(reason, file=sys.stderr)  # noqa: T201  words for a person, not a log line
        return 2


async def _serve(settings: Settings, *, as_json: bool) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    node = Node(settings)
    try:
        await node.start()
    except Exception as error:
        await node.stop()
        words = _words_for(error, settings)
        if words is None:
            raise
        raise CannotServe(words) from error
    if settings.gc_freeze:
        machine.freeze()
    try:
        _announce(node, as_json=as_json)
        await stopped.wait()
    finally:
        await node.stop()
    return 0


def _words_for(error: Exception, settings: Settings) -> str | None:
    """What the person at the keyboard can do about it; None for a fault of ours."""
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return TAKEN.format(port=settings.port)
        case OSError():
            return NO_ROOM.format(reason=error.strerror)
        case DBAPIError():
            return NO_DATABASE.format(reason=error.orig)
        case CommandError():
            return NEWER
        case KeysRefused():
            return NO_KEYS.format(reason=error)
        case RelayBroken():
            return NO_RELAY.format(reason=error)
        case NotBuilt():
            return NO_NATIVE.format(reason=error)
        case machine.Unfit():
            return str(error)
    return None


def _announce(node: Node, *, as_json: bool) -> None:
    """Prints the address and, in the demo, the one-click sign-ins."""
    if as_json:
        places = {"url": node.url, "media_port": node.media_port, "links": node.demo_links()}
        print(json.dumps(places), flush=True)  # noqa: T201
        return
    lines = ["", f"Visitation is running: {node.url}/", ""]
    links = node.demo_links()
    width = max((len(link["label"]) for link in links), default=0)
    lines += [f"  {link['label']:<{width}}  {node.url}{link['href']}" for link in links]
    lines += ["", "Open each in its own tab of one browser. Stop with Ctrl+C.", ""]
    print("\n".join(lines), flush=True)  # noqa: T201
