"""The two packet paths behind one face, and the choice between them at start.

The native one (pump.pyx) has a thread of its own; the Python one (forwarder.py, sender.py) is its specification and
serves where no compiler was to be had.
"""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from relay import leg
from relay.forwarder import Facts, Forwarder
from relay.leg import Address, RelayBroken
from relay.sender import Sender
from relay.table import Kind, Output, Path, Sink, Table, Track

logger = logging.getLogger(__name__)

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
Choice = Literal["auto", "native", "python"]


class NotBuilt(Exception):
    """The native packet path was demanded and there is none."""


class PacketPath(Protocol):
    """Table in, packets out, facts up; `start` takes the port's socket, `stop` waits for the end."""

    name: str
    table: Table
    sender: Sender
    thread: int | None  # the kernel's id, once started; None: the loop's own

    def start(self, sock: socket.socket) -> None: ...
    def stop(self) -> None: ...
    def beat(self) -> None: ...
    def counts(self) -> tuple[int, int, int]:
        """Datagrams in, datagrams out, errors."""


class PythonPath:
    name = "Python"
    sender: Sender
    thread: int | None = None

    def __init__(self, facts: Facts, clock: Callable[[], int]) -> None:
        self.table = Table()
        self._facts = facts
        self._clock = clock
        self._sock: socket.socket | None = None
        self._forwarder: Forwarder | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self, sock: socket.socket) -> None:
        self._sock = sock
        self.sender = Sender(sock, self.table, self._clock)
        self.sender.when_waiting = self._release
        self._forwarder = Forwarder(sock, self.table, self.sender, self._facts, self._clock)
        asyncio.get_running_loop().add_reader(sock.fileno(), self._forwarder.drain)

    def stop(self) -> None:
        if self._sock is not None:
            asyncio.get_running_loop().remove_reader(self._sock.fileno())
        if self._timer is not None:
            self._timer.cancel()

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        now = self._clock()
        due = self.sender.release(now)
        self._timer = (
            None if due is None else asyncio.get_running_loop().call_later((due - now) / 1e9, self._release)
        )

    def beat(self) -> None:
        """Facts are told at once."""

    def counts(self) -> tuple[int, int, int]:
        if self._forwarder is None:
            return 0, 0, 0
        return self._forwarder.datagrams, self.sender.datagrams, self._forwarder.errors


class NativeTable(Table):
    """The same table; its records live where the thread can see them."""

    def __init__(self, pump: Any) -> None:
        super().__init__()
        self._pump = pump
        self.paths = pump.paths

    def dropped(self) -> dict[str, int]:
        counted = dict(self._pump.dropped())
        for why, count in self.drops.items():
            counted[why] = counted.get(why, 0) + count
        return counted

    def path(self, leg_id: str, sessions: tuple[Any, Any], address: Address, now: int) -> Path:
        rx, tx = map(leg.native_pointer, sessions)
        path: Path = _module().Path(self._pump, leg_id, sessions, address, now, rx, tx)
        return path

    def track(self, ssrc: int, kind: Kind, payload_type: int, primary: Track | None = None) -> Track:
        track: Track = _module().Track(self._pump, ssrc, kind, payload_type, primary)
        return track

    def output(
        self, path: Path, kind: Kind, ssrc: int, payload_type: int, rtx: tuple[int, int] | None
    ) -> Output:
        output: Output = _module().Output(self._pump, path, kind, ssrc, payload_type, rtx)
        return output

    def sink(self, push: Callable[[bytes], None]) -> Sink:
        sink: Sink = _module().Sink(self._pump, push)
        return sink


class NativeSender(Sender):
    """What Python sends: STUN, DTLS and control straight on the socket, retransmissions from the thread's caches."""

    def __init__(self, pump: Any, sock: socket.socket, table: Table, clock: Callable[[], int]) -> None:
        super().__init__(sock, table, clock)
        self._pump = pump

    def send(self, data: bytes | memoryview, address: Address) -> None:
        self.datagrams += 1
        try:
            self._send_to(data, socket.MSG_DONTWAIT, address)  # the socket blocks, for the thread
        except OSError:
            self._table.drop("not sent")

    def send_control(self, path: Path, data: bytes) -> None:
        datagram = self._pump.protect_control(path, data)
        if datagram is None:
            self._table.drop("not protected")
        else:
            self.send(datagram, path.address)

    def resend(self, output: Output, sequences: Sequence[int], least: int) -> list[int]:
        sizes: list[int] = self._pump.resend(output, sequences, least)
        return sizes


