"""What is known of a prisoner when a visit of theirs is arranged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from visitation.eligibility import (
    Alert,
    Booking,
    Hold,
    Presence,
    PrisonerFacts,
    Restriction,
    RestrictionType,
    Span,
    VisitRestriction,
)
from visitation.model import restrictions as rows
from visitation.model.booking import Resource
from visitation.model.people import Prisoner
from visitation.model.restrictions import Cover
from visitation.model.schedule import Appointment
from visitation.model.visits import Visit, VisitStatus
from visitation.storage.facts.places import visits_of
from visitation.storage.facts.sessions import Paths
from visitation.storage.facts.span import Days


@dataclass(frozen=True, slots=True)
class Weights:
    """What the policy says counts: appointments that outrank a visit, alerts that somebody looks at, kinds
    of visit that take from an allowance. `week_start` 0 = Monday."""

    outranking: frozenset[str]
    alerts: frozenset[str]
    counted: frozenset[str]
    week_start: int


async def prisoner_facts(
    session: AsyncSession,
    row: Prisoner,
    paths: Paths,
    holds: Sequence[Hold],
    weights: Weights,
    days: Days,
) -> PrisonerFacts:
    apart = await _kept_apart(session, row.id, days)
    near = await _near(session, row.prison_id, apart, holds, days)
    housing = paths.get(row.unit_id or "", ())
    return PrisonerFacts(
        id=row.id,
        prison_id=row.prison_id,
        presence=Presence(row.status),
        leaves_on=row.leaves_on,
        remand=row.remand,
        housing=(*housing, row.cell) if row.cell is not None else housing,
        category=row.category,
        incentive=row.incentive,
        alerts=await _alerts(session, row.id, weights, days),
        restrictions=await restrictions_of(session, rows.Restriction.prisoner_id == row.id, days),
        appointments=await _appointments(session, row.id, weights, days),
        bookings=await _bookings(session, row.id, weights, days.weeks(weights.week_start)),
        non_association_days=near,
        non_associates=frozenset(each.id for each in apart),
    )


async def _alerts(session: AsyncSession, prisoner_id: str, weights: Weights, days: Days) -> tuple[Alert, ...]:
    query = select(rows.Alert).where(
        rows.Alert.prisoner_id == prisoner_id, _on(rows.Alert.first_day, rows.Alert.last_day, days)
    )
    return tuple(
        Alert(row.id, row.code, row.first_day, row.last_day, forces_review=row.code in weights.alerts)
        for row in await session.scalars(query)
    )


async def restrictions_of(
    session: AsyncSession, whose: ColumnElement[bool], days: Days
) -> tuple[Restriction, ...]:
    """In force on one of these days; of a pair they name the contact."""
    table = rows.Restriction
    query = select(table).where(whose, table.lifted_at.is_(None), _on(table.first_day, table.last_day, days))
    return tuple(_restriction(row) for row in await session.scalars(query))


def _restriction(row: rows.Restriction) -> Restriction:
    of_court = row.type == RestrictionType.COURT_CONTACT
    return Restriction(
        id=row.id,
        type=RestrictionType(row.type),
        first_day=row.first_day,
        last_day=row.last_day,
        contact_ids=frozenset({row.contact_id}) if row.contact_id and row.prisoner_id else None,
        covers_visits=not of_court or Cover.VISIT in row.covers,
        covers_association=not of_court or Cover.ASSOCIATION in row.covers,
    )


async def _appointments(
    session: AsyncSession, prisoner_id: str, weights: Weights, days: Days
) -> tuple[Span, ...]:
    query = select(Appointment).where(
        Appointment.prisoner_id == prisoner_id,
        Appointment.ends_at > days.begin,
        Appointment.starts_at < days.end,
        Appointment.kind.in_(weights.outranking),
    )
    found = await session.scalars(query.order_by(Appointment.ends_at))
    return tuple(Span(row.starts_at, row.ends_at, row.id, row.label or row.kind) for row in found)


async def _bookings(
    session: AsyncSession, prisoner_id: str, weights: Weights, weeks: Days
) -> tuple[Booking, ...]:
    """Their own visits, and those in which they are the visitor."""
    query = select(
        Visit.id, Visit.kind, Visit.starts_at, Visit.ends_at, Visit.template_id, Visit.restriction
    ).where(
        Visit.prisoner_id == prisoner_id,
        Visit.starts_at >= weeks.begin,
        Visit.starts_at < weeks.end,
        Visit.status == VisitStatus.BOOKED.value,
    )
    own = [
        Booking(
            visit_id=visit_id,
            date=weeks.day_of(starts_at),
            starts_at=starts_at,
            ends_at=ends_at,
            template_id=template_id,
            closed=restriction == VisitRestriction.CLOSED,
            counts=kind in weights.counted,
        )
        for visit_id, kind, starts_at, ends_at, template_id, restriction in await session.execute(query)
    ]
    known = {booking.visit_id for booking in own}
    spans = (await visits_of(session, Resource.PRISONER, [prisoner_id], weeks)).get(prisoner_id, ())
    return (*own, *(_elsewhere(span, weeks) for span in spans if span.id not in known))


def _elsewhere(span: Span, weeks: Days) -> Booking:
    return Booking(
        visit_id=span.id or "",
        date=weeks.day_of(span.starts_at),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        counts=False,
    )


@dataclass(frozen=True, slots=True)
class _Apart:
    id: str
    first_day: date
    last_day: date | None

    def on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


async def _kept_apart(session: AsyncSession, prisoner_id: str, days: Days) -> tuple[_Apart, ...]:
    table = rows.NonAssociation
    query = select(table).where(
        or_(table.prisoner_id == prisoner_id, table.other_id == prisoner_id),
        _on(table.first_day, table.last_day, days),
    )
    return tuple(
        _Apart(
            row.other_id if row.prisoner_id == prisoner_id else row.prisoner_id, row.first_day, row.last_day
        )
        for row in await session.scalars(query)
    )


async def _near(
    session: AsyncSession, prison_id: str, apart: Collection[_Apart], holds: Sequence[Hold], days: Days
) -> Mapping[date, tuple[str, ...]]:
    """Local day -> those kept apart who have a visit or a hold in the prison then."""
    if not apart:
        return {}
    query = select(Visit.prisoner_id, Visit.starts_at).where(
        Visit.prisoner_id.in_([each.id for each in apart]),
        Visit.starts_at >= days.begin,
        Visit.starts_at < days.end,
        Visit.prison_id == prison_id,
        Visit.status == VisitStatus.BOOKED.value,
    )
    there = [(one, days.day_of(starts_at)) for one, starts_at in await session.execute(query)]
    there += [(hold.prisoner_id, hold.date) for hold in holds]
    found: defaultdict[date, dict[str, None]] = defaultdict(dict)
    for each in apart:
        for one, day in there:
            if one == each.id and each.on(day):
                found[day][one] = None
    return {day: tuple(ids) for day, ids in found.items()}


def _on(
    first: InstrumentedAttribute[date], last: InstrumentedAttribute[date | None], days: Days
) -> ColumnElement[bool]:
    return (first <= days.last) & or_(last.is_(None), last >= days.first)
