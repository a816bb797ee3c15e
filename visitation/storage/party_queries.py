"""The prisoners who take part in visits: the one whose visit it is, and those who visit from another prison."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.model.people import Contact, Prisoner
from visitation.model.visits import Visit, VisitVisitor


@dataclass(frozen=True, slots=True)
class Party:
    """A prisoner in a visit, the prison they are in, and the terminal at which they sit for it."""

    visit_id: str
    prisoner_id: str
    prison_id: str
    terminal_id: str


async def parties_of(session: AsyncSession, visit_ids: Collection[str]) -> list[Party]:
    """In no order in particular."""
    held = select(Visit.id, Prisoner.id, Prisoner.prison_id, Visit.terminal_id).join(
        Prisoner, Prisoner.id == Visit.prisoner_id
    )
    coming = (
        select(Visit.id, Prisoner.id, Prisoner.prison_id, Visit.other_terminal_id)
        .join(VisitVisitor, VisitVisitor.visit_id == Visit.id)
        .join(Contact, Contact.id == VisitVisitor.contact_id)
        .join(Prisoner, Prisoner.id == Contact.prisoner_id)
    )
    rows = [
        row for query in (held, coming) for row in await session.execute(query.where(Visit.id.in_(visit_ids)))
    ]
    return [Party(visit, who, prison, terminal or "") for visit, who, prison, terminal in rows]


def with_prisoner(prisoner_id: str) -> ColumnElement[bool]:
    """Of a query over Visit: those in which this prisoner takes part."""
    coming = (
        exists()
        .where(VisitVisitor.visit_id == Visit.id)
        .where(VisitVisitor.contact_id == Contact.id)
        .where(Contact.prisoner_id == prisoner_id)
    )
    return (Visit.prisoner_id == prisoner_id) | coming
