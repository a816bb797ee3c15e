"""Read back what was recorded, as the review page does, and find its flashes and beeps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import av
import numpy as np

from tests.stories.insider import ANSWER_SECONDS, Insider

BRIGHT = 160.0  # mean luma of a flash; the dim picture has about 65
LOUD = 0.05


@dataclass(frozen=True)
class Track:
    """One track as the review page gets it: WebM bytes, and what decodes from them."""

    party: str
    kind: str
    data: bytes

    @property
    def times(self) -> list[float]:
        """Presentation times of all frames, in seconds of the recording."""
        return [float(frame.time) for frame in self._frames() if frame.time is not None]

    def flashes(self) -> list[float]:
        """Seconds at which the picture turns bright."""
        found, lit = [], True
        for frame in self._frames():
            assert isinstance(frame, av.VideoFrame)
            bright = float(frame.reformat(16, 12, "gray").to_ndarray().mean()) > BRIGHT
            if bright and not lit and frame.time is not None:
                found.append(float(frame.time))
            lit = bright
        return found

    def beeps(self) -> list[float]:
        """Seconds at which a sound begins after at least 0.3 s of quiet."""
        found, quiet = [], 0.0
        for frame in self._frames():
            assert isinstance(frame, av.AudioFrame)
            samples = np.abs(_mono(frame))
            loud = np.flatnonzero(samples > LOUD)
            if not loud.size:
                quiet += samples.size / frame.sample_rate
                continue
            if quiet > 0.3 and frame.time is not None:
                found.append(float(frame.time) + float(loud[0]) / frame.sample_rate)
            quiet = 0.0
        return found

    def _frames(self) -> list[Any]:
        with av.open(io.BytesIO(self.data), mode="r") as file:
            return list(file.decode(file.streams[0]))


def _mono(frame: av.AudioFrame) -> np.ndarray:
    samples = frame.to_ndarray()
    if samples.dtype == np.int16:
        samples = samples / 32768.0
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    return np.asarray(samples).mean(axis=0)


def _closed(row: dict[str, Any]) -> bool:
    """A little after the parties are told of the end."""
    return row["ended_at"] is not None


async def recording_of(
    officer: Insider, visit: str, true: Callable[[dict[str, Any]], bool] = _closed
) -> dict[str, Any]:
    """The row of a visit's one recording, once it is as wanted."""
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            row = await _listed(officer, visit)
            if true(row):
                return row
            await asyncio.sleep(0.1)


async def _listed(officer: Insider, visit: str) -> dict[str, Any]:
    status, rows = await officer.ask("GET", "/api/officer/recordings")
    assert status == 200, rows
    found = [row for row in rows["items"] if row["visit"] == visit]
    assert len(found) == 1, rows
    return dict(found[0])


async def opened(officer: Insider, recording: str, reason: str = "safety") -> dict[str, Any]:
    """The timeline of a recording, opened with a reason."""
    body = {"reason": reason, "note": ""}
    status, timeline = await officer.ask("POST", f"/api/officer/recordings/{recording}/open", body)
    assert status == 200, timeline
    return dict(timeline)


async def track(officer: Insider, recording: str, told: dict[str, Any]) -> Track:
    """All of one track of an opened recording."""
    base = f"/api/officer/recordings/{recording}/tracks/{told['id']}"
    status, data = await officer.ask("GET", f"{base}/init")
    assert status == 200, data
    parts = [data]
    for cluster in told["clusters"]:
        status, data = await officer.ask("GET", f"{base}/clusters/{cluster['index']}")
        assert status == 200, data
        parts.append(data)
    return Track(told["party"], told["kind"], b"".join(parts))
