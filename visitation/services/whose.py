"""Whose a row is: the prison whose staff may change it, and the people it is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from visitation.errors import BadInput
from visitation.events import RecordChanged, RecordKind
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison
from visitation.model.restrictions import NonAssociation
from visitation.services.desk import Work


async def about(work: Work, kind: RecordKind, row: Any) -> RecordChanged:
    """The news there will be of it. Raises NotFound when it is another prison's, BadInput for nobody's."""
    prison_id = await _prison_of(work, row)
    work.owns(prison_id)
    return RecordChanged(
        kind=kind,
        what="changed",
        id=row.id,
        prison_id=prison_id,
        prisoner_id=row.id if isinstance(row, Prisoner) else getattr(row, "prisoner_id", None),
        contact_id=row.id if isinstance(row, Contact) else getattr(row, "contact_id", None),
    )


async def _prison_of(work: Work, row: Any) -> str | None:
    """None = the whole estate's."""
    if isinstance(row, Prison):
        return row.id
    if isinstance(row, Contact):
        return None
    if isinstance(row, NonAssociation):  # either prison keeps it
        found = [await prison_of_prisoner(work, each) for each in (row.prisoner_id, row.other_id)]
        return work.by.prison_id if work.by is not None and work.by.prison_id in found else found[0]
    prisoner_id: str | None = getattr(row, "prisoner_id", None)
    if prisoner_id is not None and not isinstance(row, Prisoner):
        return await prison_of_prisoner(work, prisoner_id)
    prison_id: str | None = getattr(row, "prison_id", None)
    return prison_id


async def prison_of_prisoner(work: Work, prisoner_id: str) -> str:
    """Raises BadInput for nobody."""
    found = await work.session.scalar(select(Prisoner.prison_id).where(Prisoner.id == prisoner_id))
    if found is None:
        raise BadInput
    return found
