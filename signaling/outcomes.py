"""The one map from how a call ended to how its visit turned out: facts the call has, in the field's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from signaling.shapes import By, EndReason
from visitation.outcomes import Outcome

# The visit has not turned out yet: another call of it may follow.
OPEN_ENDED: Final[frozenset[EndReason]] = frozenset({"node"})
_BY_REASON: Final[Mapping[EndReason, Outcome]] = {
    "recorder": Outcome.TECHNICAL_SERVER,
    "unsupervised": Outcome.NO_SUPERVISOR,
}
_LEFT: Final[Mapping[By, Outcome]] = {
    "visitor": Outcome.VISITOR_COMPLETED_EARLY,
    "prisoner": Outcome.PRISONER_COMPLETED_EARLY,
}
_ABSENT: Final[Mapping[str, Outcome]] = {
    "visitor": Outcome.TECHNICAL_VISITOR_NETWORK,
    "prisoner": Outcome.TECHNICAL_PRISON_NETWORK,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended. `by` is who ended it, `absent` the party that stayed away until it was ended for that.

    `was_live`: both were in it together. The rest says how far it came otherwise: `visitor_passed` the lobby,
    the prisoner `declined` the last ring, and the `terminal_there` was connected.
    """

    reason: EndReason
    by: By | None = None
    absent: str | None = None
    was_live: bool = False
    visitor_passed: bool = False
    declined: bool = False
    terminal_there: bool = False


def outcome_of(ending: Ending) -> Outcome | None:
    """None while the visit may still be held."""
    if ending.reason in OPEN_ENDED:
        return None
    if ending.by == "officer":
        return Outcome.TERMINATED_BY_STAFF
    if ending.reason in _BY_REASON:
        return _BY_REASON[ending.reason]
    if ending.reason == "left" and ending.by is not None and ending.by in _LEFT:
        return _LEFT[ending.by]
    if ending.reason == "absence" and ending.absent is not None:
        return _ABSENT[ending.absent]
    return Outcome.COMPLETED_NORMALLY if ending.was_live else _never_live(ending)


def _never_live(ending: Ending) -> Outcome:
    if not ending.visitor_passed:
        return Outcome.VISITOR_DID_NOT_ARRIVE
    if ending.declined:
        return Outcome.PRISONER_REFUSED_TO_ATTEND
    return Outcome.PRISONER_NOT_INFORMED if ending.terminal_there else Outcome.TECHNICAL_TERMINAL
