"""The server's side of one recording: a bounded queue towards the recorder that drops pictures first."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import structlog

from recording.spec import RecordingSpec, TimelineEvent
from recording.wire import RECORD, Kind, WireBroken, message, message_json, records, without_tracks

log = structlog.get_logger()

PICTURE_LIMIT = 3 << 20  # bytes queued before pictures are dropped; some ten seconds of two parties
LIMIT = 4 << 20  # before everything is dropped
RECOVERED = 1 << 20  # the queue must be this short again before a drop ends
MOST_EVENTS = 2_000
CLOSE_SECONDS = 15.0


class RecordingListener(Protocol):
    """Told on the loop; must return at once. `Recording.lost_reason` says why."""

    def recorder_lost(self, recording_id: str) -> None: ...
    def recorder_back(self, recording_id: str, part: int) -> None:
        """A part is open and written to; part 1 is the first beginning."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The last part's number and log head (hex), and the recording's length."""

    part: int
    head: str
    duration_ms: int


@dataclass(slots=True)
class _Drop:
    media: Literal["video", "all"]
    from_ns: int
    packets: int = 0


class Recording:
    """One recording as the server sees it. It is a relay tap: `track` and `push` return at once.

    Drop rule of the queue: over PICTURE_LIMIT the pictures' packets, over LIMIT everything; each stretch
    becomes a gap record, and `dropped` counts packets.
    """

    def __init__(
        self,
        number: int,
        spec: RecordingSpec,
        listener: RecordingListener,
        *,
        origin_ns: int,
        clock: Callable[[], int],
        wake: Callable[[], None],
        forget: Callable[[Recording], None],
    ) -> None:
        self.spec = spec
        self.number = number
        self.listener = listener
        self.part: int | None = None  # that is being written now
        self.lost_reason: str | None = "starting"
        self.wants_keyframe: Callable[[int], None] | None = None  # told the track whose picture needs one
        self.dropped: Counter[str] = Counter()
        self.closed: asyncio.Future[Closed | None] = asyncio.get_running_loop().create_future()
        self._origin_ns, self._clock, self._wake, self._forget = origin_ns, clock, wake, forget
        self._queue: deque[tuple[Kind, bytes]] = deque()
        self._queued = 0
        self._tracks: dict[int, dict[str, Any]] = {}
        self._pictures: set[int] = set()
        self._unstored: dict[int, dict[str, Any]] = {}
        self._noted = 0
        self._drop: _Drop | None = None
        self._closing: str | None = None

    def track(
        self, number: int, party: str, kind: Literal["audio", "video"], leg_id: str, clock_rate: int
    ) -> None:
        value = {"number": number, "party": party, "kind": kind, "leg": leg_id, "rate": clock_rate}
        self._tracks[number] = value
        self._pictures = {known for known, each in self._tracks.items() if each["kind"] == "video"}
        self._put(Kind.TRACK, message_json(Kind.TRACK, self.number, value))

    def push(self, batch: bytes) -> None:
        if self._closing is not None:
            return
        if self._drop is not None or self._queued + len(batch) > PICTURE_LIMIT:
            batch = self._shed(batch)
        if batch:
            self._put(Kind.MEDIA, message(Kind.MEDIA, self.number, batch))

    def event(self, event: TimelineEvent) -> None:
        """Kept until the recorder says that a log holds it."""
        self._note({"record": "event", "at_us": self._us(event.mono_ns), **event.to_json()})

    async def close(self, reason: str) -> Closed | None:
        """Ends and signs the recording; None when that could not be done (it stays open-ended)."""
        if self._closing is None:
            self._closing = reason
            self._end_drop()
            self._put(Kind.CLOSE, message_json(Kind.CLOSE, self.number, {"reason": reason}))
        try:
            return await asyncio.wait_for(asyncio.shield(self.closed), CLOSE_SECONDS)
        except TimeoutError:
            log.warning("recording.not_closed", recording=self.spec.recording_id)
            return None
        finally:
            self._forget(self)

    # for the host

    def take(self, most: int) -> bytes:
        """The next messages, about `most` bytes; empty when there are none."""
        taken, size = [], 0
        while self._queue and size < most:
            kind, data = self._queue.popleft()
            size += len(data)
            if kind is Kind.MEDIA:
                self._queued -= len(data)
            taken.append(data)
        if self._drop is not None and self._queued < RECOVERED:
            self._end_drop()
        return b"".join(taken)

    def restart(self) -> None:
        """A new recorder: puts what it must know before the packets that are still queued."""
        kept = [each for each in self._queue if each[0] is Kind.MEDIA]
        opening = {
            "spec": self.spec.to_json(),
            "origin_ns": self._origin_ns,
            "resume_ns": self._resume_ns(kept),
        }
        self._queue.clear()
        self._put(Kind.OPEN, message_json(Kind.OPEN, self.number, opening))
        for value in self._tracks.values():
            self._put(Kind.TRACK, message_json(Kind.TRACK, self.number, value))
        self._queue.extend(kept)
        self._resend()
        if self._closing is not None:
            self._put(Kind.CLOSE, message_json(Kind.CLOSE, self.number, {"reason": self._closing}))

    def opened(self, part: int) -> None:
        again = self.lost_reason not in ("starting", None) and self._closing is None
        self.part, self.lost_reason = part, None
        if again:
            self._resend()

    def lost(self, reason: str) -> None:
        self.part, self.lost_reason = None, reason

    def stored(self, number: int) -> None:
        """Events up to this number are in a log."""
        for known in [known for known in self._unstored if known <= number]:
            del self._unstored[known]

    def _resend(self) -> None:
        for number, record in self._unstored.items():
            self._put_event(number, record)

    def _us(self, at_ns: int) -> int:
        return (at_ns - self._origin_ns) // 1000

    def _put(self, kind: Kind, data: bytes) -> None:
        self._queue.append((kind, data))
        if kind is Kind.MEDIA:
            self._queued += len(data)
        self._wake()

    def _note(self, record: dict[str, Any]) -> None:
        if self._closing is not None:
            return
        self._noted += 1
        if len(self._unstored) >= MOST_EVENTS:
            del self._unstored[next(iter(self._unstored))]
            self.dropped["event"] += 1
        self._unstored[self._noted] = {**record, "number": self._noted}
        self._put_event(self._noted, self._unstored[self._noted])

    def _put_event(self, number: int, record: dict[str, Any]) -> None:
        self._put(Kind.EVENT, message_json(Kind.EVENT, self.number, {"number": number, "record": record}))

    def _resume_ns(self, queue: list[tuple[Kind, bytes]]) -> int:
        """Since when packets are at hand: the first one's arrival."""
        if not queue:
            return self._clock()
        header = len(message(Kind.MEDIA, 0, b""))
        return int(RECORD.unpack_from(queue[0][1], header)[4])

    def _shed(self, batch: bytes) -> bytes:
        """What of a batch is kept when the queue is too long."""
        everything = self._queued + len(batch) > LIMIT
        if self._drop is None or (everything and self._drop.media == "video"):
            self._end_drop()
            self._drop = _Drop("all" if everything else "video", self._clock())
        try:
            if everything:
                kept, packets = b"", sum(1 for _ in records(batch))
            else:
                kept, packets = without_tracks(batch, self._pictures)
        except WireBroken:
            self.dropped["broken"] += 1
            return b""
        self._drop.packets += packets
        self.dropped["all" if everything else "video"] += packets
        return kept

    def _end_drop(self) -> None:
        drop, self._drop = self._drop, None
        if drop is None or not drop.packets:
            return
        self._note({
            "record": "gap", "cause": "overflow", "track": None, "media": drop.media,
            "from_us": self._us(drop.from_ns), "to_us": self._us(self._clock()), "packets": drop.packets,
        })  # fmt: skip
