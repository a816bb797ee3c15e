"""The recorder process: reads messages from the server's socket and writes every recording of the node."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

from recording.feed import Choice, why_not_native
from recording.flusher import Flusher
from recording.keys import Keys
from recording.reorder import MS
from recording.session import Session
from recording.spec import SpecRefused
from recording.vault import Vault
from recording.wire import Framer, Kind, WireBroken, body_json, message_json

log = structlog.get_logger()

ROUND_NS = 80 * MS
RESERVE = 32 << 20
FLUSHERS = 8
MOST_READ, SMALL_READ = 1 << 18, 1 << 16


def wall_ms() -> int:
    return time.time_ns() // MS


class _Unfailing(io.TextIOBase):
    """The log's file; a full disk must not end the recorder because it cannot be told of."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return self._file.write(text)
        return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()


class Recorder:
    """All recordings of the node; `send` hands bytes to the server."""

    def __init__(
        self,
        vault: Vault,
        keys: Keys,
        send: Callable[[bytes], None],
        *,
        reserve: int = RESERVE,
        path: Choice = "auto",
    ) -> None:
        self._vault, self._keys, self._send, self._reserve, self._path = vault, keys, send, reserve, path
        self._sessions: dict[int, Session] = {}
        self._flusher = Flusher(FLUSHERS)
        self.refused = 0

    def handle(self, kind: Kind, number: int, body: bytes, now_ns: int) -> None:
        """One message; what cannot be read is counted and changes nothing."""
        if kind is Kind.MEDIA:
            session = self._sessions.get(number)
            if session is not None:
                session.media(body, now_ns)
            return
        try:
            self._control(kind, number, body_json(body), now_ns)
        except (SpecRefused, WireBroken, KeyError, TypeError, ValueError) as error:
            self.refused += 1
            log.warning("recorder.refused", kind=kind.name, why=type(error).__name__)

    def tick(self, now_ns: int) -> None:
        """One round."""
        for session in self._sessions.values():
            session.tick(now_ns)
        self._flusher.begin()

    def end(self, reason: str, now_ns: int) -> None:
        """Closes what is open: the server has gone."""
        for number in list(self._sessions):
            self._sessions.pop(number).close(reason, now_ns)
        self._flusher.stop()

    def _control(self, kind: Kind, number: int, value: dict[str, Any], now_ns: int) -> None:
        if kind is Kind.PING:
            self._send(message_json(Kind.PONG, 0, {}))
        elif kind is Kind.OPEN:
            self._open(number, value, now_ns)
        elif kind is Kind.CLOSE:
            self._sessions.pop(number).close(str(value["reason"]), now_ns)
        elif kind is Kind.TRACK:
            self._sessions[number].track(value)
        elif kind is Kind.EVENT:
            self._sessions[number].event(value)

    def _open(self, number: int, value: dict[str, Any], now_ns: int) -> None:
        if number in self._sessions:
            raise SpecRefused("number is taken")

        def send(kind: Kind, body: dict[str, Any]) -> None:
            self._send(message_json(kind, number, body))

        session = Session(
            self._vault,
            self._keys,
            value,
            send,
            wall_ms=wall_ms,
            reserve=self._reserve,
            flusher=self._flusher,
            path=self._path,
        )
        self._sessions[number] = session
        session.open(now_ns)


def serve(connection: socket.socket, recorder: Recorder) -> None:
    """Reads until the server closes its end; a round of writing every 80 ms, on what was read just before.

    After a small read it sleeps until the round is due: a wake-up costs more than the packets it brings.
    """
    framer, room = Framer(), memoryview(bytearray(MOST_READ))
    due, size = time.monotonic_ns() + ROUND_NS, 0
    while True:
        left = max(0, due - time.monotonic_ns()) / 1e9
        if size < SMALL_READ:
            time.sleep(left)
            left = 0
        size = 0
        if select.select([connection], [], [], left)[0]:
            size = connection.recv_into(room)
            if not size:
                break
            for kind, number, body in framer.feed(room[:size]):
                recorder.handle(kind, number, body, time.monotonic_ns())
        now_ns = time.monotonic_ns()
        if now_ns >= due:
            due = now_ns + ROUND_NS
            recorder.tick(now_ns)
    recorder.end("server_gone", time.monotonic_ns())


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="recording.recorder")
    parser.add_argument("--socket-fd", type=int, required=True)
    parser.add_argument("--vault", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--reserve-bytes", type=int, default=RESERVE)
    parser.add_argument("--path", choices=["auto", "native", "python"], default="auto")
    options = parser.parse_args(argv)
    reason = None if options.path == "python" else why_not_native()
    if reason is not None and options.path == "native":
        parser.error(f"packets cannot be read natively: {reason}")
    os.umask(0o077)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # six files a call, and no limit of ours
    # Ctrl-C and a service manager's stop reach the whole group; the server closes its recordings first, then
    # its end of the socket, and that is what ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        # Standard output is the server's, for people.
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
    )
    if reason is not None:
        log.warning("recorder.reads_in_python", why=reason)
    connection = socket.socket(fileno=options.socket_fd)

    def send(data: bytes) -> None:
        try:
            connection.sendall(data)
        except OSError:
            log.warning("recorder.server_gone")  # the next read ends the process

    vault = Vault(options.vault)
    vault.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = Keys.load_or_create(options.keys)
    recorder = Recorder(vault, keys, send, reserve=options.reserve_bytes, path=options.path)
    send(message_json(Kind.READY, 0, {"pid": os.getpid()}))
    serve(connection, recorder)
    connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