class NativePath:
    name = "native"
    sender: Sender
    thread: int | None = None

    def __init__(self, family: int, facts: Facts, clock: Callable[[], int]) -> None:
        self._facts = facts
        self._clock = clock
        self.pump = _module().Pump(family, leg.native_functions(), self)
        self.table: Table = NativeTable(self.pump)
        self.errors = 0

    def start(self, sock: socket.socket) -> None:
        sock.setblocking(True)
        self._sock = sock
        self.sender = NativeSender(self.pump, sock, self.table, self._clock)
        asyncio.get_running_loop().add_reader(self.pump.event, self.pump.take_facts)
        self.beat()
        before = set(threading.enumerate())
        self.pump.start(sock.fileno())
        (begun,) = [thread for thread in set(threading.enumerate()) - before if thread.name == "pump"]
        self.thread = begun.native_id

    def stop(self) -> None:
        self.pump.stop_soon()
        host, port = self._sock.getsockname()[:2]
        self.sender.send(b"", (LOOPBACK.get(host, host), port))  # or it would wait for the next datagram
        self.pump.stop()
        asyncio.get_running_loop().remove_reader(self.pump.event)
        while self.pump.take_facts():
            pass

    def beat(self) -> None:
        """What was not urgent; and the clock, where a test turns it."""
        before, ours, after = time.monotonic_ns(), self._clock(), time.monotonic_ns()
        self.pump.ahead = 0 if before <= ours <= after else ours - before
        self.pump.take_facts()

    def counts(self) -> tuple[int, int, int]:
        return self.pump.datagrams_in, self.pump.datagrams_out + self.sender.datagrams, self.errors

    # facts from the pump: no news, however odd, may cost the ones after it

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        media = len(data) > 11 and 127 < data[0] < 192
        # It may have come right behind the check that made its address known, before Python had read that.
        if media and address in self.table.paths and self.pump.take_late(data, address, now):
            return
        self._guard(self._facts.datagram, data, address, now)

    def control(self, path: Path, data: bytes, now: int) -> None:
        self._guard(self._facts.control, path, data, now)

    def stranger(self, path: Path, ssrc: int, authentic: Callable[[], bool], now: int) -> None:
        self._guard(self._facts.stranger, path, ssrc, authentic, now)

    def keyframe(self, track: Track, now: int) -> None:
        self._guard(self._facts.keyframe, track, now)

    def _guard(self, tell: Callable[..., None], *news: Any) -> None:
        try:
            tell(*news)
        except ValueError:
            self.table.drop("malformed")  # T6
        except Exception:
            self.errors += 1
            self.table.drop("exception")
            if self.errors & (self.errors - 1) == 0:  # 1, 2, 4, 8 ...: a flood must not fill the disk
                logger.exception("a fact of the pump broke, %d so far", self.errors)


def _module() -> Any:
    from relay import pump

    return pump


@functools.cache
def why_not_native() -> str | None:
    """Why there is no native path here, in words; None where there is. RelayBroken: it is there and cannot be loaded."""
    try:
        _module()
    except ImportError as error:
        if importlib.util.find_spec("relay.pump") is None:
            return "the native one was not built for this Python"
        # Serving in Python would hide it: who wants that can say so in the settings.
        raise RelayBroken(f"relay/pump cannot be loaded: {error}") from error
    return None


def choose(choice: Choice, family: int, facts: Facts, clock: Callable[[], int]) -> PacketPath:
    """`auto` takes the native path wherever it was built. NotBuilt: "native" was demanded; RelayBroken: it broke."""
    reason = None if choice == "python" else why_not_native()
    if choice == "native" and reason is not None:
        raise NotBuilt(reason)
    if choice == "python" or reason is not None:
        return PythonPath(facts, clock)
    try:
        return NativePath(family, facts, clock)
    except AttributeError as error:
        raise RelayBroken(f"libsrtp cannot be reached: {error}") from error
