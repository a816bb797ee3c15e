"""How lines bear up: transport-wide feedback to senders, and which picture a receiver's line can take.

Feedback: draft-holmer-rmcat-transport-wide-cc-extensions-01. Level: loss and round trip from the receiver's
reports decide, and whether what its line takes (estimate.py) carries what the full picture costs; with hysteresis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Level = Literal["main", "preview", "none"]
LEVELS: tuple[Level, ...] = ("none", "preview", "main")

FEEDBACK_NS = 100_000_000  # libwebrtc's own pace; twice as often cost twice as much and told no more

SECOND = 1_000_000_000
SHORT_BELOW = 0.7  # of the cost of the full picture: above it the sender, who is told, can help himself


@dataclass(frozen=True, slots=True)
class Patience:
    """When a line is poor or good, and for how long before it matters (ns)."""

    poor_loss: float = 0.12
    good_loss: float = 0.03
    poor_rtt_ms: float = 600.0
    down_after: int = 1_500_000_000
    short_after: int = (
        500_000_000  # where the line was measured: the sound behind the picture is already late
    )
    down_again_after: int = 4_000_000_000
    up_after: int = 10_000_000_000
    up_after_at_most: int = 120_000_000_000


class Downlink:
    """One receiver's line: the best level it can take now."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self.cap: Level = "main"
        self.loss = 0.0
        self.short = False  # the full picture is more than the line takes
        self._lost = self._of = 0.0  # packets, of the reports so far
        self.rtt_ms: float | None = None
        self.shortest_rtt_ms: float | None = None  # of the smoothed and the newest: what a receiver may go by
        self._least_rtt = float("inf")
        self._reported = self._changed = 0
        self._poor_since: int | None = None
        self._good_since: int | None = None
        self._wait = self._patience.up_after
        self._raised: int | None = None

    def measured(self, rtt_ms: float) -> None:
        """A round trip from one report block."""
        self._least_rtt = min(self._least_rtt, rtt_ms)
        self.rtt_ms = rtt_ms if self.rtt_ms is None else self.rtt_ms + (rtt_ms - self.rtt_ms) / 4
        self.shortest_rtt_ms = min(self.rtt_ms, rtt_ms)

    def report(self, loss: float, now: int, packets: int = 50) -> None:
        """The fraction lost of so many packets in one report; old reports weigh less, half after 1 s."""
        keep = 0.5 ** min(8.0, (now - self._reported) / SECOND) if self._reported else 0.5
        self._reported = now
        before = self._of or packets
        self._lost, self._of = self._lost * keep + loss * packets, before * keep + packets
        self.loss = self._lost / self._of if self._of else 0.0
        self._judge(now)

    def carries(self, limit: int | None, need: int, now: int) -> None:
        """What the line takes against what the full pictures of its slots cost now, in bit/s; often."""
        share = SHORT_BELOW if self.cap == "main" else 1.0
        short = limit is not None and need > 0 and limit < share * need
        if short or self.short:
            self.short = short
            self._judge(now)

    def _judge(self, now: int) -> None:
        patience = self._patience
        rtt = self.rtt_ms or 0.0
        stretched = rtt > patience.poor_rtt_ms and rtt > 3 * self._least_rtt
        # One deviation above the limit: on a slow track two lost packets of ten are no sign of 20 %.
        lossy = self._lost - math.sqrt(self._lost) > patience.poor_loss * self._of
        short = self.short and self.cap == "main"
        poor = lossy or stretched or short
        good = self.loss < patience.good_loss and not stretched and not self.short
        self._poor_since = (self._poor_since or now) if poor else None
        self._good_since = (self._good_since or now) if good else None
        if self._poor_since is not None:
            self._maybe_lower(now, self._poor_since)
        elif self._good_since is not None:
            self._maybe_raise(now, self._good_since)

    def _maybe_lower(self, now: int, since: int) -> None:
        patience = self._patience
        after = patience.down_after if self.cap == "main" else patience.down_again_after
        if self.short and self.cap == "main":
            after = patience.short_after
        if self.cap == "none" or now - since < after or now - self._changed < after:
            return
        if self._raised is not None and now - self._raised < 2 * patience.up_after:
            self._wait = min(2 * self._wait, patience.up_after_at_most)  # the better picture did not last
        self._step(-1, now)

    def _maybe_raise(self, now: int, since: int) -> None:
        if self.cap == "main":
            if self._raised is not None and now - self._raised > 6 * self._patience.up_after:
                self._wait = self._patience.up_after
            return
        if now - max(since, self._changed) >= self._wait:
            self._raised = now
            self._step(1, now)

    def _step(self, by: int, now: int) -> None:
        self.cap = LEVELS[LEVELS.index(self.cap) + by]
        self._changed = now
        self._poor_since = self._good_since = None
