"""The relay of one process: the port, its table, the forwarder, the beat, and the hubs on them."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from relay.hub import Hub, HubListener, RelayFull
from relay.identity import Identities
from relay.leg import Address
from relay.member import Parts
from relay.packet_path import Choice, choose
from relay.port import WANTED_BUFFER, Port
from relay.self_test import self_test
from relay.shield import Limits, Shield
from relay.stats import RelayStats
from relay.table import Path, Track

logger = logging.getLogger(__name__)

REFILL_NS = 100_000_000  # between two times that what legs may send is made up: their bursts last 1.5 s
BEAT_SECONDS = 0.02  # losses asked for, feedback sent, taps flushed when it is time


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """`media_addresses` are "ip" or "ip:port" for the offer; empty: loopback and every interface's address."""

    host: str = "0.0.0.0"  # browsers come from anywhere; the shield drops who is not invited
    port: int = 0
    media_addresses: tuple[str, ...] = ()
    silence_seconds: float = 5.0
    max_legs: int = 512
    buffer: int = WANTED_BUFFER  # bytes of the port's socket, each way
    path: Choice = "auto"  # the packet path: native where it was built, else Python
    handshake_seconds: float = 15.0
    limits: Limits = field(default_factory=Limits)


class Relay:
    """start() binds and tests the libraries (raises RelayBroken, NotBuilt, OSError); stop() waits for the end."""

    port: int
    buffers: tuple[int, int]  # bytes receiving and sending, as the kernel gave them
    parts: Parts

    def __init__(self, settings: RelaySettings, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._settings = settings
        self._clock = clock
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        self._packets = choose(settings.path, family, self, clock)
        self._table = self._packets.table
        self._shield = Shield(self._table, settings.limits)
        self._hubs: set[Hub] = set()
        self._legs: dict[str, Hub] = {}
        self._claims: dict[tuple[str, str], str] = {}  # the browsers' fingerprints, by leg
        self._group: asyncio.TaskGroup | None = None
        self._main: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._refilled_at = 0

    async def start(self) -> None:
        await self_test(self._settings.path)
        port = Port(self._settings.host, self._settings.port, self._settings.buffer)
        self.port = port.number
        self.buffers = port.receiving, port.sending
        self._packets.start(port.sock)
        self.parts = Parts(
            self._table, self._packets.sender, self._shield, port.candidates(self._settings.media_addresses), self._clock,
            int(self._settings.silence_seconds * 1e9), self._settings.handshake_seconds,
            Identities(self._clock),
        )  # fmt: skip
        started = asyncio.get_running_loop().create_future()
        self._main = asyncio.create_task(self._run(port, started), name="relay")
        await started

    async def _run(self, port: Port, started: asyncio.Future[None]) -> None:
        """Owns the socket, the beat and every leg's task."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._beat()
                started.set_result(None)
                await self._stopping.wait()
                for hub in list(self._hubs):
                    await hub.close()
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._packets.stop()
            port.close()

    def _beat(self) -> None:
        # A timer, not a task: fifty times a second the difference shows.
        self._timer = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)
        now = self._clock()
        self._packets.beat()
        if now - self._refilled_at >= REFILL_NS:
            self._refilled_at = now
            self._guard(self._shield.beat, now)
        for hub in list(self._hubs):
            self._guard(hub.beat, now)

    def _guard(self, work: Callable[[int], None], now: int) -> None:
        try:
            work(now)
        except Exception:
            self._table.drop("exception")
            logger.exception("the relay's beat stumbled")

    async def stop(self) -> None:
        self._stopping.set()
        if self._main is not None:
            await self._main

    def open_hub(self, name: str, listener: HubListener, *, observers: bool) -> Hub:
        """A call. `observers=False`: no tap and no receiving-only leg can ever exist in it; cannot be changed."""
        hub = Hub(name, listener, observers=observers, building=self)
        self._hubs.add(hub)
        return hub

    @property
    def media_thread(self) -> int | None:
        """The kernel's id of the thread that carries the packets, after start(); None where the loop does."""
        return self._packets.thread

    def stats(self) -> RelayStats:
        datagrams_in, datagrams_out, errors = self._packets.counts()
        return RelayStats(
            hubs=len(self._hubs), legs=len(self._legs), drops=self._table.dropped(),
            datagrams_in=datagrams_in, datagrams_out=datagrams_out, errors=errors, path=self._packets.name,
        )  # fmt: skip

    # for the hubs

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._group is not None
        try:
            self._group.create_task(self._finish(work))
        except RuntimeError:  # the group is being cancelled with everything in it
            work.close()

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """One leg's failure must not end the group and with it the relay."""
        try:
            await work
        except Exception:
            logger.exception("a leg's task failed")

    def enter(self, hub: Hub, leg_id: str) -> None:
        if leg_id in self._legs:
            raise ValueError("a leg's id is used once")
        if len(self._legs) >= self._settings.max_legs:
            raise RelayFull
        self._legs[leg_id] = hub

    def claim(self, leg_id: str, fingerprint: tuple[str, str]) -> bool:
        """Whether no other leg says to be this browser (RFC 8844 section 4: whose media it is must not be mistaken)."""
        return self._claims.setdefault(fingerprint, leg_id) == leg_id

    def left(self, leg_id: str) -> None:
        self._legs.pop(leg_id, None)
        self._claims = {print_: leg for print_, leg in self._claims.items() if leg != leg_id}

    def closed(self, hub: Hub) -> None:
        self._hubs.discard(hub)

    # facts from the forwarder

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        self._shield.datagram(data, address, now)

    def control(self, path: Path, data: bytes, now: int) -> None:
        hub = self._legs.get(path.leg_id)
        if hub is None:
            return
        try:
            hub.control(path.leg_id, data, now)
        except ValueError:
            self._table.drop("malformed control")  # T6

    def stranger(self, path: Path, ssrc: int, authentic: Callable[[], bool], now: int) -> None:
        self._table.drop("unannounced media")
        hub = self._legs.get(path.leg_id)
        if hub is not None:
            hub.stranger(path, ssrc, authentic)

    def keyframe(self, track: Track, now: int) -> None:
        for hub in self._hubs:
            hub.keyframe(track)
