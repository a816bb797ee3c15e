"""The list of recordings in the database: which there are, of which visit, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from recording.spec import RecordingSpec
from recording.tap import Closed

metadata = sa.MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
)
RECORDING, CLOSED, OPEN_ENDED = "recording", "closed", "open_ended"

recordings = sa.Table(
    "recording",
    metadata,
    sa.Column("recording_id", sa.String(36), primary_key=True),
    sa.Column("call_id", sa.String(36), nullable=False),
    sa.Column("visit_id", sa.String(36), nullable=False, index=True),
    sa.Column("prison_id", sa.String(36), nullable=False),
    sa.Column("picture", sa.Boolean, nullable=False),
    sa.Column("sound", sa.Boolean, nullable=False),
    sa.Column("policy", sa.String(200), nullable=False),
    sa.Column("begun_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("gaps", sa.Integer, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("head", sa.String(64)),
)
sa.Index(None, recordings.c.prison_id, recordings.c.begun_ms)


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One recording; times are wall clock in ms. `status` is recording, closed or open_ended.

    `head` is the last part's log head of a closed recording: verify takes it as `expected_head`.
    """

    recording_id: str
    call_id: str
    visit_id: str
    prison_id: str
    picture: bool
    sound: bool
    policy: str
    begun_ms: int
    ended_ms: int | None
    status: str
    gaps: int
    parts: int
    head: str | None


Rows = list[CatalogueRow]
Place = tuple[int, str]  # in the list: when it began (ms), and its id
_PLACE = (recordings.c.begun_ms, recordings.c.recording_id)


class Catalogue:
    """`reader` may be an engine whose transactions only read; by default both are one."""

    def __init__(self, engine: AsyncEngine, reader: AsyncEngine | None = None) -> None:
        self._engine = engine
        self._reader = reader or engine

    async def add(self, spec: RecordingSpec) -> None:
        """A recording begins."""
        row = {name: getattr(spec, name) for name in _FROM_SPEC}
        async with self._engine.begin() as connection:
            await connection.execute(
                recordings.insert().values(**row, ended_ms=None, status=RECORDING, gaps=0, parts=0, head=None)
            )

    async def count_gaps(self, recording_id: str, gaps: int) -> None:
        """A recording under way has so many by now."""
        async with self._engine.begin() as connection:
            await connection.execute(
                recordings.update().where(recordings.c.recording_id == recording_id).values(gaps=gaps)
            )

    async def finish(
        self, recording_id: str, *, ended_ms: int, gaps: int, closed: Closed | None = None
    ) -> None:
        """A recording has ended; `closed` is what Recording.close gave, None when it is open-ended."""
        end: dict[str, Any] = {"ended_ms": ended_ms, "gaps": gaps, "status": OPEN_ENDED}
        if closed is not None:
            end |= {"status": CLOSED, "parts": closed.part, "head": closed.head}
        async with self._engine.begin() as connection:
            await connection.execute(
                recordings.update().where(recordings.c.recording_id == recording_id).values(**end)
            )

    async def unfinished(self) -> Rows:
        """Those being recorded now, or left so by a node that died."""
        return await self._rows(recordings.c.status == RECORDING)

    async def get(self, recording_id: str) -> CatalogueRow | None:
        found = await self._rows(recordings.c.recording_id == recording_id)
        return found[0] if found else None

    async def list(self, prison_id: str, *, limit: int, after: Place | None = None) -> Rows:
        """The recordings of a prison, newest first; `after` goes on below the row in that place."""
        which = recordings.c.prison_id == prison_id
        if after is not None:
            which &= sa.tuple_(*_PLACE) < sa.tuple_(*(sa.literal(part) for part in after))
        return await self._rows(which, limit)

    async def _rows(self, which: sa.ColumnElement[bool], limit: int | None = None) -> Rows:
        wanted = recordings.select().where(which).order_by(*(part.desc() for part in _PLACE)).limit(limit)
        async with self._reader.connect() as connection:
            return [CatalogueRow(**row) for row in (await connection.execute(wanted)).mappings()]


_FROM_SPEC = (
    *("recording_id", "call_id", "visit_id", "prison_id"),
    *("picture", "sound", "policy", "begun_ms"),
)
