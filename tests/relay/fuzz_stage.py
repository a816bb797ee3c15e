"""One packet path under fire: legs that come and go, odd packets, every change of the table, and the account of it."""

from __future__ import annotations

import itertools
import random
import struct
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pylibsrtp import Error, Policy, Session

from relay.packets import parse_rtcp
from relay.table import RECORD_RTP, Table, Track
from tests.relay.fuzz_maker import Maker
from tests.relay.fuzz_model import Address, Model, Place
from tests.relay.odd_packets import KINDS, PROFILES, RTX_TYPE, TYPES, session

ASIDE: Address = ("127.0.0.77", 9)  # nobody's
REMEMBERED = 300  # datagrams of a place that may come again as they were
SIZES = (0, 1, 11, 12, 13, 1499, 1500, 1501, 2047, 2048, 2049, 9000, 65_507, 65_535)
# What a datagram may come to before anything of it is let in; the others are lost on the way out.
REFUSED = (
    "not authentic", "too fast", "malformed", "payload type", "duplicate", "too many control sources",
    "facts not read", "gate shut", "probe", "leg gone",
)  # fmt: skip


class Road(Protocol):
    """How datagrams reach the packet path and come back, and how the table is made."""

    table: Table
    sender: Any
    rude: bool  # whether records may just be dropped: the native ones then take themselves out of the table

    def home(self) -> Address:
        """A fresh address of a browser."""

    def feed(self, data: bytes, address: Address) -> None: ...
    def fence(self) -> None:
        """Everything fed has been handled, and every fact told."""

    def taken(self) -> list[tuple[bytes, Address]]: ...


@dataclass
class Actor:
    """One leg: its browser, and its records in the table."""

    number: int
    maker: Maker
    path: Any
    address: Address
    tracks: dict[str, tuple[int, Track]]
    outputs: dict[Place, Any]


