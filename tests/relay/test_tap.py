"""Taps: whole packets in batches of records, reports beside them, keyframes for seeking."""

from __future__ import annotations

import functools

from relay.packets import PictureLoss, SenderReport, sr
from relay.publication import Publication
from relay.table import RECORD, REPORT, Table
from relay.tap import FLUSH_NS, Tapping
from tests.relay.peers import Peer, Waiting, house, picture, quiet

SOUND = b"\x78opus"


class Tape(Waiting):
    """A tap that keeps everything."""

    def __init__(self) -> None:
        super().__init__()
        self.tracks: dict[int, tuple[str, str, str, int]] = {}
        self.records: list[tuple[int, int, int, bytes]] = []  # kind, number, arrival, payload
        self.batches: list[bytes] = []

    def track(self, number: int, party: str, kind: str, leg_id: str, clock_rate: int) -> None:
        self.tracks[number] = party, kind, leg_id, clock_rate

    def push(self, batch: bytes) -> None:
        self.batches.append(batch)
        at = 0
        while at < len(batch):
            size, kind, number, zero, arrival = RECORD.unpack_from(batch, at)
            assert zero == 0
            assert number in self.tracks
            self.records.append((kind, number, arrival, batch[at + 16 : at + size]))
            at += size
        assert at == len(batch)
        self.changed()

    def payloads(self, party: str, kind: str) -> list[bytes]:
        return [
            payload
            for record, number, _, payload in self.records
            if record == 1 and self.tracks[number][:2] == (party, kind)
        ]


async def test_a_tap_gets_whole_packets_as_they_came_and_no_preview():
    async with house() as home:
        anna, pekka = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna", "pekka"}), audio=True, video=True)
        anna.send("audio", 1, SOUND, wide=5)
        anna.send("video", 1, picture(1, key=True), wide=6, marker=True)
        anna.send("preview", 1, picture(1, key=True), wide=7)
        pekka.send("audio", 9, SOUND)
        await tape.when(lambda: len(tape.records) == 3)
        assert {track[:2] for track in tape.tracks.values()} == {
            ("anna", "audio"), ("anna", "video"), ("pekka", "audio"), ("pekka", "video"),
        }  # fmt: skip
        (sound,) = tape.payloads("anna", "audio")
        assert sound[0] == 0x90
        assert sound[-len(SOUND) :] == SOUND
        assert sound[12:16] == b"\xbe\xde\x00\x01"
        assert {track[3] for track in tape.tracks.values() if track[1] == "video"} == {90000}


async def test_a_retransmission_is_tapped_as_the_packet_it_stands_for():
    async with house() as home:
        anna, _ = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=True, video=True)
        anna.send("video", 1, picture(1, key=True), timestamp=1)
        anna.send("video", 3, picture(3), timestamp=3)
        anna.send_rtx("video", 70, 2, picture(2), 2)
        await tape.when(lambda: len(tape.records) == 3)
        repaired = tape.payloads("anna", "video")[2]
        assert repaired[2:4] == b"\x00\x02"
        assert repaired[1] & 0x7F == 96
        assert int.from_bytes(repaired[8:12], "big") == anna.ssrcs["video"]
        assert repaired[12:] == picture(2)


async def test_sender_reports_are_records_too():
    async with house() as home:
        anna, _ = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=True, video=True)
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], 1 << 63 | 5, 4242, 1, 1)))
        await tape.when(lambda: tape.records)
        ((kind, number, _, payload),) = tape.records
        assert (kind, tape.tracks[number][1]) == (2, "audio")
        assert REPORT.unpack(payload) == (1 << 63 | 5, 4242)


