"""Where a prisoner could sit, and when terminals and people are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import Span, TerminalFacts
from visitation.model.booking import Application, Claim, Resource
from visitation.model.people import Prisoner
from visitation.model.prisons import AcousticGrade, Terminal, TerminalState, TerminalUse
from visitation.storage.claims import CELL
from visitation.storage.facts.span import Days

FOREVER = datetime.max.replace(tzinfo=UTC)
Busy = Mapping[str, tuple[Span, ...]]


async def busy(
    session: AsyncSession, kind: Resource, ids: Collection[str], days: Days, now: datetime
) -> Busy:
    """Resource id -> when it is taken, by which visit or hold that still stands."""
    standing = select(Application.id).where(Application.expires_at > now)
    return await _spans(
        session, kind, ids, days, or_(Claim.visit_id.is_not(None), Claim.application_id.in_(standing))
    )


async def visits_of(session: AsyncSession, kind: Resource, ids: Collection[str], days: Days) -> Busy:
    """Likewise by visits alone."""
    return await _spans(session, kind, ids, days, Claim.visit_id.is_not(None))


async def _spans(
    session: AsyncSession, kind: Resource, ids: Collection[str], days: Days, where: ColumnElement[bool]
) -> Busy:
    # Claims on what is over are forgotten in time: this does not grow with the past.
    owner = func.coalesce(Claim.visit_id, Claim.application_id)
    query = (
        select(Claim.resource_id, owner, func.min(Claim.cell_start), func.max(Claim.cell_start))
        .where(
            Claim.resource_kind == kind.value,
            Claim.resource_id.in_(ids),
            Claim.cell_start >= days.begin,
            Claim.cell_start < days.end,
            where,
        )
        .group_by(Claim.resource_id, owner)
    )
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for one, by, first, last in await session.execute(query):
        found[one].append(Span(first, last + CELL, by))
    return {one: tuple(spans) for one, spans in found.items()}


async def terminals(
    session: AsyncSession, prisoner: Prisoner, kinds: Collection[str], confidential: Collection[str],
    official: Collection[str], days: Days, now: datetime,
) -> tuple[TerminalFacts, ...]:  # fmt: skip
    """Their own cell's first, then the shared rooms of their unit, then the prison's other ones."""
    own = Terminal.id == prisoner.terminal_id
    shared = (Terminal.prison_id == prisoner.prison_id) & (Terminal.use != TerminalUse.CELL.value)
    rows = list(await session.scalars(select(Terminal).where(or_(own, shared))))
    rows.sort(
        key=lambda row: (row.use != TerminalUse.CELL, row.unit_id != prisoner.unit_id, row.place, row.id)
    )
    taken = await busy(session, Resource.TERMINAL, [row.id for row in rows], days, now)
    return tuple(
        TerminalFacts(
            id=row.id,
            active=row.state != TerminalState.INACTIVE,
            kinds=_kinds(row, kinds, confidential, official),
            blocked=_blocked(row),
            busy=taken.get(row.id, ()),
        )
        for row in rows
    )


def _kinds(
    row: Terminal, kinds: Collection[str], confidential: Collection[str], official: Collection[str]
) -> frozenset[str]:
    """A room for official visits takes no others, and where somebody overhears nothing confidential is said."""
    fit = frozenset(official if row.use == TerminalUse.OFFICIAL else kinds)
    return fit if row.acoustic_grade == AcousticGrade.PRIVATE else fit - frozenset(confidential)


def _blocked(row: Terminal) -> tuple[Span, ...]:
    if row.state != TerminalState.BLOCKED or row.blocked_from is None:
        return ()
    return (Span(row.blocked_from, row.blocked_until or FOREVER),)
