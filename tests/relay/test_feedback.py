"""Losses, keyframes, reports and congestion feedback, both ways."""

from __future__ import annotations

import time

from bench.wire import ClientWire
from relay.packets import (
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
    TransportFeedback,
    nack,
    pli,
    rr,
    sr,
)
from tests.relay.peers import SECOND, Peer, house, picture, quiet

SOUND = b"\x78opus"
NTP_2026 = 3_976_000_000


def ntp(seconds: float) -> int:
    return int((NTP_2026 + seconds) * (1 << 32))


async def test_a_lost_picture_packet_is_answered_over_rtx_with_its_own_number_inside():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, b"lost", key=True), timestamp=77, marker=True)
        await pekka.when(lambda: pekka.packets)
        lost = pekka.packets[0]
        pekka.wire.send_rtcp(nack(1, pekka.slot("v0"), [lost.header.sequence]))
        await pekka.when(lambda: pekka.got(pekka.slot_rtx("v0")))
        (again,) = pekka.got(pekka.slot_rtx("v0"))
        assert again.header.payload_type == 97
        assert again.payload == lost.header.sequence.to_bytes(2, "big") + lost.payload
        assert (again.header.timestamp, again.header.marker) == (77, True)


async def test_lost_sound_is_answered_with_the_very_same_datagram(monkeypatch):
    # The same SRTP index over other bytes would give AES-GCM's authentication key away.
    taken: list[bytes] = []
    receive = ClientWire._received

    def seen(wire: ClientWire, view: memoryview, size: int, address: tuple[str, int]) -> None:
        taken.append(bytes(view[:size]))  # before the replay window hides what came already
        receive(wire, view, size, address)

    monkeypatch.setattr(ClientWire, "_received", seen)
    async with house() as home:
        anna, pekka = await home.pair()
        for number in range(3):
            anna.send("audio", number, SOUND + bytes((number,)))
        await pekka.when(lambda: len(pekka.packets) == 3)
        lost = pekka.packets[1]

        def copies() -> list[bytes]:
            return [data for data in taken if data[:20] == lost.raw[:20]]

        pekka.wire.send_rtcp(nack(1, pekka.slot("a0"), [lost.header.sequence]))
        await pekka.when(lambda: len(copies()) == 2)
        assert copies()[0] == copies()[1]


async def test_what_is_no_longer_kept_or_was_never_sent_is_not_answered():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        sequence = pekka.packets[0].header.sequence
        home.hub.hold()
        pekka.wire.send_rtcp(nack(1, pekka.slot("v0"), [sequence, (sequence + 5) & 0xFFFF]))
        await quiet(home, pekka)
        assert not pekka.got(pekka.slot_rtx("v0"))


async def asked_in_vain(times: int) -> tuple[int, int]:
    """A packet lost on its way in is asked for by the receiver, then repaired: (as it is, over RTX unasked)."""
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        anna.send("video", 3, picture(3))
        await pekka.when(lambda: len(pekka.packets) == 2)
        hole = pekka.packets[0].header.sequence + 1
        for _ in range(times):
            pekka.wire.send_rtcp(nack(1, pekka.slot("v0"), [hole & 0xFFFF]))
            await quiet(home, pekka)
        anna.send_rtx("video", 1, 2, picture(2), 2 * 960)
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 3)
        for _ in range(4):
            home.hub.beat(home.clock())
        anna.send("audio", 1, SOUND)  # behind all that the beats sent
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        again = pekka.got(pekka.slot_rtx("v0"))
        assert {packet.payload for packet in again} <= {(hole & 0xFFFF).to_bytes(2, "big") + picture(2)}
        return len(pekka.got(pekka.slot("v0"))) - 2, len(again)


async def test_a_receiver_that_asked_in_vain_for_long_need_not_ask_again_when_the_packet_has_come():
    # It stops asking after ten times: were this copy lost too, the picture would stand still for seconds.
    assert await asked_in_vain(5) == (1, 2)


async def test_a_packet_that_was_asked_for_once_or_twice_and_came_is_not_sent_twice():
    assert await asked_in_vain(2) == (1, 0)