async def test_held_or_muted_or_untapped_packets_are_not_tapped():
    async with house() as home:
        anna, _ = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=True, video=False)
        home.hub.hold()
        anna.send("audio", 1, SOUND)
        anna.wire.send_rtcp(sr(SenderReport(anna.ssrcs["audio"], 1, 1, 1, 1)))
        await quiet(home, anna)
        home.hub.release()
        home.hub.mute("anna", audio=True, video=False)
        anna.send("audio", 2, SOUND)
        await quiet(home, anna)
        home.hub.mute("anna", audio=False, video=False)
        anna.send("audio", 3, SOUND + b"heard")
        await quiet(home, anna)
        home.hub.untap(tape)
        anna.send("audio", 4, SOUND)
        await quiet(home, anna)
        assert [payload[12:] for payload in tape.payloads("anna", "audio")] == [SOUND + b"heard"]
        assert {track[1] for track in tape.tracks.values()} == {"audio"}


async def test_a_tapped_picture_is_asked_for_a_keyframe_every_ten_seconds():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        home.hub.tap(Tape(), parties=frozenset({"anna"}), audio=True, video=True)

        def asked() -> int:
            return len([one for one in anna.told(PictureLoss) if one.media_ssrc == anna.ssrcs["video"]])

        def more(than: int) -> bool:
            return asked() > than

        home.clock.turn(1)
        await anna.when(lambda: asked() >= 2)
        for _ in range(3):
            before = asked()
            home.clock.turn(10.1)
            await anna.when(functools.partial(more, before))
            home.clock.turn(1)


async def test_a_new_leg_is_a_new_number():
    async with house() as home:
        anna, _ = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=True, video=True)
        again = Peer("anna")
        home.peers.append(again)
        await again.join(home.hub)
        await home.heard.until(("connected", again.leg))
        legs = {number: track[2] for number, track in tape.tracks.items()}
        assert sorted(legs) == [0, 1, 2, 3]
        assert {legs[0], legs[1]} == {anna.leg}
        assert {legs[2], legs[3]} == {again.leg}


async def test_a_full_batch_leaves_at_once():
    async with house() as home:
        anna, _ = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=False, video=True)
        for number in range(60):
            anna.send("video", number, picture(number, bytes(1000), key=number == 0))
        await tape.when(lambda: len(tape.records) == 60)
        assert max(map(len, tape.batches)) < (32 << 10) + 1100


async def test_what_was_said_in_a_hold_is_not_recorded_however_late_it_comes():
    """A lost packet asked for in the hold, or held back by its sender, arrives after the gates have opened."""
    async with house() as home:
        anna, pekka = await home.pair()
        tape = Tape()
        home.hub.tap(tape, parties=frozenset({"anna"}), audio=True, video=True)
        anna.send("audio", 1, SOUND + b"before")
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        home.hub.hold()
        anna.send("audio", 3, SOUND + b"held")
        await quiet(home, anna)
        home.hub.release()
        anna.send("audio", 2, SOUND + b"held, and late")
        anna.send("audio", 4, SOUND + b"after")
        await pekka.when(lambda: len(pekka.got(pekka.slot("a0"))) == 2)
        await tape.when(lambda: len(tape.payloads("anna", "audio")) >= 2)
        assert [record[12:] for record in tape.payloads("anna", "audio")] == [
            SOUND + b"before",
            SOUND + b"after",
        ]


def test_records_are_handed_over_when_they_are_old_enough_and_not_at_every_beat():
    table, tape = Table(), Tape()
    track = table.track(1, "audio", 111)
    tapping = Tapping(tape, table, frozenset({"anna"}), frozenset({"audio"}), 10.0)
    tapping.attach([Publication("leg", "anna", "audio", track, 2)])
    tapping.beat(FLUSH_NS)
    for beat in range(1, 23):
        now = FLUSH_NS + beat * FLUSH_NS // 5
        track.note(2, REPORT.pack(beat, beat), now)
        tapping.beat(now)
    assert [len(batch) // (16 + 12) for batch in tape.batches] == [5, 5, 5, 5]
    tapping.end()
    assert len(tape.records) == 22
