"""The disk is waited for in threads: data is written meanwhile, and the log says nothing that is not on the disk."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

import pytest

from recording.archive import read_log, walk
from recording.flusher import Flusher
from recording.part import PartWriter
from recording.vault import VaultFailed
from recording.verify import verify
from tests.recording.media import MS, Studio, audio, batches, opus_frames, spec

SOUND = "part-1/track-2.sealed"


class Disk:
    """fdatasync as it is, but nothing gets through while the gate is shut."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.gate, self.asked = threading.Event(), threading.Semaphore(0)
        self.fails = False
        self._real = os.fdatasync
        self._main = threading.current_thread()
        self.gate.set()
        patch.setattr(os, "fdatasync", self._sync)

    def _sync(self, descriptor: int) -> None:
        if threading.current_thread() is not self._main:
            self.asked.release()
            assert self.gate.wait(20)
            if self.fails:
                raise OSError(5, "it is broken")
        self._real(descriptor)


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


@pytest.fixture
def flusher():
    found = Flusher(2)
    yield found
    found.stop()


class Writing:
    """A part with one track of sound, fed in virtual time."""

    def __init__(self, folder: Path, flusher: Flusher) -> None:
        self.studio, self.wanted, self.flusher = Studio(folder), spec(), flusher
        self.part = PartWriter(
            self.studio.vault, self.studio.keys, self.wanted, origin_ns=0, resume_ns=0, now_ns=0,
            wall_ms=lambda: 0, flusher=flusher,
        )  # fmt: skip
        self.studio.tracks(self.part)
        self._batches = batches(audio(opus_frames()))
        self.now = 0

    def until(self, ms: int) -> None:
        while self.now < ms * MS:
            self.now, batch = self._batches.pop(0)
            self.part.media(batch)
        self.part.tick(self.now)
        self.flusher.begin()

    def written(self) -> int:
        """Frames in the track's file, its initialization segment included."""
        path = self.studio.folder(self.wanted) / SOUND
        return len(walk(path).frames) if path.exists() else 0

    def logged(self) -> int:
        log = walk(self.studio.folder(self.wanted) / "part-1/log.sealed")
        return sum(record["record"] == "frame" for record in read_log(log, self.studio.keys))


def test_what_is_due_is_written_while_the_disk_is_slow_and_logged_when_it_is_there(tmp_path, disk, flusher):
    writing = Writing(tmp_path, flusher)
    disk.gate.clear()
    writing.until(900)
    assert disk.asked.acquire(timeout=20)
    assert (writing.written(), writing.logged()) == (2, 0)
    writing.until(1_800)
    writing.until(2_700)
    assert (writing.written(), writing.logged()) == (4, 0)
    disk.gate.set()
    assert writing.part._flush is not None
    writing.part._flush.wait()
    writing.until(2_720)
    assert writing.logged() == 2  # of the flush that was under way
    writing.part.close("time", writing.now)
    report = verify(writing.studio.folder(writing.wanted), writing.studio.keys)
    assert report.findings == []


def test_an_event_is_acknowledged_when_the_disk_has_what_came_before_it(tmp_path, disk, flusher):
    writing = Writing(tmp_path, flusher)
    disk.gate.clear()
    writing.until(200)
    writing.part.note({"record": "event", "number": 7}, 7)
    writing.until(220)
    assert disk.asked.acquire(timeout=20)
    assert (writing.part.logged, writing.written()) == (0, 2)
    writing.part.note({"record": "event", "number": 8}, 8)
    disk.gate.set()
    assert writing.part._flush is not None
    writing.part._flush.wait()
    writing.until(240)
    assert (writing.part.logged, writing.logged()) == (7, 2)
    writing.part.abandon()


def test_a_disk_that_fails_while_nobody_looks_ends_the_part_at_its_next_round(tmp_path, disk, flusher):
    writing = Writing(tmp_path, flusher)
    disk.fails = True
    writing.until(900)
    assert writing.part._flush is not None
    writing.part._flush.wait()
    with pytest.raises(VaultFailed):
        writing.until(920)
    disk.fails = False
    writing.part.salvage(writing.now)
    writing.part.abandon()
    assert writing.logged() == 0
    assert verify(writing.studio.folder(writing.wanted), writing.studio.keys).ok


def test_what_is_on_the_disk_when_another_file_cannot_grow_is_logged(tmp_path, disk, flusher):
    writing = Writing(tmp_path, flusher)
    writing.until(900)
    writing.until(1_800)
    writing.part.note({"record": "event", "number": 3}, 3)
    writing.part.salvage(writing.now)
    writing.part.abandon()
    assert (writing.written(), writing.logged(), writing.part.logged) == (3, 3, 3)
    report = verify(writing.studio.folder(writing.wanted), writing.studio.keys)
    assert report.ok
    assert not report.closed


def test_files_are_not_closed_under_a_thread_that_flushes_them(tmp_path, disk, flusher):
    writing = Writing(tmp_path, flusher)
    disk.gate.clear()
    writing.until(900)
    assert disk.asked.acquire(timeout=20)
    flush = writing.part._flush
    assert flush is not None
    letting_go = threading.Thread(target=writing.part.abandon)
    letting_go.start()
    path = writing.studio.folder(writing.wanted) / SOUND
    assert path in opened()
    disk.gate.set()
    letting_go.join()
    assert flush.done
    assert path not in opened()


def opened() -> set[Path]:
    """The files that this process has open."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(descriptor.readlink())
    return found


def test_a_flush_that_no_round_began_is_begun_by_whoever_waits_for_it(disk, flusher):
    class File:
        synced = 0

        def sync(self) -> None:
            self.synced += 1

    files = [File(), File()]
    flush = flusher.flush(files)
    assert not flush.done
    flush.result()
    assert [file.synced for file in files] == [1, 1]
