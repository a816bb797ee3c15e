"""Steps 8 to 11 at one time: nobody and nothing twice, nothing that outranks it, and room in the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from visitation.eligibility.codes import RefusalCode
from visitation.eligibility.facts import Taken, Template, TerminalFacts
from visitation.eligibility.ground import Ground, Side, first_met
from visitation.eligibility.people import RestrictionType
from visitation.eligibility.proposal import Refusal, VisitRestriction

_NOTHING_TAKEN = Taken()
_NEAREST_TO_FREE = (
    RefusalCode.TERMINAL_ALREADY_BOOKED,
    RefusalCode.TERMINAL_BLOCKED,
    RefusalCode.TERMINAL_NOT_FOR_KIND,
)


_FULL = {
    VisitRestriction.OPEN: RefusalCode.NO_SLOT_CAPACITY,
    VisitRestriction.CLOSED: RefusalCode.NO_CLOSED_CAPACITY,
}


def nobody_is_booked_twice(on: Ground, starts_at: datetime, ends_at: datetime) -> Iterator[Refusal]:
    own = (on.proposal.hold_id, on.proposal.replaces_visit_id)
    for side in on.sides:
        met = first_met(side.taken, starts_at, ends_at)
        if met is not None:
            yield Refusal(RefusalCode.VISIT_ALREADY_BOOKED, side.prisoner.id)
    for visitor in on.visitors:
        if first_met(visitor.busy, starts_at, ends_at, *own) is not None:
            yield Refusal(RefusalCode.VISITOR_ALREADY_BOOKED, visitor.id)
    if first_met(on.facts.officer_busy, starts_at, ends_at, *own) is not None:
        yield Refusal(RefusalCode.OFFICER_ALREADY_BOOKED, on.proposal.officer_id)


def a_terminal_is_free(on: Ground, starts_at: datetime, ends_at: datetime) -> Iterator[Refusal]:
    """Of the terminals that could be taken one is enough; else the reason of the one nearest to it."""
    for side in on.sides:
        found = [(_fault(on, each, starts_at, ends_at), each.id) for each in _candidates(side)]
        faults = {code: terminal for code, terminal in reversed(found) if code is not None}
        if not found:
            yield Refusal(RefusalCode.TERMINAL_NOT_FOUND, side.wanted_terminal)
        elif all(code is not None for code, _ in found):
            code = next(code for code in _NEAREST_TO_FREE if code in faults)
            yield Refusal(code, faults[code])


def free_terminals(on: Ground, side: Side, starts_at: datetime, ends_at: datetime) -> tuple[str, ...]:
    """Where this side could sit, best first."""
    return tuple(each.id for each in _candidates(side) if _fault(on, each, starts_at, ends_at) is None)


def _candidates(side: Side) -> list[TerminalFacts]:
    wanted = side.wanted_terminal
    return [each for each in side.terminals if wanted is None or each.id == wanted]


def _fault(on: Ground, terminal: TerminalFacts, starts_at: datetime, ends_at: datetime) -> RefusalCode | None:
    if terminal.kinds is not None and on.proposal.kind not in terminal.kinds:
        return RefusalCode.TERMINAL_NOT_FOR_KIND
    if not terminal.active or first_met(terminal.blocked, starts_at, ends_at) is not None:
        return RefusalCode.TERMINAL_BLOCKED
    own = (on.proposal.hold_id, on.proposal.replaces_visit_id)
    if first_met(terminal.busy, starts_at, ends_at, *own) is not None:
        return RefusalCode.TERMINAL_ALREADY_BOOKED
    return None


def nothing_outranks_it(on: Ground, starts_at: datetime, ends_at: datetime) -> Iterator[Refusal]:
    for side in on.sides:
        met = first_met(side.prisoner.appointments, starts_at, ends_at)
        if met is not None:
            yield Refusal(RefusalCode.HIGHER_PRIORITY_APPOINTMENT, met.id, (("label", met.label),))


def restriction_on(on: Ground, day: date) -> VisitRestriction:
    """CLOSED when asked for, or when prisoner or any visitor must be seen in a closed visit that day."""
    if on.proposal.closed_wanted:
        return VisitRestriction.CLOSED
    if on.unrestricted:
        return VisitRestriction.OPEN
    ids = {each.id for each in on.visitors}
    found = [each for side in on.sides for each in side.prisoner.restrictions]
    found += [each for visitor in on.visitors for each in visitor.restrictions]
    closed = any(
        each.type is RestrictionType.CLOSED
        and each.on(day)
        and (each.contact_ids is None or not ids.isdisjoint(each.contact_ids))
        for each in found
    )
    return VisitRestriction.CLOSED if closed else VisitRestriction.OPEN


def room_left(on: Ground, template: Template, day: date, restriction: VisitRestriction) -> int:
    """How many more the session takes, open and closed apart, other people's holds included."""
    key, closed = (template.id, day), restriction is VisitRestriction.CLOSED
    booked = on.facts.taken.get(key, _NOTHING_TAKEN)
    taken = (booked.closed if closed else booked.open) + on.held.get((key, closed), 0)
    taken -= _is_own(on, template, day, closed=closed)
    return (template.closed_capacity if closed else template.open_capacity) - taken


def session_has_room(on: Ground, template: Template, day: date, which: VisitRestriction) -> Iterator[Refusal]:
    if room_left(on, template, day, which) <= 0:
        yield Refusal(_FULL[which], template.id)


def _is_own(on: Ground, template: Template, day: date, *, closed: bool) -> bool:
    """The visit that would be changed is among those booked there."""
    if on.proposal.replaces_visit_id is None:
        return False
    return any(
        booking.visit_id == on.proposal.replaces_visit_id
        and (booking.template_id, booking.date, booking.closed) == (template.id, day, closed)
        for booking in on.prisoner.bookings
    )
