"""The degrees in which a call can be recorded and watched, and the one line that is true of each mix."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Recording(StrEnum):
    REQUIRED = "required"
    PERMITTED = "permitted"
    FORBIDDEN = "forbidden"


class Watching(StrEnum):
    """How an officer may attend, live and in playback alike."""

    CONTINUOUS = "continuous"
    ON_DEMAND = "on_demand"
    BY_DECISION = "by_decision"  # not now: a decision about this visit would have to say so first
    NONE = "none"

    @property
    def open(self) -> bool:
        """True when an officer may attend without a further decision."""
        return self in (Watching.CONTINUOUS, Watching.ON_DEMAND)


class WithoutSupervisor(StrEnum):
    GO_ON = "go_on"
    HOLD = "hold"


class WithoutRecorder(StrEnum):
    GO_ON = "go_on"
    HOLD_THEN_END = "hold_then_end"


class Degrees(Protocol):
    """Whatever says how far a call is recorded and watched: a rule, or the conditions made of it."""

    @property
    def record_picture(self) -> Recording: ...
    @property
    def record_sound(self) -> Recording: ...
    @property
    def watch_picture(self) -> Watching: ...
    @property
    def watch_sound(self) -> Watching: ...


def is_recorded(what: Degrees) -> bool:
    """Picture or sound may be written down."""
    return not (what.record_picture is what.record_sound is Recording.FORBIDDEN)


def is_closed(what: Degrees) -> bool:
    """Nothing is recorded, watched or listened to, and no decision could change that."""
    return not is_recorded(what) and what.watch_picture is what.watch_sound is Watching.NONE


def banner_code(what: Degrees) -> str:
    """The one banner that is true of this behaviour: words and behaviour cannot differ."""
    if is_closed(what):
        return "closed"
    recorded = (("picture", what.record_picture), ("sound", what.record_sound))
    attended = (("watched", what.watch_picture), ("heard", what.watch_sound))
    kept = [name for name, degree in recorded if degree is not Recording.FORBIDDEN] or ["nothing"]
    open_to = [verb for verb, degree in attended if degree.open] or ["unattended"]
    return "_".join([*kept, "recorded", *open_to])
