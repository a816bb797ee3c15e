"""Who may get which packet: an account kept beside the table, of what was granted and taken back and when."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

MAGIC = b"\xfeMARK"
UNKNOWN = -1  # a packet that lost its mark may have been the first of another track
MARK = struct.Struct("!5sI")  # number of the packet

Address = tuple[str, int]
Place = tuple[int, int, str]  # leg, slot, kind


class Times:
    """When something held, told in serial numbers of the packets sent."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int | None]] = []

    @property
    def now(self) -> bool:
        return bool(self._spans) and self._spans[-1][1] is None

    def begin(self, serial: int) -> None:
        if not self.now:
            self._spans.append((serial, None))

    def end(self, serial: int) -> None:
        if self.now:
            self._spans[-1] = self._spans[-1][0], serial

    def held(self, serial: int) -> bool:
        return any(begun <= serial and (end is None or serial < end) for begun, end in self._spans)

    def forget(self) -> None:
        """All that was sent until now has been seen."""
        self._spans = [span for span in self._spans if span[1] is None]


@dataclass
class Model:
    """`serial` is the next datagram's number; what is taken back holds for every one from then on."""

    serial: int = 1
    gates: dict[int, Times] = field(default_factory=dict)  # by track
    shows: dict[Place, dict[int, Times]] = field(default_factory=dict)  # by outgoing place: of which tracks
    filler: dict[Place, int] = field(default_factory=dict)
    known: dict[Address, Times] = field(default_factory=dict)  # from where media is taken
    homes: dict[int, dict[Address, Times]] = field(default_factory=dict)  # to where a leg's media goes
    sent: dict[int, list[tuple[int, Address, int]]] = field(
        default_factory=dict
    )  # by packet: when, from where, track

    def sends(self, packet: int, address: Address, track: int) -> None:
        """A packet may be sent late or twice; 0: a datagram that nobody encrypted so."""
        if packet:
            self.sent.setdefault(packet, []).append((self.serial, address, track))
        self.serial += 1

    # grants

    def gate(self, track: int, opened: bool) -> None:
        times = self.gates.setdefault(track, Times())
        if opened:
            times.begin(self.serial)
            return
        times.end(self.serial)
        for place in self.shows:
            self.revoke(place, track)

    def grant(self, place: Place, track: int) -> None:
        self.shows.setdefault(place, {}).setdefault(track, Times()).begin(self.serial)

    def lost_sight(self, place: Place) -> None:
        """Who fills it may have changed with a packet that nobody has seen yet."""
        self.filler[place] = UNKNOWN

    def revoke(self, place: Place, track: int | None = None) -> None:
        """One track, or all of them."""
        for one, times in self.shows.get(place, {}).items():
            if track is None or one == track:
                times.end(self.serial)
        if track is None or self.filler.get(place) == track:
            self.filler.pop(place, None)

    def point(self, place: Place, track: int) -> None:
        """The one that fills it may go on until this one begins; nothing else that was waited for."""
        for one, times in self.shows.get(place, {}).items():
            if one not in (track, self.filler.get(place)) and self.filler.get(place) != UNKNOWN:
                times.end(self.serial)
        self.grant(place, track)

    def home(self, leg: int, address: Address | None) -> None:
        homes = self.homes.setdefault(leg, {})
        for one, times in homes.items():
            if one != address:
                times.end(self.serial)
        if address is not None:
            homes.setdefault(address, Times()).begin(self.serial)

    def know(self, address: Address, known: bool) -> None:
        times = self.known.setdefault(address, Times())
        times.begin(self.serial) if known else times.end(self.serial)

    # what came out

    def left(self, place: Place, address: Address, payload: bytes, again: bool) -> None:
        """One packet of a place reached an address, `again` as a retransmission: AssertionError where it should not
        have. A mark that was cut off before it was encrypted says nothing of its source."""
        at = payload.rfind(MAGIC)
        home = self.homes[place[0]].get(address)
        assert home is not None, f"wrong address: {place} {address}"
        if at < 0 or at + MARK.size > len(payload):
            if not again:
                self.filler[place] = UNKNOWN
            return
        _, packet = MARK.unpack_from(payload, at)
        sent = self.sent[packet]
        shows, never = self.shows.get(place, {}), Times()
        where = f"packet {packet} at {place} {address}, sent {sent}, next {self.serial}"
        sent = [one for one in sent if self.gates[one[2]].held(one[0])]
        assert sent, f"the gate was shut: {where}"
        sent = [one for one in sent if shows.get(one[2], never).held(one[0])]
        assert sent, f"not granted: {where}"
        # What pacing held back goes where the leg is by then.
        there = home.now or (not again and any(home.held(when) for when, _, _ in sent))
        assert there, f"wrong address: {where}"
        if not again:
            sent = [one for one in sent if self.known.get(one[1], never).held(one[0])]
            assert sent, f"from nowhere: {where}"
            self._fills(place, sent[0][2], sent[0][0])

    def _fills(self, place: Place, track: int, serial: int) -> None:
        if self.filler.get(place) == track or not self.shows[place][track].now:
            return
        before, self.filler[place] = self.filler.get(place), track
        for one, times in self.shows[place].items():
            if one != track and before != UNKNOWN:
                times.end(serial)

    def seen(self) -> None:
        """Everything sent until now has been handled, and what came out was looked at."""
        # From where media was taken is not forgotten: pacing may still hold back what came.
        books: list[Iterable[Times]] = [self.gates.values()]
        books += [shown.values() for shown in self.shows.values()]
        books += [homes.values() for homes in self.homes.values()]
        for book in books:
            for times in book:
                times.forget()
