"""The plain values of the packet path: sizes, header templates, packets kept, and records for taps."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Literal

from relay.vp8 import Vp8Start, vp8_payload

Kind = Literal["audio", "video", "preview"]

CLOCK_RATES: dict[str, int] = {"audio": 48000, "video": 90000, "preview": 90000}
# Packets kept for retransmission: 1.5 s of video at 1.2 Mbit/s, 2.5 s of sound, 5 s of a preview. A power of two; the
# oldest goes.
HISTORY: dict[str, int] = {"audio": 128, "video": 256, "preview": 64}
MAX_MISSING = 256  # holes asked for upstream; beyond that a keyframe is cheaper
MAX_DROPOUT = 3000  # RFC 3550 appendix A.1: a larger jump is a restart
EPOCH_REACH = 8192  # how far back a running epoch is remembered: numbers compare over half of 65,536 only
DEPARTURES = (
    1024  # transport-wide sequences remembered per leg: 2 s of six pictures, feedback comes ten times sooner
)
CALM_US = 30_000  # later than a packet that did not queue: half of what counts as a queue (estimate.py)
MAX_SPAN = 400  # statuses in one transport-wide feedback; a longer hole starts a new count
SENT = 64  # datagrams kept of an outgoing track without RTX (sound): 1.3 s

# Fixed header, then one extension word: one-byte form with one element (transport-wide sequence) and a pad byte.
PLAIN_HEADER = struct.Struct("!BBHII")
WIDE_HEADER = struct.Struct("!BBHIIII")
WIDE_PROFILE = 0xBEDE0001

IN_ORDER, LATE, DUPLICATE = 0, 1, 2

# (sequence, timestamp, marker and payload type, payload) as received
Kept = tuple[int, int, int, bytes]


def picture_start(payload: bytes) -> Vp8Start | None:
    """What a VP8 payload says of itself; None also where it is damaged: a publisher's rubbish must stop no gate."""
    try:
        return vp8_payload(payload)
    except ValueError:
        return None


class Sink:
    """Records on their way to one tap: flushed when full, and by the relay's beat before they are old."""

    __slots__ = ("parts", "push", "size")
    FULL = 32 << 10

    def __init__(self, push: Callable[[bytes], None]) -> None:
        self.push = push
        self.parts: list[bytes] = []
        self.size = 0

    def flush(self) -> None:
        """Hand over one batch of whole records."""
        if self.parts:
            batch, self.parts, self.size = b"".join(self.parts), [], 0
            self.push(batch)


RECORD = struct.Struct("<HBBIq")  # size of the whole record, kind, track number, 0, arrival (monotonic ns)
RECORD_RTP, RECORD_REPORT = 1, 2
REPORT = struct.Struct("<QI")  # NTP timestamp, RTP timestamp
