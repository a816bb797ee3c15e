"""What people are told of a refusal: staff the reason, everybody else a neutral code that gives nobody away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from visitation.eligibility.codes import Override, RefusalCode
from visitation.eligibility.proposal import Refusal, ReviewCause
from visitation.texts import Param, filled, texts
from visitation.words import Words


class PublicCode(StrEnum):
    """One code for all that must not be told apart: a full session, a non-association, a court's hearing and
    somebody else's visit are all "not free"."""

    PRISON_CLOSED = "prison_closed"
    PERSON_NOT_HERE = "person_not_here"
    KIND_NOT_AVAILABLE = "kind_not_available"
    NOT_FOR_YOU_TO_BOOK = "not_for_you_to_book"
    NO_ALLOWANCE = "no_allowance"
    NO_VISITORS = "no_visitors"
    VISITOR_NOT_APPROVED = "visitor_not_approved"
    VISITOR_NOT_FOR_KIND = "visitor_not_for_kind"
    OFFICIAL_NOT_VERIFIED = "official_not_verified"
    VISITOR_CANNOT_COME = "visitor_cannot_come"
    VISITOR_AGE_UNKNOWN = "visitor_age_unknown"
    NO_CHILD = "no_child"
    NO_ADULT = "no_adult"
    RESPONSIBLE_ADULT_MISSING = "responsible_adult_missing"
    TOO_MANY_VISITORS = "too_many_visitors"
    TOO_MANY_ADULTS = "too_many_adults"
    TOO_MANY_CHILDREN = "too_many_children"
    TOO_MANY_CHILDREN_PER_ADULT = "too_many_children_per_adult"
    TIME_NOT_OFFERED = "time_not_offered"
    TIME_IN_PAST = "time_in_past"
    TOO_LONG = "too_long"
    DATE_TOO_EARLY = "date_too_early"
    DATE_TOO_LATE = "date_too_late"
    DAY_CLOSED = "day_closed"
    NOT_FREE = "not_free"


