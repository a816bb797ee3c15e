"""The queue towards the recorder: what is dropped first, and that every drop is told."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from recording.host import SHARE, RecorderHost
from recording.tap import LIMIT, MOST_EVENTS, PICTURE_LIMIT, Recording
from recording.wire import RTP, Framer, Kind, WireBroken, body_json, message, record, records
from tests.recording.media import MS, event, spec
from tests.recording.test_host import Listener

VIDEO, AUDIO = 1, 2


class Clock:
    now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
async def clock():
    return Clock()


@pytest.fixture
async def recording(clock):
    found = Recording(
        7, spec(), Listener(), origin_ns=0, clock=clock, wake=lambda: None, forget=lambda _: None
    )
    found.track(VIDEO, "visitor", "video", "leg", 90_000)
    found.track(AUDIO, "visitor", "audio", "leg", 48_000)
    return found


def batch(at_ns: int, pictures: int = 20) -> bytes:
    video = [record(RTP, VIDEO, at_ns, bytes(1_000))] * pictures
    return b"".join([*video, record(RTP, AUDIO, at_ns, bytes(100))])


def drained(recording: Recording) -> tuple[Counter[int], list[dict[str, Any]]]:
    """RTP packets per track, and the records of events, of everything in the queue."""
    packets: Counter[int] = Counter()
    noted = []
    framer = Framer()
    while data := recording.take(1 << 18):
        for kind, _, body in framer.feed(data):
            if kind is Kind.MEDIA:
                packets.update(track for _, track, _, _ in records(body))
            elif kind is Kind.EVENT:
                noted.append(body_json(body)["record"])
    return packets, noted


async def test_a_full_queue_drops_pictures_and_keeps_sound_and_the_gap_is_told(recording, clock):
    pushed = 0
    while recording.dropped["video"] < 1_000:
        clock.now += 20 * MS
        recording.push(batch(clock.now))
        pushed += 1
    begun = clock.now
    assert recording.dropped["all"] == 0
    clock.now += 1_000 * MS
    packets, noted = drained(recording)
    assert packets[AUDIO] == pushed
    assert packets[VIDEO] == pushed * 20 - recording.dropped["video"]
    (gap,) = [each for each in noted if each["record"] == "gap"]
    assert (gap["cause"], gap["media"], gap["packets"]) == ("overflow", "video", recording.dropped["video"])
    assert 0 < gap["from_us"] < begun // 1000 < gap["to_us"] == clock.now // 1000
    recording.push(batch(clock.now))
    assert drained(recording)[0] == {VIDEO: 20, AUDIO: 1}


async def test_a_queue_that_sound_alone_fills_drops_everything_and_stays_within_its_limit(recording, clock):
    sound = b"".join([record(RTP, AUDIO, 0, bytes(1_000))] * 100)
    while recording.dropped["all"] < 500:
        clock.now += 20 * MS
        recording.push(sound)
    packets, noted = drained(recording)
    assert PICTURE_LIMIT < packets[AUDIO] * 1_016 <= LIMIT
    assert [(each["media"], each["packets"]) for each in noted] == [("all", recording.dropped["all"])]


async def test_events_are_kept_until_they_are_stored_and_no_more_than_a_bound(recording):
    for number in range(MOST_EVENTS + 5):
        recording.event(event("seen", number * MS))
    assert recording.dropped["event"] == 5
    drained(recording)
    recording.stored(MOST_EVENTS + 2)
    recording.restart()
    _, noted = drained(recording)
    assert [each["number"] for each in noted] == [MOST_EVENTS + 3, MOST_EVENTS + 4, MOST_EVENTS + 5]


async def test_a_new_recorder_is_told_of_the_recording_and_its_tracks_before_the_packets_that_wait(recording):
    recording.push(batch(5 * MS))
    recording.event(event("warning", 6 * MS))
    recording.restart()
    kinds = [(kind, number) for kind, number, _ in Framer().feed(recording.take(1 << 18))]
    assert kinds == [(kind, 7) for kind in (Kind.OPEN, Kind.TRACK, Kind.TRACK, Kind.MEDIA, Kind.EVENT)]
    recording.push(batch(9 * MS))
    recording.restart()
    opening = next(iter(Framer().feed(recording.take(1 << 18))))
    assert body_json(opening[2])["resume_ns"] == 9 * MS


async def test_a_batch_that_is_no_batch_is_counted_when_it_must_be_cut_and_never_raises(recording):
    recording.push(batch(0, pictures=LIMIT // 1_000))
    recording.push(b"\x05\x00 no batch")
    assert recording.dropped["broken"] == 1


async def test_nothing_is_taken_after_the_close(recording):
    closing = asyncio.create_task(recording.close("time"))
    await asyncio.sleep(0)
    recording.push(batch(0))
    recording.event(event("seen", 0))
    packets, noted = drained(recording)
    assert (packets, noted) == ({}, [])
    recording.closed.set_result(None)
    assert await closing is None


async def test_one_write_carries_something_of_every_recording_and_none_keeps_the_others_waiting(tmp_path):
    host = RecorderHost(tmp_path / "vault", tmp_path / "keys")
    recordings = [host.open(spec(), Listener()) for _ in range(3)]
    for each, batches in zip(recordings, (40, 1, 2), strict=True):
        for _ in range(batches):
            each.push(batch(0))
    seen: list[Counter[int]] = []
    framer = Framer()
    while data := host._taken():
        seen.append(Counter(number for kind, number, _ in framer.feed(data) if kind is Kind.MEDIA))
    assert set(seen[0]) == {each.number for each in recordings}
    assert sum(seen, Counter()) == {
        recordings[0].number: 40,
        recordings[1].number: 1,
        recordings[2].number: 2,
    }
    assert all(count * len(batch(0)) < SHARE + len(batch(0)) for found in seen for count in found.values())


@pytest.mark.parametrize("step", [1, 2, 9, 10, 1_000])
def test_messages_come_out_whole_however_the_stream_was_cut(step):
    sent = [(Kind.MEDIA, 1, b""), (Kind.EVENT, 2, b"{}"), (Kind.MEDIA, 4_000_000_000, bytes(range(200)))]
    stream = b"".join(message(*each) for each in sent * 3)
    framer = Framer()
    room = bytearray(step)
    found = []
    for at in range(0, len(stream), step):
        size = len(stream[at : at + step])
        room[:size] = stream[at : at + step]  # the same memory every time, as the recorder reads
        found += list(framer.feed(memoryview(room)[:size]))
    assert found == sent * 3


@pytest.mark.parametrize("header", [b"\xff\xff\xff\xff\x03" + bytes(4), bytes(4) + b"\x63" + bytes(4)])
def test_a_stream_of_another_kind_is_refused(header):
    with pytest.raises(WireBroken):
        list(Framer().feed(header))
