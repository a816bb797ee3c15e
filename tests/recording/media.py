"""Real VP8 and Opus as RTP, as a browser would send it, and what became of it in a recording."""

from __future__ import annotations

import functools
import io
import struct
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from recording.keys import Keys
from recording.part import PartWriter
from recording.playback import Playback
from recording.spec import RecordingSpec, TimelineEvent
from recording.track import TrackInfo
from recording.vault import Vault
from recording.wire import REPORT, RTP, SENDER_REPORT, record

MS = 1_000_000
SECOND = 1_000 * MS
WALL_MS = 1_770_000_000_000
NTP_1900 = 2_208_988_800


@functools.cache
def vp8_frames(
    seconds: int = 4, width: int = 320, height: int = 240, keyframe_every: int = 60
) -> tuple[bytes, ...]:
    """30 frames a second; picture n is grey n % 256 on its left third, so that it can be told."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate, codec.bit_rate = Fraction(1, 30), Fraction(30), 400_000
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "g": str(keyframe_every)}
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    found: list[bytes] = []
    for number in range(seconds * 30):
        picture = np.roll(noise, number, axis=1) // 4
        picture[:, : width // 3] = number % 256
        frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")
        frame.pts = number
        found += [bytes(packet) for packet in codec.encode(frame)]
    found += [bytes(packet) for packet in codec.encode(None)]
    return tuple(found)


@functools.cache
def opus_frames(seconds: int = 4) -> tuple[bytes, ...]:
    """50 packets a second of a tone."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = 48_000, "stereo", "s16", 32_000
    found: list[bytes] = []
    for number in range(seconds * 50):
        wave = (np.sin((np.arange(960) + number * 960) * 2 * np.pi * 440 / 48_000) * 8_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None, :], "s16", "stereo")
        frame.sample_rate, frame.pts = 48_000, number * 960
        found += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(found[: seconds * 50])


@dataclass(frozen=True)
class Sent:
    """One packet: when it was sent and when it arrives (monotonic ns)."""

    track: int
    sent_ns: int
    arrival_ns: int
    sequence: int
    timestamp: int
    data: bytes

    def delayed(self, by_ns: int) -> Sent:
        return replace(self, arrival_ns=self.arrival_ns + by_ns)

    def tapped(self) -> bytes:
        return record(RTP, self.track, self.arrival_ns, self.data)


def rtp(payload_type: int, sequence: int, timestamp: int, payload: bytes, *, marker: bool) -> bytes:
    second = marker << 7 | payload_type
    return struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 0x1234) + payload


def video(
    frames: Iterable[bytes],
    *,
    track: int = 1,
    begin_ns: int = 0,
    sequence: int = 65_500,
    timestamp: int = 0xFFFF0000,
    picture: int = 32_700,
    packet_size: int = 1_100,
    frame_ns: int = SECOND // 30,
) -> list[Sent]:
    """VP8 frames as RTP with 15-bit picture ids (RFC 7741); sequence and timestamp wrap on the way."""
    found = []
    for number, frame in enumerate(frames):
        at = begin_ns + number * frame_ns
        pieces = [frame[i : i + packet_size] for i in range(0, len(frame), packet_size)]
        for place, piece in enumerate(pieces):
            ids = 0x8000 | (picture + number) & 0x7FFF
            payload = bytes([0x90 if place == 0 else 0x80, 0x80]) + ids.to_bytes(2, "big") + piece
            stamp = timestamp + number * frame_ns * 90_000 // SECOND
            data = rtp(96, sequence, stamp, payload, marker=place == len(pieces) - 1)
            found.append(Sent(track, at, at, sequence & 0xFFFF, stamp & 0xFFFFFFFF, data))
            sequence += 1
    return found


def audio(
    frames: Iterable[bytes],
    *,
    track: int = 2,
    begin_ns: int = 0,
    sequence: int = 65_530,
    timestamp: int = 0xFFFFF000,
    skip: Callable[[int], bool] = lambda _: False,
) -> list[Sent]:
    """Opus as RTP; `skip` leaves packets unsent (DTX): time goes on, the sequence does not."""
    found = []
    for number, frame in enumerate(frames):
        if skip(number):
            continue
        at = begin_ns + number * 20 * MS
        stamp = timestamp + number * 960
        data = rtp(111, sequence, stamp, frame, marker=number == 0)
        found.append(Sent(track, at, at, sequence & 0xFFFF, stamp & 0xFFFFFFFF, data))
        sequence += 1
    return found


