"""Takes the relay's batches apart, record by record, for the tracks of one part: the specification, and the choice.

Where it was compiled, batches.pyx does all of this file's, clusters.py's, depacketize.py's and reorder.py's work without
a Python object for each packet. A test feeds both the same and compares everything that comes out.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any, Literal

from recording.clusters import Clusters
from recording.made import Counts, Feed, Made, Media
from recording.wire import MOST_NS, REPORT, RTP, SENDER_REPORT, WireBroken, records

Choice = Literal["auto", "native", "python"]


class PythonFeed:
    """See `made.Feed`."""

    def __init__(self, origin_ns: int) -> None:
        self.refused = 0
        self._origin_ns = origin_ns
        self._tracks: list[Clusters] = []
        self._routes: dict[int, Clusters] = {}
        self._made: list[Made] = []

    def track(self, number: int, kind: Media, rate: int) -> int:
        track = Clusters(len(self._tracks) + 1, kind, rate, self._origin_ns, self._keep)
        self._tracks.append(track)
        self._routes[number] = track
        return track.number

    def forget(self, number: int) -> None:
        self._routes.pop(number, None)

    def feed(self, batch: bytes) -> None:
        try:
            for kind, number, arrival_ns, payload in records(batch):
                self._record(kind, number, arrival_ns, payload)
        except WireBroken:
            self.refused += 1

    def tick(self, now_ns: int) -> None:
        for track in self._tracks:
            track.packets.tick(now_ns)

    def cut(self) -> None:
        for track in self._tracks:
            track.cut()

    def end(self, now_ns: int) -> None:
        for track in self._tracks:
            track.end(now_ns)

    def take(self) -> list[Made]:
        made, self._made = self._made, []
        return made

    def oldest_ns(self) -> int | None:
        return min((at for track in self._tracks if (at := track.oldest_ns) is not None), default=None)

    def wanting(self) -> list[int]:
        return [
            number
            for number, track in sorted(self._routes.items())
            if track.packets.packets and track.packets.wants_keyframe
        ]

    def counts(self, track: int) -> Counts:
        return self._tracks[track - 1].counts()

    def _keep(self, made: Made) -> None:
        self._made.append(made)

    def _record(self, kind: int, number: int, arrival_ns: int, payload: bytes) -> None:
        track = self._routes.get(number)
        if track is None or not -MOST_NS < arrival_ns < MOST_NS:
            self.refused += 1
        elif kind == RTP:
            track.packets.push(arrival_ns, payload)
        elif kind == SENDER_REPORT and len(payload) == REPORT.size:
            track.report(arrival_ns, *REPORT.unpack(payload))
        else:
            self.refused += 1


@functools.cache
def why_not_native() -> str | None:
    """What keeps the compiled reader from being used; None where nothing does."""
    try:
        _native()
    except ImportError as error:
        return str(error)
    return None


def feed(origin_ns: int, choice: Choice = "auto") -> Feed:
    """A feed for a new part. Raises ImportError where the native one is asked for and is not there."""
    if choice == "python" or (choice == "auto" and why_not_native() is not None):
        return PythonFeed(origin_ns)
    native: Feed = _native().NativeFeed(origin_ns)
    return native


def _native() -> Any:
    return importlib.import_module("recording.batches")
