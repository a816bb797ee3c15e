"""The prison's sessions, its closed days, and what is booked and held in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import (
    Hold,
    Places,
    Selection,
    SlotKey,
    Taken,
    Template,
    UserType,
    VisitRestriction,
)
from visitation.model.booking import Application
from visitation.model.prisons import Unit
from visitation.model.schedule import ExcludedDate, SessionTemplate
from visitation.model.visits import Visit, VisitStatus
from visitation.storage.facts.span import Days

Paths = Mapping[str, tuple[str, ...]]


async def unit_paths(session: AsyncSession, prison_id: str) -> Paths:
    """Unit id -> its housing, from the house down."""
    found = await session.execute(
        select(Unit.id, Unit.parent_id, Unit.name).where(Unit.prison_id == prison_id)
    )
    rows = {unit_id: (parent, name) for unit_id, parent, name in found}

    def path(unit_id: str | None) -> tuple[str, ...]:
        if unit_id is None:
            return ()
        parent, name = rows[unit_id]
        return (*path(parent), name)

    return {unit_id: path(unit_id) for unit_id in rows}


async def excluded_days(
    session: AsyncSession, prison_id: str, days: Days
) -> Mapping[str | None, frozenset[date]]:
    """Template id -> its closed days; None -> those of the whole prison."""
    query = select(ExcludedDate.template_id, ExcludedDate.day).where(
        ExcludedDate.prison_id == prison_id, ExcludedDate.day.between(days.first, days.last)
    )
    found: defaultdict[str | None, set[date]] = defaultdict(set)
    for template_id, day in await session.execute(query):
        found[template_id].add(day)
    return {template_id: frozenset(each) for template_id, each in found.items()}


async def templates(
    session: AsyncSession,
    prison_id: str,
    days: Days,
    paths: Paths,
    excluded: Mapping[str | None, frozenset[date]],
    only: str | None = None,
) -> Mapping[str, Template]:
    """Those that are held at all on these days, or the one of this id, ended or not."""
    where = [SessionTemplate.prison_id == prison_id]
    if only is not None:
        where.append(SessionTemplate.id == only)
    else:
        running = or_(SessionTemplate.valid_to.is_(None), SessionTemplate.valid_to >= days.first)
        where += [SessionTemplate.active.is_(True), SessionTemplate.valid_from <= days.last, running]
    rows = await session.scalars(select(SessionTemplate).where(*where))
    return {row.id: _template(row, paths, excluded.get(row.id, frozenset())) for row in rows}


def _template(row: SessionTemplate, paths: Paths, excluded: frozenset[date]) -> Template:
    units = frozenset(paths[each] for each in row.units if each in paths)
    return Template(
        id=row.id,
        kinds=frozenset(row.kinds),
        weekday=row.weekday,
        start=row.start,
        end=row.end,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        every_weeks=row.every_weeks,
        open_capacity=row.open_capacity,
        closed_capacity=row.closed_capacity,
        active=row.active,
        excluded=excluded,
        user_types=frozenset(UserType(each) for each in row.user_types),
        for_children=row.for_children,
        on_public_holidays=row.on_public_holidays,
        places=Places(units, row.except_units),
        categories=Selection(frozenset(row.categories), row.except_categories),
        incentives=Selection(frozenset(row.incentives), row.except_incentives),
    )


async def taken(session: AsyncSession, prison_id: str, days: Days) -> Mapping[SlotKey, Taken]:
    """How many visits are booked in each slot."""
    query = (
        select(Visit.template_id, Visit.starts_at, Visit.restriction, func.count())
        .where(
            Visit.prison_id == prison_id,
            Visit.starts_at >= days.begin,
            Visit.starts_at < days.end,
            Visit.status == VisitStatus.BOOKED.value,
            Visit.template_id.is_not(None),
        )
        .group_by(Visit.template_id, Visit.starts_at, Visit.restriction)
    )
    open_, closed = Counter[SlotKey](), Counter[SlotKey]()
    for template_id, starts_at, restriction, count in await session.execute(query):
        counted = closed if restriction == VisitRestriction.CLOSED else open_
        counted[str(template_id), days.day_of(starts_at)] += count
    return {key: Taken(open_[key], closed[key]) for key in open_ | closed}


async def holds(
    session: AsyncSession, prison_ids: Iterable[str], days: Days, now: datetime
) -> tuple[Hold, ...]:
    """Those that still stand. They live for minutes, so there are few."""
    query = select(Application).where(
        Application.prison_id.in_(prison_ids),
        Application.expires_at > now,
        Application.starts_at >= days.begin,
        Application.starts_at < days.end,
    )
    return tuple(
        Hold(
            id=row.id,
            template_id=row.template_id,
            date=days.day_of(row.starts_at),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            prisoner_id=row.prisoner_id,
            closed=row.closed,
            expires_at=row.expires_at,
        )
        for row in await session.scalars(query)
    )
