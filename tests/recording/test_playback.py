"""What the review page is given: one time line for both parties, and bytes that decode from any key frame."""

from __future__ import annotations

import pytest

from recording.playback import NotFound, NotPlayable
from tests.recording.media import (
    MS,
    SECOND,
    Studio,
    audio,
    close,
    event,
    opus_frames,
    pictures,
    reports,
    sounds,
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


def test_sound_250_ms_late_on_the_network_plays_beside_its_picture_once_reports_are_known(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    shown = [each.delayed(20 * MS) for each in video(vp8_frames())]
    heard = [each.delayed(270 * MS) for each in audio(opus_frames())]
    close(studio, part, shown + heard, reports(shown, 20 * MS) + reports(heard, 270 * MS))
    seen, listened = (
        pictures(studio.webm(wanted, "prisoner-video")),
        sounds(studio.webm(wanted, "prisoner-audio")),
    )
    # Both began to be captured in the same moment; FFmpeg takes Opus' 6.5 ms look-ahead off the sound.
    assert abs(seen[0][0] - listened[0][0]) < 10
    assert abs(seen[-1][0] - 119 * 1000 / 30 - seen[0][0]) < 3
    assert 15 <= seen[0][0] <= 25


def test_without_reports_tracks_lie_where_they_arrived(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()) + [each.delayed(250 * MS) for each in audio(opus_frames())])
    assert starts(studio, wanted, "prisoner-audio")[0] - starts(studio, wanted, "prisoner-video")[0] == 250


def test_two_parties_whose_clocks_differ_by_an_hour_are_in_step(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    studio.tracks(part, party="visitor", leg="leg-2", first=3)
    ours = video(vp8_frames())
    theirs = video(vp8_frames(), track=3, timestamp=5, sequence=9)
    close(studio, part, ours + theirs, reports(ours, 0) + reports(theirs, 0, wall_ms=1_770_003_600_000))
    assert starts(studio, wanted, "prisoner-video") == starts(studio, wanted, "visitor-video")


def test_sound_that_begins_five_seconds_late_and_has_holes_keeps_its_place(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    heard = audio(opus_frames(), begin_ns=5 * SECOND, skip=lambda number: 50 <= number < 150)
    close(studio, part, video(vp8_frames()) + heard)
    found = sounds(studio.webm(wanted, "prisoner-audio"))
    assert len(found) == 100
    assert abs(found[0][0] - 5_000) < 10
    assert abs(found[50][0] - 8_000) < 10
    timeline = studio.playback.timeline(wanted.recording_id)
    spans = next(track for track in timeline.tracks if track.kind == "audio").spans
    assert [(span.from_ms, span.to_ms) for span in spans] == [(5_000, 6_000), (8_000, 9_000)]
    assert timeline.gaps == ()


def test_a_hold_keeps_its_place_on_the_time_line(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    before = video(vp8_frames()[:60]) + audio(opus_frames()[:100])
    after = video(vp8_frames(), begin_ns=62 * SECOND, sequence=20_000, timestamp=0xFFFF0000 + 62 * 90_000)
    after += audio(opus_frames(), begin_ns=62 * SECOND, sequence=8_000, timestamp=0xFFFFF000 + 62 * 48_000)
    part.note({"record": "event", "number": 1, "at_us": 2_000_000, **event("hold", 2 * SECOND).to_json()})
    part.note({"record": "event", "number": 2, "at_us": 62_000_000, **event("resume", 62 * SECOND).to_json()})
    end = close(studio, part, before + after)
    seen = pictures(studio.webm(wanted, "prisoner-video"))
    assert [abs(seen[number][0] - at) <= 1 for number, at in ((0, 0), (60, 62_000), (179, 65_966))] == [
        True
    ] * 3
    timeline = studio.playback.timeline(wanted.recording_id)
    assert timeline.duration_ms == end // MS
    assert [(each.kind, each.at_ms) for each in timeline.events] == [("hold", 2_000), ("resume", 62_000)]
    assert [len(track.spans) for track in timeline.tracks] == [2, 2]


def test_pictures_that_wait_for_a_key_frame_after_a_hold_are_no_loss(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    before = video(vp8_frames()[:60])
    after = video(vp8_frames()[10:], begin_ns=62 * SECOND, sequence=20_000, timestamp=62 * 90_000)
    close(studio, part, before + after)
    timeline = studio.playback.timeline(wanted.recording_id)
    assert timeline.gaps == ()
    assert [len(track.spans) for track in timeline.tracks] == [2]


def test_a_change_of_size_decodes_whole_and_is_in_the_spans(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    large = vp8_frames(2, width=640, height=480)
    first = video(vp8_frames(2))
    second = video(
        large, begin_ns=2 * SECOND, sequence=first[-1].sequence + 1, picture=5, timestamp=0xFFFF0000 + 180_000
    )
    third = video(vp8_frames(2), begin_ns=4 * SECOND, sequence=second[-1].sequence + 1, picture=99,
                  timestamp=0xFFFF0000 + 360_000)  # fmt: skip
    close(studio, part, first + second + third)
    seen = pictures(studio.webm(wanted, "prisoner-video"))
    assert [(width, height) for _, width, height, _ in seen] == [(320, 240)] * 60 + [(640, 480)] * 60 + [
        (320, 240)
    ] * 60
    spans = studio.playback.timeline(wanted.recording_id).tracks[0].spans
    assert [(span.width, span.height) for span in spans] == [(320, 240), (640, 480), (320, 240)]


def test_decoding_can_begin_at_every_cluster_that_says_so_and_none_is_longer_than_a_second(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()))
    track = studio.playback.timeline(wanted.recording_id).tracks[0]
    assert all(cluster.to_ms - cluster.from_ms <= 1_000 for cluster in track.clusters)
    keyframes = [cluster for cluster in track.clusters if cluster.keyframe]
    assert [cluster.from_ms for cluster in keyframes] == [0, 2_000]
    init = studio.playback.init_segment(wanted.recording_id, track.id)
    for begin in keyframes:
        rest = [c.index for c in track.clusters if c.from_ms >= begin.from_ms]
        data = init + b"".join(
            studio.playback.cluster(wanted.recording_id, track.id, index) for index in rest
        )
        seen = pictures(data)
        assert seen[0][0] == begin.from_ms
        # The left third of picture n is grey n: it is the right one.
        assert abs(seen[0][3] - round(begin.from_ms * 30 / 1000)) < 12


def test_a_new_leg_of_the_same_party_goes_on_in_the_same_track(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    studio.tracks(part, leg="leg-2", first=3)
    again = video(vp8_frames(), track=3, begin_ns=10 * SECOND, timestamp=7, sequence=7)
    close(studio, part, video(vp8_frames()) + again)
    seen = pictures(studio.webm(wanted, "prisoner-video"))
    assert len(seen) == 240
    assert seen[120][0] == 10_000


def test_sound_that_nobody_may_play_is_neither_listed_nor_given(studio):
    wanted = spec(sound_playable=False)
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()) + audio(opus_frames()))
    assert [track.id for track in studio.playback.timeline(wanted.recording_id).tracks] == ["prisoner-video"]
    with pytest.raises(NotPlayable):
        studio.playback.init_segment(wanted.recording_id, "prisoner-audio")
    with pytest.raises(NotPlayable):
        studio.playback.cluster(wanted.recording_id, "prisoner-audio", 0)


def test_sound_that_must_not_be_recorded_never_reaches_the_disk_whoever_sends_it(studio):
    wanted = spec(sound=False)
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()) + audio(opus_frames()))
    assert sorted(path.name for path in studio.folder(wanted).glob("*/*")) == [
        "log.sealed",
        "manifest",
        "track-1.sealed",
    ]
    assert part.refused > 100


def test_what_does_not_exist_is_not_found_and_no_name_leads_out_of_the_vault(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    close(studio, part, video(vp8_frames()))
    for name in (
        "../../etc",
        wanted.recording_id.upper(),
        "",
        spec().recording_id,
        wanted.recording_id + "/",
    ):
        with pytest.raises(NotFound):
            studio.playback.timeline(name)
    for track, index in (("visitor-video", 0), ("prisoner-video", 99), ("prisoner-video", -1)):
        with pytest.raises(NotFound):
            studio.playback.cluster(wanted.recording_id, track, index)


def test_a_recording_that_still_runs_can_be_looked_at_and_grows(studio):
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    packets = video(vp8_frames())
    half = [each for each in packets if each.arrival_ns < 2 * SECOND]
    studio.write(part, half)
    before = studio.playback.timeline(wanted.recording_id)
    assert not before.closed
    close(studio, part, [each for each in packets if each not in half])
    after = studio.playback.timeline(wanted.recording_id)
    assert after.closed
    assert after.duration_ms > before.duration_ms
