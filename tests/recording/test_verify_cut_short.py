"""What the recorder left when it was cut short is said and is not called broken; the command says it in words."""

from __future__ import annotations

import os
import shutil

import pytest

from recording.archive import walk
from recording.verify import main, verify
from tests.recording.media import MS, SECOND, Studio, audio, opus_frames, spec
from tests.recording.spoiling import AUDIO, LOG, VIDEO, recorded, swap


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    return Studio(tmp_path_factory.mktemp("verify"))


@pytest.fixture(scope="module")
def original(studio):
    return recorded(studio)


@pytest.fixture
def copy(studio, original, tmp_path):
    """A fresh copy of a closed recording, to be spoiled."""
    folder = tmp_path / original.recording_id
    shutil.copytree(studio.folder(original), folder)
    return folder


def test_an_end_taken_away_altogether_is_open_ended_and_the_catalogue_s_head_names_the_cut(
    studio, copy, original
):
    log = walk(copy / LOG)
    expected = log.frames[-1].header.before.hex()  # as Closed.head says it
    assert verify(copy, studio.keys, expected_head=expected).findings == []
    os.truncate(copy / LOG, log.frames[-2].offset)
    manifest = copy / "part-1/manifest"
    manifest.write_bytes(manifest.read_bytes().splitlines(keepends=True)[0])
    for name in (VIDEO, AUDIO):
        os.truncate(copy / name, walk(copy / name).frames[-1].offset)
    report = verify(copy, studio.keys)
    assert report.ok
    assert not report.closed
    assert "open_ended" in report.codes()
    assert "truncated" in verify(copy, studio.keys, expected_head=expected).codes()


def test_a_recording_without_its_end_is_open_ended_and_not_broken(studio):
    report = verify(studio.folder(recorded(studio, closed=False)), studio.keys)
    assert report.ok
    assert not report.closed
    assert report.codes() == {"open_ended"}


def test_a_half_written_last_frame_of_an_open_ended_part_is_left_out_and_said(studio, tmp_path):
    folder = studio.folder(recorded(studio, closed=False))
    path = folder / VIDEO
    last = walk(path).frames[-1]
    with path.open("ab") as file:
        file.write(path.read_bytes()[last.offset : last.end - 5])
    report = verify(folder, studio.keys)
    assert report.ok
    assert {"open_ended", "torn_tail"} <= report.codes()


def test_a_missing_part_and_a_later_change_of_an_earlier_part_are_named(studio):
    wanted = recorded(studio, closed=False)
    part = studio.part(wanted, now_ns=6 * SECOND)
    part.close("time", 7 * SECOND)
    folder = studio.folder(wanted)
    assert verify(folder, studio.keys).ok
    log = folder / LOG
    whole = log.read_bytes()
    os.truncate(log, walk(log).frames[-1].offset)
    assert "previous_changed" in verify(folder, studio.keys).codes()
    log.write_bytes(whole)
    assert verify(folder, studio.keys).ok
    shutil.rmtree(folder / "part-1")
    assert "part_missing" in verify(folder, studio.keys).codes()


def test_a_part_that_was_killed_while_it_began_is_said_and_is_not_broken(studio):
    wanted = recorded(studio, closed=False)
    folder = studio.folder(wanted)
    (folder / "part-2").mkdir()
    (folder / "part-2/log.sealed").write_bytes((folder / LOG).read_bytes()[:30])
    part = studio.part(wanted, now_ns=6 * SECOND)
    part.close("time", 7 * SECOND)
    report = verify(folder, studio.keys)
    assert report.ok
    assert "stillborn" in report.codes()


def test_a_part_that_was_killed_after_its_first_words_is_not_taken_for_a_changed_one(studio):
    """The recorder died between the log's first frame and the first signed line, and the next part saw that."""
    wanted = recorded(studio, closed=False)
    folder = studio.folder(wanted)
    studio.part(wanted, now_ns=6 * SECOND).abandon()
    begun = folder / "part-2"
    os.truncate(begun / "log.sealed", walk(begun / "log.sealed").frames[0].end)
    os.truncate(begun / "manifest", 0)
    part = studio.part(wanted, now_ns=7 * SECOND)
    part.close("time", 8 * SECOND)
    report = verify(folder, studio.keys)
    assert report.ok, report.codes()
    assert "stillborn" in report.codes()
    os.truncate(begun / "log.sealed", walk(begun / "log.sealed").frames[0].offset)
    assert "previous_changed" in verify(folder, studio.keys).codes()


def test_the_command_says_what_is_wrong_in_words_and_by_its_exit_code(studio, copy, capsys):
    assert main([str(copy), "--keys", str(studio.keys_folder)]) == 0
    assert "whole, closed and signed" in capsys.readouterr().out
    swap(copy / VIDEO, 2, 3)
    assert main([str(copy), "--keys", str(studio.keys_folder)]) == 1
    assert "a frame stands in another frame's place" in capsys.readouterr().out
    assert main([str(copy / "nothing"), "--keys", str(studio.keys_folder)]) == 2
    assert main([str(copy), "--keys", str(studio.keys_folder), "--json"]) == 1
    assert '"code": "reordered"' in capsys.readouterr().out


def test_gaps_that_the_log_tells_of_are_told_and_are_not_broken(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    packets = audio(opus_frames())
    part.close("time", studio.write(part, packets[:50] + packets[75:]))
    report = verify(studio.folder(wanted), studio.keys)
    assert report.ok
    assert [(f.code, f.track) for f in report.findings] == [("gap", 2)]
    assert [(gap.reason, gap.track) for gap in studio.playback.timeline(wanted.recording_id).gaps] == [
        ("loss", "prisoner-audio")
    ]
    assert studio.playback.timeline(wanted.recording_id).gaps[0].to_ms * MS <= 2 * SECOND


def test_a_part_that_never_lived_leaves_the_gap_where_the_last_one_ended(studio):
    wanted = recorded(studio, closed=False)
    (studio.folder(wanted) / "part-2").mkdir()
    studio.part(wanted, now_ns=6 * SECOND).close("time", 7 * SECOND)
    gap = studio.playback.timeline(wanted.recording_id).gaps[0]
    assert 3_000 < gap.from_ms <= 4_000
    assert gap.to_ms == 6_000


def test_a_track_s_file_of_which_only_a_piece_of_the_header_was_written_is_a_torn_tail(studio):
    folder = studio.folder(recorded(studio, closed=False))
    (folder / "part-1/track-7.sealed").write_bytes((folder / VIDEO).read_bytes()[:40])
    report = verify(folder, studio.keys)
    assert report.ok
    assert "torn_tail" in report.codes()