_R, _P = RefusalCode, PublicCode
TOLD_AS: Final[Mapping[RefusalCode, PublicCode]] = {
    _R.PRISON_NOT_FOUND: _P.PRISON_CLOSED,
    _R.PRISON_CLOSED: _P.PRISON_CLOSED,
    _R.PRISONER_NOT_FOUND: _P.PERSON_NOT_HERE,
    _R.PRISON_PRISONER_MISMATCH: _P.PERSON_NOT_HERE,
    _R.PRISONER_RELEASED: _P.PERSON_NOT_HERE,
    _R.PRISONER_TRANSFERRED: _P.PERSON_NOT_HERE,
    _R.PRISONER_LEAVES: _P.NOT_FREE,
    _R.KIND_UNKNOWN: _P.KIND_NOT_AVAILABLE,
    _R.KIND_NOT_AVAILABLE: _P.KIND_NOT_AVAILABLE,
    _R.OTHER_PRISONER_MISSING: _P.KIND_NOT_AVAILABLE,
    _R.USER_TYPE: _P.NOT_FOR_YOU_TO_BOOK,
    _R.BOOKER_NOT_PERMITTED: _P.NOT_FOR_YOU_TO_BOOK,
    _R.BOOKER_VISITOR_NOT_PERMITTED: _P.VISITOR_NOT_APPROVED,
    _R.NO_ALLOWANCE: _P.NO_ALLOWANCE,
    _R.NO_VISITORS: _P.NO_VISITORS,
    _R.VISITOR_NOT_FOUND: _P.VISITOR_NOT_APPROVED,
    _R.VISITOR_NOT_LINKED: _P.VISITOR_NOT_APPROVED,
    _R.VISITOR_NOT_APPROVED: _P.VISITOR_NOT_APPROVED,
    _R.VISITOR_NOT_FOR_KIND: _P.VISITOR_NOT_FOR_KIND,
    _R.OFFICIAL_NOT_VERIFIED: _P.OFFICIAL_NOT_VERIFIED,
    _R.OFFICIAL_CHECK_EXPIRED: _P.OFFICIAL_NOT_VERIFIED,
    _R.PRISONER_BANNED: _P.NOT_FREE,
    _R.VISITOR_BANNED: _P.VISITOR_CANNOT_COME,
    _R.COURT_CONTACT_RESTRICTION: _P.VISITOR_CANNOT_COME,
    _R.VISITOR_AGE_UNKNOWN: _P.VISITOR_AGE_UNKNOWN,
    _R.NO_CHILD: _P.NO_CHILD,
    _R.NO_ADULT: _P.NO_ADULT,
    _R.RESPONSIBLE_ADULT_MISSING: _P.RESPONSIBLE_ADULT_MISSING,
    _R.TOO_MANY_VISITORS: _P.TOO_MANY_VISITORS,
    _R.TOO_MANY_ADULTS: _P.TOO_MANY_ADULTS,
    _R.TOO_MANY_CHILDREN: _P.TOO_MANY_CHILDREN,
    _R.TOO_MANY_CHILDREN_PER_ADULT: _P.TOO_MANY_CHILDREN_PER_ADULT,
    _R.TIME_BACKWARDS: _P.TIME_NOT_OFFERED,
    _R.TIME_OFF_GRID: _P.TIME_NOT_OFFERED,
    _R.TIME_NONEXISTENT: _P.TIME_NOT_OFFERED,
    _R.TIME_AMBIGUOUS: _P.TIME_NOT_OFFERED,
    _R.TIME_ACROSS_CLOCK_CHANGE: _P.TIME_NOT_OFFERED,
    _R.TIME_IN_PAST: _P.TIME_IN_PAST,
    _R.TOO_LONG: _P.TOO_LONG,
    _R.DATE_TOO_EARLY: _P.DATE_TOO_EARLY,
    _R.DATE_TOO_LATE: _P.DATE_TOO_LATE,
    _R.SESSION_TEMPLATE_NOT_FOUND: _P.TIME_NOT_OFFERED,
    _R.SESSION_NOT_AVAILABLE: _P.TIME_NOT_OFFERED,
    _R.SESSION_KIND: _P.TIME_NOT_OFFERED,
    _R.SESSION_USER_TYPE: _P.TIME_NOT_OFFERED,
    _R.SESSION_FOR_CHILDREN: _P.NO_CHILD,
    _R.VISIT_DATE_BLOCKED: _P.DAY_CLOSED,
    _R.PUBLIC_HOLIDAY: _P.DAY_CLOSED,
    _R.SESSION_DATE_BLOCKED: _P.DAY_CLOSED,
    _R.LOCATION_GROUP: _P.TIME_NOT_OFFERED,
    _R.CATEGORY_GROUP: _P.TIME_NOT_OFFERED,
    _R.INCENTIVE_GROUP: _P.TIME_NOT_OFFERED,
    _R.NON_ASSOCIATION: _P.NOT_FREE,
    _R.VISIT_ALREADY_BOOKED: _P.NOT_FREE,
    _R.VISITOR_ALREADY_BOOKED: _P.VISITOR_CANNOT_COME,
    _R.OFFICER_ALREADY_BOOKED: _P.NOT_FREE,
    _R.TERMINAL_NOT_FOUND: _P.NOT_FREE,
    _R.TERMINAL_NOT_FOR_KIND: _P.NOT_FREE,
    _R.TERMINAL_BLOCKED: _P.NOT_FREE,
    _R.TERMINAL_ALREADY_BOOKED: _P.NOT_FREE,
    _R.REMAND_VISIT_LIMIT_FOR_WEEK_REACHED: _P.NOT_FREE,
    _R.HIGHER_PRIORITY_APPOINTMENT: _P.NOT_FREE,
    _R.NO_SLOT_CAPACITY: _P.NOT_FREE,
    _R.NO_CLOSED_CAPACITY: _P.NOT_FREE,
}
# About whom: those the reader chose. What fills the words: numbers and days of the house, not of a person.
_ABOUT_VISITORS: Final = frozenset({
    _P.VISITOR_NOT_APPROVED,
    _P.VISITOR_NOT_FOR_KIND,
    _P.OFFICIAL_NOT_VERIFIED,
    _P.VISITOR_CANNOT_COME,
    _P.VISITOR_AGE_UNKNOWN,
    _P.RESPONSIBLE_ADULT_MISSING,
})  # fmt: skip
_SHOWN: Final = frozenset({"max", "minutes", "first", "last", "next"})


@dataclass(frozen=True, slots=True)
class PublicRefusal:
    """A refusal as the public and prisoners get it. `about` is the visitor meant, whom they chose."""

    code: PublicCode
    about: str | None = None
    params: tuple[tuple[str, Param], ...] = ()


def for_public(refusals: Iterable[Refusal]) -> tuple[PublicRefusal, ...]:
    """The same reasons without what would give somebody away, each once, in their order."""
    return tuple(dict.fromkeys(_told(each) for each in refusals))


def _told(refusal: Refusal) -> PublicRefusal:
    code = TOLD_AS[refusal.code]
    about = refusal.about if code in _ABOUT_VISITORS else None
    if code is PublicCode.VISITOR_CANNOT_COME and about is None:
        code = PublicCode.NOT_FREE  # the court keeps everybody away
    return PublicRefusal(code, about, tuple(each for each in refusal.params if each[0] in _SHOWN))


def words_for_public(refusal: PublicRefusal) -> Words:
    """In plain words, in every language."""
    return filled(texts("refusals")["public"][refusal.code], refusal.params)


def words_for_staff(refusal: Refusal) -> Words:
    """The reason as it is, in every language. Never to be shown to the public or to prisoners."""
    return filled(texts("refusals")["staff"][refusal.code], refusal.params)


def words_of_review(cause: ReviewCause) -> Words:
    """Why the office is asked, in every language; for staff alone."""
    return texts("refusals")["review"][cause.reason]


def words_of_override(override: Override) -> Words:
    """What staff choose, in every language."""
    return texts("refusals")["override"][override]
