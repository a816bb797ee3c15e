"""However much receivers ask for, it is read and answered in bounded portions, and everything else has its turn."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from typing import Any

import pytest

from relay.packet_path import why_not_native
from relay.packets import ReportBlock, nack, rr
from relay.reports import LATE_ASK_NS, Reports, Slot
from relay.sender import MAX_RESENDS
from relay.shield import RESEND_BURST
from relay.subscription import LEAST_ASKS, MAX_ASKS, Subscription
from relay.table import Output
from tests.relay.odd_packets import PROFILES
from tests.relay.path_sides import NativeSide, PythonSide, Side
from tests.relay.peers import SECOND
from tests.relay.test_pacing import Scene

NACKS, ASKED = 1000, 100
FACTS_PER_TURN = 256  # of pump.pyx
SIZE = 1000

native = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))


class Asker:
    """Pekka, who was sent sound and pictures, and asks for them again; each call of the packet path is counted."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.scene = Scene(side)
        side.sender.clock = lambda: side.now
        self.sound, self.picture = (side.outputs["pekka", 0, kind] for kind in ("audio", "video"))
        self.slot = Slot(Subscription(self.sound, "a"), Subscription(self.picture, "a"))
        self.reports = Reports(
            side.paths["pekka"], {}, {0: self.slot},
            sender=side.sender, control_ssrc=9, line_changed=lambda: None,
        )  # fmt: skip
        self.calls: list[tuple[int, ...]] = []
        self._resend = side.sender.resend
        side.sender.resend = self._counted  # type: ignore[method-assign]
        side.paths["anna"].grant(10_000, 10_000_000, 0)
        self.scene.key_frame(packets=120)
        for number in range(30):
            self.scene.send("audio", number, b"opus")
        sent = [struct.unpack_from("!2xH4xI", data) for data, _ in side.taken()]
        self.pictures = [sequence for sequence, ssrc in sent if ssrc == self.picture.ssrc]
        self.sounds = [sequence for sequence, ssrc in sent if ssrc == self.sound.ssrc]
        side.paths["pekka"].grant(10, 10_000, RESEND_BURST)

    def _counted(self, output: Output, sequences: Sequence[int], least: int) -> list[int]:
        self.calls.append(tuple(sequences))
        return self._resend(output, sequences, least)

    def ask(self, output: Any, sequences: list[int], *, late: int = 0, more: bytes = b"") -> None:
        self.reports.read(more + nack(7, output.ssrc, sequences), self.side.now - late)

    def drops(self, why: str) -> int:
        return int(self.side.table.dropped().get(why, 0))


@pytest.fixture(params=[PythonSide, pytest.param(NativeSide, marks=native)])
def asker(request: pytest.FixtureRequest) -> Asker:
    return Asker(request.param(3, PROFILES[0]))


def test_one_nack_costs_one_call_and_ends_where_the_allowance_does(asker):
    asker.ask(asker.picture, asker.pictures[-60:])
    assert asker.calls == [tuple(asker.pictures[-60:])]
    assert asker.picture.resent == -(-RESEND_BURST // SIZE)
    assert len(asker.side.taken()) == asker.picture.resent
    asker.ask(asker.picture, asker.pictures[-60:])
    assert len(asker.calls) == 1  # nothing is left: it is not even tried
    asker.ask(asker.sound, asker.sounds[-2:])
    assert asker.sound.resent == 2


def test_what_a_nack_was_too_long_for_is_sent_when_it_is_asked_again(asker):
    asker.side.paths["pekka"].grant(1000, 10_000_000, 10_000_000)
    asked = asker.pictures[-100:]
    asker.ask(asker.picture, asked)
    asker.ask(asker.picture, asked)
    assert asker.calls == [tuple(asked[:MAX_RESENDS]), tuple(asked[MAX_RESENDS:])]
    assert asker.picture.resent == len(asked)


def test_a_call_tries_no_more_than_its_bound(asker):
    path = asker.side.paths["pekka"]
    path.grant(10, 10_000, 10_000_000)
    assert len(asker.side.sender.resend(asker.picture, asker.pictures, 0)) == MAX_RESENDS
    path.grant(10, 10_000, 500)
    assert asker.side.sender.resend(asker.picture, asker.pictures, 0) == [SIZE]
    assert asker.side.sender.resend(asker.picture, asker.pictures, 0) == []


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "never sent"])
def test_a_thousand_nacks_cost_what_a_second_allows_and_no_more(asker, kept):
    far = (asker.pictures[-1] + 1000) & 0xFFFF
    wanted = asker.pictures[-ASKED:] if kept else [(far + number) & 0xFFFF for number in range(ASKED)]
    for _ in range(NACKS):
        asker.ask(asker.picture, wanted)
    assert asker.drops("asks too fast") == NACKS - MAX_ASKS // ASKED
    assert len(asker.calls) <= MAX_ASKS // ASKED
    assert asker.picture.resent <= MAX_RESENDS
    asker.ask(asker.sound, asker.sounds[-1:])  # pictures do not use up what sound may ask for
    assert asker.sound.resent == 1
    asker.side.turn(asker.side.now + SECOND)
    asker.side.paths["pekka"].grant(10, 10_000, RESEND_BURST)
    asker.ask(asker.picture, asker.pictures[-1:])  # and the next second is another
    assert asker.calls[-1] == (asker.pictures[-1],)


