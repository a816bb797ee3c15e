"""What is known of the prison, its sessions and their room: with the people, all that deciding looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from visitation.eligibility.people import BookerFacts, PrisonerFacts, Span, VisitorFacts
from visitation.eligibility.proposal import UserType


@dataclass(frozen=True, slots=True)
class Window:
    """The days a user type may book, counted from today: 2 = the day after tomorrow is the first."""

    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class KindTerms:
    """How the policy lets one kind of visit be arranged. `clients` without a user type = not theirs.

    `standing` is what the visitors must be verified to be. `uses_allowance` names the allowance that a
    visit's minutes are taken from, which also makes it count towards a remand prisoner's week.
    """

    kind: str
    clients: Mapping[UserType, Window]
    contact_classes: frozenset[str]
    max_minutes: int
    max_visitors: int
    standing: str | None = None
    needs_child: bool = False
    automatic: bool = False
    uses_allowance: str | None = None


@dataclass(frozen=True, slots=True)
class PrisonFacts:
    """`alone_from_age` is the age from which a minor may come without a responsible adult; None = never.
    `week_start` 0 = Monday. `country` and `subdivision` are ISO 3166 codes that name the public holidays;
    None = the prison keeps none."""

    id: str
    timezone: ZoneInfo
    kinds: Mapping[str, KindTerms]
    active: bool = True
    adult_age: int = 18
    alone_from_age: int | None = None
    max_total: int = 4
    max_adults: int = 4
    max_children: int = 4
    max_children_per_adult: int | None = None
    week_start: int = 0
    remand_limit_per_week: int | None = None
    excluded: frozenset[date] = frozenset()
    country: str | None = "FI"
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Those named, or, when `exclude`, all but those named. Empty and not excluding = nobody is left out."""

    values: frozenset[str] = frozenset()
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Selection by housing: each place has one to four levels and means everything inside it."""

    values: frozenset[tuple[str, ...]] = frozenset()
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A recurring session. `weekday` 0 = Monday; `start` and `end` are the prison's wall clock;
    `every_weeks` n = every n-th week, counted from the week of `valid_from`; `valid_to` is included."""

    id: str
    kinds: frozenset[str]
    weekday: int
    start: time
    end: time
    valid_from: date
    valid_to: date | None = None
    every_weeks: int = 1
    open_capacity: int = 1
    closed_capacity: int = 0
    active: bool = True
    excluded: frozenset[date] = frozenset()
    user_types: frozenset[UserType] = frozenset(UserType)
    for_children: bool = False
    on_public_holidays: bool = False
    places: Places = Places()
    categories: Selection = Selection()
    incentives: Selection = Selection()


SlotKey = tuple[str, date]  # template id, local date


@dataclass(frozen=True, slots=True)
class Taken:
    """How many booked visits (not holds) a slot has in each of its two capacities."""

    open: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot kept for somebody who fills in the form; it stands until `expires_at`, excluded."""

    id: str
    template_id: str
    date: date
    starts_at: datetime
    ends_at: datetime
    prisoner_id: str
    closed: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """Where the prisoner would sit. `kinds` None = good for every kind. `blocked` are times out of use,
    `busy` visits and holds of other people."""

    id: str
    active: bool = True
    kinds: frozenset[str] | None = None
    blocked: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()


class Source(StrEnum):
    """Where facts come from; one that could not be read sends everything to the office."""

    ALERTS = "alerts"
    RESTRICTIONS = "restrictions"
    NON_ASSOCIATIONS = "non_associations"
    APPOINTMENTS = "appointments"
    ALLOWANCES = "allowances"


@dataclass(frozen=True, slots=True)
class OtherSide:
    """The second prisoner of an interprison visit, their prison, and where they could sit."""

    prison: PrisonFacts
    prisoner: PrisonerFacts
    terminals: tuple[TerminalFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowanceLeft:
    """How many minutes could still be taken in each period: first days in order, and what is left from each
    on; a day before the first period has none. Made by `visitation.allowances`, without what the replaced
    visit used."""

    allowance: str
    periods: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that deciding about visits of one prisoner looks at; None = there is no such thing.

    `terminals` are those the visit could be held at, best first. `officer_busy` is the time of the
    proposal's officer. `taken` has what is booked per slot, a slot without bookings may be missing.
    """

    now: datetime
    prison: PrisonFacts | None
    prisoner: PrisonerFacts | None
    visitors: Mapping[str, VisitorFacts] = field(default_factory=dict)
    booker: BookerFacts | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    taken: Mapping[SlotKey, Taken] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    terminals: tuple[TerminalFacts, ...] = ()
    officer_busy: tuple[Span, ...] = ()
    allowance: AllowanceLeft | None = None
    other: OtherSide | None = None
    unread: frozenset[Source] = frozenset()
