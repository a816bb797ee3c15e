"""One outgoing track: which source fills it, and what is added to that source's numbers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relay.records import CLOCK_RATES, EPOCH_REACH, SENT, Kept, Kind, picture_start

if TYPE_CHECKING:
    from relay.table import Path, Track


@dataclass(slots=True)
class Epoch:
    """From which source, and shifted by what, an outgoing track was filled from `first` (source sequence) on.

    `first_out` is the same place in the outgoing numbers; both follow at a distance, see `Output.age`.
    """

    source: Track
    first: int
    first_out: int
    sequence: int
    timestamp: int
    picture: int
    tl0: int
    rewrites: bool  # whether picture ids are shifted at all


class Output:
    """One outgoing SSRC: a slot's sound or picture, whoever fills it."""

    __slots__ = (
        "awaited", "clock_rate", "current", "kind", "last_arrival", "last_picture", "last_sequence",
        "last_timestamp", "last_tl0", "octets", "packets", "path", "payload_type", "previous", "resent", "resent_at", "rtx_payload_type",
        "rtx_sequence", "rtx_ssrc", "sent", "spliced", "ssrc", "started", "wide",
    )  # fmt: skip

    def __init__(
        self, path: Path, kind: Kind, ssrc: int, payload_type: int, rtx: tuple[int, int] | None
    ) -> None:
        self.path = path
        self.kind = kind
        self.clock_rate = CLOCK_RATES[kind]
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.rtx_ssrc, self.rtx_payload_type = rtx or (0, 0)
        self.rtx_sequence = secrets.randbelow(0x7000)
        self.wide = 0  # transport-wide element's first byte, 0: header without extension
        self.current: Epoch | None = None
        # Where it waits: in one place only, or an old source could take it back.
        self.awaited: Track | None = None
        self.previous: Epoch | None = None  # before `current`, or while nobody fills it
        self.started = False
        # Small first numbers: a receiver that loses the first packets must not miss the SRTP rollover.
        self.last_sequence = secrets.randbelow(0x7000)
        self.last_timestamp = self.last_arrival = 0
        self.last_picture = self.last_tl0 = 0
        self.packets = self.octets = self.resent = 0
        self.resent_at: dict[int, int] = {}  # sequence -> when; bounded by subscription
        # Without RTX a lost packet goes out again as the very same bytes: the same SRTP index must never protect
        # other bytes, under AES-GCM that gives the authentication key away (RFC 7714 section 8.1).
        self.sent: list[tuple[int, bytes] | None] = [] if rtx else [None] * SENT
        self.spliced = False  # told to the subscription: a fresh sender report is due

    @property
    def filled(self) -> bool:
        return self.current is not None

    def shift_from(self, source: Track) -> int | None:
        """What is added to this source's timestamps; None while it does not fill the slot."""
        current = self.current
        return current.timestamp if current is not None and current.source is source else None

    def splice(self, source: Track, kept: Kept, now: int) -> None:
        """Let this packet and what follows it continue what was sent before, from another source."""
        sequence, timestamp, _, payload = kept
        first_out = (self.last_sequence + 1) & 0xFFFF
        shift = self._timestamp_shift(source, timestamp, now)
        picture, tl0 = self._picture_shift(source, payload)
        self.current = Epoch(
            source,
            sequence,
            first_out,
            (first_out - sequence) & 0xFFFF,
            shift,
            picture,
            tl0,
            bool(picture or tl0),
        )
        self.started = self.spliced = self.path.needy = True

    def _timestamp_shift(self, source: Track, timestamp: int, now: int) -> int:
        previous = self.previous
        if previous is None:
            return 0
        if previous.source is source:  # its own clock went on meanwhile
            return previous.timestamp
        elapsed = (now - self.last_arrival) * self.clock_rate // 1_000_000_000
        return (self.last_timestamp + max(1, elapsed) - timestamp) & 0xFFFFFFFF

    def _picture_shift(self, source: Track, payload: bytes) -> tuple[int, int]:
        """VP8 picture id and TL0PICIDX must go on as if one encoder had made them, or the decoder waits."""
        if source.kind == "audio" or not self.started:
            return 0, 0
        start = picture_start(payload)
        if start is None or start.picture_id is None:
            return 0, 0
        picture = (self.last_picture + 1 - start.picture_id) & 0x7FFF
        return picture, (self.last_tl0 + 1 - start.tl0) & 0xFF if start.tl0 is not None else 0

    def covers(self, sequence: int) -> bool:
        """Whether it was sent by who fills the slot now: nothing else may be sent again.

        A source that filled it before goes on, and its later packets would answer to numbers not reached yet.
        """
        current = self.current
        return current is not None and not (sequence - current.first_out) & 0x8000

    def age(self, epoch: Epoch, sequence: int) -> None:
        """Keep the start of a long epoch behind what is sent: half of the numbers further on it would seem ahead."""
        step = ((sequence - epoch.first_out) & 0xFFFF) - EPOCH_REACH
        epoch.first = (epoch.first + step) & 0xFFFF
        epoch.first_out = (epoch.first_out + step) & 0xFFFF

    def detach(self) -> None:
        """From now on nobody fills it, and it waits for nobody."""
        if self.awaited is not None:
            self.awaited.unwait(self)
        self.leave()

    def leave(self) -> None:
        """Stop taking from the current source, remembering where the numbers stood."""
        epoch, self.current = self.current, None
        if epoch is None:
            return
        self.previous = epoch
        source = epoch.source
        if self in source.outputs:
            source.outputs.remove(self)
        self.last_sequence = (source.expected - 1 + epoch.sequence) & 0xFFFF
        self.last_timestamp = (source.highest_timestamp + epoch.timestamp) & 0xFFFFFFFF
        self.last_arrival = source.last_arrival
        kept = source.kept((source.expected - 1) & 0xFFFF)
        start = picture_start(kept[3]) if kept and source.kind != "audio" else None
        if start is not None:
            self.last_picture = ((start.picture_id or 0) + epoch.picture) & 0x7FFF
            self.last_tl0 = ((start.tl0 or 0) + epoch.tl0) & 0xFF
