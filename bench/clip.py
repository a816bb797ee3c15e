"""A clip of VP8 and Opus, encoded once and replayed by every client: encoding is no part of what is measured."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

CHUNK = 1050  # bytes of a frame in one packet; browsers fill about as much
AUDIO_SECONDS = 0.02
SAMPLE_RATE = 48000


@dataclass(frozen=True, slots=True)
class Clip:
    """`frames` begin with a key frame, each cut into packets; `sounds` are Opus packets of 20 ms."""

    fps: int
    frames: tuple[tuple[bytes, ...], ...]
    sounds: tuple[bytes, ...]

    @property
    def bitrate(self) -> float:
        """Bits per second of the picture."""
        size = sum(len(chunk) for frame in self.frames for chunk in frame)
        return size * 8 * self.fps / len(self.frames)


def make_clip(
    *, width: int = 1280, height: int = 720, fps: int = 30, bitrate: int = 1_200_000, seconds: float = 10
) -> Clip:
    """Encode moving noise over a gradient, which costs about what a talking head in a room does."""
    count = round(fps * seconds)
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps, 1)
    encoder.bit_rate = bitrate
    encoder.gop_size = count
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    encoder.options |= {"minrate": str(bitrate), "maxrate": str(bitrate), "bufsize": str(bitrate // 2)}
    noise = np.random.default_rng(7)
    frames = []
    for index in range(count):
        picture = av.VideoFrame.from_ndarray(_picture(noise, width, height, index), format="rgb24")
        picture.pts = index
        frames += [_cut(bytes(packet)) for packet in encoder.encode(picture.reformat(format="yuv420p"))]
    frames += [_cut(bytes(packet)) for packet in encoder.encode(None)]
    return Clip(fps, tuple(frames), _sounds(seconds))


def _picture(noise: np.random.Generator, width: int, height: int, index: int) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = np.linspace(0, 255, width, dtype=np.uint8)
    picture[..., 1] = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
    left = index * 3 % (width - width // 4)
    picture[height // 4 : height // 2, left : left + width // 4] = noise.integers(
        0, 255, (height // 2 - height // 4, width // 4, 3), np.uint8
    )
    return picture


def _cut(data: bytes) -> tuple[bytes, ...]:
    """Equal pieces, as browsers cut them: a last piece of three bytes would tell its frame from no other."""
    size = -(-len(data) // -(-len(data) // CHUNK))
    return tuple(data[at : at + size] for at in range(0, len(data), size))


def _sounds(seconds: float) -> tuple[bytes, ...]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE, "mono", "s16"
    encoder.bit_rate = 32000
    encoder.options = {"vbr": "off", "frame_duration": "20"}
    noise = np.random.default_rng(11)
    packets: list[bytes] = []
    size = round(SAMPLE_RATE * AUDIO_SECONDS)
    for index in range(round(seconds / AUDIO_SECONDS)):
        tone = 8000 * np.sin(np.arange(size) * (0.03 + index % 7 / 100)) + noise.normal(0, 800, size)
        frame = av.AudioFrame.from_ndarray(tone.astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE, index * size
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return tuple(packets)


def cached_clip(folder: Path, **size: int) -> Clip:
    """The clip of this size, made on first use and kept in `folder`."""
    path = (
        folder / f"clip-{'-'.join(f'{key}{value}' for key, value in sorted(size.items())) or 'usual'}.pickle"
    )
    if path.exists():
        clip = pickle.loads(path.read_bytes())
        if isinstance(clip, Clip):
            return clip
    clip = make_clip(**size)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(clip))
    return clip
