"""What is the same for every day and time of a proposal, looked up once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from visitation.eligibility.facts import Facts, KindTerms, PrisonFacts, SlotKey, TerminalFacts
from visitation.eligibility.people import PrisonerFacts, Span, VisitorFacts
from visitation.eligibility.proposal import UNRESTRICTED_KINDS, Proposal


@dataclass(frozen=True, slots=True)
class Side:
    """One prisoner of the visit: where they are, and the time that is not theirs any more."""

    prison: PrisonFacts
    prisoner: PrisonerFacts
    terminals: tuple[TerminalFacts, ...]
    taken: tuple[Span, ...]
    wanted_terminal: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """`people` is false while nobody has been chosen and need not be: then nobody is looked at. `held`
    counts the other people's holds that still stand, by slot and whether they are closed."""

    proposal: Proposal
    facts: Facts
    prison: PrisonFacts
    terms: KindTerms | None
    sides: tuple[Side, ...]
    people: bool
    visitors: tuple[VisitorFacts, ...]
    unrestricted: bool
    today: date
    held: Mapping[tuple[SlotKey, bool], int]

    @property
    def prisoner(self) -> PrisonerFacts:
        return self.sides[0].prisoner

    @property
    def visitor_ids(self) -> tuple[str, ...]:
        """Each once, in the order given."""
        return tuple(dict.fromkeys(self.proposal.visitor_ids or ()))


def ground(proposal: Proposal, facts: Facts, *, people_later: bool) -> Ground | None:
    """None when the proposal's prison or prisoner does not exist, and there is nothing to stand on."""
    prison, prisoner = the_prison(proposal, facts), the_prisoner(proposal, facts)
    if prison is None or prisoner is None:
        return None
    terms = prison.kinds.get(proposal.kind)
    holds = [hold for hold in facts.holds if hold.expires_at > facts.now and hold.id != proposal.hold_id]
    holding: dict[str, list[Span]] = {}
    for hold in holds:
        holding.setdefault(hold.prisoner_id, []).append(Span(hold.starts_at, hold.ends_at, hold.id))
    own = _taken(prisoner, holding, proposal)
    sides = [Side(prison, prisoner, facts.terminals, own, proposal.terminal_id)]
    if facts.other is not None and proposal.other_prisoner_id == facts.other.prisoner.id:
        other = facts.other
        theirs = _taken(other.prisoner, holding, proposal)
        sides.append(Side(other.prison, other.prisoner, other.terminals, theirs))
    return Ground(
        proposal=proposal,
        facts=facts,
        prison=prison,
        terms=terms,
        sides=tuple(sides),
        people=proposal.visitor_ids is not None or not people_later,
        visitors=tuple(_known(proposal.visitor_ids or (), facts)),
        unrestricted=proposal.kind in UNRESTRICTED_KINDS,
        today=facts.now.astimezone(prison.timezone).date(),
        held=Counter(((hold.template_id, hold.date), hold.closed) for hold in holds),
    )


def the_prison(proposal: Proposal, facts: Facts) -> PrisonFacts | None:
    """Facts of another prison say nothing of this one."""
    return facts.prison if facts.prison is not None and facts.prison.id == proposal.prison_id else None


def the_prisoner(proposal: Proposal, facts: Facts) -> PrisonerFacts | None:
    known = facts.prisoner
    return known if known is not None and known.id == proposal.prisoner_id else None


def _known(ids: Iterable[str], facts: Facts) -> Iterable[VisitorFacts]:
    return (facts.visitors[each] for each in dict.fromkeys(ids) if each in facts.visitors)


def _taken(
    prisoner: PrisonerFacts, holding: Mapping[str, list[Span]], proposal: Proposal
) -> tuple[Span, ...]:
    booked = (
        Span(booking.starts_at, booking.ends_at, booking.visit_id)
        for booking in prisoner.bookings
        if booking.visit_id != proposal.replaces_visit_id
    )
    return (*booked, *holding.get(prisoner.id, ()))


def first_met(spans: Iterable[Span], starts_at: datetime, ends_at: datetime, *but: str | None) -> Span | None:
    """The first of the spans that lies in this time, whosever it is but those named."""
    for span in spans:
        if span.starts_at < ends_at and starts_at < span.ends_at and (span.id is None or span.id not in but):
            return span
    return None
