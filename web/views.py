"""What the house knows of visits, put into the shapes of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from visitation.conditions import Conditions
from visitation.conditions import Notice as Told
from visitation.outcomes import OUTCOMES, Became, Outcome
from visitation.services.visits import VisitFacts
from visitation.words import Lang
from web.services import LiveCalls
from web.shapes import (
    Notice,
    OfficeDay,
    OfficeState,
    OfficeVisit,
    PolicyView,
    TerminalDay,
    TerminalVisit,
    VisitView,
    Words,
)

_LIVE: Final[Mapping[str, OfficeState]] = {"live": "live", "held": "held"}


def ms(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return round(at.timestamp() * 1000)


def words(text: Mapping[Lang, str]) -> Words:
    """One text in every language."""
    return Words(fi=text["fi"], sv=text["sv"], en=text["en"])


def notices_view(told: Iterable[Told]) -> list[Notice]:
    """What people are told, in their order."""
    return [Notice(code=each.code, words=words(each.words), why=words(each.why)) for each in told]


def notices(held: Conditions | None) -> list[Notice]:
    """What people are told; nothing while nobody knows."""
    return notices_view(held.notices if held else ())


def policy(held: Conditions | None) -> PolicyView | None:
    """By whose rule."""
    if held is None:
        return None
    ref = held.policy
    return PolicyView(pack=ref.pack, version=ref.version, rule=ref.rule, legal_basis=words(ref.legal_basis))


def visit_view(facts: VisitFacts, now: datetime) -> VisitView:
    """A relative's visit, without the kind: what will happen to the call is in the notices."""
    return VisitView(
        visit=facts.visit_id,
        prisoner=facts.prisoner_name,
        you=facts.visitor_name,
        relation=words(facts.relation),
        starts_at=ms(facts.starts_at),
        ends_at=ms(facts.ends_at),
        now=ms(now),
        joinable_from=ms(facts.joinable_from),
        state=facts.state(now),
        outcome=facts.outcome,
        notices=notices(facts.held_under),
        policy=policy(facts.held_under),
        closed=facts.closed,
    )


def terminal_day(prisoner: str, cell: str, visits: Iterable[VisitFacts], now: datetime) -> TerminalDay:
    """A cell's day."""
    return TerminalDay(
        prisoner=prisoner, cell=cell, now=ms(now), visits=[_of_cell(each, now) for each in visits]
    )


def _of_cell(facts: VisitFacts, now: datetime) -> TerminalVisit:
    return TerminalVisit(
        visit=facts.visit_id,
        visitor=facts.visitor_name,
        relation=words(facts.relation),
        starts_at=ms(facts.starts_at),
        ends_at=ms(facts.ends_at),
        joinable_from=ms(facts.joinable_from),
        state=facts.state(now),
        notices=notices(facts.held_under),
        closed=facts.closed,
    )


def office_day(day: date, visits: Iterable[VisitFacts], live: LiveCalls, now: datetime) -> OfficeDay:
    """A prison's day."""
    found = [_of_office(each, live.phase(each.visit_id), now) for each in visits]
    return OfficeDay(date=day.isoformat(), now=ms(now), visits=found)


def _of_office(facts: VisitFacts, phase: str | None, now: datetime) -> OfficeVisit:
    return OfficeVisit(
        visit=facts.visit_id,
        cell=facts.cell,
        unit=facts.unit,
        prisoner=facts.prisoner_name,
        visitor=facts.visitor_name,
        relation=words(facts.relation),
        starts_at=ms(facts.starts_at),
        ends_at=ms(facts.ends_at),
        kind=facts.kind,
        closed=facts.closed,
        office=facts.office,
        state=office_state(facts, phase, now),
        undecided=facts.undecided if facts.state(now) == "undecided" else None,
        outcome=facts.outcome,
    )


def office_state(facts: VisitFacts, phase: str | None, now: datetime) -> OfficeState:
    """What became of a visit, in one word; the outcome has the rest."""
    became = OUTCOMES[Outcome(facts.outcome)].became if facts.outcome is not None else None
    if facts.state(now) == "cancelled" or became is Became.CANCELLED:
        return "cancelled"
    if phase is not None and phase in _LIVE:
        return _LIVE[phase]
    if became is None and now < facts.ends_at:
        return "booked"
    return "done" if facts.call_begun_at is not None or became is Became.HELD else "missed"
