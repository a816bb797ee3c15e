"""kill -9 at any moment: at most a second is lost, everything before it plays, and nothing counts as broken."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest

from recording.verify import verify
from recording.wire import Kind, message, message_json
from tests.recording.media import (
    MS,
    SECOND,
    Sent,
    Studio,
    audio,
    batches,
    opus_frames,
    pictures,
    sounds,
    spec,
    video,
    vp8_frames,
)
from tests.recording.process import Process


def sent(origin_ns: int) -> list[Sent]:
    return video(vp8_frames(), begin_ns=origin_ns) + audio(opus_frames(), begin_ns=origin_ns)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_recorder_killed_at_a_random_moment_leaves_everything_that_was_stored(tmp_path, seed):
    chance = random.Random(seed)
    studio = Studio(tmp_path)
    wanted = {number: spec() for number in (1, 2, 3)}
    stored: dict[int, int] = dict.fromkeys(
        wanted, 0
    )  # ms of media before the last event that was acknowledged
    origin = time.monotonic_ns()
    process = Process(tmp_path)
    for number, each in wanted.items():
        process.open(number, each, origin)
    messages = [(at, number, batch) for at, batch in batches(sent(origin)) for number in wanted]
    acknowledged = {chance.randrange(len(messages)) for _ in range(chance.randrange(3))}
    last = chance.randrange(len(messages))
    for place, (at, number, batch) in enumerate(messages[:last]):
        process.socket.sendall(message(Kind.MEDIA, number, batch))
        if place in acknowledged:
            process.event(number, place + 1, (at - origin) // 1000)
            process.wait(Kind.STORED, number)
            stored[number] = (at - origin) // MS
    torn = message(Kind.MEDIA, messages[last][1], messages[last][2])
    process.socket.sendall(torn[: chance.randrange(len(torn))])
    process.kill()

    process = Process(tmp_path)
    for number, each in wanted.items():
        process.open(number, each, origin)
        for _, batch in batches(sent(origin + 5 * SECOND)):
            process.socket.sendall(message(Kind.MEDIA, number, batch))
        process.socket.sendall(message_json(Kind.CLOSE, number, {"reason": "time"}))
        process.wait(Kind.CLOSED, number)
    process.socket.close()
    process.ended()

    for number, each in wanted.items():
        report = verify(studio.folder(each), studio.keys)
        assert report.ok, report.findings
        assert report.closed
        timeline = studio.playback.timeline(each.recording_id)
        assert timeline.proof.verified
        tracks = {track.kind: track for track in timeline.tracks}
        before = [cluster for cluster in tracks["audio"].clusters if cluster.from_ms < 4_500]
        assert max((cluster.to_ms for cluster in before), default=0) >= stored[number] - 1_000
        assert 120 <= len(pictures(studio.webm(each, "visitor-video"))) <= 240
        assert len(sounds(studio.webm(each, "visitor-audio"))) >= 200 + stored[number] // 20 - 50
        if timeline.proof.parts == 2 and "stillborn" not in report.codes():
            assert "recorder_lost" in {gap.reason for gap in timeline.gaps}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_recorder_killed_while_it_opens_or_closes_leaves_nothing_that_is_broken(tmp_path, seed):
    chance = random.Random(seed)
    studio, wanted = Studio(tmp_path), [spec() for _ in range(30)]
    origin = time.monotonic_ns()
    process = Process(tmp_path)
    for number, each in enumerate(wanted):
        process.open(number, each, origin)
        for _, batch in batches(sent(origin)[:60]):
            process.socket.sendall(message(Kind.MEDIA, number, batch))
        process.socket.sendall(message_json(Kind.CLOSE, number, {"reason": "time"}))
        if number >= 20:
            break
    process.wait(Kind.CLOSED, chance.randrange(15))  # it is at work on those behind
    process.kill()
    found = [folder for folder in studio.vault.root.iterdir() if any(folder.iterdir())]
    assert found
    for folder in found:
        report = verify(folder, studio.keys)
        assert report.ok, report.findings
        assert report.closed or report.codes() & {"open_ended", "stillborn"}


def test_no_moment_has_more_than_a_second_that_is_not_yet_on_disk(tmp_path):
    """The rule itself, in virtual time: what a kill would leave is looked at 12 times a second."""
    studio, wanted = Studio(tmp_path), spec()
    part = studio.part(wanted)
    studio.tracks(part)
    late = [each.delayed(350 * MS) if number % 9 == 4 else each for number, each in enumerate(sent(0))]
    lost = [each for number, each in enumerate(late) if number % 101 != 50]
    everything = batches([*lost, *video(vp8_frames()[:60], track=3, begin_ns=SECOND)])
    done = 0
    for now, batch in everything:
        part.media(batch)
        if now - done < 80 * MS:
            continue
        part.tick(now)
        done = now
        if now <= SECOND:
            continue
        timeline = studio.playback.timeline(wanted.recording_id)
        heard = next(track for track in timeline.tracks if track.kind == "audio")
        assert (
            heard.clusters[-1].to_ms >= now / MS - 830
        )  # 800 and one packet, right after a round; the next is 80 later
        assert all(
            cluster.to_ms - cluster.from_ms <= 1_000
            for track in timeline.tracks
            for cluster in track.clusters
        )
        assert all(before.to_ms - after.from_ms <= 1 for before, after in pairwise(heard.clusters))
    part.abandon()
    assert verify(studio.folder(wanted), studio.keys).ok
