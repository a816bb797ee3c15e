"""A visit as everybody outside sees it: detached, frozen, and what may be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from visitation.conditions import Conditions, Undecided
from visitation.policy.subjects import VisitSubject
from visitation.words import Lang

VisitState = Literal["early", "open", "over", "cancelled", "undecided"]
LOBBY_OPENS: Final = timedelta(minutes=15)  # before the visit


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """Times are aware UTC. `relation` is what the visitor is to the prisoner; `kind` is for the
    office's list only: what may happen to the call is in `conditions`, None when unreadable. `undecided`
    says why the visit cannot be started, which the office is told; None when nothing stands against it."""

    visit_id: str
    prison_id: str
    terminal_id: str
    prisoner_id: str
    contact_id: str
    kind: str
    prisoner_name: str
    visitor_name: str
    relation: dict[Lang, str]
    office: str | None
    unit: str
    cell: str
    starts_at: datetime
    ends_at: datetime
    joinable_from: datetime
    status: str
    outcome: str | None
    conditions: Conditions | None
    undecided: Undecided | None
    decided_finally_at: datetime | None
    call_begun_at: datetime | None
    call_ended_at: datetime | None

    @property
    def closed(self) -> bool:
        """Privileged, or unknown, which is treated as privileged: no names or pictures for officers."""
        return self.undecided is not None or self.conditions is None or self.conditions.closed

    @property
    def held_under(self) -> Conditions | None:
        """What people may be told: nothing of what would be refused."""
        return None if self.undecided is not None else self.conditions

    @property
    def ended(self) -> bool:
        """It has an outcome: no further call of it begins."""
        return self.outcome is not None

    def state(self, now: datetime) -> VisitState:
        """Whether it can be joined at this moment, and why not."""
        if self.status != "booked":
            return "cancelled"
        if self.ended or now >= self.ends_at:
            return "over"
        if self.undecided is not None or self.conditions is None:
            return "undecided"
        return "early" if now < self.joinable_from else "open"

    def subject(self) -> VisitSubject:
        """What the policy table is asked about."""
        return VisitSubject(
            visit_id=self.visit_id,
            prison_id=self.prison_id,
            prisoner_id=self.prisoner_id,
            contact_id=self.contact_id,
            terminal_id=self.terminal_id,
            conditions=self.conditions,
        )
