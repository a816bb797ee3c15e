"""One recording inside the recorder: the part that is open, or the wait until the disk takes one again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import structlog

from recording.feed import Choice
from recording.flusher import Flusher
from recording.keys import Keys
from recording.made import Media
from recording.part import PartWriter
from recording.reorder import MS
from recording.spec import RecordingSpec, SpecRefused
from recording.track import TrackInfo
from recording.vault import Vault, VaultFailed
from recording.wire import MOST_NS, Kind

log = structlog.get_logger()

FIRST_WAIT_NS, LONGEST_WAIT_NS = 1_000 * MS, 10_000 * MS
HEALTHY_NS = 30_000 * MS  # a part that lived this long was no attempt
LEAST_RATE, MOST_RATE = 1_000, 1_000_000  # Hz of an RTP clock
Send = Callable[[Kind, dict[str, Any]], None]


class Session:
    """Feeds one recording's parts; tells the server by `send` when it is lost and when it is back."""

    def __init__(
        self,
        vault: Vault,
        keys: Keys,
        opening: dict[str, Any],
        send: Send,
        *,
        wall_ms: Callable[[], int],
        reserve: int,
        flusher: Flusher | None = None,
        path: Choice = "auto",
    ) -> None:
        """`opening`: {"spec", "origin_ns", "resume_ns"}; `reserve` bytes must be free to begin again on a full disk."""
        self._vault, self._keys, self._send = vault, keys, send
        self._wall_ms, self._reserve, self._flusher, self._path = wall_ms, reserve, flusher, path
        try:
            self._spec = RecordingSpec.from_json(opening["spec"])
            self._origin_ns, self._resume_ns = int(opening["origin_ns"]), int(opening["resume_ns"])
        except (KeyError, TypeError, ValueError) as error:
            raise SpecRefused("not an opening") from error
        if not -MOST_NS < self._origin_ns < MOST_NS:
            raise SpecRefused("not an origin")
        self._tracks: dict[int, TrackInfo] = {}
        self._part: PartWriter | None = None
        self._stored = 0  # number of the last event in a log
        self._noted = 0
        self._cause = "recorder_lost"
        self._wait_ns = FIRST_WAIT_NS
        self._retry_ns = self._opened_ns = 0
        self.discarded = 0

    def open(self, now_ns: int) -> None:
        """Begins a part, or tells why not and tries again later."""
        try:
            part = PartWriter(
                self._vault,
                self._keys,
                self._spec,
                origin_ns=self._origin_ns,
                resume_ns=self._resume_ns,
                now_ns=now_ns,
                wall_ms=self._wall_ms,
                cause=self._cause,
                flusher=self._flusher,
                path=self._path,
            )
        except VaultFailed as failure:
            self._lost(failure.reason, now_ns)
            return
        for info in self._tracks.values():
            part.track(info)
        self._part, self._opened_ns = part, now_ns
        self._noted = self._stored
        self._send(Kind.OPENED, {"part": part.number})

    def track(self, value: dict[str, Any]) -> None:
        number, rate = int(value["number"]), int(value["rate"])
        if (
            value["kind"] not in ("audio", "video")
            or not 0 <= number <= 255
            or not LEAST_RATE <= rate <= MOST_RATE
        ):
            raise SpecRefused("not a track")
        info = TrackInfo(
            number=number,
            party=str(value["party"]),
            kind=cast("Media", value["kind"]),
            leg=str(value["leg"]),
            rate=rate,
        )
        self._tracks[info.number] = info
        if self._part is not None:
            self._part.track(info)

    def media(self, batch: bytes, now_ns: int) -> None:
        if self._part is None:
            self.discarded += 1
            return
        self._guarded(lambda part: part.media(batch), now_ns)

    def event(self, value: dict[str, Any]) -> None:
        """An event or a gap, with its number; one that a log of this process already holds is left out."""
        number = int(value["number"])
        if self._part is not None and number > self._noted:
            self._noted = number
            self._part.note(value["record"], number)

    def tick(self, now_ns: int) -> None:
        if self._part is None:
            if now_ns >= self._retry_ns and self._vault.room() >= self._reserve:
                self._resume_ns = now_ns
                self.open(now_ns)
            return
        self._guarded(lambda part: part.tick(now_ns), now_ns)
        if self._part is None:
            return
        for number in self._part.keyframes_wanted(now_ns):
            self._send(Kind.KEYFRAME, {"track": number})
        if self._part.logged > self._stored:
            self._stored = self._part.logged
            self._send(Kind.STORED, {"number": self._stored})

    def close(self, reason: str, now_ns: int) -> None:
        summary: dict[str, Any] = {}
        self._guarded(lambda part: summary.update(part.close(reason, now_ns)), now_ns)
        self._part = None
        self._send(Kind.CLOSED, summary)

    def _guarded(self, work: Callable[[PartWriter], None], now_ns: int) -> None:
        """A failing disk, or a fault of ours, ends this part and no other recording."""
        part = self._part
        if part is None:
            return
        try:
            work(part)
        except VaultFailed as failure:
            part.salvage(now_ns)
            self._lost(failure.reason, now_ns)
        except Exception:
            log.exception("recording.fault", recording=self._spec.recording_id, part=part.number)
            self._lost("fault", now_ns)

    def _lost(self, reason: str, now_ns: int) -> None:
        if self._part is not None:
            self._part.abandon()
            self._part = None
        self._cause = reason
        if now_ns - self._opened_ns > HEALTHY_NS:
            self._wait_ns = FIRST_WAIT_NS
        self._retry_ns = now_ns + self._wait_ns
        self._wait_ns = min(self._wait_ns * 2, LONGEST_WAIT_NS)
        log.error("recording.lost", recording=self._spec.recording_id, reason=reason)
        self._send(Kind.LOST, {"reason": reason})
