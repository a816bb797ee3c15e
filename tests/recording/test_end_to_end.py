"""From packets to sealed files to what a browser would be given, decoded by FFmpeg."""

from __future__ import annotations

from recording.verify import verify
from tests.recording.media import (
    MS,
    Studio,
    audio,
    opus_frames,
    pictures,
    sounds,
    spec,
    video,
    vp8_frames,
)


def test_what_is_sent_is_recorded_sealed_signed_and_decodes_whole(tmp_path):
    studio = Studio(tmp_path)
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    end = studio.write(part, video(vp8_frames()) + audio(opus_frames()))
    part.close("time", end)

    report = verify(studio.folder(wanted), studio.keys)
    assert report.findings == []
    assert report.closed
    timeline = studio.playback.timeline(wanted.recording_id)
    assert [(track.id, track.codec) for track in timeline.tracks] == [
        ("prisoner-audio", "opus"),
        ("prisoner-video", "vp8"),
    ]
    assert timeline.duration_ms == end // MS
    assert len(pictures(studio.webm(wanted, "prisoner-video"))) == 120
    assert len(sounds(studio.webm(wanted, "prisoner-audio"))) == 200
    assert timeline.gaps == ()
    assert timeline.proof.verified