async def test_a_hole_in_what_a_publisher_sends_is_asked_for_until_it_comes():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        anna.send("video", 4, picture(4))
        await anna.when(lambda: len(anna.told(Nack)) >= 2)
        assert {packet.sequences for packet in anna.told(Nack)} == {(2, 3)}
        assert anna.told(Nack)[0].media_ssrc == anna.ssrcs["video"]
        anna.send_rtx("video", 1, 2, picture(2), 2 * 960)
        anna.send_rtx("video", 2, 3, picture(3), 3 * 960)
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 4)
        first = pekka.packets[0].header.sequence
        assert [p.header.sequence - first for p in pekka.got(pekka.slot("v0"))] == [0, 3, 1, 2]


async def test_lost_sound_is_asked_for_too_and_given_up_soon():
    async with house() as home:
        anna, _ = await home.pair()
        anna.send("audio", 1, SOUND)
        anna.send("audio", 3, SOUND)
        await anna.when(lambda: len(anna.told(Nack)) == 5)
        told = len(anna.told(ReceiverReport))
        await anna.when(lambda: len(anna.told(ReceiverReport)) > told)
        assert len(anna.told(Nack)) == 5


async def test_many_keyframe_wishes_are_one_request_upstream():
    async with house() as home:
        anna, pekka = await home.pair()

        def asked() -> int:
            return len([one for one in anna.told(PictureLoss) if one.media_ssrc == anna.ssrcs["video"]])

        await anna.when(asked)
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        before, begun = asked(), home.clock()
        for _ in range(20):
            pekka.wire.send_rtcp(pli(1, pekka.slot("v0")))
            await quiet(home, pekka)
            home.hub.beat(home.clock())
        home.clock.turn(0.6)
        await anna.when(lambda: asked() > before)
        assert asked() - before <= 1 + (home.clock() - begun) // 500_000_000


async def test_a_publisher_is_told_its_losses_and_how_long_ago_it_reported():
    async with house() as home:
        anna, _ = await home.pair()
        for number in [*range(50), *range(60, 100)]:
            anna.send("audio", number, SOUND)
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], ntp(5), 4800, 90, 900)))
        await quiet(home, anna)
        home.clock.turn(1.5)

        def blocks() -> list[ReportBlock]:
            return [b for r in anna.told(ReceiverReport) for b in r.blocks if b.ssrc == anna.ssrcs["audio"]]

        turned = int(1.5 * 65536)  # another report may have gone out before that
        await anna.when(lambda: any(block.delay >= turned for block in blocks()))
        block = next(block for block in blocks() if block.delay >= turned)
        assert (block.lost, block.highest) == (10, 99)
        assert block.last_sr == ntp(5) >> 16 & 0xFFFFFFFF
        assert block.delay / 65536 < 5


async def test_sound_and_picture_of_a_slot_map_to_one_clock():
    async with house() as home:
        anna, pekka = await home.pair()
        # Captured together at 10.000 s of anna's clock: sound 480000, picture 33.
        anna.send("video", 1, picture(1, key=True), timestamp=33)
        anna.send("audio", 1, SOUND, timestamp=480000)
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], ntp(10), 480000, 1, 1)))
        await quiet(home, anna)
        home.clock.turn(0.4)  # the picture's report comes much later
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["video"], ntp(10.35), 33 + 31500, 1, 1)))
        await quiet(home, anna)
        home.clock.turn(1.1)
        slots = {pekka.slot("a0"): 48000, pekka.slot("v0"): 90000}
        await pekka.when(lambda: slots.keys() <= {report.ssrc for report in pekka.told(SenderReport)})
        await pekka.when(lambda: len(pekka.packets) == 2)
        captured = {}
        for report in pekka.told(SenderReport):
            stamp = pekka.got(report.ssrc)[0].header.timestamp
            elapsed = (report.rtp_timestamp - stamp + (1 << 31)) % (1 << 32) - (1 << 31)
            captured[report.ssrc] = report.ntp / (1 << 32) - elapsed / slots[report.ssrc]
        assert abs(captured[pekka.slot("a0")] - captured[pekka.slot("v0")]) < 0.002
        cnames = {cname for said in pekka.told(SourceDescription) for _, cname in said.cnames}
        assert len(cnames) == 1