def test_nacks_that_ask_for_little_count_too(asker):
    for _ in range(NACKS):
        asker.ask(asker.picture, asker.pictures[-1:])
    assert asker.drops("asks too fast") == NACKS - MAX_ASKS // LEAST_ASKS
    assert len(asker.calls) == 1


def test_a_lossy_browser_stays_far_below_the_bound(asker):
    # 250 packets a second, one of ten lost, each asked for five times, at worst alone.
    for number in range(25):
        for _ in range(5):
            asker.ask(asker.picture, [asker.pictures[number]])
    assert asker.drops("asks too fast") == 0


def test_a_nack_that_waited_long_is_left_out_and_what_came_with_it_is_read(asker):
    report = rr(7, [ReportBlock(asker.picture.ssrc, 26, 1, 1, 0, 0, 0)])
    asker.ask(asker.picture, asker.pictures[-3:], late=LATE_ASK_NS + 1, more=report)
    assert not asker.calls
    assert asker.drops("asks too late") == 1
    assert asker.slot.video.reports == 1
    asker.ask(asker.picture, asker.pictures[-3:], late=LATE_ASK_NS)
    assert asker.picture.resent == 3


@native
async def test_facts_are_told_in_portions_between_which_the_loop_has_its_turn():
    side: Any = NativeSide(3, PROFILES[0])
    for number in range(5 * FACTS_PER_TURN):
        side.feed(b"\x16" + bytes(number % 100), ("198.51.100.7", 9))
    loop = asyncio.get_running_loop()
    turns: list[int] = []
    done = asyncio.Event()

    def told() -> None:
        side.pump.take_facts()
        loop.call_soon(turn)

    def turn() -> None:  # as a timer would
        turns.append(len(side.facts))
        if turns[-1] == 5 * FACTS_PER_TURN:
            done.set()

    loop.add_reader(side.pump.event, told)
    try:
        told()  # nobody wakes the loop for more: what is left must
        async with asyncio.timeout(10):
            await done.wait()
    finally:
        loop.remove_reader(side.pump.event)
    assert turns == [FACTS_PER_TURN * number for number in range(1, 6)]


@native
def test_what_all_legs_ask_leaves_room_for_key_frames_and_for_checks():
    side: Any = NativeSide(3, PROFILES[0])
    scene = Scene(side)
    side.paths["anna"].grant(10_000, 10_000_000, 0)
    while not side.table.dropped().get("facts not read"):
        scene.control(nack(7, 1, list(range(0, 17 * 300, 17))))
    scene.key_frame(packets=1)
    side.feed(b"\0\1" + bytes(98), ("203.0.113.5", 5000))  # of one who comes
    side.feed(b"\0\1" + bytes(98), next(iter(side.pump.paths)))
    while side.pump.take_facts():
        pass
    kinds = [fact[0] for fact in side.facts]
    assert kinds[-3:] == ["keyframe", "datagram", "datagram"]
    assert side.table.dropped()["facts not read"] == 1
