"""The recorder as a process of its own: fed, killed, and back."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from recording.contents import read_contents
from recording.host import RecorderHost
from recording.keys import Keys
from recording.verify import verify
from recording.wire import Kind, message
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
from tests.recording.process import Process


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


async def test_a_recorder_that_stops_answering_is_replaced(tmp_path, host, monkeypatch):
    monkeypatch.setattr("recording.host.PING_SECONDS", 0.02)
    monkeypatch.setattr("recording.host.SILENT_SECONDS", 0.5)
    listener, wanted = Listener(), spec()
    recording = host.open(wanted, listener)
    await listener.hears("back", 1)
    os.kill(host.pid, signal.SIGSTOP)
    await listener.hears("lost")
    await listener.hears("back", 2)
    assert recording.lost_reason is None
    assert await recording.close("time") is not None


async def test_a_recording_closed_while_the_recorder_is_dead_is_closed_by_the_next(tmp_path, host):
    listener, wanted = Listener(), spec()
    recording = host.open(wanted, listener)
    await listener.hears("back", 1)
    os.kill(host.pid, signal.SIGKILL)
    closed = await recording.close("time")
    assert closed is not None
    assert closed.part == 2
    report = verify(tmp_path / "vault" / wanted.recording_id, Keys.load(tmp_path / "keys"))
    assert report.ok
    assert report.closed


async def test_stopping_the_host_closes_what_is_open_and_ends_the_process(tmp_path):
    host = RecorderHost(tmp_path / "vault", tmp_path / "keys")
    await host.start()
    listener, wanted = Listener(), spec()
    host.open(wanted, listener)
    await listener.hears("back", 1)
    pid = host.pid
    assert pid is not None
    await host.stop()
    assert not host.ready
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    studio = Studio(tmp_path)
    assert verify(studio.folder(wanted), studio.keys).closed
    assert read_contents(studio.folder(wanted), studio.keys).records[-1]["reason"] == "shutdown"


async def test_a_picture_that_cannot_be_decoded_asks_for_a_key_frame(tmp_path, host):
    listener, wanted = Listener(), spec()
    asked: asyncio.Queue[int] = asyncio.Queue()
    recording = host.open(wanted, listener)
    recording.wants_keyframe = asked.put_nowait
    recording.track(5, "visitor", "video", "leg", 90_000)
    for batch in live(video(vp8_frames()[1:30], track=5)):
        recording.push(batch)
    assert await asyncio.wait_for(asked.get(), 20) == 5


async def test_a_listener_that_raises_harms_nobody(tmp_path, host):
    class Bad(Listener):
        def recorder_back(self, recording_id: str, part: int) -> None:
            super().recorder_back(recording_id, part)
            raise RuntimeError("mine")

    listener = Bad()
    recording = host.open(spec(), listener)
    await listener.hears("back", 1)
    assert await recording.close("time") is not None


async def test_messages_that_make_no_sense_change_nothing_for_others(tmp_path):
    process = Process(tmp_path)
    wanted = spec()
    process.open(1, wanted, time.monotonic_ns())
    process.wait(Kind.OPENED, 1)
    for kind, number, body in (
        (Kind.OPEN, 2, b"{}"),
        (Kind.OPEN, 1, b'{"spec": {}, "origin_ns": 0, "resume_ns": 0}'),
        (Kind.OPEN, 3, b'{"spec": {"recording_id": "../../x"}, "origin_ns": 0, "resume_ns": 0}'),
        (Kind.TRACK, 1, b'{"number": 70000, "party": "x", "kind": "video", "leg": "", "rate": 1}'),
        (Kind.TRACK, 9, b"[]"),
        (Kind.EVENT, 1, b"not json"),
        (Kind.CLOSE, 77, b'{"reason": "x"}'),
        (Kind.MEDIA, 1, b"\xff\xff\x01\x01"),
        (Kind.MEDIA, 66, b"?"),
    ):
        process.socket.sendall(message(kind, number, body))
    process.socket.sendall(message(Kind.CLOSE, 1, b'{"reason": "time"}'))
    assert process.wait(Kind.CLOSED, 1)["part"] == 1
    process.socket.close()
    process.ended()
    assert [folder.name for folder in (tmp_path / "vault").iterdir()] == [wanted.recording_id]


def test_an_event_that_is_sent_again_is_in_the_log_once(tmp_path):
    process, wanted = Process(tmp_path), spec()
    process.open(1, wanted, time.monotonic_ns())
    for number in (1, 2, 1, 2):
        process.event(1, number, 0)
    process.socket.sendall(message(Kind.CLOSE, 1, b'{"reason": "time"}'))
    process.wait(Kind.CLOSED, 1)
    process.socket.close()
    process.ended()
    studio = Studio(tmp_path)
    records = read_contents(studio.folder(wanted), studio.keys).records
    assert [record["number"] for record in records if record["record"] == "event"] == [1, 2]


async def test_a_server_that_goes_away_leaves_a_recording_that_is_closed_and_signed(tmp_path):
    process, wanted = Process(tmp_path), spec()
    process.open(1, wanted, time.monotonic_ns())
    process.wait(Kind.OPENED, 1)
    process.socket.close()
    process.ended()
    studio = Studio(tmp_path)
    report = verify(studio.folder(wanted), studio.keys)
    assert report.findings == []
    assert report.closed
    assert read_contents(studio.folder(wanted), studio.keys).records[-1]["reason"] == "server_gone"
