"""Taps: subscribers that take whole packets of several parties in batches of records."""

from __future__ import annotations

import logging
from typing import Literal, Protocol

from relay.publication import Publication
from relay.table import Kind, Table

logger = logging.getLogger(__name__)

NUMBERS = 256
# A batch costs its reader a message, however small; a tenth of a second of two parties is about a full chunk.
FLUSH_NS = 100_000_000


class Tap(Protocol):
    """The other side of a tap; called on the loop, must return at once."""

    def track(
        self, number: int, party: str, kind: Literal["audio", "video"], leg_id: str, clock_rate: int
    ) -> None:
        """Told before the track's first record; a new leg is a new number (free numbers come round again)."""

    def push(self, batch: bytes) -> None:
        """Whole records, each `<HBBIq` (size, kind 1 RTP 2 sender report, number, 0, arrival in ns) and payload."""


class Tapping:
    """One tap of one hub: which tracks it takes, and its keyframes."""

    def __init__(
        self, tap: Tap, table: Table, parties: frozenset[str], kinds: frozenset[Kind], keyframe_seconds: float
    ) -> None:
        self.tap = tap
        self._parties = parties
        self._kinds = kinds
        self._keyframe_ns = int(keyframe_seconds * 1_000_000_000)
        self._sink = table.sink(self._push)
        self._tracks: dict[int, Publication] = {}
        self._next = 0
        self._asked_at = self._flushed_at = 0

    def attach(self, publications: list[Publication]) -> None:
        """Take exactly those of the given tracks that are meant."""
        wanted = [one for one in publications if one.party in self._parties and one.kind in self._kinds]
        for number, publication in list(self._tracks.items()):
            if publication not in wanted:
                self._detach(number)
        for publication in wanted:
            if publication not in self._tracks.values():
                self._attach(publication)

    def _attach(self, publication: Publication) -> None:
        number = next(
            n % NUMBERS for n in range(self._next, self._next + NUMBERS) if n % NUMBERS not in self._tracks
        )
        self._next = number + 1
        self._tracks[number] = publication
        kind: Literal["audio", "video"] = "audio" if publication.kind == "audio" else "video"
        rate = publication.track.clock_rate
        try:
            self.tap.track(number, publication.party, kind, publication.leg_id, rate)
        except Exception:
            logger.exception("a tap failed at a new track")
        publication.track.feed(self._sink, number)
        publication.request_keyframe()

    def _push(self, batch: bytes) -> None:
        try:
            self.tap.push(batch)
        except Exception:
            logger.exception("a tap failed at %d bytes", len(batch))

    def _detach(self, number: int) -> None:
        publication = self._tracks.pop(number)
        publication.track.unfeed(self._sink)

    def beat(self, now: int) -> None:
        """Flush what was gathered for long enough; ask for the keyframe that seeking needs."""
        if now - self._flushed_at >= FLUSH_NS:
            self._flushed_at = now
            self._sink.flush()
        if now - self._asked_at >= self._keyframe_ns:
            self._asked_at = now
            for publication in self._tracks.values():
                publication.request_keyframe()

    def end(self) -> None:
        for number in list(self._tracks):
            self._detach(number)
        self._sink.flush()
