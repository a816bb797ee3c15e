"""Recordings to be spoiled, the ways to spoil them, and what is found then."""

from __future__ import annotations

from pathlib import Path

from recording.archive import walk
from recording.spec import RecordingSpec
from recording.verify import verify
from tests.recording.media import Studio, audio, event, opus_frames, spec, video, vp8_frames


def recorded(studio: Studio, *, closed: bool = True, pictures: bool = True) -> RecordingSpec:
    wanted = spec()
    part = studio.part(wanted)
    studio.tracks(part)
    part.note({"record": "event", "number": 1, "at_us": 0, **event("joined", 0, party="prisoner").to_json()})
    packets = audio(opus_frames()) + (video(vp8_frames()) if pictures else [])
    end = studio.write(part, packets)
    if closed:
        part.close("time", end)
    else:
        part.abandon()
    return wanted


def swap(path: Path, first: int, second: int) -> None:
    """Exchanges two whole frames."""
    frames, data = walk(path).frames, path.read_bytes()
    a, b = frames[first], frames[second]
    moved = [
        data[: a.offset],
        data[b.offset : b.end],
        data[a.end : b.offset],
        data[a.offset : a.end],
        data[b.end :],
    ]
    path.write_bytes(b"".join(moved))


def without(path: Path, index: int) -> None:
    frame, data = walk(path).frames[index], path.read_bytes()
    path.write_bytes(data[: frame.offset] + data[frame.end :])


def twice(path: Path, index: int) -> None:
    frame, data = walk(path).frames[index], path.read_bytes()
    path.write_bytes(data[: frame.end] + data[frame.offset : frame.end] + data[frame.end :])


VIDEO, AUDIO, LOG = "part-1/track-1.sealed", "part-1/track-2.sealed", "part-1/log.sealed"


def found(folder: Path, studio: Studio) -> set[tuple[str, int | None, int | None]]:
    report = verify(folder, studio.keys)
    return {(f.code, f.track, f.index) for f in report.findings if f.severity == "broken"}
