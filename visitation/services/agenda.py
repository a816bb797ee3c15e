"""A prisoner's visits to come, and whether they have said that they know about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import VisitSubStatus
from visitation.errors import NotFound, NotNow
from visitation.model.agenda import Acknowledgement, TaskKind
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Terminal
from visitation.model.visits import Visit, VisitStatus, VisitVisitor
from visitation.policy.identity import Identity
from visitation.services.audit import AuditKind
from visitation.services.desk import Desk
from visitation.services.tasks import settle_tasks
from visitation.storage.party_queries import Party, parties_of, with_prisoner

AHEAD: Final = timedelta(days=28)
SURE: Final = (VisitSubStatus.APPROVED.value, VisitSubStatus.AUTO_APPROVED.value)
Standing = Literal["asked", "booked", "cancelled"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit as its prisoner sees it. `people` are the first names of the others, `place` the label on the door
    of where it is; `acknowledged_at` is None until they have said of this time that they know about it."""

    visit_id: str
    starts_at: datetime
    ends_at: datetime
    standing: Standing
    people: tuple[str, ...]
    place: str
    acknowledged_at: datetime | None


class Agenda:
    """Of prisoners, wherever their visits are held."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_prisoner(self, prisoner_id: str) -> tuple[Entry, ...]:
        """Those of the next 28 days that are not over, in order; what was cancelled says so."""
        now = self._desk.clock.now()
        mine = select(Visit).where(
            with_prisoner(prisoner_id),
            Visit.ends_at > now,
            Visit.starts_at < now + AHEAD,
            Visit.outcome.is_(None),
        )
        async with self._desk.database.read() as session:
            visits = (await session.scalars(mine.order_by(Visit.starts_at, Visit.id))).all()
            return await _entries(session, prisoner_id, visits)

    async def acknowledge(self, visit_id: str, by: Identity) -> Entry:
        """The prisoner (`by`) knows about it; again is no error. Raises NotFound for another's visit; NotNow
        visit_cancelled or visit_over."""
        async with self._desk.work(by) as work:
            visit = await work.session.get(Visit, visit_id, with_for_update=True)
            mine = [
                each
                for each in await parties_of(work.session, [visit_id])
                if each.prisoner_id == by.person_id
            ]
            if visit is None or not mine:
                raise NotFound
            if visit.status == VisitStatus.CANCELLED:
                raise NotNow("visit_cancelled")
            if work.now >= visit.ends_at or visit.outcome is not None:
                raise NotNow("visit_over")
            row = await work.session.get(Acknowledgement, (visit_id, by.person_id))
            if row is None:
                row = Acknowledgement(visit_id=visit_id, prisoner_id=by.person_id)
                work.session.add(row)
            if row.starts_at != visit.starts_at:
                row.starts_at, row.at = visit.starts_at, work.now
                await settle_tasks(work, TaskKind.NOT_ACKNOWLEDGED, visit_id, by.person_id)
                await work.note(AuditKind.VISIT_ACKNOWLEDGED, visit_id)
            return (await _entries(work.session, by.person_id, [visit]))[0]


async def unacknowledged(
    session: AsyncSession, prison_id: str, begin: datetime, end: datetime
) -> list[tuple[Party, Visit]]:
    """The prisoners who have not said that they know about a sure visit of this prison that starts in (begin, end],
    each with the visit."""
    sure = select(Visit).where(
        Visit.prison_id == prison_id,
        Visit.starts_at > begin,
        Visit.starts_at <= end,
        Visit.status == VisitStatus.BOOKED.value,
        Visit.sub_status.in_(SURE),
        Visit.outcome.is_(None),
    )
    visits = {visit.id: visit for visit in await session.scalars(sure)}
    said = await session.scalars(select(Acknowledgement).where(Acknowledgement.visit_id.in_(visits)))
    known = {
        (row.visit_id, row.prisoner_id) for row in said if row.starts_at == visits[row.visit_id].starts_at
    }
    parties = [(party, visits[party.visit_id]) for party in await parties_of(session, visits)]
    return [(party, visit) for party, visit in parties if (visit.id, party.prisoner_id) not in known]


async def _entries(session: AsyncSession, prisoner_id: str, visits: Sequence[Visit]) -> tuple[Entry, ...]:
    ids = [visit.id for visit in visits]
    people = await _people(session, ids)
    said = await session.scalars(
        select(Acknowledgement).where(
            Acknowledgement.visit_id.in_(ids), Acknowledgement.prisoner_id == prisoner_id
        )
    )
    known = {row.visit_id: row for row in said}
    parties = await parties_of(session, ids)
    seats = {party.visit_id: party.terminal_id for party in parties if party.prisoner_id == prisoner_id}
    terminals = await session.scalars(select(Terminal).where(Terminal.id.in_(seats.values())))
    labels = {terminal.id: terminal.place for terminal in terminals}
    return tuple(
        Entry(
            visit_id=visit.id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            standing=_standing(visit),
            people=tuple(name for who, name in people[visit.id] if who != prisoner_id),
            place=labels.get(seats[visit.id], ""),
            acknowledged_at=_at(known.get(visit.id), visit),
        )
        for visit in visits
    )


async def _people(session: AsyncSession, visit_ids: list[str]) -> dict[str, list[tuple[str | None, str]]]:
    """Prisoner's id (of those who are one) and first name of everybody in each visit, the one visited first."""
    held = select(Visit.id, Prisoner.id, Prisoner.name).join(Prisoner, Prisoner.id == Visit.prisoner_id)
    coming = (
        select(VisitVisitor.visit_id, Contact.prisoner_id, Contact.name)
        .join(Contact, Contact.id == VisitVisitor.contact_id)
        .where(VisitVisitor.visit_id.in_(visit_ids))
        .order_by(Contact.name)
    )
    found: dict[str, list[tuple[str | None, str]]] = {id_: [] for id_ in visit_ids}
    for query in (held.where(Visit.id.in_(visit_ids)), coming):
        for visit_id, who, name in await session.execute(query):
            found[visit_id].append((who, name))
    return found


def _standing(visit: Visit) -> Standing:
    if visit.status == VisitStatus.CANCELLED:
        return "cancelled"
    return "asked" if visit.sub_status == VisitSubStatus.REQUESTED else "booked"


def _at(row: Acknowledgement | None, visit: Visit) -> datetime | None:
    return row.at if row is not None and row.starts_at == visit.starts_at else None
