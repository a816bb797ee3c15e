"""The checks in tiers, so that a search looks at what stays the same once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

from visitation.eligibility.codes import PASSED_BY, RefusalCode
from visitation.eligibility.day_checks import (
    day_is_in_window,
    day_is_open,
    nobody_to_keep_from,
    week_has_room,
)
from visitation.eligibility.facts import Template
from visitation.eligibility.ground import Ground
from visitation.eligibility.prisoner_checks import (
    allowance_is_left,
    booker_may_book,
    kind_is_offered,
    prisoner_is_still_there,
    prisoner_is_there,
)
from visitation.eligibility.proposal import Proposal, Refusal, UserType, VisitRestriction
from visitation.eligibility.room_checks import (
    a_terminal_is_free,
    nobody_is_booked_twice,
    nothing_outranks_it,
    session_has_room,
)
from visitation.eligibility.session_checks import length_is_right, session_is_open, time_is_ahead
from visitation.eligibility.times import Moment
from visitation.eligibility.visitor_checks import (
    ages_are_right,
    nobody_is_kept_away,
    official_checks_hold,
    visitors_are_right,
)

_ALWAYS: Final[tuple[Callable[[Ground], Iterable[Refusal]], ...]] = (
    prisoner_is_there,
    kind_is_offered,
    booker_may_book,
    visitors_are_right,
)
_PER_DAY: Final[tuple[Callable[[Ground, date], Iterable[Refusal]], ...]] = (
    prisoner_is_still_there,
    official_checks_hold,
    nobody_is_kept_away,
    ages_are_right,
    day_is_in_window,
    day_is_open,
    nobody_to_keep_from,
    week_has_room,
)
_ORDER: Final = {code: place for place, code in enumerate(RefusalCode)}

# What is carried over from elsewhere was settled there: who may book, how soon, how many, at which
# session. What would put somebody in danger, break the law or be impossible is refused all the same.
_SYSTEM_PASSES: Final = frozenset(PASSED_BY) | {
    RefusalCode.USER_TYPE,
    RefusalCode.BOOKER_NOT_PERMITTED,
    RefusalCode.BOOKER_VISITOR_NOT_PERMITTED,
    RefusalCode.TIME_IN_PAST,
    RefusalCode.DATE_TOO_EARLY,
    RefusalCode.DATE_TOO_LATE,
    RefusalCode.SESSION_TEMPLATE_NOT_FOUND,
    RefusalCode.SESSION_NOT_AVAILABLE,
    RefusalCode.SESSION_USER_TYPE,
}


def always(on: Ground) -> list[Refusal]:
    return [refusal for check in _ALWAYS for refusal in check(on)]


def per_day(on: Ground, day: date) -> list[Refusal]:
    return [refusal for check in _PER_DAY for refusal in check(on, day)]


def per_session(on: Ground, template: Template, day: date, which: VisitRestriction) -> list[Refusal]:
    """Of one session on a day on which it is held; `which` is the capacity that the visit would take."""
    return [*session_is_open(on, template, day), *session_has_room(on, template, day, which)]


def per_time(on: Ground, day: date, at: Moment) -> list[Refusal]:
    """Without instants nothing can be said of who is free, nor how long it lasts."""
    if at.starts_at is None or at.ends_at is None:
        return [Refusal(fault) for fault in at.faults]
    starts_at, ends_at = at.starts_at, at.ends_at
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    return [
        *allowance_is_left(on, day, minutes),
        *time_is_ahead(on, starts_at),
        *length_is_right(on, minutes),
        *nobody_is_booked_twice(on, starts_at, ends_at),
        *a_terminal_is_free(on, starts_at, ends_at),
        *nothing_outranks_it(on, starts_at, ends_at),
    ]


def standing(proposal: Proposal, refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """In the order of the checks, without those that whoever books may pass and has chosen to."""
    left = sorted(refusals, key=_place)
    if proposal.user_type is UserType.STAFF and proposal.overrides:
        return tuple(each for each in left if each.override not in proposal.overrides)
    if proposal.user_type is UserType.SYSTEM:
        return tuple(each for each in left if each.code not in _SYSTEM_PASSES)
    return tuple(left)


def _place(refusal: Refusal) -> int:
    return _ORDER[refusal.code]
