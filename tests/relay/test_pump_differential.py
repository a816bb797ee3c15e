"""Both packet paths are fed the same: every byte that leaves, every fact and every count must be the same."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pytest

from relay.packet_path import why_not_native
from relay.packets import rr
from tests.relay.odd_packets import LEGS, PROFILES, Peer, home_of
from tests.relay.path_sides import NativeSide, PythonSide, Side

pytestmark = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))

STEPS = 1000


class Pair:
    """The two sides, and what is done to both."""

    def __init__(self, seed: int) -> None:
        self.odd = odd = random.Random(seed)
        profile = PROFILES[seed % 2]
        self.sides: tuple[Side, Side] = (PythonSide(seed, profile), NativeSide(seed, profile))
        self.peers = [Peer(number, profile, odd) for number in range(3)]
        self.sent: list[bytes] = []
        self.kinds: set[object] = set()
        self.controls = 0  # that were told
        self.fed_back = [0, 0]  # feedbacks that were no news, and that were told (or lost)
        self.waited = 0  # packets that pacing held back, each time it was looked

    def both(self, do: Callable[..., object]) -> None:
        spec, native = (do(side) for side in self.sides)
        assert spec == native
        self.compare()

    def compare(self) -> None:
        # By address: what one receiver gets keeps its order, among several it is the groups'.
        spec, native = (sorted(side.taken(), key=itemgetter(1)) for side in self.sides)
        assert spec == native
        self.sent += [data for data, _ in spec]
        told, news = (side.news() for side in self.sides)
        assert told == news
        self.kinds |= {one[0] for one in told}
        self.controls += sum(one[0] == "control" for one in told)

    def heal(self) -> None:
        """Gates open, homes known, every slot pointed at somebody."""
        for number, name in enumerate(LEGS):
            self.both(
                lambda side, n=number, name=name: side.table.paths.__setitem__(home_of(n), side.paths[name])
            )
            self.both(lambda side, n=number, name=name: setattr(side.paths[name], "address", home_of(n)))
            self.both(lambda side, name=name: side.paths[name].expect_calm(side.now + 500_000_000, 20_000))
            rate = self.odd.choice((0, 0, 100_000, 300_000))
            self.both(lambda side, name=name, rate=rate: side.paths[name].pace(rate))
        for track in self.sides[0].tracks:
            self.both(lambda side, track=track: setattr(side.tracks[track], "open", True))
        for place in self.sides[0].outputs:
            kinds = ("audio",) if place[2] == "audio" else ("video", "video", "preview")
            track = self.odd.choice(LEGS[:2]), self.odd.choice(kinds)
            self.both(lambda side, track=track, place=place: point(side, track, place))

    def step(self) -> None:
        odd = self.odd
        for side in self.sides:
            side.turn(side.now + 3_000_000)
        chance = odd.random()
        if chance < 0.72:
            self.packets()
        elif chance < 0.80:
            self.feedback()
        elif chance < 0.99:
            self.change()
        else:
            jump = odd.choice((1_000_000_000, 1))
            for side in self.sides:
                side.turn(side.now + jump)
        if odd.random() < 0.5:
            self.both(lambda side: side.release())
            self.waited += sum(path.paced for path in self.sides[0].paths.values())
        if odd.random() < 0.1:
            self.both(Side.figures)

    def packets(self) -> None:
        odd = self.odd
        peer = odd.choice(self.peers[:2]) if odd.random() < 0.97 else self.peers[2]
        chance = odd.random()
        datagrams = peer.media() if chance < 0.84 else [peer.control() if chance < 0.90 else peer.hostile()]
        address = (
            home_of(peer.number) if odd.random() < 0.98 else odd.choice((home_of(1), ("198.51.100.7", 9)))
        )
        for datagram in datagrams:
            self.both(lambda side, datagram=datagram: side.feed(datagram, address))

    def feedback(self) -> None:
        """What a receiver says of the packets it was sent: told, or no news."""
        peer = self.odd.choice(self.peers)
        path = self.sides[0].paths[LEGS[peer.number]]
        count = self.odd.randrange(1, 40)
        left = path.departed(path.wide_sequence - count & 0xFFFF, count)
        if not left or len(left) <= left[-1][0] - left[0][0] & 0xFFFF:
            return
        datagram, before = peer.feedback(left), self.controls
        self.both(lambda side: side.feed(datagram, home_of(peer.number)))
        self.fed_back[self.controls > before] += 1

    def change(self) -> None:
        odd = self.odd
        name = odd.choice(LEGS)
        track = odd.choice(list(self.sides[0].tracks))
        place = odd.choice(list(self.sides[0].outputs))
        sink, number = odd.randrange(2), odd.randrange(256)
        sequence = odd.randrange(65536)
        if self.sent and odd.random() < 0.9:
            sequence = struct.unpack_from("!H", odd.choice(self.sent[-150:]), 2)[0]
        asked = [(sequence + odd.choice((0, 0, 1, 2, -1))) & 0xFFFF for _ in range(odd.choice((1, 3, 70)))]
        least = odd.choice((-1_000_000_000, 0, 19_000))
        home, elsewhere = home_of(LEGS.index(name)), ("203.0.113.9", odd.randrange(1, 4))
        now, most = self.sides[0].now, odd.randrange(3)
        rate, base = odd.choice((0, 200_000, 1_000_000)), odd.randrange(65536)
        if odd.random() < 0.8:
            base = self.sides[0].paths[name].wide_sequence - odd.randrange(300)
        self.both(odd.choice((
            lambda side: side.tracks[track].shut(),
            lambda side: setattr(side.tracks[track], "open", True),
            lambda side: setattr(side.tracks[track], "open", True),
            lambda side: setattr(side.tracks[track], "open", True),
            *[lambda side: point(side, track, place)] * 4,
            lambda side: side.outputs[place].detach(),
            lambda side: side.tracks[track].unwait(side.outputs[place]),
            lambda side: (side.tracks[track].unfeed(side.sinks[sink]), side.tracks[track].feed(side.sinks[sink], number))[0],
            lambda side: side.tracks[track].unfeed(side.sinks[sink]),
            lambda side: side.tracks[track].note(2, bytes(12), now),
            lambda side: flushed(side, sink),
            *[lambda side: side.paths[name].refill((90, 200), (60_000, 150_000), 20_000)] * 4,
            *[lambda side: side.paths[name].take_feedback(side.now)] * 3,
            lambda side: told_of_arrivals(side, name, sequence, base),
            lambda side: side.paths[name].expect_calm(side.now + 500_000_000, most * 15_000),
            lambda side: side.paths[name].pace(rate),
            *[lambda side: side.paths[name].departed(base & 0xFFFF, sequence % 1500)] * 3,
            lambda side: side.tracks[track].ask(now, 5_000_000, most),
            lambda side: side.tracks[track].forget_holes(),
            *[lambda side: side.sender.resend(side.outputs[place], asked, least)] * 8,
            lambda side: side.sender.send_control(side.paths[name], rr(9, [])),
            lambda side: setattr(side.paths[name], "address", elsewhere),
            lambda side: setattr(side.paths[name], "address", home),
            lambda side: side.table.paths.pop(home, None) and None,
            lambda side: side.table.paths.__setitem__(home, side.paths[name]),
            lambda side: side.table.paths.__setitem__(home, side.paths[name]),
            lambda side: setattr(side.paths[name], "congestion_tag", odd_tag(sequence)),
            lambda side: setattr(side.outputs[place], "spliced", False),
        )))  # fmt: skip


def told_of_arrivals(side: Side, name: str, start: int, odd: int) -> None:
    side.paths[name].report_arrivals(7, 9, 20_000_000 if odd & 3 else 0, start if odd & 4 else -1)


def odd_tag(number: int) -> int:
    return (0x31, 0x31, 0x31, 0)[number & 3]


def point(side: Side, track: Any, place: Any) -> bool:
    """As Subscription.point does: an output waits in one place."""
    output, wanted = side.outputs[place], side.tracks[track]
    if (place[2] == "audio") != (track[1] == "audio"):
        return False
    for other in side.tracks.values():
        other.unwait(output)
    if output.shift_from(wanted) is None:
        wanted.wait(output)
    return output.filled


def flushed(side: Side, sink: int) -> bytes:
    side.sinks[sink].flush()
    batches = b"".join(side.batches[sink])
    side.batches[sink].clear()
    return batches


@pytest.mark.parametrize("seed", range(16))
def test_what_leaves_and_what_is_told_is_the_same_on_both_paths(seed: int):
    pair = Pair(seed)
    for number in range(STEPS):
        if number % 60 == 0:
            pair.heal()
        pair.step()
    pair.both(Side.figures)
    for sink in range(2):
        pair.both(lambda side, sink=sink: flushed(side, sink))
    assert len(pair.sent) > 300  # or the test compares nothing
    assert pair.waited > 20
    assert min(pair.fed_back) > 2
    assert pair.kinds == {"datagram", "control", "stranger", "keyframe"}
