"""Which picture a receiver's line can take: loss and round trip decide, with patience both ways."""

from __future__ import annotations

import random

from pylibsrtp import Policy

from relay.allowance import Allowance
from relay.congestion import Downlink
from relay.hub import Kind
from relay.packets import (
    ReportBlock,
    TransportFeedback,
    parse_rtcp,
    rr,
)
from relay.path import Path
from tests.relay.odd_packets import PROFILES, session
from tests.relay.peers import SECOND, house, picture, quiet


class Line:
    """A downlink fed with one report a second."""

    def __init__(self) -> None:
        self.downlink = Downlink()
        self.now = SECOND

    def seconds(self, count: int, loss: float, rtt: float = 30.0) -> str:
        for _ in range(count):
            self.now += SECOND
            self.downlink.measured(rtt)
            self.downlink.report(loss, self.now)
        return self.downlink.cap


def test_a_clean_line_shows_the_full_picture_and_five_percent_lost_are_repaired_not_punished():
    line = Line()
    assert line.seconds(60, 0.0) == "main"
    assert line.seconds(60, 0.05) == "main"


def test_heavy_loss_lowers_to_the_preview_within_four_seconds_and_then_to_sound_alone():
    line = Line()
    line.seconds(10, 0.0)
    assert line.seconds(4, 0.5) == "preview"
    assert line.seconds(10, 0.5) == "none"


def test_one_bad_second_changes_nothing():
    line = Line()
    line.seconds(10, 0.0)
    line.seconds(1, 0.3)
    assert line.seconds(10, 0.0) == "main"


def test_a_stretched_round_trip_is_a_poor_line_too_but_a_distant_one_is_not():
    line = Line()
    line.seconds(10, 0.0, rtt=50)
    assert line.seconds(10, 0.0, rtt=1500) in ("preview", "none")
    far = Line()
    assert far.seconds(60, 0.0, rtt=700) == "main"


def test_the_full_picture_comes_back_after_ten_good_seconds_not_sooner():
    line = Line()
    line.seconds(10, 0.0)
    line.seconds(4, 0.5)
    line.seconds(5, 0.0)
    assert line.downlink.cap == "preview"
    assert line.seconds(20, 0.0) == "main"


def test_a_line_that_cannot_keep_the_full_picture_waits_longer_each_time():
    line = Line()
    line.seconds(10, 0.0)
    waits: list[int] = []
    for _ in range(3):
        while line.seconds(1, 0.4) == "main":
            pass
        waited = 1
        while line.seconds(1, 0.0) != "main":
            waited += 1
        waits.append(waited)
    assert waits[0] < waits[1] < waits[2] <= 130


def a_path() -> Path:
    keys = [session(PROFILES[0], 1, way) for way in (Policy.SSRC_ANY_INBOUND, Policy.SSRC_ANY_OUTBOUND)]
    return Path("leg", (keys[0], keys[1]), ("127.0.0.1", 9), 0)


def test_feedback_is_one_packet_and_counts_on():
    path = a_path()
    path.report_arrivals(7, 9, 100)
    assert path.take_feedback(0) is None
    for count in range(1, 4):
        assert path.arrived(count, 100 * count - 1) is None
        data = path.arrived(count, 100 * count)
        assert data is not None
        (packet,) = parse_rtcp(data)
        assert isinstance(packet, TransportFeedback)
        assert (packet.sender_ssrc, packet.media_ssrc, packet.count) == (7, 9, count)


def test_five_percent_of_a_slow_track_lost_at_random_never_costs_the_full_picture():
    for seed in range(20):
        dice, downlink, now = random.Random(seed), Downlink(), SECOND
        for _ in range(600):  # a report about 20 packets on average, as behind a small picture
            seconds = dice.uniform(0.5, 1.5)
            packets = max(1, int(20 * seconds))
            lost = sum(dice.random() < 0.05 for _ in range(packets))
            downlink.report(lost / packets, now := now + int(seconds * SECOND), packets)
            assert downlink.cap == "main"


