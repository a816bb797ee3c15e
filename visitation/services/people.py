"""Prisoners and contacts: who there is, and where a prisoner lives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update

from visitation.commands.people import ContactData, PrisonerData
from visitation.eligibility import LinkState, Presence
from visitation.errors import BadInput, NotFound
from visitation.events import RecordChanged, RecordKind
from visitation.model.booking import Standby, StandbyState
from visitation.model.contacts import PrisonerContact
from visitation.model.people import Contact, Prisoner, ResponsibleAdult
from visitation.model.prisons import Prison, Terminal, TerminalUse
from visitation.policy.identity import Identity
from visitation.services.audit import AuditKind
from visitation.services.desk import Desk, Work
from visitation.services.prisons import unit_in
from visitation.services.records import Kept, Records

OBJECTIONS: Final = timedelta(hours=24)  # within which the next prison may object to what came along
ADULTS: Final = 10  # that may bring one child
_NEWCOMER: Final[Mapping[str, Any]] = MappingProxyType(
    {"unit_id": None, "cell": None, "terminal_id": None, "leaves_on": None, "status": Presence.IN.value}
)


class People:
    """`prisoners` and `contacts` are added and changed. A prisoner changes prison by `transfer` alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.prisoners = Records(desk, Prisoner, PrisonerData, RecordKind.PRISONER, _lives_right)
        self.contacts = Records(desk, Contact, ContactData, RecordKind.CONTACT)

    async def prisoners_of(
        self, prison_id: str, after: str | None = None, limit: int = 100
    ) -> tuple[Kept[PrisonerData], ...]:
        """Those who are there or come back, by number."""
        here = [
            Prisoner.prison_id == prison_id,
            Prisoner.status.in_([Presence.IN.value, Presence.AWAY.value]),
        ]
        return await self.prisoners.where(*here, order=[Prisoner.number], after=after, limit=limit)

    async def prisoner_numbered(self, number: str) -> Kept[PrisonerData] | None:
        found = await self.prisoners.where(Prisoner.number == number, order=[Prisoner.number], limit=1)
        return found[0] if found else None

    async def contacts_named(
        self, begins: str, after: str | None = None, limit: int = 50
    ) -> tuple[Kept[ContactData], ...]:
        """Of the whole estate, whose family name begins so; letters count as written."""
        order = [Contact.family_name, Contact.name]
        return await self.contacts.where(_begins(begins), order=order, after=after, limit=limit)

    async def transfer(
        self, prisoner_id: str, version: int, to_prison_id: str, by: Identity | None
    ) -> Kept[PrisonerData]:
        """To another prison of the estate. Links, allowances and standby go along; the new prison may
        object to a link for a day. Cell, unit and terminal are given there anew.

        Raises NotFound, NotNow stale, BadInput for no such prison or the same.
        """
        async with self._desk.work(by) as work:
            row, left = await self.prisoners.take(work, prisoner_id, version)
            if to_prison_id == row.prison_id or await work.session.get(Prison, to_prison_id) is None:
                raise BadInput
            work.tell(left)
            kept = await self.prisoners.alter(
                work, row, replace(left, prison_id=to_prison_id), {**_NEWCOMER, "prison_id": to_prison_id}
            )
            await _take_along(work, row)
            return kept

    async def responsible_adults(self, child_id: str) -> tuple[str, ...]:
        """The contacts that may bring this one."""
        async with self._desk.database.read() as session:
            found = select(ResponsibleAdult.adult_id).where(ResponsibleAdult.child_id == child_id)
            return tuple(await session.scalars(found.order_by(ResponsibleAdult.adult_id)))

    async def set_responsible_adults(
        self, child_id: str, adult_ids: Collection[str], by: Identity | None
    ) -> None:
        """Those and no others. Raises NotFound; BadInput for nobody, oneself, or too many."""
        wanted = set(adult_ids)
        if len(wanted) > ADULTS or child_id in wanted:
            raise BadInput
        async with self._desk.work(by) as work:
            if await work.session.get(Contact, child_id, with_for_update=True) is None:
                raise NotFound
            await work.session.execute(delete(ResponsibleAdult).where(ResponsibleAdult.child_id == child_id))
            work.session.add_all(
                ResponsibleAdult(child_id=child_id, adult_id=each) for each in sorted(wanted)
            )
            await work.session.flush()
            await work.note(AuditKind.CONTACT_CHANGED, child_id, {"responsible_adults": sorted(wanted)})
            work.tell(RecordChanged(RecordKind.CONTACT, "changed", child_id, None, None, child_id))


def _begins(text: str) -> ColumnElement[bool]:
    return Contact.family_name.startswith(text, autoescape=True)


async def _take_along(work: Work, prisoner: Prisoner) -> None:
    approved = (PrisonerContact.prisoner_id == prisoner.id) & (
        PrisonerContact.state == LinkState.APPROVED.value
    )
    await work.session.execute(
        update(PrisonerContact).where(approved).values(objections_until=work.now + OBJECTIONS)
    )
    waiting = (Standby.prisoner_id == prisoner.id) & (Standby.state == StandbyState.WAITING.value)
    await work.session.execute(update(Standby).where(waiting).values(prison_id=prisoner.prison_id))


async def _lives_right(work: Work, data: PrisonerData, _id: str | None) -> None:
    """In a unit of the prison, at a terminal of the prison that is a cell's, unless they are gone."""
    if data.unit_id is not None:
        await unit_in(work, data.unit_id, data.prison_id)
    if data.terminal_id is None:
        return
    terminal = await work.session.get(Terminal, data.terminal_id)
    here = terminal is not None and terminal.prison_id == data.prison_id and terminal.use == TerminalUse.CELL
    if not here or data.status in (Presence.RELEASED, Presence.TRANSFERRED):
        raise BadInput
