"""Real peers over loopback, steered packet by packet, and a listener that remembers."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import struct
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aioice import stun

from bench.answering import Identity, Offered, read_offer, write_answer
from bench.wire import ClientWire
from relay.hub import Hub, Kind, Level, Seat
from relay.packets import RtcpPacket, RtpHeader, parse_rtcp, parse_rtp
from relay.relay import Relay, RelaySettings

SECOND = 1_000_000_000
ALL: frozenset[Kind] = frozenset({"audio", "video", "preview"})
MIDS = {"audio": "a", "video": "v", "preview": "p"}
TYPES = {"audio": 111, "video": 96, "preview": 96}
CHOSEN = {"path": "auto"}  # the packet path of every house; set by conftest.py


class Turned:
    """The relay's clock in tests: real, plus what a test turned it on by."""

    def __init__(self) -> None:
        self.ahead = 0
        self.turned: Callable[[], None] = lambda: None

    def __call__(self) -> int:
        return time.monotonic_ns() + self.ahead

    def turn(self, seconds: float) -> None:
        self.ahead += int(seconds * SECOND)
        self.turned()


class Waiting:
    """Something that changes and can be waited for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def changed(self) -> None:
        self._changed.set()

    async def when(self, condition: Callable[[], object], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


class Heard(Waiting):
    """Everything a hub told, as tuples; `until` waits for one."""

    def __init__(self) -> None:
        super().__init__()
        self.news: list[tuple[object, ...]] = []

    def _add(self, *news: object) -> None:
        self.news.append(news)
        self.changed()

    async def until(self, *wanted: tuple[object, ...], seconds: float = 20) -> None:
        await self.when(lambda: all(one in self.news for one in wanted), seconds)

    def leg_connected(self, leg_id: str) -> None:
        self._add("connected", leg_id)

    def leg_silent(self, leg_id: str) -> None:
        self._add("silent", leg_id)

    def leg_heard(self, leg_id: str) -> None:
        self._add("heard", leg_id)

    def leg_failed(self, leg_id: str, reason: str) -> None:
        self._add("failed", leg_id, reason)

    def intruded(self, leg_id: str, what: str) -> None:
        self._add("intruded", leg_id, what)

    def level_changed(self, leg_id: str, slot: int, level: Level) -> None:
        self._add("level", leg_id, slot, level)


@dataclass(frozen=True, slots=True)
class Packet:
    """One received RTP packet."""

    header: RtpHeader
    payload: bytes
    extension: bytes
    raw: bytes


class Peer(Waiting):
    """A browser of ours: sends exactly what a test says and keeps all it gets."""

    def __init__(self, party: str, publishes: frozenset[Kind] = ALL, slots: int = 1) -> None:
        super().__init__()
        self.party, self.publishes, self.slots = party, publishes, slots
        self.leg = secrets.token_hex(8)
        self.wire = ClientWire(self._rtp, self._rtcp, self.changed)
        self.ssrcs: dict[str, int] = {}
        self.rtx: dict[str, int] = {}
        for kind in sorted(publishes):
            self.ssrcs[kind] = secrets.randbelow(1 << 31) + 1
            if kind != "audio":
                self.rtx[kind] = secrets.randbelow(1 << 31) + 1
        self.packets: list[Packet] = []
        self.control: list[RtcpPacket] = []
        self.offered: Offered | None = None

    def _rtp(self, view: memoryview, size: int) -> None:
        raw = bytes(view[:size])
        header = parse_rtp(raw)
        extension = raw[header.extension_start : header.extension_start + header.extension_size]
        self.packets.append(Packet(header, raw[header.header_size :], extension, raw))

    def _rtcp(self, view: memoryview, size: int) -> None:
        self.control.extend(parse_rtcp(bytes(view[:size])))

    def answer(self, offer: str, fingerprint: str | None = None) -> str:
        self.offered = read_offer(offer)
        sources = {MIDS[kind]: (ssrc, self.rtx.get(kind)) for kind, ssrc in self.ssrcs.items()}
        me = Identity(self.wire.ufrag, self.wire.pwd, fingerprint or self.wire.fingerprint, sources)
        return write_answer(self.offered, me)

    async def join(self, hub: Hub) -> Peer:
        """Offer, answer, handshake."""
        offer = await hub.join(self.leg, Seat(self.party, self.publishes, self.slots))
        await hub.answer(self.leg, self.answer(offer))
        assert self.offered is not None
        await self.wire.connect(self.offered.remote)
        return self

    def slot(self, mid: str) -> int:
        """The SSRC the server sends on a slot's line."""
        assert self.offered is not None
        return next(line.ssrc or 0 for line in self.offered.lines if line.mid == mid)

    def slot_rtx(self, mid: str) -> int:
        assert self.offered is not None
        return next(line.rtx_ssrc or 0 for line in self.offered.lines if line.mid == mid)

    def send(
        self, kind: str, sequence: int, payload: bytes, *, timestamp: int | None = None, marker: bool = False,
        wide: int | None = None, payload_type: int | None = None, ssrc: int | None = None,
    ) -> None:  # fmt: skip
        """One RTP packet of ours; `wide` is a transport-wide sequence number for extension 3."""
        first = 0x80 if wide is None else 0x90
        second = (TYPES[kind] if payload_type is None else payload_type) | marker << 7
        stamp = sequence * 960 if timestamp is None else timestamp
        head = struct.pack(
            "!BBHII",
            first,
            second,
            sequence & 0xFFFF,
            stamp & 0xFFFFFFFF,
            self.ssrcs[kind] if ssrc is None else ssrc,
        )
        if wide is not None:
            head += struct.pack("!HHBHB", 0xBEDE, 1, 0x31, wide & 0xFFFF, 0)
        self.wire.send_rtp(head + payload)

    def send_rtx(self, kind: str, sequence: int, original: int, payload: bytes, timestamp: int) -> None:
        head = struct.pack("!BBHII", 0x80, 97, sequence, timestamp & 0xFFFFFFFF, self.rtx[kind])
        self.wire.send_rtp(head + original.to_bytes(2, "big") + payload)

    def got(self, ssrc: int) -> list[Packet]:
        return [packet for packet in self.packets if packet.header.ssrc == ssrc]

    async def got_any(self) -> None:
        await self.when(lambda: self.packets)

    def told(self, kind: type) -> list:
        return [packet for packet in self.control if isinstance(packet, kind)]

    async def close(self) -> None:
        await self.wire.close()


