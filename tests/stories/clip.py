"""A camera's picture and a microphone's sound with a flash and a beep at the same instants."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

FRAMES_PER_SECOND = 30  # what Chromium plays a motion JPEG file at, whatever it holds
SAMPLES_PER_SECOND = 48_000
PERIOD = 3.0  # seconds from flash to flash
FLASH = 0.2  # seconds
WIDTH, HEIGHT = 640, 480
BEEP_HERTZ = 1000


@dataclass(frozen=True)
class Clip:
    """Files for Chromium's fake camera and microphone."""

    picture: Path
    sound: Path

    def flags(self) -> list[str]:
        return [
            f"--use-file-for-fake-video-capture={self.picture}",
            f"--use-file-for-fake-audio-capture={self.sound}%noloop",
        ]


def flash_and_beep(folder: Path, seconds: int) -> Clip:
    """Writes a clip that is longer than any call of the story: looped files drift by a frame each time."""
    folder.mkdir(parents=True, exist_ok=True)
    clip = Clip(folder / "flash.mjpeg", folder / "beep.wav")
    _write_picture(clip.picture, seconds)
    _write_sound(clip.sound, seconds)
    return clip


def _lit(seconds: float) -> bool:
    return seconds % PERIOD < FLASH


def _write_picture(path: Path, seconds: int) -> None:
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = WIDTH, HEIGHT
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, FRAMES_PER_SECOND)
    texture = np.random.default_rng(1).integers(40, 90, (HEIGHT, WIDTH), dtype=np.uint8)
    period = [_jpeg(encoder, texture, number) for number in range(int(PERIOD * FRAMES_PER_SECOND))]
    with path.open("wb") as file:
        for number in range(seconds * FRAMES_PER_SECOND):
            file.write(period[number % len(period)])


def _jpeg(encoder: av.CodecContext, texture: np.ndarray, number: int) -> bytes:
    """One picture: dim and moving, or white."""
    luma = np.full_like(texture, 235) if _lit(number / FRAMES_PER_SECOND) else np.roll(texture, number * 4, 1)
    planes = np.concatenate([luma.reshape(-1), np.full(WIDTH * HEIGHT // 2, 128, np.uint8)])
    frame = av.VideoFrame.from_ndarray(planes.reshape(HEIGHT * 3 // 2, WIDTH), format="yuvj420p")
    frame.pts = number
    return b"".join(bytes(packet) for packet in encoder.encode(frame))  # type: ignore[attr-defined]


def _write_sound(path: Path, seconds: int) -> None:
    times = np.arange(int(PERIOD * SAMPLES_PER_SECOND)) / SAMPLES_PER_SECOND
    beep = np.where(times < FLASH, np.sin(2 * np.pi * BEEP_HERTZ * times) * 0.5, 0.0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_PER_SECOND)
        samples = (beep * 32767).astype("<i2").tobytes()
        file.writeframes((samples * (int(seconds / PERIOD) + 1))[: seconds * SAMPLES_PER_SECOND * 2])
