"""What processes and the machine have used so far, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

TICKS: int = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """CPU seconds of one process (all its threads)."""

    user: float
    system: float

    def __sub__(self, other: Used) -> Used:
        return Used(self.user - other.user, self.system - other.system)


class Machine(NamedTuple):
    """CPU seconds over all cores: worked by anybody, and taken away by the hypervisor."""

    busy: float
    stolen: float


def used(pid: int) -> Used:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Used(int(fields[11]) / TICKS, int(fields[12]) / TICKS)


class Held(NamedTuple):
    """What a process holds now: resident megabytes, threads, open files."""

    rss_mb: float
    threads: int
    files: int


def held(pid: int) -> Held:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Held(int(lines["VmRSS"].split()[0]) / 1024, int(lines["Threads"]), files)


def machine_ticks() -> Machine:
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, irq, soft_irq, stolen = (int(number) / TICKS for number in fields[1:9])
    return Machine(user + nice + system + irq + soft_irq, stolen)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Latency(NamedTuple):
    """Milliseconds; nan where nothing arrived."""

    p50: float
    p99: float
    worst: float


def latency(counts: Mapping[int, int], worst_us: float) -> Latency:
    """Of {microseconds: how many}."""
    if not counts:
        return Latency(*[float("nan")] * 3)
    total, seen, found = sum(counts.values()), 0, []
    shares = [0.5, 0.99]
    for us, count in sorted(counts.items()):
        seen += count
        while shares and seen >= shares[0] * total:
            found.append(us / 1000)
            shares.pop(0)
    return Latency(found[0], found[1], worst_us / 1000)


def latency_of(values_ns: Sequence[int]) -> Latency:
    values = [value / 1e6 for value in values_ns]
    return Latency(percentile(values, 0.5), percentile(values, 0.99), max(values, default=float("nan")))
