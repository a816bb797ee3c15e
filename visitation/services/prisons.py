"""Prisons with their units and terminals."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from visitation.commands.prisons import PrisonData, TerminalData, UnitData
from visitation.errors import BadInput
from visitation.events import RecordKind
from visitation.jurisdictions.pack import PolicyUnreadable, load_pack
from visitation.model.prisons import Prison, Terminal, Unit
from visitation.public_holidays import has_known_holidays
from visitation.services.deciding import Packs
from visitation.services.desk import Desk, Work
from visitation.services.records import Kept, Records

LEVELS: Final = 3  # units above each other; the cell is the fourth level of a prisoner's housing


class Prisons:
    """`prisons`, `units` and `terminals` are added, changed and removed; a prison that is used is made
    inactive instead."""

    def __init__(self, desk: Desk, packs: Packs = load_pack) -> None:
        self._packs = packs
        self.prisons = Records(desk, Prison, PrisonData, RecordKind.PRISON, self._readable)
        self.units = Records(desk, Unit, UnitData, RecordKind.UNIT, _lies_right)
        self.terminals = Records(desk, Terminal, TerminalData, RecordKind.TERMINAL, _stands_right)

    async def all(self) -> tuple[Kept[PrisonData], ...]:
        return await self.prisons.where(order=[Prison.code])

    async def units_of(self, prison_id: str) -> tuple[Kept[UnitData], ...]:
        return await self.units.where(Unit.prison_id == prison_id, order=[Unit.name])

    async def terminals_of(
        self, prison_id: str, after: str | None = None, limit: int = 1000
    ) -> tuple[Kept[TerminalData], ...]:
        here = Terminal.prison_id == prison_id
        return await self.terminals.where(here, order=[Terminal.place], after=after, limit=limit)

    async def _readable(self, _work: Work, data: PrisonData, _id: str | None) -> None:
        if data.country is not None and not has_known_holidays(data.country, data.subdivision):
            raise BadInput
        try:
            self._packs(data.policy_pack)
        except PolicyUnreadable:
            raise BadInput from None


async def unit_in(work: Work, unit_id: str, prison_id: str) -> Unit:
    """Raises BadInput for a unit of another prison."""
    found = await work.session.get(Unit, unit_id)
    if found is None or found.prison_id != prison_id:
        raise BadInput
    return found


async def _lies_right(work: Work, data: UnitData, id: str | None) -> None:
    """In the same prison, not in itself, and with what it holds not too deep."""
    above = 0
    parent_id = data.parent_id
    while parent_id is not None:
        above += 1
        parent = await unit_in(work, parent_id, data.prison_id)
        if parent.id == id or above >= LEVELS:
            raise BadInput
        parent_id = parent.parent_id
    if id is not None and above + await _depth(work, id) > LEVELS:
        raise BadInput


async def _depth(work: Work, id: str) -> int:
    """How many units lie in each other from this one down."""
    inside = await work.session.scalars(select(Unit.id).where(Unit.parent_id == id))
    return 1 + max([await _depth(work, each) for each in inside.all()], default=0)


async def _stands_right(work: Work, data: TerminalData, _id: str | None) -> None:
    await unit_in(work, data.unit_id, data.prison_id)
