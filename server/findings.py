"""What the doctor says of one thing."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Grade(enum.IntEnum):
    """Ordered by gravity; the gravest is the command's exit code."""

    GOOD = 0
    CHANGE = 1
    STOPS = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` say what is; `remedy` what to type or set, empty where there is nothing to do."""

    name: str
    grade: Grade
    words: str
    remedy: str = ""


def good(name: str, words: str) -> Finding:
    return Finding(name, Grade.GOOD, words)


def change(name: str, words: str, remedy: str) -> Finding:
    return Finding(name, Grade.CHANGE, words, remedy)


def stops(name: str, words: str, remedy: str) -> Finding:
    return Finding(name, Grade.STOPS, words, remedy)


def size(count: float) -> str:
    """Bytes as people say them."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"
