"""What a receiver's feedback changes: the sender's useful maximum, the level, the pace, key frames asked again."""

from __future__ import annotations

from collections.abc import Callable

from relay.packets import PictureLoss, ReceiverReport, ReportBlock, header_extension, nack, rr, twcc_feedback
from tests.relay.peers import House, Peer, house, picture, quiet


def remb_told(peer: Peer) -> list[int]:
    """bit/s of each ceiling a peer is told from now on."""
    told: list[int] = []
    read: Callable[[memoryview, int], None] = peer.wire._on_rtcp

    def seen(view: memoryview, size: int) -> None:
        data = bytes(view[:size])
        if data[:2] == b"\x8f\xce" and data[12:16] == b"REMB":
            word = int.from_bytes(data[16:20], "big")
            told.append((word & 0x3FFFF) << (word >> 18 & 63))
        read(view, size)

    peer.wire._on_rtcp = seen
    return told


class Talk:
    """Anna sends 1 Mbit/s to some; a receiver's feedback says of its packets what a test wants."""

    def __init__(self, home: House, anna: Peer) -> None:
        self.home, self.anna = home, anna
        self.sequence = 0
        self.told: dict[str, int] = {}
        self.late_us: dict[str, int] = {}

    async def send(self, frames: int, late_us: dict[Peer, int]) -> None:
        """Each frame is 5 packets, 40 ms apart; for each receiver it comes so many us later than the last."""
        for _ in range(frames):
            self.home.clock.turn(0.04)
            for part in range(5):
                self.sequence += 1
                payload = picture(self.sequence, bytes(1000), key=self.sequence == 1, start=part == 0)
                self.anna.send("video", self.sequence, payload, timestamp=self.sequence // 5 * 3600)
            await quiet(self.home, self.anna)
            for peer, late in late_us.items():
                await self._feedback(peer, late)

    async def _feedback(self, peer: Peer, late: int) -> None:
        behind = [one for one in peer.packets[self.told.get(peer.party, 0) :] if one.extension]
        self.told[peer.party] = len(peer.packets)
        self.late_us[peer.party] = self.late_us.get(peer.party, 0) + late
        at = self.home.clock() // 1000 + self.late_us[peer.party]
        arrivals = [
            (int.from_bytes((header_extension(one.raw, one.header, 3) or b"")[:2], "big"), at)
            for one in behind
        ]
        if arrivals:
            peer.wire.send_rtcp(twcc_feedback(7, peer.slot("v0"), 0, arrivals))
        peer.wire.send_rtcp(rr(7, [ReportBlock(peer.slot("v0"), 0, 0, 0, 0, 0, 0)]))
        await quiet(self.home, peer)
        self.home.hub.beat(self.home.clock())


async def test_a_queue_that_grows_before_the_only_receiver_tells_the_sender_its_useful_maximum():
    async with house() as home:
        anna, pekka = await home.pair()
        told = remb_told(anna)
        talk = Talk(home, anna)
        await talk.send(40, {pekka: 0})
        assert told == []  # a line that carries all limits nobody
        await talk.send(60, {pekka: 20_000})  # two thirds of it come through
        await anna.when(lambda: told)
        assert 200_000 < told[-1] < 1_000_000
        paths = {one.leg_id: one for one in home.relay._table.paths.values()}
        assert paths[pekka.leg].pace_rate > told[-1]
        assert paths[anna.leg].pace_rate == 0
        assert paths[pekka.leg].resend_burst < paths[anna.leg].resend_burst


async def test_one_narrow_line_among_several_gets_the_preview_and_costs_the_others_nothing():
    async with house() as home:
        anna, pekka = await home.pair()
        mikko = await home.peer("mikko")
        home.hub.seat(mikko.leg, 0, "anna", audio=True, video="main")
        told = remb_told(anna)
        talk = Talk(home, anna)
        anna.send("preview", 1, picture(1, key=True))
        await talk.send(40, {pekka: 0, mikko: 0})
        await talk.send(60, {pekka: 0, mikko: 90_000})  # a third of it comes through
        await home.heard.until(("level", mikko.leg, 0, "preview"))
        await talk.send(30, {pekka: 0})
        assert ("level", pekka.leg, 0, "preview") not in home.heard.news
        assert told[-1] >= 9_000_000  # whatever it was told for a moment is taken back


async def test_a_key_frame_that_had_to_wait_too_long_is_asked_for_again():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        path = next(one for one in home.relay._table.paths.values() if one.leg_id == pekka.leg)
        home.clock.turn(1.1)
        told = len(anna.told(ReceiverReport))
        await anna.when(lambda: len(anna.told(ReceiverReport)) > told)
        asked = len(anna.told(PictureLoss))  # nothing is wanted any more from the beginning
        path.pace(8_000)
        for number in range(2, 6):
            anna.send("video", number, picture(number, bytes(1000)))
        await quiet(home, anna)
        assert path.paced
        home.clock.turn(0.6)
        await anna.when(lambda: len(anna.told(PictureLoss)) > asked)
        assert home.drops("paced too long") == path.pace_lost > 0
        assert path.paced == 0


async def test_where_pictures_have_used_up_the_budget_lost_sound_still_goes_out_again():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, bytes(1000), key=True))
        for number in range(8):
            anna.send("audio", number, bytes(1000))
        await pekka.when(lambda: len(pekka.packets) == 9)
        path = next(one for one in home.relay._table.paths.values() if one.leg_id == pekka.leg)
        path.grant(1000, 1_000_000, 0)
        for mid in ("v0", "a0"):
            numbers = [packet.header.sequence for packet in pekka.got(pekka.slot(mid))]
            pekka.wire.send_rtcp(nack(1, pekka.slot(mid), numbers))
        await quiet(home, pekka)
        slot = home.hub._members[pekka.leg].slots[0]
        assert slot.video.output.resent == 0
        assert slot.audio.output.resent == 5  # its credit is 5000 bytes
