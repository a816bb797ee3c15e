"""What a lossy line takes (draft-ietf-rmcat-gcc-02 section 6), and how a sender is told its useful maximum.

The telling is REMB (draft-alvestrand-rmcat-remb-03), which browsers obey beside their own estimate.
"""

from __future__ import annotations

import struct

SECOND = 1_000_000_000
POOR_LOSS, GOOD_LOSS = 0.10, 0.03
FLOOR, CEILING = 100_000, 10_000_000  # bit/s, sound included
SHARE = 0.85  # of what came through: the queue in front of the bottleneck must empty
RISE, RISE_NEAR = 1.08, 1.02  # per second; slower near where it was too much last time

_REMB = struct.Struct("!BBHII4sI")


class Allowance:
    """One receiver's: down at once when much is lost, up slowly; `limit` is None until it first mattered."""

    def __init__(self) -> None:
        self.limit: int | None = None
        self._cut_at = self._raised_at = self._too_much = 0

    def report(self, loss: float, sent: int, now: int) -> None:
        """The fraction lost of what was `sent` to it (bit/s)."""
        if loss > POOR_LOSS:
            if sent and now - self._cut_at >= SECOND:  # the last cut needs a round trip to show
                came = int(sent * (1 - loss) * SHARE)
                self._too_much = min(sent, self.limit or sent)
                if self.limit is not None:
                    came = min(came, int(self.limit * SHARE))
                self.limit = max(FLOOR, came)
                self._cut_at = self._raised_at = now
        elif self.limit is not None and loss < GOOD_LOSS and now - self._cut_at >= 2 * SECOND:
            rise = RISE_NEAR if 0.75 * self._too_much < self.limit < 1.1 * self._too_much else RISE
            self.limit = min(CEILING, int(self.limit * rise ** ((now - self._raised_at) / SECOND)))
            self._raised_at = now


def remb(sender_ssrc: int, media_ssrc: int, limit: int) -> bytes:
    """The ceiling in bit/s for everything the sender sends; 18 bits of mantissa."""
    exponent = max(0, limit.bit_length() - 18)
    word = 1 << 24 | exponent << 18 | limit >> exponent
    return _REMB.pack(0x8F, 206, 5, sender_ssrc, 0, b"REMB", word) + media_ssrc.to_bytes(4, "big")
