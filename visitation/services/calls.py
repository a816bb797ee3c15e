"""Calls: which node holds a visit's one open call, by a lease that every new holder fences with an epoch."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.errors import NotFound, NotNow
from visitation.model.visits import CallRow, Visit
from visitation.ports import Clock
from visitation.services.audit import Audit, AuditKind, Fact
from visitation.storage.database import Database

LEASE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class CallLease:
    """A node's right to hold a call: good while nobody has read or written a higher epoch."""

    call_id: str
    visit_id: str
    node: str
    epoch: int
    lease_until: datetime
    begun_at: datetime | None


class Calls:
    """Writes with an old epoch raise NotNow("call_fenced"): somebody else holds the call now.

    A call writes its papers late when the database is slow, so it says itself when a thing was (`at`).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._audit = Audit(database, clock)

    async def take(self, visit_id: str, node: str) -> CallLease:
        """Takes the visit's open call, or makes one. Raises NotFound; NotNow call_elsewhere."""
        try:
            async with self._database.write() as session:
                row = await self._take(session, visit_id, node)
                said: dict[str, Fact] = {"visit": visit_id, "node": node, "epoch": row.epoch}
                await self._audit.append_in(session, AuditKind.CALL_TAKEN, None, row.id, said)
                return _lease(row)
        except IntegrityError:  # another node made the call at the same moment, and holds it
            raise NotNow("call_elsewhere") from None

    async def _take(self, session: AsyncSession, visit_id: str, node: str) -> CallRow:
        now = self._clock.now()
        if await session.get(Visit, visit_id) is None:
            raise NotFound
        row = await session.scalar(_open_call(visit_id).with_for_update())
        if row is None:
            row = CallRow(id=str(uuid.uuid4()), visit_id=visit_id, made_at=now, epoch=0)
            session.add(row)
        elif row.node != node and now < row.lease_until:
            raise NotNow("call_elsewhere")
        row.node, row.epoch, row.lease_until = node, row.epoch + 1, now + LEASE
        await session.flush()
        return row

    async def renew(self, lease: CallLease) -> CallLease:
        """A longer lease. To be asked every 10 s; only NotNow call_fenced is a reason to drop the call."""
        async with self._database.write() as session:
            row = await _own(session, lease)
            row.lease_until = self._clock.now() + LEASE
            return _lease(row)

    async def begun(self, lease: CallLease, at: datetime) -> CallLease:
        """Both are there: the call is live. The first time counts."""
        async with self._database.write() as session:
            row = await _own(session, lease)
            if row.begun_at is None:
                row.begun_at = at
                await self._audit.append_in(
                    session, AuditKind.CALL_BEGUN, None, row.id, {"visit": row.visit_id}
                )
            return _lease(row)

    async def ended(self, lease: CallLease, reason: str, at: datetime) -> None:
        """Closes the call; `reason` is a code of the live protocol. Again is no error."""
        async with self._database.write() as session:
            row = await _own(session, lease)
            if row.ended_at is None:
                row.ended_at, row.end_reason = at, reason[:40]
                said: dict[str, Fact] = {"visit": row.visit_id, "reason": row.end_reason}
                await self._audit.append_in(session, AuditKind.CALL_ENDED, None, row.id, said)

    async def left_open(self, node: str) -> tuple[CallLease, ...]:
        """Calls this node held when it stopped, to be taken up or ended at its start."""
        async with self._database.read() as session:
            rows = await session.scalars(
                select(CallRow).where(CallRow.node == node, CallRow.ended_at.is_(None)).order_by(CallRow.id)
            )
            return tuple(_lease(row) for row in rows)

    async def of_node(self, call_ids: Collection[str], node: str) -> frozenset[str]:
        """Which of these calls this node held last."""
        async with self._database.read() as session:
            wanted = select(CallRow.id).where(CallRow.node == node, CallRow.id.in_(call_ids))
            return frozenset(await session.scalars(wanted))


def _open_call(visit_id: str) -> Select[CallRow]:
    return select(CallRow).where(CallRow.visit_id == visit_id, CallRow.ended_at.is_(None))


async def _own(session: AsyncSession, lease: CallLease) -> CallRow:
    row = await session.get(CallRow, lease.call_id, with_for_update=True)
    if row is None or row.epoch != lease.epoch:
        raise NotNow("call_fenced")
    return row


def _lease(row: CallRow) -> CallLease:
    return CallLease(row.id, row.visit_id, row.node, row.epoch, row.lease_until, row.begun_at)