def test_a_line_too_narrow_for_the_full_picture_gets_the_preview_at_once_and_waits_to_get_it_back():
    downlink, now = Downlink(), 100 * SECOND
    downlink.report(0.0, now)
    for _ in range(3):
        downlink.carries(500_000, 1_200_000, now := now + SECOND // 4)
    assert downlink.cap == "preview"
    for _ in range(40):  # it would carry half of what the picture costs
        downlink.carries(600_000, 1_200_000, now := now + SECOND)
        downlink.report(0.0, now)
    assert downlink.cap == "preview"
    waited = 0
    while downlink.cap == "preview":
        downlink.carries(1_250_000, 1_200_000, now := now + SECOND)
        downlink.report(0.0, now)
        waited += 1
    assert 10 <= waited <= 12


def test_a_line_a_little_too_narrow_or_never_measured_keeps_the_full_picture():
    for limit, need in (
        (900_000, 1_200_000),
        (None, 5_000_000),
        (100_000, 0),
    ):  # the first one's sender is told
        downlink, now = Downlink(), 100 * SECOND
        for _ in range(60):
            downlink.carries(limit, need, now := now + SECOND)
            downlink.report(0.0, now)
            assert downlink.cap == "main"


def test_a_narrow_line_alone_never_takes_the_preview_away():
    downlink, now = Downlink(), 100 * SECOND
    for _ in range(60):
        downlink.carries(100_000, 1_200_000, now := now + SECOND)
        downlink.report(0.0, now)
    assert downlink.cap == "preview"


async def test_a_receiver_on_a_poor_line_is_given_the_preview_at_its_keyframe_and_told():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(100, key=True))
        await pekka.when(lambda: pekka.packets)
        for _ in range(4):
            home.clock.turn(1)
            pekka.wire.send_rtcp(rr(7, [ReportBlock(pekka.slot("v0"), 128, 0, 0, 0, 0, 0)]))
            await quiet(home, pekka)
        await home.heard.until(("level", pekka.leg, 0, "preview"))
        assert home.hub.stats()[pekka.leg].levels == {0: "preview"}
        anna.send("video", 2, picture(101))
        anna.send("preview", 1, picture(1, key=True))
        anna.send("video", 3, picture(102))
        await pekka.when(lambda: len(pekka.packets) == 3)
        assert len(pekka.packets[2].payload) == len(picture(1, key=True))
        for _ in range(14):
            home.clock.turn(1)
            pekka.wire.send_rtcp(rr(7, [ReportBlock(pekka.slot("v0"), 0, 0, 0, 0, 0, 0)]))
            await quiet(home, pekka)
        await home.heard.until(("level", pekka.leg, 0, "main"))
        anna.send("preview", 2, picture(2))
        anna.send("video", 4, picture(103, b"main again", key=True))
        await pekka.when(lambda: pekka.packets[-1].payload.endswith(b"main again"))
        numbers = [packet.header.sequence for packet in pekka.packets]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_receivers_allowance_falls_to_what_came_through_and_rises_slowly():
    allowance = Allowance()
    now = SECOND
    for _ in range(5):
        allowance.report(0.05, 1_300_000, now := now + SECOND)
    assert allowance.limit is None
    allowance.report(0.75, 1_300_000, now := now + SECOND)
    assert allowance.limit == int(1_300_000 * 0.25 * 0.85)
    for _ in range(10):
        allowance.report(0.0, 280_000, now := now + SECOND)
    assert 400_000 < (allowance.limit or 0) < 700_000
    allowance.report(1.0, 1_000_000, now := now + SECOND)
    assert allowance.limit == 100_000


async def test_in_a_call_without_previews_the_sender_is_told_its_receivers_ceiling(monkeypatch):
    async with house(observers=False) as home:
        closed: frozenset[Kind] = frozenset({"audio", "video"})
        anna, pekka = await home.peer("anna", closed), await home.peer("pekka", closed)
        home.hub.seat(pekka.leg, 0, "anna", audio=True, video="main")
        home.hub.release()
        anna.send("video", 1, picture(1, bytes(900), key=True))
        await pekka.when(lambda: pekka.packets)
        taken: list[bytes] = []
        monkeypatch.setattr(anna.wire, "_on_rtcp", lambda view, size: taken.append(bytes(view[:size])))
        while not home.hub.stats()[pekka.leg].bitrate_down:  # measured from report to report
            taken.clear()
            home.clock.turn(1.1)
            await anna.when(lambda: [data for data in taken if data[1] == 201])
        pekka.wire.send_rtcp(rr(7, [ReportBlock(pekka.slot("v0"), 200, 0, 0, 0, 0, 0)]))
        await quiet(home, pekka)
        home.hub.beat(home.clock())
        await anna.when(lambda: [data for data in taken if data[:2] == b"\x8f\xce"])
        told = next(data for data in taken if data[:2] == b"\x8f\xce")
        assert told[12:16] == b"REMB"
        word = int.from_bytes(told[16:20], "big")
        assert (word & 0x3FFFF) << (word >> 18 & 63) >= 99_000
        assert int.from_bytes(told[20:24], "big") == anna.ssrcs["video"]
