"""Playback at its edges: a broken proof, a set clock, rights of files, numbers given again."""

from __future__ import annotations

import pytest

from recording.archive import walk
from recording.verify import verify
from tests.recording.media import (
    MS,
    SECOND,
    WALL_MS,
    Studio,
    audio,
    close,
    opus_frames,
    pictures,
    report,
    reports,
    spec,
    video,
    vp8_frames,
)


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def starts(studio, wanted, track):
    timeline = studio.playback.timeline(wanted.recording_id)
    return [cluster.from_ms for cluster in next(t for t in timeline.tracks if t.id == track).clusters]


def test_a_spoiled_cluster_is_refused_and_the_time_line_says_that_the_proof_fails(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()))
    path = studio.folder(wanted) / "part-1/track-1.sealed"
    data = bytearray(path.read_bytes())
    data[walk(path).frames[1].end - 1] ^= 1
    path.write_bytes(data)
    assert not verify(studio.folder(wanted), studio.keys).ok
    with pytest.raises(ValueError, match="does not open"):
        studio.webm(wanted, "prisoner-video")


def test_ten_minutes_are_signed_every_ten_seconds_and_a_wall_clock_that_is_set_is_told(studio):
    wanted = spec()
    part = studio.part(wanted)
    for second in range(601):
        studio.wall_ms = WALL_MS + second * 1_000 + (3_600_000 if second >= 305 else 0)
        part.tick(second * SECOND)
    part.close("time", 601 * SECOND)
    lines = (studio.folder(wanted) / "part-1/manifest").read_bytes().splitlines()
    assert len(lines) == 62
    report = verify(studio.folder(wanted), studio.keys)
    assert [(finding.code, finding.detail) for finding in report.findings] == [("clock_step", "3600000 ms")]


def test_folders_and_files_are_for_this_user_alone(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()))
    folder = studio.folder(wanted)
    modes = {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    files = [*folder.rglob("*"), *studio.keys_folder.iterdir()]
    assert {path.stat().st_mode & 0o777 for path in files if path.is_file()} == {0o600}


def test_reports_that_come_before_the_first_picture_count(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    shown = [each.delayed(20 * MS) for each in video(vp8_frames(), timestamp=0x90000000)]
    heard = [each.delayed(270 * MS) for each in audio(opus_frames())]
    early = [(0, report(1, -SECOND, -SECOND, 0x90000000 - 90_000))]
    close(studio, part, shown + heard, [*early, *reports(heard, 270 * MS)])
    gap = starts(studio, wanted, "prisoner-audio")[0] - starts(studio, wanted, "prisoner-video")[0]
    assert abs(gap) <= 1


def test_a_number_that_the_relay_gives_again_is_another_track_and_the_same_again_is_not(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    first, second = video(vp8_frames()), video(vp8_frames(), begin_ns=10 * SECOND, timestamp=7, sequence=7)
    studio.write(part, [each for each in first if each.arrival_ns < 2 * SECOND])
    studio.tracks(part)  # tapped anew: the same legs under the same numbers
    studio.write(part, [each for each in first if each.arrival_ns >= 2 * SECOND])
    studio.tracks(part, party="visitor", leg="leg-2")
    close(studio, part, second)
    assert len(pictures(studio.webm(wanted, "prisoner-video"))) == 120
    assert [at for at, *_ in pictures(studio.webm(wanted, "visitor-video"))][:1] == [10_000]
    assert len(list(studio.folder(wanted).glob("part-1/track-*"))) == 2
    assert verify(studio.folder(wanted), studio.keys).ok
