"""What officers (and the server itself) did to a call: holds and warnings, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from signaling.shapes import By, HoldState, ReasonCode, WarningState

Cause = Literal["officer", "recorder", "supervisor"]
# An officer's hold is the one that is told: it has words.
_ORDER: Final[tuple[Cause, ...]] = ("officer", "recorder", "supervisor")

# The same warning twice within this time is one press of a button (ms).
SAME_WARNING: Final = 3_000
MOST_WARNINGS: Final = 50


class Holds:
    """Why a call is held: one hold per cause; it is held while any is left."""

    def __init__(self) -> None:
        self._holds: dict[Cause, HoldState] = {}

    def put(self, cause: Cause, reason: ReasonCode, text: str, now: int) -> bool:
        """False when this cause holds already: the first one stands."""
        if cause in self._holds:
            return False
        by: By = "officer" if cause == "officer" else "system"
        self._holds[cause] = HoldState(reason=reason, text=text, since=now, by=by)
        return True

    def lift(self, cause: Cause) -> bool:
        return self._holds.pop(cause, None) is not None

    def has(self, cause: Cause) -> bool:
        return cause in self._holds

    @property
    def shown(self) -> HoldState | None:
        return next((self._holds[cause] for cause in _ORDER if cause in self._holds), None)


@dataclass
class Given:
    """A warning in force; `by` is the officer's person id, for telling a double press from a new one."""

    id: str
    code: ReasonCode | None
    text: str
    at: int
    by: str
    seen_by: list[str] = field(default_factory=list)

    def state(self) -> WarningState:
        return WarningState(self.id, self.code, self.text, self.at, tuple(self.seen_by))


class Warnings:
    """The warnings of a call in order; the oldest leaves when there are too many."""

    def __init__(self) -> None:
        self._list: list[Given] = []

    def pressed_again(self, code: ReasonCode | None, text: str, by: str, now: int) -> Given | None:
        """The same officer's same warning of a moment ago, if there is one."""
        for warning in reversed(self._list):
            if (warning.code, warning.text, warning.by) == (code, text, by):
                return warning if now - warning.at < SAME_WARNING else None
        return None

    def add(self, warning: Given) -> None:
        self._list.append(warning)
        del self._list[:-MOST_WARNINGS]

    def find(self, warning_id: str) -> Given | None:
        return next((warning for warning in self._list if warning.id == warning_id), None)

    def states(self) -> tuple[WarningState, ...]:
        return tuple(warning.state() for warning in self._list)
