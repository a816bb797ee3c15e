"""What comes out of packets that were lost, late, doubled, reordered, or from a sender whose counters went round."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from recording.depacketize import Depacketizer, Frame, Loss, Vp8, opus_duration
from tests.recording.media import MS, SECOND, Sent, audio, opus_frames, rtp, video, vp8_frames


class Reader:
    """A depacketizer, and what came out of it."""

    def __init__(self, kind: str = "video") -> None:
        self.frames: list[Frame] = []
        self.losses: list[Loss] = []
        picture = kind == "video"
        self.packets = Depacketizer(
            "video" if picture else "audio",
            90_000 if picture else 48_000,
            self.frames.append,
            self.losses.append,
        )


def run(packets: list[Sent], kind: str = "video") -> tuple[list[Frame], list[Loss], Depacketizer]:
    reader = Reader(kind)
    for packet in sorted(packets, key=lambda each: each.arrival_ns):
        reader.packets.push(packet.arrival_ns, packet.data)
    reader.packets.end(max(each.arrival_ns for each in packets))
    return reader.frames, reader.losses, reader.packets


def shuffled(packets: list[Sent], by_ns: int, seed: int = 1) -> list[Sent]:
    chance = random.Random(seed)
    return [packet.delayed(chance.randrange(by_ns)) for packet in packets]


def of_frame(packets: list[Sent], number: int) -> list[Sent]:
    stamps = list(dict.fromkeys(packet.timestamp for packet in packets))
    return [packet for packet in packets if packet.timestamp == stamps[number]]


def test_every_frame_comes_out_as_it_went_in_over_the_wrap_of_sequence_timestamp_and_picture_id():
    frames, losses, _ = run(video(vp8_frames()))
    assert [frame.data for frame in frames] == list(vp8_frames())
    assert [frame.keyframe for frame in frames] == [number % 60 == 0 for number in range(120)]
    steps = {after.rtp - before.rtp for before, after in pairwise(frames)}
    assert steps <= {2999, 3000, 3001}
    assert (frames[0].width, frames[0].height) == (320, 240)
    assert losses == []


@pytest.mark.parametrize("seed", range(5))
def test_packets_reordered_by_50_ms_lose_nothing_not_even_at_the_beginning(seed):
    frames, losses, _ = run(shuffled(video(vp8_frames(), packet_size=200), 50 * MS, seed))
    assert [frame.data for frame in frames] == list(vp8_frames())
    assert losses == []
    heard, _, _ = run(shuffled(audio(opus_frames()), 50 * MS, seed), "audio")
    assert [frame.data for frame in heard] == list(opus_frames())


def test_a_retransmission_within_the_window_repairs_a_loss_and_a_second_copy_is_counted():
    packets = video(vp8_frames())
    repaired = [each.delayed(300 * MS) if number % 10 == 5 else each for number, each in enumerate(packets)]
    frames, losses, _ = run(repaired)
    assert len(frames) == 120
    assert losses == []
    frames, _, reader = run(packets + [each.delayed(100 * MS) for each in packets[::7]])
    assert len(frames) == 120
    assert reader.late == len(packets[::7])


def test_from_a_hole_that_stays_to_the_next_key_frame_no_picture_comes_out_and_the_loss_is_told():
    packets = video(vp8_frames())
    gone = of_frame(packets, 30)[0]
    frames, losses, reader = run([each for each in packets if each is not gone])
    assert [frame.data for frame in frames] == [*vp8_frames()[:30], *vp8_frames()[60:]]
    assert len(losses) == 1
    assert losses[0].packets == 1
    assert 0.9 * SECOND < losses[0].to_ns - losses[0].from_ns < 1.1 * SECOND
    assert not reader.wants_keyframe


def test_a_retransmission_after_the_window_is_late_and_changes_nothing():
    packets = video(vp8_frames())
    gone = of_frame(packets, 30)[0]
    frames, _, reader = run([each for each in packets if each is not gone] + [gone.delayed(900 * MS)])
    assert len(frames) == 90
    assert reader.late == 1


def test_a_whole_lost_frame_is_seen_by_its_picture_id():
    packets = video(vp8_frames())
    gone = of_frame(packets, 70)
    frames, losses, reader = run([each for each in packets if each not in gone])
    assert [frame.data for frame in frames] == list(vp8_frames()[:70])
    assert losses[0].packets == len(gone)
    assert reader.wants_keyframe


def test_lost_probes_without_payload_between_two_frames_cost_no_picture():
    frames = vp8_frames()
    packets = video(frames[:40], sequence=100)
    probes = [
        rtp(96, packets[-1].sequence + 1 + i, packets[-1].timestamp, b"", marker=False) for i in range(3)
    ]
    after = video(frames[40:], sequence=packets[-1].sequence + 4, begin_ns=40 * SECOND // 30, picture=32_740,
                  timestamp=0xFFFF0000 + 40 * 3000)  # fmt: skip
    assert len(run(packets + after)[0]) == 120
    kept = [Sent(1, packets[-1].sent_ns, packets[-1].arrival_ns, 0, 0, probe) for probe in probes]
    assert len(run(packets + kept + after)[0]) == 120


def test_sound_goes_on_right_after_a_hole_and_the_hole_is_told():
    packets = audio(opus_frames())
    frames, losses, _ = run(packets[:50] + packets[55:], "audio")
    assert len(frames) == 195
    assert frames[50].rtp - frames[49].rtp == 6 * 960
    assert [loss.packets for loss in losses] == [5]


def test_silence_that_is_not_sent_is_no_loss():
    packets = audio(opus_frames(), skip=lambda number: 20 <= number < 180 and number % 20 != 0)
    frames, losses, _ = run(packets, "audio")
    assert len(frames) == len(packets)
    assert losses == []
    assert frames[-1].rtp - frames[0].rtp == 199 * 960


@pytest.mark.parametrize("jump", [1, 5_000, 40_000, 65_535])
def test_after_a_hold_the_counters_may_be_anywhere_and_pictures_begin_at_a_key_frame(jump):
    frames = vp8_frames()
    before = video(frames[:40])
    begin = 600 * SECOND
    after = video(frames[40:], begin_ns=begin, sequence=before[-1].sequence + jump, timestamp=0xFFFF0000 + 600 * 90_000,
                  picture=5_000)  # fmt: skip
    found, _, reader = run(before + after)
    assert [frame.data for frame in found] == [*frames[:40], *frames[60:]]
    assert abs(found[40].rtp - found[0].rtp - (600 * 90_000 + 20 * 3000)) <= 1
    assert reader.clock.jumps == 0


def test_a_sender_whose_clock_jumps_by_hours_goes_on_where_its_packets_arrive():
    frames = vp8_frames()
    before = video(frames[:60])
    after = video(
        frames[60:],
        begin_ns=2 * SECOND,
        sequence=before[-1].sequence + 1,
        picture=32_760,
        timestamp=0x12345678,
    )
    found, _, reader = run(before + after)
    assert len(found) == 120
    assert reader.clock.jumps == 1
    assert abs(found[60].rtp - found[0].rtp - 2 * 90_000) < 900


def test_a_change_of_size_is_told_with_its_key_frame():
    small, large = vp8_frames(2), vp8_frames(2, width=640, height=480)
    first = video(small)
    rest = video(large, begin_ns=2 * SECOND, sequence=first[-1].sequence + 1, picture=32_760,
                 timestamp=0xFFFF0000 + 180_000)  # fmt: skip
    found, _, _ = run(first + rest)
    assert [(frame.width, frame.height) for frame in found if frame.keyframe] == [(320, 240), (640, 480)]
    assert len(found) == 120


def test_bytes_that_are_no_rtp_or_no_vp8_are_counted_and_hurt_nothing():
    chance = random.Random(3)
    packets = video(vp8_frames())
    noise = [
        Sent(1, each.sent_ns, each.arrival_ns, 0, 0, chance.randbytes(chance.randrange(40)))
        for each in packets[::3]
    ]
    frames, _, reader = run(packets + [each for each in noise if each.data[:1] < b"\x80"])
    assert len(frames) == 120
    assert reader.refused > 20


@pytest.mark.parametrize(
    ("toc", "samples"), [(b"\xfc", 960), (b"\x78", 960), (b"\x0b\x83", 960 * 3), (b"\xe1", 240)]
)
def test_the_length_of_an_opus_packet_is_read_from_its_first_byte(toc, samples):
    assert opus_duration(toc) == samples


def test_a_picture_that_nobody_ends_does_not_grow_for_ever():
    packets = video([bytes([0x10]) + vp8_frames()[0][1:]], packet_size=1_000)
    following = range(packets[-1].sequence + 1, packets[-1].sequence + 6_000)
    endless = [
        Sent(1, at, at, 0, 0, rtp(96, number, 0xFFFF0000, b"\x00" + bytes(1_000), marker=False))
        for at, number in enumerate(following, start=200 * MS)
    ]
    begun = [Sent(1, 0, 0, 0, 0, each.data[:1] + bytes([96]) + each.data[2:]) for each in packets]
    reader = Reader()
    for packet in begun + endless:
        reader.packets.push(packet.arrival_ns, packet.data)
    assert reader.frames == []
    assert reader.packets.wants_keyframe
    assert isinstance(reader.packets._assembler, Vp8)
    assert reader.packets._assembler._pieces == []


def test_a_sender_report_before_the_first_frame_is_extended_like_the_frames():
    frames, _, reader = run(video(vp8_frames()[:10], timestamp=0xF0000000))
    assert frames[0].rtp == 0xF0000000
    assert reader.clock.near(0xF0000000 - 90_000) == 0xF0000000 - 90_000


def test_a_probe_without_payload_is_no_loss_for_a_sender_without_picture_ids():
    frames = vp8_frames()[:20]
    packets = []
    for number, frame in enumerate(frames):
        at = number * SECOND // 30
        stamp = number * 3_000
        packets.append(Sent(1, at, at, 0, 0, rtp(96, 2 * number, stamp, b"\x10" + frame, marker=True)))
        packets.append(Sent(1, at, at, 0, 0, rtp(96, 2 * number + 1, stamp, b"", marker=False)))
    found, losses, _ = run(packets)
    assert [frame.data for frame in found] == list(frames)
    assert losses == []
