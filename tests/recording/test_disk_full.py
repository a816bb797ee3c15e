"""A full disk: said at once, nothing half-written is taken for a recording, and back when there is room."""

from __future__ import annotations

import resource
import subprocess
import time
from typing import Any

import pytest

from recording.host import RecorderHost
from recording.session import Session
from recording.verify import verify
from recording.wire import Kind, message, message_json
from tests.recording.media import (
    SECOND,
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
from tests.recording.test_host import Listener

LIMITED = ("prlimit", "--fsize=131072")  # bytes: no file may grow beyond


def test_a_file_that_may_not_grow_is_a_full_disk_and_the_next_part_goes_on(tmp_path):
    studio, wanted = Studio(tmp_path), spec()
    origin = time.monotonic_ns()
    process = Process(tmp_path, *LIMITED)
    process.open(1, wanted, origin)
    assert process.wait(Kind.OPENED, 1) == {"part": 1}
    sent = video(vp8_frames(), begin_ns=origin) + audio(opus_frames(), begin_ns=origin)
    for _, batch in batches(sent):
        process.socket.sendall(message(Kind.MEDIA, 1, batch))
    assert process.wait(Kind.LOST, 1) == {"reason": "disk_full"}
    assert process.wait(Kind.OPENED, 1) == {"part": 2}
    for _, batch in batches(audio(opus_frames(), begin_ns=time.monotonic_ns())):
        process.socket.sendall(message(Kind.MEDIA, 1, batch))
    process.socket.sendall(message_json(Kind.CLOSE, 1, {"reason": "time"}))
    assert process.wait(Kind.CLOSED, 1)["part"] == 2
    process.socket.close()
    process.ended()

    report = verify(studio.folder(wanted), studio.keys)
    assert report.ok, report.findings
    assert "torn_tail" not in report.codes()
    timeline = studio.playback.timeline(wanted.recording_id)
    assert "disk_full" in {gap.reason for gap in timeline.gaps}
    assert len(pictures(studio.webm(wanted, "visitor-video"))) >= 25
    assert len(sounds(studio.webm(wanted, "visitor-audio"))) >= 240


@pytest.fixture
def short_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (131_072, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_written_before_the_first_round_is_in_the_log_of_a_part_that_failed(tmp_path, short_files):
    studio, wanted = Studio(tmp_path), spec()
    heard: list[tuple[Kind, dict[str, Any]]] = []
    opening = {"spec": wanted.to_json(), "origin_ns": 0, "resume_ns": 0}
    session = Session(
        studio.vault, studio.keys, opening, lambda *told: heard.append(told), wall_ms=lambda: 0, reserve=0
    )
    session.open(0)
    for number, kind, rate in ((1, "video", 90_000), (2, "audio", 48_000)):
        session.track({"number": number, "party": "visitor", "kind": kind, "leg": "leg", "rate": rate})
    for at, batch in batches(video(vp8_frames()) + audio(opus_frames())):
        session.media(batch, at)
    assert heard == [(Kind.OPENED, {"part": 1}), (Kind.LOST, {"reason": "disk_full"})]
    assert verify(studio.folder(wanted), studio.keys).ok
    assert len(pictures(studio.webm(wanted, "visitor-video"))) >= 25
    assert len(sounds(studio.webm(wanted, "visitor-audio"))) >= 40


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=640k,mode=700", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_is_told_as_lost_and_the_recording_is_back_when_room_returns(small_disk):
    studio = Studio(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(480 << 10))
    host = RecorderHost(small_disk / "vault", small_disk / "keys", reserve_bytes=256 << 10)
    await host.start()
    listener, wanted = Listener(), spec()
    frames = vp8_frames()
    recording = host.open(wanted, listener)
    recording.track(1, "prisoner", "video", "leg", 90_000)
    await listener.hears("back", 1)
    for _, batch in batches(video(frames, begin_ns=time.monotonic_ns())):
        recording.push(batch)
    await listener.hears("lost")
    assert recording.lost_reason == "disk_full"
    full = verify(studio.folder(wanted), studio.keys)
    assert full.ok, full.findings

    filler.unlink()
    await listener.hears("back", 2)
    begin = time.monotonic_ns()
    for _, batch in batches(video(frames[:60], begin_ns=begin)):
        recording.push(batch)
    assert await recording.close("time") is not None
    await host.stop()
    report = verify(studio.folder(wanted), studio.keys)
    assert report.ok, report.findings
    timeline = studio.playback.timeline(wanted.recording_id)
    gap = next(gap for gap in timeline.gaps if gap.reason == "disk_full")
    assert gap.from_ms <= gap.to_ms
    assert len(pictures(studio.webm(wanted, "prisoner-video"))) >= 60
    assert begin > SECOND


async def test_a_disk_that_is_full_from_the_start_begins_when_there_is_room(small_disk):
    studio = Studio(small_disk)
    filler = small_disk / "filler"
    host = RecorderHost(small_disk / "vault", small_disk / "keys", reserve_bytes=256 << 10)
    await host.start()
    listener, wanted = Listener(), spec()
    with filler.open("wb") as file, pytest.raises(OSError, match="No space"):
        file.write(bytes(4 << 20))
    recording = host.open(wanted, listener)
    await listener.hears("lost")
    filler.unlink()
    await listener.hears("back", 1 if not any(studio.folder(wanted).glob("*")) else 2)
    assert await recording.close("time") is not None
    await host.stop()
    assert verify(studio.folder(wanted), studio.keys).ok


def test_a_part_that_could_not_be_begun_leaves_no_folder_behind(tmp_path):
    wanted = spec()
    process = Process(tmp_path, "prlimit", "--fsize=100")  # bytes: room for the keys, not for a file's header
    process.open(1, wanted, time.monotonic_ns())
    assert process.wait(Kind.LOST, 1) == {"reason": "disk_full"}
    assert list((tmp_path / "vault" / wanted.recording_id).iterdir()) == []
    process.socket.close()
    process.ended()
