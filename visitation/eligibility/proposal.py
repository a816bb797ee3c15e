"""What somebody would like to arrange, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final

from visitation.eligibility.codes import PASSED_BY, Override, RefusalCode, ReviewReason
from visitation.texts import Param


class VisitKind(StrEnum):
    SOCIAL = "social"
    SOCIAL_CHILDREN = "social_children"
    LEGAL = "legal"
    OVERSIGHT = "oversight"
    AUTHORITY = "authority"
    HEALTH = "health"
    EDUCATION = "education"
    INTERPRISON = "interprison"
    CONSULAR = "consular"
    CLERGY = "clergy"


# Counsel and those who oversee the prison: no ban, court's contact restriction or alert ever meets them.
UNRESTRICTED_KINDS: Final = frozenset({VisitKind.LEGAL, VisitKind.OVERSIGHT})


class UserType(StrEnum):
    """In whose name it is booked. SYSTEM carries over what was arranged elsewhere."""

    STAFF = "staff"
    PUBLIC = "public"
    PRISONER = "prisoner"
    SYSTEM = "system"


class VisitRestriction(StrEnum):
    """Which of a session's two capacities a visit takes."""

    OPEN = "open"
    CLOSED = "closed"


class VisitSubStatus(StrEnum):
    AUTO_APPROVED = "auto_approved"
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    AUTO_REJECTED = "auto_rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One visit somebody would like to have.

    `date`, `start` and `end` are what the prison's clocks show. `kind` is a VisitKind, or anything else,
    which is refused. `template_id` None is for staff alone. `visitor_ids` None means that the people are
    not chosen yet: only `hold_refusals` and `slots` leave them out. `hold_id` and `replaces_visit_id` are
    the proposal's own hold and the visit it would change: neither stands in its way.
    """

    kind: str
    prison_id: str
    prisoner_id: str
    date: date
    start: time
    end: time
    template_id: str | None
    user_type: UserType
    visitor_ids: tuple[str, ...] | None = None
    booker_id: str | None = None
    terminal_id: str | None = None
    officer_id: str | None = None
    other_prisoner_id: str | None = None
    closed_wanted: bool = False
    overrides: frozenset[Override] = frozenset()
    hold_id: str | None = None
    replaces_visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. `about` is the id of the person or thing meant (visitor, prisoner, terminal, appointment);
    `params` fill the words for staff, and none of them is for the public."""

    code: RefusalCode
    about: str | None = None
    params: tuple[tuple[str, Param], ...] = ()

    @property
    def override(self) -> Override | None:
        """What a member of staff could choose so as to pass it."""
        return PASSED_BY.get(self.code)


@dataclass(frozen=True, slots=True)
class ReviewCause:
    """Why the office is to look at a visit; `about` is the alert, restriction, person or source meant."""

    reason: ReviewReason
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything there is to say about a proposal: it may be booked exactly when `sub_status` is set.
    `terminal_ids` are the terminals free for it, best first, and those of the other side."""

    refusals: tuple[Refusal, ...]
    review: tuple[ReviewCause, ...]
    restriction: VisitRestriction
    terminal_ids: tuple[str, ...]
    other_terminal_ids: tuple[str, ...]
    sub_status: VisitSubStatus | None
