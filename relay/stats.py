"""Figures of the relay and of each leg, for screens and for the bench; nothing decides by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relay.congestion import Level
from relay.table import Kind


@dataclass(frozen=True, slots=True)
class LegStats:
    """One leg over the last second or so; bit rates in bit/s, losses as fractions before repair."""

    party: str
    connected: bool
    rtt_ms: float | None
    loss_up: float
    loss_down: float
    bitrate_up: int
    bitrate_down: int
    line: int  # 0 lost .. 4 good
    levels: dict[int, Level] = field(default_factory=dict)
    publishing: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class RelayStats:
    """Since start; `drops` counts refused datagrams by reason, in words for a log."""

    hubs: int
    legs: int
    datagrams_in: int
    datagrams_out: int
    errors: int
    drops: Mapping[str, int]
    path: str = "Python"  # or "native": what carries the packets


def line(*, heard: bool, loss: float, rtt_ms: float | None) -> int:
    """0 lost, 1 poor .. 4 good: the worse of loss (either way) and round trip."""
    if not heard:
        return 0
    rtt = rtt_ms or 0.0
    for grade, most_loss, most_rtt in ((4, 0.02, 200.0), (3, 0.06, 400.0), (2, 0.15, 800.0)):
        if loss <= most_loss and rtt <= most_rtt:
            return grade
    return 1
