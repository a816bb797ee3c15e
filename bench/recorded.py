"""What a server recorded, read back after the run: frames counted, and decoded where wanted."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av

SAMPLE = struct.Struct("!4sIH")  # a packet of an .mjr file: "MEET", ms, size


@dataclass(frozen=True, slots=True)
class Recorded:
    """`frames` are pictures; `decoded` of them were decoded; `errors` is what failed."""

    files: int = 0
    frames: int = 0
    sounds: int = 0
    decoded: int = 0
    errors: int = 0

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(
            self.files + other.files, self.frames + other.frames, self.sounds + other.sounds,
            self.decoded + other.decoded, self.errors + other.errors,
        )  # fmt: skip


def read(folder: Path, decode: int) -> Recorded:
    """Everything below `folder`; the first `decode` calls are decoded (Janus' raw packets are only counted)."""
    total = Recorded()
    for number, tracks in enumerate(_our_calls(folder)):
        for track in tracks:
            total += _webm(track, decode=number < decode)
    for number, path in enumerate(sorted(folder.glob("*.mp4"))):
        total += _webm(path.read_bytes(), decode=number < 2 * decode)
    for path in sorted(folder.glob("*.mjr")):
        total += _mjr(path.read_bytes())
    return total


def _our_calls(folder: Path) -> Iterator[list[bytes]]:
    """Each call's tracks as WebM."""
    if not (folder / "vault").is_dir():
        return
    from recording.keys import Keys
    from recording.playback import Playback

    keys = Keys.load_or_create(folder / "keys")
    playback = Playback(folder / "vault", keys)
    for recording in sorted(path.name for path in (folder / "vault").iterdir() if path.is_dir()):
        timeline = playback.timeline(recording)
        yield [
            playback.init_segment(recording, track.id)
            + b"".join(playback.cluster(recording, track.id, cluster.index) for cluster in track.clusters)
            for track in timeline.tracks
        ]


def _webm(data: bytes, *, decode: bool) -> Recorded:
    frames = sounds = decoded = errors = 0
    try:
        with av.open(io.BytesIO(data), "r") as container:
            for packet in container.demux():
                if packet.size == 0 and not decode:
                    continue
                picture = packet.stream.type == "video"
                frames += picture and packet.size > 0
                sounds += not picture and packet.size > 0
                if decode:
                    try:
                        pictures = packet.decode()
                    except av.FFmpegError:
                        errors += 1
                    else:
                        decoded += len(pictures) if picture else 0
    except (av.FFmpegError, EOFError):
        errors += 1
    return Recorded(1, frames, sounds, decoded, errors)


def _mjr(data: bytes) -> Recorded:
    """Janus' recording: RTP packets as they came; a picture ends with its marker bit."""
    if data[:8] != b"MJR00002":
        return Recorded(1, errors=1)
    size = int.from_bytes(data[8:10], "big")
    picture = json.loads(data[10 : 10 + size])["t"] == "v"
    at, frames, sounds = 10 + size, 0, 0
    while at + SAMPLE.size <= len(data):
        mark, _, size = SAMPLE.unpack_from(data, at)
        packet = data[at + SAMPLE.size : at + SAMPLE.size + size]
        if mark != b"MEET" or size < 12 or len(packet) < size:
            return Recorded(1, frames, sounds, errors=1)
        frames += picture and packet[1] > 127
        sounds += not picture
        at += SAMPLE.size + size
    return Recorded(1, frames, sounds, errors=int(at != len(data)))
