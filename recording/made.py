"""What comes out of a part's packets, whichever code read them: the values that part.py and track.py write."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from recording.sealing import Meta

Media = Literal["audio", "video"]


class Begun(NamedTuple):
    """A track's first frame is there: `meta` of its initialization segment. Comes before all else of its track."""

    track: int
    meta: Meta


class Cluster(NamedTuple):
    """One whole WebM cluster."""

    track: int
    meta: Meta
    data: bytes


class Gap(NamedTuple):
    """A stretch without frames, by arrival, in us from the recording's origin; `packets` that never came."""

    track: int
    from_us: int
    to_us: int
    packets: int


class Report(NamedTuple):
    """A sender report; `rtp` is extended as the frames' timestamps are."""

    track: int
    ntp: int
    rtp: int
    at_us: int


class Counts(NamedTuple):
    """Of one track: packets that came; too late or twice; no RTP or no frame; jumps of the sender's clock."""

    packets: int
    late: int
    refused: int
    jumps: int

    def to_json(self) -> dict[str, int]:
        return {"packets": self.packets, "late": self.late, "refused": self.refused, "jumps": self.jumps}


Made = Begun | Cluster | Gap | Report


class Feed(Protocol):
    """One part's packets in, `Made` out. Times are monotonic ns. Tracks are numbered from 1 as they come."""

    refused: int  # records that no relay sends, or of an unknown track

    def __init__(self, origin_ns: int) -> None: ...
    def track(self, number: int, kind: Media, rate: int) -> int:
        """From now on the relay's `number` (0 to 255) is a new track with an RTP clock of `rate` Hz; its own number."""

    def forget(self, number: int) -> None:
        """From now on the relay's `number` is nobody's."""

    def feed(self, batch: bytes) -> None:
        """One tap batch (see wire.py)."""

    def tick(self, now_ns: int) -> None:
        """Gives up what has been waited for long enough."""

    def cut(self) -> None:
        """Ends every cluster that was begun."""

    def end(self, now_ns: int) -> None:
        """Nothing more will come: takes what waits, and ends every cluster."""

    def take(self) -> list[Made]:
        """What was made since the last call, in order."""

    def oldest_ns(self) -> int | None:
        """Arrival of the oldest frame in a cluster that has not ended."""

    def wanting(self) -> list[int]:
        """The relay's numbers whose picture cannot be decoded until a key frame comes."""

    def counts(self, track: int) -> Counts: ...
