"""Whatever is done to a recording's files is found and named; what the recorder left is not called broken."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording.archive import walk
from recording.keys import Keys
from recording.sealing import FRAME, Meta, Place
from recording.track import SealedWriter
from recording.verify import verify
from tests.recording.media import Studio, audio, opus_frames, spec
from tests.recording.spoiling import AUDIO, LOG, VIDEO, found, recorded, swap, twice, without


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


def test_a_closed_recording_has_nothing_to_find(studio, original):
    report = verify(studio.folder(original), studio.keys)
    assert report.findings == []
    assert report.closed
    assert report.frames > 10


@pytest.mark.parametrize("name", [VIDEO, AUDIO])
def test_two_exchanged_clusters_are_named(studio, copy, name):
    swap(copy / name, 2, 3)
    track = 1 if name == VIDEO else 2
    assert ("reordered", track, 2) in found(copy, studio)


def test_two_exchanged_records_of_the_log_are_named(studio, copy):
    swap(copy / LOG, 1, 2)
    assert ("reordered", 65_535, 1) in found(copy, studio)


@pytest.mark.parametrize("change", [without, twice])
@pytest.mark.parametrize("index", [0, 2])
def test_a_missing_or_doubled_cluster_is_named(studio, copy, change, index):
    change(copy / VIDEO, index)
    names = {code for code, track, _ in found(copy, studio) if track == 1}
    assert names & {"reordered", "altered", "truncated"}


def test_a_cut_end_is_named_with_the_first_frame_that_is_missing(studio, copy):
    path = copy / VIDEO
    frames = walk(path).frames
    os.truncate(path, frames[3].offset + 10)
    assert ("truncated", 1, 3) in found(copy, studio)


def test_a_last_closing_frame_cut_away_cleanly_is_named(studio, copy):
    path = copy / VIDEO
    last = walk(path).frames[-1]
    os.truncate(path, last.offset)
    assert ("truncated", 1, len(walk(path).frames)) in found(copy, studio)


def test_bytes_added_to_a_closed_file_are_named(studio, copy):
    for name in (VIDEO, LOG):
        with (copy / name).open("ab") as file:
            file.write(b"x")
    assert {code for code, _, _ in found(copy, studio)} == {"extra_data"}


def test_a_cluster_of_another_recording_in_the_same_place_is_named(studio, copy):
    other = studio.folder(recorded(studio)) / VIDEO
    frame, theirs = walk(copy / VIDEO).frames[2], walk(other).frames[2]
    assert frame.header.size == theirs.header.size
    data, foreign = bytearray((copy / VIDEO).read_bytes()), other.read_bytes()
    data[frame.offset : frame.end] = foreign[theirs.offset : theirs.end]
    (copy / VIDEO).write_bytes(data)
    assert ("foreign", 1, 2) in found(copy, studio)


def test_a_cluster_with_our_hash_but_another_key_is_named(studio, copy):
    """The whole frame header stays; only the ciphertext is another recording's."""
    other = studio.folder(recorded(studio)) / VIDEO
    frame, theirs = walk(copy / VIDEO).frames[2], walk(other).frames[2]
    data, foreign = bytearray((copy / VIDEO).read_bytes()), other.read_bytes()
    data[frame.offset + FRAME.size : frame.end] = foreign[theirs.offset + FRAME.size : theirs.end]
    (copy / VIDEO).write_bytes(data)
    assert ("altered", 1, 2) in found(copy, studio)


def test_a_file_of_another_recording_is_named(studio, copy):
    other = studio.folder(recorded(studio))
    shutil.copy(other / VIDEO, copy / VIDEO)
    assert ("foreign", 1, None) in found(copy, studio)


def test_a_log_of_another_recording_is_named(studio, copy):
    other = studio.folder(recorded(studio))
    shutil.copy(other / LOG, copy / LOG)
    assert ("foreign", 65_535, None) in found(copy, studio)


def test_a_recording_under_another_name_is_named(studio, copy, tmp_path):
    renamed = tmp_path / spec().recording_id
    copy.rename(renamed)
    assert "foreign" in {code for code, _, _ in found(renamed, studio)}


