"""Owns the node's one recorder process: starts it, feeds it, and starts it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from recording.feed import Choice
from recording.spec import RecordingSpec
from recording.tap import Closed, Recording, RecordingListener
from recording.wire import Framer, Kind, WireBroken, body_json, message_json

log = structlog.get_logger()

__all__ = ["Closed", "RecorderHost", "Recording", "RecordingListener"]

WAITS = (0.0, 0.25, 0.5, 1.0, 2.0)  # seconds before the next attempt; a new recorder is up within 3 s
HEALTHY_SECONDS = 10.0
PING_SECONDS = 2.0
SILENT_SECONDS = 20.0  # a disk may take some seconds over one write; longer is a hang
START_SECONDS = 30.0
END_SECONDS = 15.0
SHARE = 1 << 16  # bytes of one recording in one write, about
_ROOT = Path(__file__).resolve().parent.parent


class RecorderHost:
    """`ready` says that a recorder is up. `open` may be called while none is: packets wait in the queue."""

    def __init__(
        self,
        vault: Path,
        keys: Path,
        clock: Callable[[], int] = time.monotonic_ns,
        *,
        reserve_bytes: int = 32 << 20,
        cpus: frozenset[int] = frozenset(),
        path: Choice = "auto",
    ) -> None:
        """`clock` is monotonic ns, the relay's. `reserve_bytes` must be free to begin again on a full disk.

        `cpus` are the processors of the recorder; none: those of this process. `path`: what reads the packets there.
        """
        self._command = [
            *(sys.executable, "-m", "recording.recorder"),
            *("--vault", str(vault), "--keys", str(keys), "--reserve-bytes", str(reserve_bytes)),
            *("--path", path),
        ]
        self._clock = clock
        self._cpus = cpus
        self._recordings: dict[int, Recording] = {}
        self._numbers = 0
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._run: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ponged = 0.0
        self.ready = False
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """The recorder's process id while it is ready."""
        return self._process.pid if self._process is not None and self.ready else None

    async def start(self) -> None:
        """Begins to supervise; returns at once (see `ready`)."""
        self._stop.clear()
        self._run = asyncio.create_task(self._supervise(), name="recorder")

    async def stop(self) -> None:
        """Closes every recording, ends the process and waits for its end."""
        if self._run is None:
            return
        async with asyncio.TaskGroup() as group:
            for recording in list(self._recordings.values()):
                group.create_task(recording.close("shutdown"))
        self._stop.set()
        self._wake.set()
        await self._run
        self._run = None

    def open(self, spec: RecordingSpec, listener: RecordingListener) -> Recording:
        """Begins a recording; its time line begins now."""
        self._numbers += 1
        recording = Recording(
            self._numbers,
            spec,
            listener,
            origin_ns=self._clock(),
            clock=self._clock,
            wake=self._wake.set,
            forget=self._forget,
        )
        self._recordings[recording.number] = recording
        if self.ready:
            recording.restart()
        return recording

    def _forget(self, recording: Recording) -> None:
        self._recordings.pop(recording.number, None)

    async def _supervise(self) -> None:
        attempt = 0
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            begun = loop.time()
            try:
                await self._live()
            except Exception:
                log.exception("recorder.failed")
            if self._stop.is_set():
                break
            self.restarts += 1
            attempt = 0 if loop.time() - begun > HEALTHY_SECONDS else attempt + 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._stop.wait(), WAITS[min(attempt, len(WAITS)) - 1] if attempt else 0
                )

    async def _live(self) -> None:
        """One life of the recorder, from its start to its end."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *self._command, "--socket-fd", str(theirs.fileno()),
                pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL, env=_environment(),
            )  # fmt: skip
        self._process = process
        if self._cpus:
            with contextlib.suppress(ProcessLookupError):  # its end is told below
                os.sched_setaffinity(process.pid, self._cpus)
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        self._ponged = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._pump(writer)),
                    group.create_task(self._ping(process, writer)),
                ]
                await self._read(reader)
                for task in tasks:
                    task.cancel()
        finally:
            self.ready = False
            self._all_lost()
            writer.close()
            await _ended(process, kill=not self._stop.is_set())
            log.info("recorder.ended", code=process.returncode)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        framer = Framer()
        while True:
            try:
                data = await reader.read(1 << 16)
            except ConnectionError:
                return
            if not data:
                return
            try:
                for kind, number, body in framer.feed(data):
                    self._heard(kind, number, body_json(body))
            except (WireBroken, KeyError, TypeError, ValueError):
                log.exception("recorder.not_understood")
                return

    def _heard(self, kind: Kind, number: int, value: dict[str, Any]) -> None:
        if kind is Kind.READY:
            self.ready = True
            self._ponged = asyncio.get_running_loop().time()
            for known in self._recordings.values():
                known.restart()
        elif kind is Kind.PONG:
            self._ponged = asyncio.get_running_loop().time()
        elif (recording := self._recordings.get(number)) is not None:
            self._of_recording(recording, kind, value)

    def _of_recording(self, recording: Recording, kind: Kind, value: dict[str, Any]) -> None:
        if kind is Kind.OPENED:
            recording.opened(value["part"])
            self._told(lambda: recording.listener.recorder_back(recording.spec.recording_id, value["part"]))
        elif kind is Kind.LOST:
            self._lose(recording, value["reason"])
        elif kind is Kind.STORED:
            recording.stored(value["number"])
        elif kind is Kind.KEYFRAME and recording.wants_keyframe is not None:
            wanted = recording.wants_keyframe
            self._told(lambda: wanted(value["track"]))
        elif kind is Kind.CLOSED and not recording.closed.done():
            recording.closed.set_result(Closed(**value) if value else None)

    def _all_lost(self) -> None:
        for recording in list(self._recordings.values()):
            if recording.part is not None:
                self._lose(recording, "recorder_died")

    def _lose(self, recording: Recording, reason: str) -> None:
        recording.lost(reason)
        if not recording.closed.done():
            self._told(lambda: recording.listener.recorder_lost(recording.spec.recording_id))

    def _told(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception:
            log.exception("recorder.listener_failed")

    async def _pump(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while not self._stop.is_set():
                await self._wake.wait()
                self._wake.clear()
                while self.ready and (data := self._taken()):
                    writer.write(data)
                    await writer.drain()
            writer.write_eof()

    def _taken(self) -> bytes:
        """What waits, of all recordings in turn: one write costs as much as the bytes of several calls."""
        return b"".join([recording.take(SHARE) for recording in self._recordings.values()])

    async def _ping(self, process: asyncio.subprocess.Process, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while not writer.is_closing():
            await asyncio.sleep(PING_SECONDS)
            if loop.time() - self._ponged > (SILENT_SECONDS if self.ready else START_SECONDS):
                log.error("recorder.silent")
                _kill(process)
                return
            writer.write(message_json(Kind.PING, 0, {}))


async def _ended(process: asyncio.subprocess.Process, *, kill: bool) -> None:
    if kill:
        _kill(process)
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        _kill(process)
        await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    # Not process.kill(): it polls first, and so takes the exit code from asyncio's own watcher.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """Nothing of the server's secrets: only what Python needs."""
    passed = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {**passed, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
