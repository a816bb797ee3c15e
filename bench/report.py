"""The bench's figures as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Result:
    """One stretch. `cpu` is (user, system) seconds per call-minute of relay and recorder. `core`, `client_core`, `others`
    (everybody else on the machine) and `steal` are shares of one core."""

    kind: str
    calls: int
    cpu: Sequence[tuple[float, float]]
    peak_mb: Sequence[float]
    lag_ms: tuple[float, float]
    video_ms: tuple[float, float]
    audio_ms: tuple[float, float]
    frames: float
    core: float
    client_core: float
    others: float
    steal: float
    drops: Mapping[str, int]
    errors: int
    unrecorded: int


COLUMNS = (
    ("server", 10),
    ("calls", 5),
    ("CPU s/call-min", 14),
    ("relay u+s", 11),
    ("recorder u+s", 12),
    ("peak MB", 9),
    ("lag p50/p99 ms", 14),
    ("video p50/p99 ms", 16),
    ("audio p50/p99 ms", 16),
    ("frames", 7),
    ("core", 5),
    ("client", 6),
    ("others", 6),
    ("steal", 6),
    ("dropped", 0),
)


def header() -> str:
    return " ".join(name.rjust(width) for name, width in COLUMNS)


def row(result: Result) -> str:
    """One line of the table."""
    relay, *recorder = [f"{user:.2f}+{system:.2f}" for user, system in result.cpu]
    dropped = [f"{name} {count}" for name, count in result.drops.items() if count]
    dropped += [f"errors {result.errors}"] * bool(result.errors) + [f"unrecorded {result.unrecorded}"] * bool(
        result.unrecorded
    )
    cells = (
        result.kind,
        str(result.calls),
        f"{sum(user + system for user, system in result.cpu):.2f}",
        relay,
        recorder[0] if recorder else "-",
        "/".join(f"{peak:.0f}" for peak in result.peak_mb),
        *(f"{middle:.1f}/{late:.1f}" for middle, late in (result.lag_ms, result.video_ms, result.audio_ms)),
        f"{result.frames:.1%}",
        f"{result.core:.0%}",
        f"{result.client_core:.0%}",
        f"{result.others:.0%}",
        f"{result.steal:.1%}",
        ", ".join(dropped) or "-",
    )
    return " ".join(cell.rjust(width) for cell, (_, width) in zip(cells, COLUMNS, strict=True))


def medians(results: Sequence[Result]) -> list[Result]:
    """For each server and number of calls, every figure's median over the repeats."""
    groups: dict[tuple[str, int], list[Result]] = {}
    for result in results:
        groups.setdefault((result.kind, result.calls), []).append(result)
    return [_median(group) for group in groups.values()]


def _median(group: Sequence[Result]) -> Result:
    def pairs(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
        return median(first for first, _ in values), median(second for _, second in values)

    first = group[0]
    return Result(
        kind=first.kind,
        calls=first.calls,
        cpu=[pairs([result.cpu[index] for result in group]) for index in range(len(first.cpu))],
        peak_mb=[median(result.peak_mb[index] for result in group) for index in range(len(first.peak_mb))],
        lag_ms=pairs([result.lag_ms for result in group]),
        video_ms=pairs([result.video_ms for result in group]),
        audio_ms=pairs([result.audio_ms for result in group]),
        frames=median(result.frames for result in group),
        core=median(result.core for result in group),
        client_core=median(result.client_core for result in group),
        others=median(result.others for result in group),
        steal=median(result.steal for result in group),
        drops={
            name: max(result.drops.get(name, 0) for result in group)
            for result in group
            for name in result.drops
        },
        errors=max(result.errors for result in group),
        unrecorded=max(result.unrecorded for result in group),
    )
