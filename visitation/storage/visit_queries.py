"""Visits together with everything a view of them needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import VisitSubStatus
from visitation.model.contacts import PrisonerContact
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison, Terminal, Unit
from visitation.model.visits import CallRow, Visit, VisitStatus
from visitation.storage.company import Company, companies


@dataclass(frozen=True, slots=True)
class Parts:
    """A visit's row and its neighbours; `call` is the last one made of it.

    `link` is who the visitor is to the prisoner; a verified professional may have none.
    """

    visit: Visit
    contact: Contact
    prisoner: Prisoner
    terminal: Terminal
    unit: Unit
    prison: Prison
    link: PrisonerContact | None
    company: Company
    call: CallRow | None


Rows = Select[Visit, Contact, Prisoner, Terminal, Unit, Prison, PrisonerContact | None]


def _visits() -> Rows:
    known = (PrisonerContact.prisoner_id == Visit.prisoner_id) & (
        PrisonerContact.contact_id == Visit.contact_id
    )
    return (
        select(Visit, Contact, Prisoner, Terminal, Unit, Prison, PrisonerContact)
        .join(Contact, Contact.id == Visit.contact_id)
        .join(Prisoner, Prisoner.id == Visit.prisoner_id)
        .join(Terminal, Terminal.id == Visit.terminal_id)
        .join(Unit, Unit.id == Terminal.unit_id)
        .join(Prison, Prison.id == Visit.prison_id)
        .outerjoin(PrisonerContact, known)
    )


async def one_visit(session: AsyncSession, visit_id: str, *, lock: bool = False) -> Parts | None:
    """`lock` keeps others from changing it until the transaction ends."""
    query = _visits().where(Visit.id == visit_id)
    found = await _all(session, query.with_for_update(of=Visit) if lock else query)
    return found[0] if found else None


async def visits_between(
    session: AsyncSession, prison_id: str, begin: datetime, end: datetime, *, terminal_id: str | None = None
) -> list[Parts]:
    """Those that start in [begin, end), by time and cell."""
    query = _visits().where(Visit.prison_id == prison_id, Visit.starts_at >= begin, Visit.starts_at < end)
    if terminal_id is not None:
        query = query.where(Visit.terminal_id == terminal_id)
    return await _all(session, query.order_by(Visit.starts_at, Terminal.place, Visit.id))


async def visits_without_outcome(
    session: AsyncSession, prison_id: str, before: datetime, limit: int
) -> list[Parts]:
    """Those that were to be held and ended before that moment, and nobody has said how, the earliest first."""
    arranged = (VisitSubStatus.APPROVED.value, VisitSubStatus.AUTO_APPROVED.value)
    query = _visits().where(
        Visit.prison_id == prison_id,
        Visit.outcome.is_(None),
        Visit.status == VisitStatus.BOOKED.value,
        Visit.sub_status.in_(arranged),
        Visit.ends_at < before,
    )
    return await _all(session, query.order_by(Visit.ends_at, Visit.id).limit(limit))


async def _all(session: AsyncSession, query: Rows) -> list[Parts]:
    rows = (await session.execute(query)).all()
    ids = [row[0].id for row in rows]
    calls = await session.scalars(
        select(CallRow).where(CallRow.visit_id.in_(ids)).order_by(CallRow.made_at, CallRow.id)
    )
    last = {call.visit_id: call for call in calls}
    come = await companies(session, [row[0] for row in rows])
    return [Parts(*row, company=come[row[0].id], call=last.get(row[0].id)) for row in rows]
