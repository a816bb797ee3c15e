"""Write the demo's prison and its people into the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import ContactClass, LinkState
from visitation.model.contacts import PrisonerContact, ProfessionalStatus, RelationshipType
from visitation.model.people import Contact, Prisoner, Staff
from visitation.model.prisons import AcousticGrade, Prison, Terminal, TerminalUse, Unit
from visitation.relations import RELATIONS
from visitation.services import demo_people as demo
from visitation.services.demo_people import demo_id
from visitation.storage.base import Base


async def furnish(session: AsyncSession) -> None:
    """Adds what is missing; again is as good as once."""
    prison = demo_id("prison", demo.PRISON)
    await _add(
        session,
        Prison(
            id=prison,
            code="KAI",
            name=demo.PRISON,
            timezone=demo.TIMEZONE,
            policy_pack="finland",
            country="FI",
        ),
    )
    for role, name in demo.STAFF:
        await _add(session, Staff(id=demo_id("staff", name), prison_id=prison, role=role, name=name))
    for pair in demo.PAIRS:
        unit = await _unit(session, prison, pair.unit)
        for row in (*_pair(prison, unit, pair), *_professional(pair)):
            await _add(session, row)
        await _link_pair(session, pair)


async def _add(session: AsyncSession, row: Base) -> None:
    if await session.get(type(row), row.id) is None:  # type: ignore[attr-defined]
        session.add(row)
        await session.flush()


async def _unit(session: AsyncSession, prison: str, name: str) -> str:
    """By its name: a demo of an earlier version has units under other ids."""
    found = await session.scalar(select(Unit).where(Unit.prison_id == prison, Unit.name == name))
    if found is None:
        found = Unit(id=demo_id("unit", name), prison_id=prison, name=name)
        await _add(session, found)
    return found.id


def _pair(prison: str, unit: str, pair: demo.DemoPair) -> Sequence[Base]:
    terminal = demo_id("terminal", pair.cell)
    return (
        Terminal(
            id=terminal,
            prison_id=prison,
            unit_id=unit,
            place=pair.cell,
            use=TerminalUse.CELL.value,
            acoustic_grade=AcousticGrade.PRIVATE.value,
        ),
        Prisoner(
            id=demo_id("prisoner", pair.cell),
            prison_id=prison,
            terminal_id=terminal,
            unit_id=unit,
            cell=pair.cell,
            number=pair.number,
            name=pair.prisoner,
            born_on=demo.BORN,
            languages=["fi"],
        ),
        Contact(
            id=demo_id("contact", pair.cell),
            kind=(ContactClass.PROFESSIONAL if pair.office else ContactClass.SOCIAL).value,
            name=pair.visitor,
            office=pair.office,
            born_on=demo.BORN,
            languages=["fi"],
            language="fi",
        ),
    )


def _professional(pair: demo.DemoPair) -> Sequence[Base]:
    if pair.office is None:
        return ()
    return (
        ProfessionalStatus(
            id=demo_id("professional", pair.cell),
            contact_id=demo_id("contact", pair.cell),
            standing="legal",
            register_name=demo.REGISTER,
            number=f"demo-{pair.cell}",
            checked_by=demo_id("staff", "Kirsi"),
            checked_on=demo.CHECKED,
            recheck_on=demo.RECHECK,
        ),
    )


async def _link_pair(session: AsyncSession, pair: demo.DemoPair) -> None:
    prisoner, contact = demo_id("prisoner", pair.cell), demo_id("contact", pair.cell)
    known = select(PrisonerContact.id).where(
        PrisonerContact.prisoner_id == prisoner, PrisonerContact.contact_id == contact
    )
    if await session.scalar(known) is not None:
        return
    relation = RELATIONS[pair.relation]
    session.add(
        PrisonerContact(
            id=demo_id("link", pair.cell),
            prisoner_id=prisoner,
            contact_id=contact,
            type=(RelationshipType.OFFICIAL if relation.official else RelationshipType.SOCIAL).value,
            relation_code=pair.relation,
            relation=dict(relation.words),
            state=LinkState.APPROVED.value,
            decided_by=demo_id("staff", "Kirsi"),
        )
    )