class Stage:
    def __init__(self, road: Road, seed: int) -> None:
        self.road = road
        self.odd = random.Random(seed)
        self.model = Model()
        self.now = 1_000_000_000_000
        self.profile = PROFILES[seed % 2]
        self.actors: dict[int, Actor] = {}
        self.places: dict[int, tuple[Place, bool]] = {}  # by SSRC; whether it is for retransmissions
        self.recent: dict[Place, deque[bytes]] = {}
        self.readers: dict[int, Session] = {}  # by leg, also of those that left since the last look
        self.counts: Counter[str] = Counter()
        self.numbers = itertools.count(1)
        self.marks = self.legs = self.fed = self.looked_at = 0
        self.records: list[bytes] = []
        self.witness = road.table.sink(self.records.append)  # takes from every track, always
        self.sinks = [road.table.sink(lambda batch: None) for _ in range(3)]
        for _ in range(3):
            self.come()

    # what is told

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        self.counts["told"] += 1

    def control(self, path: Any, data: bytes, now: int) -> None:
        self.counts["told"] += 1
        try:
            parse_rtcp(data)
        except ValueError:
            self.counts["bad control"] += 1

    def stranger(self, path: Any, ssrc: int, authentic: Callable[[], bool], now: int) -> None:
        self.counts["told"] += 1
        if self.counts["looked at"] < 50:  # each authentic one costs libsrtp a stream
            self.counts["looked at"] += authentic()

    def keyframe(self, track: Any, now: int) -> None:
        self.counts["keyframes"] += 1

    # legs

    def come(self) -> None:
        self.legs += 1
        number, table = self.legs, self.road.table
        maker = Maker(number, self.profile, self.odd, self.numbers)
        reading = session(self.profile, 2 + 2 * (number % 100), Policy.SSRC_ANY_INBOUND)
        keys = (
            session(self.profile, 1 + 2 * (number % 100), Policy.SSRC_ANY_INBOUND),
            session(self.profile, 2 + 2 * (number % 100), Policy.SSRC_ANY_OUTBOUND),
        )
        address = self.road.home()
        path: Any = table.path(str(number), keys, address, self.now)
        path.congestion_tag = self.odd.choice((0x31, 0x31, 0))
        path.grant(10_000, 10_000_000, 20_000)
        actor = self.actors[number] = Actor(number, maker, path, address, {}, {})
        self.readers[number] = reading
        for kind in KINDS:
            self.announce(actor, kind)
        for slot in range(2):
            self._slot(actor, slot)
        self.model.home(number, address)
        self.know(actor, known=True)

    def announce(self, actor: Actor, kind: Any) -> None:
        """Again: what had this SSRC before gets nothing more."""
        table = self.road.table
        if kind in actor.tracks:
            self.shut(actor, kind)
        self.marks += 1
        track = table.track(actor.maker.ssrc(kind), kind, TYPES[kind])
        actor.path.announce(track)
        if kind != "audio":
            actor.path.announce(table.track(actor.maker.ssrc(kind) + 50, kind, RTX_TYPE, track))
        track.feed(self.witness, 0)
        actor.tracks[kind] = self.marks, track
        actor.maker.marks[kind] = self.marks
        self.open(actor, kind)

    def _slot(self, actor: Actor, slot: int) -> None:
        table, ssrc = self.road.table, 1000 * actor.number + 100 + 10 * slot
        for kind, own, rtx in (("audio", ssrc, None), ("video", ssrc + 1, (ssrc + 2, RTX_TYPE))):
            place = actor.number, slot, kind
            output: Any = table.output(actor.path, kind, own, TYPES[kind], rtx)  # type: ignore[arg-type]
            output.wide = self.odd.choice((0, 0x31))
            actor.outputs[place] = output
            self.places[own] = place, False
            if rtx:
                self.places[rtx[0]] = place, True
            self.recent[place] = deque(maxlen=REMEMBERED)

    def know(self, actor: Actor, *, known: bool) -> None:
        if known:
            self.road.table.paths[actor.address] = actor.path
        else:
            self.road.table.paths.pop(actor.address, None)
        self.model.know(actor.address, known)

    def move(self, actor: Actor) -> None:
        actor.path.address = address = self.road.home()
        self.model.home(actor.number, address)

    def open(self, actor: Actor, kind: str) -> None:
        mark, track = actor.tracks[kind]
        track.forget_holes()
        track.open = True
        self.model.gate(mark, opened=True)

    def shut(self, actor: Actor, kind: str) -> None:
        mark, track = actor.tracks[kind]
        track.shut()
        self.model.gate(mark, opened=False)

    def point(self, place: Place, output: Any, actor: Actor, kind: str) -> None:
        """As Subscription.point does."""
        mark, track = actor.tracks[kind]
        for other in self.actors.values():
            for _, one in other.tracks.values():
                one.unwait(output)
        if output.shift_from(track) is None:
            track.wait(output)
        if self.actors[place[0]].path.paced:
            self.model.lost_sight(place)
        self.model.point(place, mark)

    def turn_away(self, place: Place, output: Any) -> None:
        for other in self.actors.values():
            for _, one in other.tracks.values():
                one.unwait(output)
        output.detach()
        self.model.revoke(place)

    def end_output(self, place: Place) -> None:
        actor = self.actors[place[0]]
        if not self.road.rude or self.odd.random() < 0.5:
            self.turn_away(place, actor.outputs[place])
        del actor.outputs[place]
        self.model.revoke(place)

    def leave(self, actor: Actor) -> None:
        """At any point of its life, in any order, with or without goodbyes."""
        self.know(actor, known=False)
        ends: list[Callable[[], object]] = [
            *(lambda kind=kind: self.shut(actor, kind) for kind in KINDS),
            *(lambda place=place: self.end_output(place) for place in actor.outputs),
        ]
        self.odd.shuffle(ends)
        for end in ends:
            end()
        if self.road.rude and self.odd.random() < 0.5:
            actor.tracks.clear()
        del self.actors[actor.number]
        self.model.home(actor.number, None)

    # packets

    def send(self, actor: Actor) -> None:
        odd, maker = self.odd, actor.maker
        chance = odd.random()
        if chance < 0.85:
            datagrams = maker.media()
        elif chance < 0.92:
            datagrams = [maker.control()]
        elif chance < 0.98:
            datagrams = [maker.hostile()]
        else:
            size = odd.choice((*SIZES, odd.randrange(65_536)))
            datagrams = [(odd.choice(maker.before[-9:] or [b"\x80"]) + odd.randbytes(size))[:size]]
        other = odd.choice(list(self.actors.values()))
        address = odd.choice((other.address, ASIDE)) if odd.random() < 0.03 else actor.address
        for datagram in datagrams:
            packet, kind = maker.packets.get(datagram, (0, "audio"))
            self.model.sends(packet, address, maker.marks[kind])
            self.fed += 1
            self.road.feed(datagram, address)

    # what came out

    def look(self) -> None:
        """All that left went to who may have it, and all that came in is accounted for."""
        self.road.fence()
        for data, address in self.road.taken():
            self._left(data, address)
        self.model.seen()
        self.looked_at = self.fed
        self.readers = {leg: reader for leg, reader in self.readers.items() if leg in self.actors}
        self.witness.flush()
        let_in = 0
        for batch in self.records:
            at = 0
            while at < len(batch):
                size, kind = struct.unpack_from("<HB", batch, at)
                at += size
                let_in += kind == RECORD_RTP
        self.records.clear()
        self.counts["let in"] += let_in
        drops = self.road.table.dropped()
        refused = sum(drops.get(why, 0) for why in REFUSED)
        came_to = self.counts["told"] + self.counts["let in"] + refused
        assert came_to == self.fed, f"{self.fed} in, {came_to} accounted for: {self.counts} {drops}"
        unknown = {
            "not protected",
            "no memory",
            "table full",
            "tap not read",
            "exception",
            "socket error",
        } & set(drops)
        assert not unknown, drops

    def _left(self, data: bytes, address: Address) -> None:
        leg = next((one for one, homes in self.model.homes.items() if address in homes), None)
        assert leg is not None, f"{len(data)} bytes to nobody's {address}"
        if 192 <= data[1] <= 223:
            self.counts["control"] += 1
            return
        place, again = self.places[struct.unpack_from("!I", data, 8)[0]]
        assert place[0] == leg, f"packet of {place} at {address}"
        try:
            packet = self.readers[leg].unprotect(data)
        except Error:
            assert data in self.recent[place], f"index used twice, or damaged: {place}"
            self.counts["same again"] += 1
            return
        self.recent[place].append(data)
        start = 20 if packet[0] & 0x10 else 12
        self.model.left(place, address, packet[start + 2 * again :], again)
        self.counts["repairs" if again else "media"] += 1