def picture(picture_id: int, body: bytes = b"", *, key: bool = False, start: bool = True) -> bytes:
    """A VP8 payload with a 15-bit picture id (RFC 7741); a key frame is 640x480."""
    head = bytes((0x90 if start else 0x80, 0x80, 0x80 | picture_id >> 8 & 0x7F, picture_id & 0xFF))
    if start and key:
        return head + b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01" + body
    return head + (b"\x31\x00\x00" if start else b"") + body


def check(username: str, key: bytes | None) -> bytes:
    """A binding request, signed or not."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLED"] = 1
    if key is not None:
        message.add_message_integrity(key)
    return bytes(message)


class House:
    """A relay, one hub, its listener and its peers."""

    def __init__(self, relay: Relay, hub: Hub, heard: Heard, clock: Turned) -> None:
        self.relay, self.hub, self.heard, self.clock = relay, hub, heard, clock
        self.peers: list[Peer] = []

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.relay.port

    def drops(self, why: str) -> int:
        return self.relay.stats().drops.get(why, 0)

    async def peer(self, party: str, publishes: frozenset[Kind] = ALL, slots: int = 1) -> Peer:
        peer = Peer(party, publishes, slots)
        self.peers.append(peer)
        await peer.join(self.hub)
        await self.heard.until(("connected", peer.leg))
        return peer

    async def pair(self) -> tuple[Peer, Peer]:
        """Anna and Pekka, each in the other's slot, gates open."""
        anna, pekka = await asyncio.gather(self.peer("anna"), self.peer("pekka"))
        self.hub.seat(anna.leg, 0, "pekka", audio=True, video="main")
        self.hub.seat(pekka.leg, 0, "anna", audio=True, video="main")
        self.hub.release()
        return anna, pekka


async def quiet(house: House, peer: Peer) -> None:
    """The relay has handled all the peer sent so far: datagrams of one socket keep their order on loopback."""
    handled = house.drops("unknown protocol")
    peer.wire.send_raw(b"\xff", house.address)
    async with asyncio.timeout(10):
        while house.drops("unknown protocol") == handled:  # noqa: ASYNC110 - the counter has no event
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def house(*, observers: bool = True, **settings: object) -> AsyncIterator[House]:
    """A running relay on loopback with one hub, gates shut."""
    clock = Turned()
    settings.setdefault("path", CHOSEN["path"])
    relay = Relay(RelaySettings(host="127.0.0.1", **settings), clock)  # type: ignore[arg-type]
    await relay.start()
    clock.turned = relay._packets.beat  # the native path's thread has a clock of its own
    heard = Heard()
    hub = relay.open_hub("test", heard, observers=observers)
    whole = House(relay, hub, heard, clock)
    try:
        yield whole
    finally:
        for peer in whole.peers:
            await peer.close()
        await relay.stop()
