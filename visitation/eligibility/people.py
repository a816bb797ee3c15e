"""What is known of the people of a proposal, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of somebody's time: aware UTC, from included, until excluded. `id` is the visit, hold or
    appointment that takes it; `label` is for staff."""

    starts_at: datetime
    ends_at: datetime
    id: str | None = None
    label: str = ""


class RestrictionType(StrEnum):
    BAN = "ban"
    CLOSED = "closed"
    NON_CONTACT = "non_contact"
    CHILD = "child"  # children are to be vetted
    COURT_CONTACT = "court_contact"
    RESTRICTED = "restricted"
    CCTV = "cctv"
    ACCESS = "access"  # needs of access, for information
    HEALTH = "health"  # likewise
    PREVIOUS = "previous"  # likewise: what was noted before


@dataclass(frozen=True, slots=True)
class Restriction:
    """In force from the first to the last day, both included; `last_day` None = until lifted, which a ban
    never is. `contact_ids` None = whoever comes; in a restriction of association they are prisoners. A
    court's restriction says what it covers: visits, association with other prisoners, or neither (letters
    and telephone alone)."""

    id: str
    type: RestrictionType
    first_day: date
    last_day: date | None = None
    contact_ids: frozenset[str] | None = None
    covers_visits: bool = True
    covers_association: bool = True

    def on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Alert:
    """`forces_review` is false for alerts that only help staff to help (sight, speech, a plan to leave)."""

    id: str
    code: str
    first_day: date
    last_day: date | None = None
    forces_review: bool = True

    def on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class Presence(StrEnum):
    """AWAY is at court or in hospital: the prisoner comes back, so nothing is refused for it."""

    IN = "in"
    AWAY = "away"
    TRANSFERRED = "transferred"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit the prisoner has; `date` is local. `counts` = towards the week's limit for remand prisoners."""

    visit_id: str
    date: date
    starts_at: datetime
    ends_at: datetime
    template_id: str | None = None
    closed: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class PrisonerFacts:
    """`prison_id` is where they are now. `leaves_on` is a known day of release or transfer, from which on
    nothing is booked. `housing` has up to four levels, from the house to the cell. `appointments` are
    those that outrank a visit. `bookings` reach over the whole weeks that the days in question touch."""

    id: str
    prison_id: str
    presence: Presence = Presence.IN
    leaves_on: date | None = None
    remand: bool = False
    housing: tuple[str, ...] = ()
    category: str | None = None
    incentive: str | None = None
    alerts: tuple[Alert, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    appointments: tuple[Span, ...] = ()
    bookings: tuple[Booking, ...] = ()
    # Local day -> those near whom the prisoner must not be and who have a visit or a hold in the prison.
    non_association_days: Mapping[date, tuple[str, ...]] = field(default_factory=dict)
    non_associates: frozenset[str] = frozenset()


class ContactClass(StrEnum):
    SOCIAL = "social"
    PROFESSIONAL = "professional"
    AUTHORITY = "authority"
    PRISONER = "prisoner"  # of another prison


class LinkState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OfficialStatus:
    """Somebody looked this person up in a register and found this standing ("legal", "oversight"); the look
    holds until `recheck_on`, excluded."""

    standing: str
    register: str
    checked_on: date
    recheck_on: date


@dataclass(frozen=True, slots=True)
class VisitorFacts:
    """A contact as the prisoner's visitor. `link` is None when the two are not linked; for a visit that asks
    for a verified standing none is needed. `responsible_ids` are the adults who may bring a child.
    `restrictions` are theirs wherever they visit (those of the two are the prisoner's, with `contact_ids`);
    `busy` is the time their other visits take."""

    id: str
    contact_class: ContactClass
    born: date | None
    link: LinkState | None = None
    officials: tuple[OfficialStatus, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    responsible_ids: frozenset[str] = frozenset()
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class BookerFacts:
    """An account of the public or of a professional: for whom it may book, and whom it may bring."""

    id: str
    prisoner_ids: frozenset[str]
    visitor_ids: frozenset[str]
