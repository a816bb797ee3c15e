"""The recorder as a process of its own: fed, killed, and back."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from recording.host import RecorderHost
from recording.verify import verify
from tests.recording.media import (
    SECOND,
    Sent,
    Studio,
    audio,
    batches,
    event,
    opus_frames,
    pictures,
    spec,
    video,
    vp8_frames,
)


class Listener:
    """A recording's listener that can be waited for."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[tuple[str, int | None]] = asyncio.Queue()

    def recorder_lost(self, recording_id: str) -> None:
        self.told.put_nowait(("lost", None))

    def recorder_back(self, recording_id: str, part: int) -> None:
        self.told.put_nowait(("back", part))

    async def hears(self, what: str, part: int | None = None) -> None:
        assert await asyncio.wait_for(self.told.get(), 20) == (what, part)


@pytest.fixture
async def host(tmp_path):
    found = RecorderHost(tmp_path / "vault", tmp_path / "keys")
    await found.start()
    yield found
    await found.stop()


def live(packets: list[Sent]) -> list[bytes]:
    """Batches as if they arrived until now."""
    found = batches(packets)
    begin = time.monotonic_ns() - found[-1][0]
    shifted = [packet.delayed(begin) for packet in packets]
    return [batch for _, batch in batches(shifted)]


async def test_a_recording_goes_through_the_process_and_is_closed_and_signed(tmp_path, host):
    listener, wanted = Listener(), spec()
    sent = video(vp8_frames()) + audio(opus_frames())
    recording = host.open(wanted, listener)
    recording.track(1, "prisoner", "video", "leg", 90_000)
    recording.track(2, "prisoner", "audio", "leg", 48_000)
    now = time.monotonic_ns()
    for _, batch in batches([packet.delayed(now) for packet in sent]):
        recording.push(batch)
    recording.event(event("joined", now + SECOND, party="prisoner"))
    await listener.hears("back", 1)
    closed = await recording.close("time")

    assert closed is not None
    assert closed.part == 1
    studio = Studio(tmp_path)
    report = verify(studio.folder(wanted), studio.keys, expected_head=closed.head)
    assert report.findings == []
    assert len(pictures(studio.webm(wanted, "prisoner-video"))) == 120
    timeline = studio.playback.timeline(wanted.recording_id)
    assert [each.kind for each in timeline.events] == ["joined"]
    assert 900 <= timeline.events[0].at_ms <= 1_100


async def test_a_killed_recorder_is_back_with_a_new_part_and_a_gap(tmp_path, host):
    listener, wanted = Listener(), spec()
    recording = host.open(wanted, listener)
    recording.track(1, "prisoner", "video", "leg", 90_000)
    await listener.hears("back", 1)
    for batch in live(video(vp8_frames())):
        recording.push(batch)
    recording.event(event("warning", time.monotonic_ns(), text="Please lower your voice."))
    os.kill(host.pid, signal.SIGKILL)
    await listener.hears("lost")
    await listener.hears("back", 2)
    for batch in live(video(vp8_frames())):
        recording.push(batch)
    await recording.close("time")

    studio = Studio(tmp_path)
    report = verify(studio.folder(wanted), studio.keys)
    assert report.ok
    assert {"open_ended", "gap"} <= report.codes()
    timeline = studio.playback.timeline(wanted.recording_id)
    assert [each.kind for each in timeline.events] == ["warning"]
    assert "recorder_lost" in [gap.reason for gap in timeline.gaps]
    assert timeline.proof.parts == 2
