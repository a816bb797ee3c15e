"""What deciding a visit's conditions looks at besides its kind: values that the caller has read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict

STRICT = ConfigDict(strict=True, extra="forbid")


def aware(at: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a time without its zone."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC)


Aware = Annotated[datetime, AfterValidator(aware)]


@dataclass(frozen=True, slots=True)
class ListeningDecision:
    """A decision to listen to one visit, made beforehand by somebody with the right to make it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: str
    basis: str
    made_by: str
    valid_until: Aware


@dataclass(frozen=True, slots=True)
class Standing:
    """A status of the contact that somebody verified in a register: estate-wide, and only for some time.

    `kind` is what a visit asks for (`VisitKind.standing`), `recheck_on` the day on which somebody must look
    again: the check is good up to it, and no longer on it.
    """

    kind: str
    register: str
    checked_by: str
    checked_on: date
    recheck_on: date

    def holds(self, day: date) -> bool:
        return self.checked_on <= day < self.recheck_on


@dataclass(frozen=True, slots=True)
class DecidingFacts:
    """The moment (`at`), the slot, who comes, and what was decided or verified beforehand.

    `contact` is the kind of the contact's own record and `standing` every verified status in it: who is a
    lawyer is not said by a booking. `children` are the visitors under the pack's adult age;
    `both_prisons_allow` is the other prison's yes to a visit between two prisons.
    """

    at: datetime
    starts_at: datetime
    ends_at: datetime
    contact: str
    standing: tuple[Standing, ...] = ()
    parties: int = 2
    children: int = 0
    both_prisons_allow: bool = False
    listening_decision: ListeningDecision | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def day(self) -> date:
        """The day of the visit, in UTC."""
        return aware(self.starts_at).date()

    @property
    def may_be_heard(self) -> bool:
        """The decision reaches to the end of the slot, so that it cannot run out in mid-call."""
        return self.listening_decision is not None and self.listening_decision.valid_until >= self.ends_at