async def test_a_fresh_slot_has_the_reports_that_its_receiver_needs_for_lip_sync_within_a_second():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], ntp(10), 480000, 1, 1)))
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["video"], ntp(10), 33, 1, 1)))
        anna.send("video", 1, picture(1, key=True), timestamp=33)
        anna.send("audio", 1, SOUND, timestamp=480000)
        await pekka.when(lambda: len(pekka.packets) == 2)
        await quiet(home, anna)
        for _ in range(4):
            home.clock.turn(0.26)
            home.hub.beat(home.clock())
        anna.send("audio", 2, SOUND)  # behind all that the beats sent
        await pekka.when(lambda: len(pekka.packets) == 3)
        for mid in ("a0", "v0"):
            assert sum(one.ssrc == pekka.slot(mid) for one in pekka.told(SenderReport)) >= 4


async def test_a_receivers_report_gives_its_round_trip():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("audio", 1, SOUND)
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], ntp(10), 960, 1, 1)))
        home.clock.turn(1.1)
        await pekka.when(lambda: pekka.told(SenderReport))
        report = pekka.told(SenderReport)[0]
        home.clock.turn(0.25)
        block = ReportBlock(pekka.slot("a0"), 13, 0, 0, 0, report.ntp >> 16 & 0xFFFFFFFF, 0)
        pekka.wire.send_rtcp(rr(7, [block]))
        await quiet(home, pekka)
        stats = home.hub.stats()[pekka.leg]
        assert stats.rtt_ms is not None
        assert 250 <= stats.rtt_ms < 2000
        assert 0 < stats.loss_down < 0.06


def received(anna: Peer) -> dict[int, int | None]:
    return {n: at for feedback in anna.told(TransportFeedback) for n, at in feedback.arrivals}


async def test_a_sender_is_told_when_each_packet_came_and_which_did_not():
    async with house() as home:
        anna, _ = await home.pair()
        anna.send("audio", 1, SOUND, wide=65533)
        anna.send("video", 1, picture(1, key=True), wide=65534)
        anna.send("audio", 2, SOUND, wide=1)
        await anna.when(lambda: 1 in received(anna))
        assert [n for n, at in received(anna).items() if at is not None] == [65533, 65534, 1]
        assert [n for n, at in received(anna).items() if at is None] == [65535, 0]
        before = received(anna)[1]
        home.clock.turn(0.2)
        sent = time.monotonic_ns()
        anna.send("audio", 3, SOUND, wide=2)
        await anna.when(lambda: 2 in received(anna))
        after = received(anna)[2]
        assert before is not None
        assert after is not None
        assert 0.2e6 <= after - before < 0.2e6 + (time.monotonic_ns() - sent) / 1000 + 15 * SECOND / 1000
        counts = [feedback.count for feedback in anna.told(TransportFeedback)]
        assert counts == list(range(counts[0], counts[0] + len(counts)))


async def test_feedback_survives_reordering_repeats_and_long_jumps():
    async with house() as home:
        anna, _ = await home.pair()
        for number, wide in enumerate([10, 12, 11, 12, 9000, 3, 40000]):
            anna.send("audio", number, SOUND, wide=wide)
        await anna.when(lambda: 40000 in received(anna))
        anna.send("audio", 20, SOUND, wide=40001)
        await anna.when(lambda: 40001 in received(anna))
        assert home.drops("exception") == 0


async def test_a_leg_is_looked_after_when_something_happened_and_else_seldom(monkeypatch):
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        for _ in range(40):  # until everything that a new picture brings is told
            home.clock.turn(0.05)
            home.hub.beat(home.clock())
        reports = home.hub._members[anna.leg].reports
        assert reports is not None
        now = home.clock()
        looked: list[int] = []
        reports.beat(now)
        reports.due(now)  # what happened until now has been seen
        monkeypatch.setattr(reports, "beat", looked.append)
        for step in range(9):
            home.hub.beat(now + step * 10_000_000)
        assert not looked
        home.hub.beat(now + 1_000_000_000)
        assert looked, "its time has come"
