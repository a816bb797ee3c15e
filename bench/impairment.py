"""A bad line on loopback: a UDP port in front of a server that loses, delays and squeezes each way, as told.

Give its address to the relay (RelaySettings.media_addresses) and every client comes through it; each client
address has a socket of its own towards the server, so the server tells clients apart as behind a NAT.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from relay.port import resize

Address = tuple[str, int]

ROOM = 4 << 20  # octets a socket may keep waiting
MAX_CLIENTS = 256  # more addresses than that are not let through


@dataclass(frozen=True, slots=True)
class Line:
    """One direction.

    `loss` is the share of datagrams lost, in bursts of `burst` on average (1 = each for itself);
    `delay` seconds are added to each; `rate` is in bits per second with `queue` seconds of waiting room
    (what would wait longer is dropped), None for no limit.
    """

    loss: float = 0.0
    burst: float = 1.0
    delay: float = 0.0
    rate: float | None = None
    queue: float = 0.3


@dataclass(slots=True)
class Counts:
    """Datagrams of one direction, over all clients."""

    passed: int = 0
    lost: int = 0
    overflowed: int = 0
    octets: int = 0


@dataclass(slots=True)
class _Way:
    """One direction of one client: its dice, and when its bottleneck is free again."""

    dice: random.Random
    bad: bool = False
    free_at: float = 0.0

    def loses(self, line: Line) -> bool:
        """Gilbert's two states: everything is lost in the bad one, which lasts `burst` datagrams on average."""
        if line.burst <= 1:
            return self.dice.random() < line.loss
        leave, enter = 1 / line.burst, line.loss / (line.burst * (1 - line.loss))
        self.bad = self.dice.random() >= leave if self.bad else self.dice.random() < enter
        return self.bad


@dataclass(slots=True)
class _Client:
    up: _Way
    down: _Way
    transport: asyncio.DatagramTransport | None = None
    waiting: list[bytes] = field(default_factory=list)


class Impairment:
    """The line; `up` is client to server. `target` may be set after start(), before the first client comes."""

    def __init__(self, *, up: Line, down: Line, seed: int = 1, target: Address | None = None) -> None:
        self.up, self.down, self.target = up, down, target
        self.up_counts, self.down_counts = Counts(), Counts()
        self.refused = 0
        self._seed = seed
        self._clients: dict[Address, _Client] = {}
        self._front: asyncio.DatagramTransport | None = None
        self._opening: set[asyncio.Task[None]] = set()
        self._touched = asyncio.Event()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(lambda: _Front(self), (host, port))
        _make_room(self._front)

    @property
    def address(self) -> str:
        """ "ip:port" as an offer's candidate and as RelaySettings.media_addresses takes it."""
        assert self._front is not None
        host, port = self._front.get_extra_info("sockname")[:2]
        return f"{host}:{port}"

    def change(self, *, up: Line | None = None, down: Line | None = None) -> None:
        """From now on; datagrams already on their way keep their time."""
        self.up, self.down = up or self.up, down or self.down

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait for a condition on the counts; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._touched.clear()
                await self._touched.wait()

    async def stop(self) -> None:
        """Close every socket; datagrams on their way are lost."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for client in self._clients.values():
            if client.transport is not None:
                client.transport.close()
        self._clients.clear()
        if self._front is not None:
            self._front.close()
        await asyncio.sleep(0)  # transports close at the loop's next turn

    def from_client(self, data: bytes, address: Address) -> None:
        """One datagram of a client; the first of an address opens its socket towards the server."""
        self._touched.set()
        client = self._clients.get(address)
        if client is None:
            if len(self._clients) >= MAX_CLIENTS or self.target is None:
                self.refused += 1
                return
            client = self._admit(address)
        if client.transport is None:
            if len(client.waiting) < 8:  # a client's first checks, while its socket opens
                client.waiting.append(data)
            return
        self._pass(data, self.up, client.up, self.up_counts, client.transport, None)

    def _admit(self, address: Address) -> _Client:
        number = len(self._clients)
        up, down = (_Way(random.Random(f"{self._seed} {number} {way}")) for way in ("up", "down"))
        client = self._clients[address] = _Client(up, down)
        task = asyncio.get_running_loop().create_task(self._open(client, address))  # owned by stop()
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return client

    async def _open(self, client: _Client, address: Address) -> None:
        loop = asyncio.get_running_loop()
        assert self.target is not None
        client.transport, _ = await loop.create_datagram_endpoint(
            lambda: _Back(self, client, address), remote_addr=self.target
        )
        _make_room(client.transport)
        for data in client.waiting:
            self._pass(data, self.up, client.up, self.up_counts, client.transport, None)
        client.waiting.clear()

    def from_server(self, data: bytes, client: _Client, address: Address) -> None:
        """One datagram of the server to a client."""
        self._touched.set()
        if self._front is not None:
            self._pass(data, self.down, client.down, self.down_counts, self._front, address)

    def _pass(
        self,
        data: bytes,
        line: Line,
        way: _Way,
        counts: Counts,
        out: asyncio.DatagramTransport,
        address: Address | None,
    ) -> None:
        if line.loss and way.loses(line):
            counts.lost += 1
            return
        loop = asyncio.get_running_loop()
        now = leave = loop.time()
        if line.rate is not None:
            leave = max(now, way.free_at)
            if leave - now > line.queue:
                counts.overflowed += 1
                return
            leave = way.free_at = leave + len(data) * 8 / line.rate
        counts.passed += 1
        counts.octets += len(data)
        if leave + line.delay > now:
            loop.call_at(leave + line.delay, _send, out, data, address)
        else:
            _send(out, data, address)


def _make_room(transport: asyncio.DatagramTransport) -> None:
    """The line loses what it is told to lose: a turn of the loop that comes late loses nothing more."""
    resize(transport.get_extra_info("socket"), socket.SO_RCVBUF, ROOM)


def _send(out: asyncio.DatagramTransport, data: bytes, address: Address | None) -> None:
    if not out.is_closing():
        out.sendto(data, address)


class _Front(asyncio.DatagramProtocol):
    def __init__(self, line: Impairment) -> None:
        self._line = line

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._line.from_client(data, addr[:2])


class _Back(asyncio.DatagramProtocol):
    def __init__(self, line: Impairment, client: _Client, address: Address) -> None:
        self._line, self._client, self._address = line, client, address

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._line.from_server(data, self._client, self._address)

    def error_received(self, exc: Exception) -> None:
        """The server's port is closed for the moment: datagrams are lost, as on any line."""
