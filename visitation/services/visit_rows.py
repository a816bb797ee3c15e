"""The rows of an arranged visit: who is waited for, what is written, what is taken and given back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.allowances import AllowanceRule, Entry, EntryKind, refund, use
from visitation.conditions import ConditionsUndecided, to_json
from visitation.errors import BadInput
from visitation.jurisdictions.pack import Packs
from visitation.model.allowances import AllowanceEntry
from visitation.model.booking import Application
from visitation.model.people import Contact, Prisoner, Staff, StaffRole
from visitation.model.prisons import Prison
from visitation.model.restrictions import NonAssociation
from visitation.model.schedule import SessionTemplate
from visitation.model.visits import Visit, VisitVisitor
from visitation.services.booked import Raced
from visitation.services.deciding import decide
from visitation.services.desk import Work
from visitation.storage.claims import claim_hold, claim_visit
from visitation.storage.company import companies
from visitation.storage.faults import fault_of


async def wait_for_people(session: AsyncSession, prisoner_id: str, visitor_ids: Collection[str]) -> None:
    """One at a time arranges for a prisoner, for a prisoner who visits, and for those kept apart from them:
    what is counted (time left, the week, who is near on the day) stays so until it is written."""
    inside = select(Contact.prisoner_id).where(Contact.id.in_(visitor_ids), Contact.prisoner_id.is_not(None))
    both = {prisoner_id, *(each for each in await session.scalars(inside) if each is not None)}
    pairs = select(NonAssociation.prisoner_id, NonAssociation.other_id).where(
        or_(NonAssociation.prisoner_id.in_(both), NonAssociation.other_id.in_(both))
    )
    everybody = {each for pair in await session.execute(pairs) for each in pair} | both
    # In one order for everybody, so that nobody waits in a ring.
    people = select(Prisoner.id).where(Prisoner.id.in_(everybody)).order_by(Prisoner.id)
    await session.execute(people.with_for_update(key_share=True))


async def wait_for_sessions(session: AsyncSession, template_ids: Iterable[str | None]) -> None:
    """One at a time is counted against a session's capacity."""
    wanted = {each for each in template_ids if each is not None}
    them = select(SessionTemplate.id).where(SessionTemplate.id.in_(wanted)).order_by(SessionTemplate.id)
    await session.execute(them.with_for_update(key_share=True))


async def check_officer(work: Work, officer_id: str | None) -> None:
    """Raises BadInput for anybody but an officer of the prison of whoever asks."""
    if officer_id is None:
        return
    officer = await work.session.get(Staff, officer_id)
    if officer is None or officer.role != StaffRole.OFFICER:
        raise BadInput
    work.owns(officer.prison_id)


async def set_visitors(session: AsyncSession, visit: Visit, visitor_ids: Collection[str]) -> None:
    """Those and no others; the first is the main one."""
    await session.execute(delete(VisitVisitor).where(VisitVisitor.visit_id == visit.id))
    session.add_all(VisitVisitor(visit_id=visit.id, contact_id=each) for each in dict.fromkeys(visitor_ids))
    await session.flush()


async def claim(work: Work, what: Visit | Application) -> None:
    """Raises Raced when somebody else has any of its time by now."""
    try:
        if isinstance(what, Visit):
            await claim_visit(work.session, what)
        else:
            await claim_hold(work.session, what)
    except IntegrityError as error:
        if fault_of(error) == "twice":
            raise Raced from error
        raise


async def set_conditions(work: Work, visit: Visit, packs: Packs) -> bool:
    """Decides under what conditions it would be held; False leaves them undecided, and nothing is started."""
    contact = await work.session.get_one(Contact, visit.contact_id)
    prison = await work.session.get_one(Prison, visit.prison_id)
    company = (await companies(work.session, [visit]))[visit.id]
    try:
        visit.conditions = to_json(decide(visit, contact, prison, company, packs, work.now))
    except ConditionsUndecided:
        visit.conditions = None
    return visit.conditions is not None


def take_time(work: Work, rule: AllowanceRule | None, visit: Visit, day: date) -> None:
    """Its minutes, from the prisoner's allowance."""
    if rule is not None:
        minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
        write_entry(work, rule, visit.prisoner_id, use(rule, visit.id, day, minutes), "")


async def give_time_back(
    work: Work, rule: AllowanceRule | None, visit: Visit, today: date, reason: str, minutes: int | None = None
) -> int:
    """What the visit still costs, or so many minutes of it; how many that was."""
    if rule is None:
        return 0
    rows = await work.session.scalars(select(AllowanceEntry).where(AllowanceEntry.visit_id == visit.id))
    entries = [Entry(row.period_start, EntryKind(row.kind), row.amount, row.visit_id) for row in rows]
    whole = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    entry = refund(rule, entries, visit.id, whole if minutes is None else minutes, today)
    if entry is None:
        return 0
    write_entry(work, rule, visit.prisoner_id, entry, reason)
    return entry.amount


def write_entry(work: Work, rule: AllowanceRule, prisoner_id: str, entry: Entry, reason: str) -> None:
    work.session.add(
        AllowanceEntry(
            id=str(uuid.uuid4()),
            prisoner_id=prisoner_id,
            allowance=rule.allowance,
            period_start=entry.period_start,
            kind=entry.kind.value,
            amount=entry.amount,
            visit_id=entry.visit_id,
            reason=reason,
            by_person=work.by.person_id if work.by is not None else None,
            at=work.now,
        )
    )
