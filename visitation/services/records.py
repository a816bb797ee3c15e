"""Rows that the prison edits: added, changed and removed by closed commands, each with its audit line."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from visitation.commands.base import Command
from visitation.errors import BadInput, NotFound, NotNow
from visitation.events import RecordChanged, RecordKind
from visitation.policy.identity import Identity
from visitation.services.audit import AuditKind, Fact
from visitation.services.desk import Desk, Work
from visitation.services.whose import about
from visitation.storage.base import Base

RowT = TypeVar("RowT", bound=Base)
DataT = TypeVar("DataT", bound=Command)
OWNERS: Final = ("prison_id", "prisoner_id", "contact_id")  # whose a row is never changes
# The id is that of the row changed, None when one is added.
Check = Callable[[Work, DataT, str | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kept(Generic[DataT]):
    """A row as it stands. `version` is given back with a change of it, so that nobody overwrites what they
    have not seen."""

    id: str
    version: int
    data: DataT


async def _nothing_to_check(_work: Work, _data: Any, _id: str | None) -> None: ...


class Records(Generic[RowT, DataT]):
    """One kind of row. `check` refuses data that a shape alone cannot (BadInput).

    The methods ending in `_in` are part of another's work; an import does many in one.
    """

    def __init__(
        self,
        desk: Desk,
        row: type[RowT],
        data: type[DataT],
        kind: RecordKind,
        check: Check[DataT] = _nothing_to_check,
    ) -> None:
        self._desk = desk
        self._row = row
        self._data = data
        self._kind = kind
        self._check = check

    async def add(self, data: DataT, by: Identity | None) -> Kept[DataT]:
        """Raises NotFound for what is another prison's, BadInput, NotNow already_there."""
        async with self._desk.work(by) as work:
            return await self.add_in(work, data)

    async def add_in(self, work: Work, data: DataT, **more: Any) -> Kept[DataT]:
        """`more` are columns that are not asked for: who made it, and when."""
        row = self._row(id=str(uuid.uuid4()), **_values(data), **more)
        news = await about(work, self._kind, row)
        await self._check(work, data, None)
        work.session.add(row)
        await work.session.flush()
        await _written(work, replace(news, what="added"), {})
        return self._kept(row)

    async def change(self, id: str, version: int, data: DataT, by: Identity | None) -> Kept[DataT]:
        """All of it, as it is to be from now on; what is the same already is no change.

        Raises NotFound, BadInput, NotNow stale or already_there.
        """
        async with self._desk.work(by) as work:
            return await self.change_in(work, id, version, data)

    async def change_in(self, work: Work, id: str, version: int, data: DataT) -> Kept[DataT]:
        row, news = await self.take(work, id, version)
        values = _values(data)
        if any(getattr(row, name) != values[name] for name in OWNERS if name in values):
            raise BadInput
        if any(getattr(row, name) != value for name, value in values.items()):
            await self._check(work, data, id)
        return await self.alter(work, row, news, values)

    async def take(self, work: Work, id: str, version: int) -> tuple[RowT, RecordChanged]:
        """The row, locked, and the news there will be of it. Raises NotFound, NotNow stale."""
        row: Any = await work.session.get(self._row, id, with_for_update=True)
        if row is None:
            raise NotFound
        news = await about(work, self._kind, row)
        if row.version != version:
            raise NotNow("stale")
        return row, news

    async def alter(
        self, work: Work, row: RowT, news: RecordChanged, values: Mapping[str, Any]
    ) -> Kept[DataT]:
        """Writes columns of a row that was taken; what is the same already is no change."""
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            await work.session.flush()
            await _written(work, news, {"fields": sorted(changed)})
        return self._kept(row)

    async def remove(self, id: str, version: int, by: Identity | None) -> None:
        """Raises NotFound, NotNow stale or in_use."""
        async with self._desk.work(by) as work:
            await self.remove_in(work, id, version)

    async def remove_in(self, work: Work, id: str, version: int) -> None:
        row, news = await self.take(work, id, version)
        try:
            await work.session.delete(row)
            await work.session.flush()
        except IntegrityError:
            raise NotNow("in_use") from None
        await _written(work, replace(news, what="removed"), {})

    async def get(self, id: str) -> Kept[DataT]:
        """Raises NotFound."""
        async with self._desk.database.read() as session:
            row = await session.get(self._row, id)
        if row is None:
            raise NotFound
        return self._kept(row)

    async def where(
        self,
        *conditions: ColumnElement[bool],
        order: Sequence[InstrumentedAttribute[Any]],
        after: str | None = None,
        limit: int = 1000,
    ) -> tuple[Kept[DataT], ...]:
        """A page of those that fit, by `order` and then by id; `after` is the id of the last one seen."""
        key = [*order, self._id]
        query = select(self._row).where(*conditions).order_by(*key).limit(limit)
        async with self._desk.database.read() as session:
            if after is not None:
                seen = await session.get(self._row, after)
                if seen is None:
                    raise NotFound
                query = query.where(tuple_(*key) > tuple_(*(getattr(seen, each.key) for each in key)))
            return tuple(self._kept(row) for row in await session.scalars(query))

    @property
    def _id(self) -> InstrumentedAttribute[Any]:
        found: InstrumentedAttribute[Any] = self._row.id  # type: ignore[attr-defined]
        return found

    def _kept(self, row: Any) -> Kept[DataT]:
        # As it is, checked when it was written: a row of an earlier version's rules can still be read.
        told = {name: getattr(row, name) for name in self._data.model_fields}
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
        construct: Any = self._data.model_construct
        return Kept(row.id, row.version, construct(**plain))


def _values(data: Command) -> dict[str, Any]:
    """As columns hold them: a JSON list is a list."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data}


async def _written(work: Work, news: RecordChanged, facts: dict[str, Fact]) -> None:
    people = {"prisoner": news.prisoner_id, "contact": news.contact_id}
    told: dict[str, Fact] = {who: one for who, one in people.items() if one not in (None, news.id)}
    await work.note(AuditKind(f"{news.kind}.{news.what}"), news.id, facts | told)
    work.tell(news)