def report(track: int, sent_ns: int, arrival_ns: int, timestamp: int, *, wall_ms: int = WALL_MS) -> bytes:
    """A sender report record: `sent_ns` is on the sender's wall clock."""
    ns = wall_ms * MS + sent_ns
    ntp = (ns // SECOND + NTP_1900) << 32 | ((ns % SECOND) << 32) // SECOND
    return record(SENDER_REPORT, track, arrival_ns, REPORT.pack(ntp, timestamp & 0xFFFFFFFF))


def batches(packets: Iterable[Sent]) -> list[tuple[int, bytes]]:
    """(arrival, batch) by arrival, 20 ms a batch, as the relay hands them over."""
    found: dict[int, list[bytes]] = {}
    for packet in sorted(packets, key=lambda packet: packet.arrival_ns):
        found.setdefault(packet.arrival_ns // (20 * MS), []).append(packet.tapped())
    return [((slot + 1) * 20 * MS, b"".join(records)) for slot, records in found.items()]


def spec(**changes: object) -> RecordingSpec:
    plain = RecordingSpec(
        recording_id=str(uuid.uuid4()),
        call_id=str(uuid.uuid4()),
        visit_id=str(uuid.uuid4()),
        prison_id="kaislaranta",
        parties={"prisoner": "Pekka", "visitor": "Anna"},
        picture=True,
        sound=True,
        sound_playable=True,
        picture_playable=True,
        policy="finland 1 social",
        begun_ms=WALL_MS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class Studio:
    """A vault in a folder, and parts written into it by the code that the recorder runs, in virtual time."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder / "vault")
        self.vault.root.mkdir(mode=0o700, exist_ok=True)
        self.keys_folder = folder / "keys"
        self.keys = Keys.load_or_create(self.keys_folder)
        self.wall_ms = WALL_MS
        self.playback = Playback(self.vault.root, self.keys)

    def part(self, wanted: RecordingSpec, *, now_ns: int = 0, cause: str = "recorder_lost") -> PartWriter:
        return PartWriter(
            self.vault, self.keys, wanted, origin_ns=0, resume_ns=now_ns, now_ns=now_ns, wall_ms=lambda: self.wall_ms,
            cause=cause,
        )  # fmt: skip

    def tracks(
        self, part: PartWriter, *, party: str = "prisoner", leg: str = "leg-1", first: int = 1
    ) -> None:
        part.track(TrackInfo(first, party, "video", leg, 90_000))
        part.track(TrackInfo(first + 1, party, "audio", leg, 48_000))

    def write(
        self, part: PartWriter, packets: Iterable[Sent], reports: Iterable[tuple[int, bytes]] = ()
    ) -> int:
        """Feeds it all in order of arrival with a tick every 100 ms; the time at the end."""
        now = 0
        done = 0
        for now, batch in sorted([*batches(packets), *reports], key=lambda each: each[0]):
            part.media(batch)
            if now - done >= 100 * MS:
                part.tick(now)
                done = now
        return now

    def folder(self, wanted: RecordingSpec) -> Path:
        return self.vault.recording(wanted.recording_id)

    def webm(self, wanted: RecordingSpec, track: str) -> bytes:
        """The whole track as one WebM file, as a browser would append it."""
        timeline = self.playback.timeline(wanted.recording_id)
        found = next(each for each in timeline.tracks if each.id == track)
        clusters = (self.playback.cluster(wanted.recording_id, track, each.index) for each in found.clusters)
        return self.playback.init_segment(wanted.recording_id, track) + b"".join(clusters)


def event(kind: str, at_ns: int, **more: str) -> TimelineEvent:
    return TimelineEvent(kind, WALL_MS + at_ns // MS, at_ns, **more)


def pictures(webm: bytes) -> list[tuple[int, int, int, int]]:
    """(ms, width, height, grey of the left third) of every decoded picture."""
    found = []
    with av.open(io.BytesIO(webm), "r", format="webm") as container:
        for frame in container.decode(video=0):
            assert frame.pts is not None
            grey = frame.to_ndarray(format="gray")
            left = grey[:, : frame.width // 4]
            found.append((frame.pts, frame.width, frame.height, round(float(left.mean()))))
    return found


def sounds(webm: bytes) -> list[tuple[float, int]]:
    """(ms, samples) of every decoded packet of sound."""
    found = []
    with av.open(io.BytesIO(webm), "r", format="webm") as container:
        for frame in container.decode(audio=0):
            assert frame.pts is not None
            assert frame.time_base is not None
            found.append((float(frame.pts * frame.time_base * 1000), frame.samples))
    return found


def close(studio, part, packets, reports=()):
    end = studio.write(part, packets, reports)
    part.close("time", end)
    return end


def reports(packets: list[Sent], delay_ns: int, *, first: int = 20, wall_ms: int | None = None):
    """A sender report each second, saying when the packet before it was captured."""
    more = {} if wall_ms is None else {"wall_ms": wall_ms}
    return [
        (
            packet.sent_ns + delay_ns,
            report(packet.track, packet.sent_ns, packet.sent_ns + delay_ns, packet.timestamp, **more),
        )
        for packet in packets[first :: 30 if packet_is_picture(packets) else 50]
    ]


def packet_is_picture(packets: list[Sent]) -> bool:
    return packets[0].track % 2 == 1
