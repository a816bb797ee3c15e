"""The audit log: typed lines, each standing on the one before; appended, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.audit_chain import (
    AuditKind,
    Fact,
    Fault,
    Head,
    Line,
    facts_text,
    fault_of,
    line_hash,
)
from visitation.model.audit import AuditHead, AuditLine
from visitation.policy.identity import Identity
from visitation.ports import Clock
from visitation.storage.database import Database

__all__ = ["Audit", "AuditKind", "Fact", "Fault", "Head", "Line", "Verdict"]
_HEAD_ROW = 1
_PAGE = 1000  # lines


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the log ends, and the first fault found (None: every line stands on the one before)."""

    head: Head
    fault: Fault | None

    @property
    def whole(self) -> bool:
        return self.fault is None


class Audit:
    """Writes and checks the log. `append` is its own transaction, `append_in` a part of another's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def append(
        self, kind: AuditKind, actor: Identity | None, subject: str, facts: Mapping[str, Fact] | None = None
    ) -> Line:
        """Writes one line. `actor` None is the system; `subject` is an id. Raises ValueError for odd facts."""
        async with self._database.write() as session:
            return await self.append_in(session, kind, actor, subject, facts)

    async def append_in(
        self,
        session: AsyncSession,
        kind: AuditKind,
        actor: Identity | None,
        subject: str,
        facts: Mapping[str, Fact] | None = None,
    ) -> Line:
        """Writes one line in a transaction that does what the line says: both happen, or neither."""
        # Every writer takes the head row first; SQLite's one writer has its lock already.
        head = await session.get_one(AuditHead, _HEAD_ROW, with_for_update=True)
        line = Line(
            number=head.number + 1,
            at=self._clock.now(),
            kind=kind.value,
            actor_kind=actor.kind if actor else "system",
            actor=actor.person_id if actor else None,
            session_id=actor.session_id if actor else None,
            prison_id=actor.prison_id if actor else None,
            subject=subject,
            facts=facts_text(facts or {}),
            previous=head.hash,
            hash="",
        )
        line = replace(line, hash=line_hash(line))
        session.add(AuditLine(**{name: getattr(line, name) for name in Line.__dataclass_fields__}))
        head.number, head.hash = line.number, line.hash
        await session.flush()
        return line

    async def head(self) -> Head:
        async with self._database.read() as session:
            row = await session.get_one(AuditHead, _HEAD_ROW)
            return Head(row.number, row.hash)

    async def verify(self, anchor: Head | None = None) -> Verdict:
        """Reads the whole log. Finds a line altered, removed, reordered, or added without the chain.

        Somebody who can write the whole database can write a new chain: `anchor`, a head copied
        elsewhere earlier, finds that too.
        """
        async with self._database.read() as session:
            return await _verify(session, anchor)


async def _verify(session: AsyncSession, anchor: Head | None) -> Verdict:
    before = Head()
    while lines := await _page(session, before.number):
        for line in lines:
            fault = fault_of(line, before) or _against(anchor, line)
            if fault:
                return Verdict(before, fault)
            before = Head(line.number, line.hash)
    head = await session.get(AuditHead, _HEAD_ROW)
    if head is None:
        return Verdict(before, Fault(before.number, "the head of the log was removed"))
    if max(head.number, anchor.number if anchor else 0) > before.number:
        return Verdict(before, Fault(before.number + 1, "lines were removed from the end"))
    if (head.number, head.hash) != (before.number, before.hash):
        return Verdict(before, Fault(head.number + 1, "lines were added without moving the head"))
    return Verdict(before, None)


def _against(anchor: Head | None, line: Line) -> Fault | None:
    if anchor and anchor.number == line.number and anchor.hash != line.hash:
        return Fault(line.number, "the log was written anew: it differs from the copied head")
    return None


async def _page(session: AsyncSession, after: int) -> list[Line]:
    rows = await session.scalars(
        select(AuditLine).where(AuditLine.number > after).order_by(AuditLine.number).limit(_PAGE)
    )
    return [Line(**{name: getattr(row, name) for name in Line.__dataclass_fields__}) for row in rows]