@pytest.mark.parametrize(("name", "track"), [(VIDEO, 1), (LOG, 65_535)])
def test_a_missing_file_is_named(studio, copy, name, track):
    (copy / name).unlink()
    assert ("file_missing", track, None) in found(copy, studio)


def test_a_file_that_no_recorder_wrote_is_named(studio, copy):
    shutil.copy(copy / VIDEO, copy / "part-1/track-9.sealed")
    (copy / "part-1/note.txt").write_text("x")
    codes = [f.code for f in verify(copy, studio.keys).findings]
    assert sorted(codes) == ["foreign", "unexpected_file"]


def test_a_track_that_the_closed_log_never_named_is_named_even_when_it_was_sealed_with_our_keys(studio, copy):
    place = Place(copy.name, 1, 9)
    forged = SealedWriter(copy / "part-1/track-9.sealed", place, studio.keys)
    forged.append(b"x", Meta())
    forged.close()
    assert ("unexpected_file", 9, None) in found(copy, studio)


def test_a_signature_in_another_spelling_is_named(studio, copy):
    path = copy / "part-1/manifest"
    line, rest = path.read_bytes().split(b" ", 1)
    path.write_bytes(line.upper() + b" " + rest)
    assert "manifest_altered" in {code for code, _, _ in found(copy, studio)}


def test_another_master_key_is_named_as_such(studio, copy, tmp_path):
    keys_folder = tmp_path / "keys"
    shutil.copytree(studio.keys_folder, keys_folder)
    (keys_folder / "master.key").write_bytes(bytes(32))
    report = verify(copy, Keys.load(keys_folder))
    assert {f.code for f in report.findings if f.severity == "broken"} == {"wrong_key"}


def test_statements_signed_by_another_node_are_named(studio, copy, tmp_path):
    keys_folder = tmp_path / "keys"
    shutil.copytree(studio.keys_folder, keys_folder)
    (keys_folder / "node-ed25519.key").write_bytes(bytes(32))
    report = verify(copy, Keys.load(keys_folder))
    assert "signer_unknown" in report.codes()
    assert not report.ok


def test_a_signed_statement_taken_from_the_middle_or_put_elsewhere_is_named(studio, copy):
    path = copy / "part-1/manifest"
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    path.write_bytes(lines[1])
    assert "manifest_order" in {code for code, _, _ in found(copy, studio)}
    path.write_bytes(lines[1] + lines[0])
    assert "manifest_order" in {code for code, _, _ in found(copy, studio)}
    path.write_bytes(b"")
    assert "manifest_missing" in {code for code, _, _ in found(copy, studio)}


def test_a_log_cut_behind_a_signed_place_is_named(studio, copy):
    path = copy / LOG
    os.truncate(path, walk(path).frames[-2].offset)
    names = found(copy, studio)
    assert ("truncated", 65_535, len(walk(path).frames)) in names


def test_a_quick_look_leaves_the_media_unread_but_sees_the_chain(studio, copy):
    swap(copy / VIDEO, 2, 3)
    assert not verify(copy, studio.keys, deep=False).ok


@pytest.fixture(scope="module")
def little(studio):
    """A short recording of sound, and its files in memory."""
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    end = studio.write(part, audio(opus_frames()[:60], skip=lambda number: number % 20 > 1))
    part.close("time", end)
    folder = studio.folder(wanted)
    return folder, {path: path.read_bytes() for path in sorted(folder.glob("part-1/*"))}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_any_file_is_named(studio, little, data):
    folder, files = little
    path = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[path]) - 1))
    bits = data.draw(st.integers(1, 255))
    spoiled = bytearray(files[path])
    spoiled[at] ^= bits
    path.write_bytes(spoiled)
    try:
        assert not verify(folder, studio.keys).ok
    finally:
        path.write_bytes(files[path])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_file_cut_at_any_byte_is_named(studio, little, data):
    folder, files = little
    mark = walk(folder / LOG).frames[-1].offset  # all that is signed stands before it
    path = data.draw(st.sampled_from(sorted(files)))
    cut = data.draw(st.integers(0, len(files[path]) - 1))
    empty_mark = path.name == "log.sealed" and cut >= mark
    path.write_bytes(files[path][:cut])
    try:
        report = verify(folder, studio.keys)
        assert "mark_missing" in report.codes() if empty_mark else not report.ok
    finally:
        path.write_bytes(files[path])
