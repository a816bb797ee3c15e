"""What processes and the machine have used so far, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Sequence
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


def peak_mb(pid: int) -> float:
    """The most memory the process ever had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def machine_ticks() -> Machine:
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, irq, soft_irq, stolen = (int(number) / TICKS for number in fields[1:9])
    return Machine(user + nice + system + irq + soft_irq, stolen)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
