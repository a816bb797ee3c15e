"""Steps 4, 5, 7 and 8 as far as they look at the day alone: window, blocked days, others, the week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from visitation.eligibility.codes import RefusalCode
from visitation.eligibility.ground import Ground
from visitation.eligibility.proposal import Refusal
from visitation.eligibility.times import week_of


def window(on: Ground) -> tuple[date, date] | None:
    """First and last day that the user type may book; None when it may book nothing."""
    client = on.terms.clients.get(on.proposal.user_type) if on.terms is not None else None
    if client is None:
        return None
    return on.today + timedelta(days=client.min_days), on.today + timedelta(days=client.max_days)


def day_is_in_window(on: Ground, day: date) -> Iterator[Refusal]:
    days = window(on)
    if days is not None and day < days[0]:
        yield Refusal(RefusalCode.DATE_TOO_EARLY, None, (("first", days[0]),))
    if days is not None and day > days[1]:
        yield Refusal(RefusalCode.DATE_TOO_LATE, None, (("last", days[1]),))


def day_is_open(on: Ground, day: date) -> Iterator[Refusal]:
    for side in on.sides:
        if day in side.prison.excluded:
            yield Refusal(RefusalCode.VISIT_DATE_BLOCKED, side.prison.id)


def nobody_to_keep_from(on: Ground, day: date) -> Iterator[Refusal]:
    """The whole day, in the same prison; and the two of an interprison visit themselves."""
    for side in on.sides:
        for other in side.prisoner.non_association_days.get(day, ()):
            yield Refusal(RefusalCode.NON_ASSOCIATION, other)
    if len(on.sides) == 2:
        one, two = (side.prisoner for side in on.sides)
        if two.id in one.non_associates or one.id in two.non_associates:
            yield Refusal(RefusalCode.NON_ASSOCIATION, two.id)


def week_has_room(on: Ground, day: date) -> Iterator[Refusal]:
    """The limit of a remand prisoner's week; only visits that use an allowance count."""
    if on.terms is None or on.terms.uses_allowance is None:
        return
    for side in on.sides:
        limit = side.prison.remand_limit_per_week
        if not side.prisoner.remand or limit is None:
            continue
        first, last = week_of(day, side.prison.week_start)
        booked = sum(
            booking.counts and first <= booking.date <= last
            for booking in side.prisoner.bookings
            if booking.visit_id != on.proposal.replaces_visit_id
        )
        if booked >= limit:
            code = RefusalCode.REMAND_VISIT_LIMIT_FOR_WEEK_REACHED
            yield Refusal(code, side.prisoner.id, (("limit", limit),))
