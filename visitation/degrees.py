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


class Behaviour(Degrees, Protocol):
    """The degrees, and what the server does when somebody or something is missing."""

    @property
    def without_supervisor(self) -> WithoutSupervisor: ...
    @property
    def without_recorder(self) -> WithoutRecorder: ...
    @property
    def show_watchers(self) -> bool: ...


def is_recorded(what: Degrees) -> bool:
    """Picture or sound may be written down."""
    return not (what.record_picture is what.record_sound is Recording.FORBIDDEN)


def is_closed(what: Degrees) -> bool:
    """Nothing is recorded, watched or listened to, and no decision could change that."""
    return not is_recorded(what) and what.watch_picture is what.watch_sound is Watching.NONE


def recorded_code(what: Degrees) -> str:
    """Which of picture and sound are recorded."""
    degrees = (("picture", what.record_picture), ("sound", what.record_sound))
    return "_".join(name for name, degree in degrees if degree is not Recording.FORBIDDEN) or "nothing"


def attended_code(what: Degrees) -> str:
    """How an officer attends: may, does the whole time ("always"), or not at all."""
    degrees = (("watched", what.watch_picture), ("heard", what.watch_sound))
    verbs = (
        f"always_{verb}" if degree is Watching.CONTINUOUS else verb for verb, degree in degrees if degree.open
    )
    return "_".join(verbs) or "unattended"


def banner_code(what: Degrees) -> str:
    """The one banner that is true of this behaviour: words and behaviour cannot differ."""
    return "closed" if is_closed(what) else f"{recorded_code(what)}_recorded_{attended_code(what)}"


def told_codes(what: Behaviour) -> tuple[str, ...]:
    """Everything people must be told of this behaviour, the banner first."""
    if is_closed(what):
        return ("closed", "time_is_known")
    also = {
        "officer_may_stop": True,
        "recorder_required": is_recorded(what) and what.without_recorder is WithoutRecorder.HOLD_THEN_END,
        "supervisor_required": what.watch_picture is Watching.CONTINUOUS
        and what.without_supervisor is WithoutSupervisor.HOLD,
        "watchers_shown": what.show_watchers and what.watch_picture.open,
    }
    return (banner_code(what), *(code for code, told in also.items() if told))
