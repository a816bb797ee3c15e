"""What the office has to do: each thing raised once, done by somebody, or settled by itself."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from visitation.errors import NotFound, NotNow
from visitation.model.agenda import OfficeTask, TaskKind
from visitation.model.notices import Notice
from visitation.model.visits import Visit
from visitation.notices.kinds import TERMS, NoticeKind, NoticeState, Unsent
from visitation.policy.identity import Identity
from visitation.services.audit import AuditKind
from visitation.services.desk import Desk, Work


@dataclass(frozen=True, slots=True)
class Task:
    """`person_id` is the prisoner or contact it is about; `about_at` is when the visit begins."""

    id: str
    kind: TaskKind
    prison_id: str
    visit_id: str
    person_id: str
    about_at: datetime
    made_at: datetime


class Tasks:
    """Of one prison's office."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def open_in(self, prison_id: str, limit: int = 200) -> tuple[Task, ...]:
        """The most pressing first."""
        query = select(OfficeTask).where(OfficeTask.prison_id == prison_id, OfficeTask.done_at.is_(None))
        async with self._desk.database.read() as session:
            rows = await session.scalars(query.order_by(OfficeTask.about_at, OfficeTask.id).limit(limit))
            return tuple(_told(row) for row in rows)

    async def done(self, id_: str, by: Identity) -> None:
        """Raises NotFound for another prison's, NotNow already_decided."""
        async with self._desk.work(by) as work:
            row = await work.session.get(OfficeTask, id_, with_for_update=True)
            if row is None:
                raise NotFound
            work.owns(row.prison_id)
            if row.done_at is not None:
                raise NotNow("already_decided")
            row.done_at, row.done_by = work.now, by.person_id
            await work.note(AuditKind.TASK_DONE, row.id, {"visit": row.visit_id, "task": row.kind})


async def raise_task(work: Work, kind: TaskKind, visit: Visit, prison_id: str, person_id: str) -> None:
    """Part of `work`'s transaction. What was raised of this visit at this time is not raised again."""
    row = OfficeTask(
        id=str(uuid.uuid4()),
        prison_id=prison_id,
        kind=kind.value,
        visit_id=visit.id,
        person_id=person_id,
        about_at=visit.starts_at,
        made_at=work.now,
    )
    with suppress(IntegrityError):
        async with work.session.begin_nested():
            work.session.add(row)


async def not_told(work: Work, failed: Notice) -> None:
    """Somebody must tell the person otherwise, unless they were or may yet be told by another channel."""
    kind = NoticeKind(failed.kind)
    if failed.visit_id is None or not TERMS[kind].needed or failed.reason == Unsent.NOT_CONFIGURED:
        return
    otherwise = select(Notice.id).where(
        Notice.visit_id == failed.visit_id,
        Notice.contact_id == failed.contact_id,
        Notice.kind == failed.kind,
        Notice.changes == failed.changes,
        Notice.state.in_([NoticeState.WAITING.value, NoticeState.SENT.value]),
        Notice.id != failed.id,
    )
    visit = await work.session.get_one(Visit, failed.visit_id)
    if work.now < visit.starts_at and await work.session.scalar(otherwise.limit(1)) is None:
        await raise_task(work, TaskKind.NOT_TOLD, visit, failed.prison_id, failed.contact_id)


async def settle_tasks(work: Work, kind: TaskKind, visit_id: str, person_id: str) -> None:
    """There is nothing left to do about it."""
    still = (
        (OfficeTask.visit_id == visit_id)
        & (OfficeTask.person_id == person_id)
        & (OfficeTask.kind == kind.value)
        & OfficeTask.done_at.is_(None)
    )
    await work.session.execute(update(OfficeTask).where(still).values(done_at=work.now))


def _told(row: OfficeTask) -> Task:
    return Task(
        id=row.id,
        kind=TaskKind(row.kind),
        prison_id=row.prison_id,
        visit_id=row.visit_id,
        person_id=row.person_id,
        about_at=row.about_at,
        made_at=row.made_at,
    )
