"""Lays tracks on one time line: sender clocks from sender reports, and the network's quickest way from arrivals.

Two pieces, both piecewise linear curves that never step (a step is slewed):
- a track's RTP clock to its sender's wall clock, a running median over its sender reports (RFC 3550 section
  6.4.1), so that sound and picture of one leg agree;
- a leg's wall clock to the recording's time line, the lower envelope of arrivals (least network delay), so
  that the parties agree. A track without believable reports goes by its own arrivals alone.
All times in microseconds from the recording's origin, RTP extended.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

STEEPEST = 0.03  # at most 1 ms in a 30 fps frame
WINDOW_US = 10_000_000
NEIGHBOURS = 2
FARTHEST_US = 2_000_000  # media laid farther than this from its arrival: its reports are not believed


@dataclass(frozen=True, slots=True)
class Curve:
    """Linear between its points, level outside them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def at(self, x: float) -> float:
        place = bisect_right(self.xs, x)
        if place == 0:
            return self.ys[0]
        if place == len(self.xs):
            return self.ys[-1]
        x0, x1, y0, y1 = self.xs[place - 1], self.xs[place], self.ys[place - 1], self.ys[place]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


@dataclass(frozen=True, slots=True)
class Report:
    """A sender report: extended RTP timestamp, NTP time in us since 1900, arrival."""

    rtp: int
    ntp_us: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Samples:
    """One track of one leg: (extended RTP, arrival) of its clusters, and its sender reports."""

    rate: int
    arrivals: Sequence[tuple[int, int]]
    reports: Sequence[Report]


def ntp_us(ntp: int) -> int:
    """64-bit NTP time to microseconds."""
    return ntp * 1_000_000 >> 32


def leg_clocks(tracks: Sequence[Samples]) -> list[TrackClock]:
    """The clocks of one leg's tracks, in the same order."""
    senders = [_sender(track) for track in tracks]
    while True:
        clocks = _joined(tracks, senders)
        lying = [
            place
            for place, (track, clock) in enumerate(zip(tracks, clocks, strict=True))
            if senders[place] is not None and not _believable(track, clock)
        ]
        if not lying:
            return clocks
        for place in lying:
            senders[place] = None


def _joined(tracks: Sequence[Samples], senders: Sequence[Curve | None]) -> list[TrackClock]:
    """The tracks with a sender's clock share one way to the time line; the others go by their arrivals."""
    points: list[tuple[float, float]] = []
    for track, sender in zip(tracks, senders, strict=True):
        if sender is not None:
            points += _delays(track, sender)
    envelope = _envelope(points)
    return [
        _by_arrival(track) if sender is None else TrackClock(track.rate, sender, envelope)
        for track, sender in zip(tracks, senders, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class TrackClock:
    """RTP to time line: through the sender's clock, or straight when `sender` is None."""

    rate: int
    sender: Curve | None
    offset: Curve

    def at(self, rtp: int) -> int:
        x = rtp * 1e6 / self.rate
        if self.sender is not None:
            x += self.sender.at(x)
        return round(x + self.offset.at(x))


def _by_arrival(track: Samples) -> TrackClock:
    points = [(rtp * 1e6 / track.rate, at_us - rtp * 1e6 / track.rate) for rtp, at_us in track.arrivals]
    return TrackClock(track.rate, None, _envelope(points))


def _sender(track: Samples) -> Curve | None:
    """What to add to a track's RTP time for its sender's time; None without reports."""
    if not track.reports:
        return None
    found = sorted({report.rtp: report for report in track.reports}.values(), key=lambda report: report.rtp)
    xs = [report.rtp * 1e6 / track.rate for report in found]
    offs = [report.ntp_us - x for report, x in zip(found, xs, strict=True)]
    around = [offs[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1] for i in range(len(offs))]
    return _slewed(zip(xs, map(median, around), strict=True))


def _delays(track: Samples, sender: Curve) -> list[tuple[float, float]]:
    """(sender's time, arrival minus it) of a track's clusters."""
    points = []
    for rtp, at_us in track.arrivals:
        x = rtp * 1e6 / track.rate
        x += sender.at(x)
        points.append((x, at_us - x))
    return points


def _envelope(points: Sequence[tuple[float, float]]) -> Curve:
    """The least delay within WINDOW_US either way, every WINDOW_US."""
    if not points:
        return Curve((0.0,), (0.0,))
    found = sorted(points)
    xs = [x for x, _ in found]
    knots = [xs[0] + step * WINDOW_US for step in range(int((xs[-1] - xs[0]) // WINDOW_US) + 1)]
    curve = []
    for knot in [*knots, xs[-1]]:
        near = found[bisect_left(xs, knot - WINDOW_US) : bisect_right(xs, knot + WINDOW_US)]
        if near:
            curve.append((knot, min(y for _, y in near)))
    return _slewed(curve)


def _slewed(points: Iterable[tuple[float, float]]) -> Curve:
    xs: list[float] = []
    ys: list[float] = []
    for x, y in points:
        if not xs:
            xs, ys = [x], [y]
        elif x > xs[-1]:
            most = STEEPEST * (x - xs[-1])
            ys.append(min(max(y, ys[-1] - most), ys[-1] + most))
            xs.append(x)
    return Curve(tuple(xs), tuple(ys))


def _believable(track: Samples, clock: TrackClock) -> bool:
    off = [abs(clock.at(rtp) - at_us) for rtp, at_us in track.arrivals]
    return not off or median(off) < FARTHEST_US
