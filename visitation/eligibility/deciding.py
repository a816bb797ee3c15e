"""The answer to a proposal: all refusals at once, and whether the office has to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from visitation.eligibility.checks import always, per_day, per_session, per_time, standing
from visitation.eligibility.codes import RefusalCode, ReviewReason
from visitation.eligibility.day_checks import window
from visitation.eligibility.facts import Facts
from visitation.eligibility.ground import Ground, ground, the_prison, the_prisoner
from visitation.eligibility.people import Presence, Restriction, RestrictionType
from visitation.eligibility.proposal import (
    Assessment,
    Proposal,
    Refusal,
    ReviewCause,
    UserType,
    VisitRestriction,
    VisitSubStatus,
)
from visitation.eligibility.room_checks import free_terminals, restriction_on
from visitation.eligibility.session_checks import session_is_for, session_is_held, session_is_there
from visitation.eligibility.times import moment
from visitation.eligibility.visitor_checks import has_child, nobody_is_kept_away

_REVIEWED: Final = frozenset(
    {RestrictionType.RESTRICTED, RestrictionType.NON_CONTACT, RestrictionType.CCTV, RestrictionType.CHILD}
)
_DECIDES_ITSELF: Final = frozenset({UserType.STAFF, UserType.SYSTEM})


def refusals(proposal: Proposal, facts: Facts) -> tuple[Refusal, ...]:
    """Every reason why this visit cannot be arranged so, in the order of the checks; empty = it can."""
    return _refusals(proposal, facts, people_later=False)


def hold_refusals(proposal: Proposal, facts: Facts) -> tuple[Refusal, ...]:
    """Likewise for keeping the slot while the form is filled in: people not chosen yet are left out."""
    return _refusals(proposal, facts, people_later=True)


def _refusals(proposal: Proposal, facts: Facts, *, people_later: bool) -> tuple[Refusal, ...]:
    on = ground(proposal, facts, people_later=people_later)
    if on is None:
        return tuple(_nothing_to_stand_on(proposal, facts))
    at = moment(proposal.date, proposal.start, proposal.end, on.prison.timezone)
    template = facts.templates.get(proposal.template_id) if proposal.template_id is not None else None
    found = [
        *always(on),
        *per_day(on, proposal.date),
        *per_time(on, proposal.date, at),
        *session_is_there(on, template),
    ]
    if template is not None:
        found += session_is_for(on, template)
        found += session_is_held(template, proposal.date, proposal.start, proposal.end)
        found += per_session(on, template, proposal.date, restriction_on(on, proposal.date))
    return standing(proposal, found)


def _nothing_to_stand_on(proposal: Proposal, facts: Facts) -> Iterator[Refusal]:
    if the_prison(proposal, facts) is None:
        yield Refusal(RefusalCode.PRISON_NOT_FOUND, proposal.prison_id)
    if the_prisoner(proposal, facts) is None:
        yield Refusal(RefusalCode.PRISONER_NOT_FOUND, proposal.prisoner_id)


def assess(proposal: Proposal, facts: Facts) -> Assessment:
    """Refusals, causes for review, open or closed, free terminals, and the status it would be booked with.

    The office decides about what the public and prisoners ask for when there is a cause for review. Staff
    have seen the causes and decided; only a source that could not be read makes theirs a request too.
    """
    found = refusals(proposal, facts)
    on = ground(proposal, facts, people_later=False)
    if on is None:
        return Assessment(found, (), VisitRestriction.CLOSED, (), (), None)
    causes = tuple(_causes(on, proposal.date))
    at = moment(proposal.date, proposal.start, proposal.end, on.prison.timezone)
    terminals: list[tuple[str, ...]] = []
    if at.starts_at is not None and at.ends_at is not None:
        terminals = [free_terminals(on, side, at.starts_at, at.ends_at) for side in on.sides]
    own, other = (*terminals, (), ())[:2]
    status = None if found else _status(proposal, causes)
    return Assessment(found, causes, restriction_on(on, proposal.date), own, other, status)


def _status(proposal: Proposal, causes: tuple[ReviewCause, ...]) -> VisitSubStatus:
    if proposal.user_type in _DECIDES_ITSELF:
        waits = any(cause.reason is ReviewReason.SOURCE_UNREAD for cause in causes)
    else:
        waits = bool(causes)
    return VisitSubStatus.REQUESTED if waits else VisitSubStatus.AUTO_APPROVED


def _causes(on: Ground, day: date) -> Iterator[ReviewCause]:
    yield from (ReviewCause(ReviewReason.SOURCE_UNREAD, source) for source in sorted(on.facts.unread))
    if not on.unrestricted:
        yield from _concerns(on, day)
    for side in on.sides:
        if side.prisoner.presence is Presence.AWAY:
            yield ReviewCause(ReviewReason.PRISONER_AWAY, side.prisoner.id)
    if on.proposal.user_type is UserType.PRISONER:
        yield ReviewCause(ReviewReason.PRISONER_ASKS)
    if on.terms is None or not on.terms.automatic:
        yield ReviewCause(ReviewReason.NOT_AUTOMATIC)


def _concerns(on: Ground, day: date) -> Iterator[ReviewCause]:
    """Alerts and restrictions that somebody has to weigh; never against counsel or oversight."""
    for side in on.sides:
        for alert in side.prisoner.alerts:
            if alert.forces_review and alert.on(day):
                yield ReviewCause(ReviewReason.PRISONER_ALERT, alert.id)
        for restriction in side.prisoner.restrictions:
            yield from _weighed(on, restriction, ReviewReason.PRISONER_RESTRICTION, day)
    for visitor in on.visitors:
        for restriction in visitor.restrictions:
            yield from _weighed(on, restriction, ReviewReason.VISITOR_RESTRICTION, day)


def _weighed(on: Ground, restriction: Restriction, reason: ReviewReason, day: date) -> Iterator[ReviewCause]:
    named = restriction.contact_ids
    met = named is None or any(visitor.id in named for visitor in on.visitors)
    if restriction.type not in _REVIEWED or not restriction.on(day) or not met:
        return
    if restriction.type is not RestrictionType.CHILD:
        yield ReviewCause(reason, restriction.id)
    elif has_child(on, day):
        yield ReviewCause(ReviewReason.CHILD_TO_BE_VETTED, restriction.id)


def booking_window(proposal: Proposal, facts: Facts) -> tuple[date, date] | None:
    """First and last day that the user type may book; None when it may book none."""
    on = ground(proposal, facts, people_later=True)
    return window(on) if on is not None else None


def first_day(proposal: Proposal, facts: Facts) -> date | None:
    """The first day that can be offered: the window's, or the day after a ban that ends inside it."""
    on = ground(proposal, facts, people_later=True)
    days = window(on) if on is not None else None
    if on is None or days is None:
        return None
    day, last = days
    while day <= last and any(nobody_is_kept_away(on, day)):
        day += timedelta(days=1)
    return day if day <= last else None
