"""See, once a minute, who must be reminded, whom the office must tell, and what has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.model.access import SignInCode
from visitation.model.agenda import OfficeTask, TaskKind
from visitation.model.notices import Notice
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitStatus, VisitVisitor
from visitation.notices.kinds import NoticeKind, NoticeState
from visitation.services.agenda import SURE, unacknowledged
from visitation.services.desk import Desk
from visitation.services.notices import remind
from visitation.services.tasks import raise_task
from visitation.storage.leases import Leases
from visitation.storage.party_queries import Party

REMIND_BEFORE: Final = timedelta(hours=24)
TOO_LATE_TO_REMIND: Final = timedelta(hours=2)
BOOKED_LATELY: Final = timedelta(hours=12)  # ago: its booking was just told
TELL_BEFORE: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=90)
FORGET_EVERY: Final = timedelta(hours=1)
LEASE: Final = timedelta(seconds=90)
BATCH: Final = 200


class Watch:
    """`run` is for one caller at a time, and again is as good as once."""

    name = "notices.watch"

    def __init__(self, desk: Desk, leases: Leases) -> None:
        self._desk = desk
        self._leases = leases
        self._forgot_at: datetime | None = None

    async def run(self) -> None:
        """Prison by prison, in transactions of their own: each finds what is to be done with an index."""
        if await self._leases.take(self.name, LEASE) is None:
            return
        async with self._desk.database.read() as session:
            prisons = list(await session.scalars(select(Prison.id).order_by(Prison.id)))
        for prison_id in prisons:
            await self._tasks(prison_id)
            await self._reminders(prison_id)
        await self._forget()

    async def leave(self) -> None:
        """Another process may go on at once."""
        await self._leases.leave(self.name)

    async def _tasks(self, prison_id: str) -> None:
        async with self._desk.database.read() as session:
            now = self._desk.clock.now()
            if not await _unraised(session, prison_id, now) and not await _moot(session, prison_id, now):
                return
        async with self._desk.work(None) as work:
            moot = OfficeTask.id.in_(await _moot(work.session, prison_id, work.now))
            await work.session.execute(update(OfficeTask).where(moot).values(done_at=work.now))
            for party, visit in await _unraised(work.session, prison_id, work.now):
                await raise_task(work, TaskKind.NOT_ACKNOWLEDGED, visit, party.prison_id, party.prisoner_id)

    async def _reminders(self, prison_id: str) -> None:
        while True:
            async with self._desk.database.read() as session:
                due = list(await session.scalars(_to_remind(prison_id, self._desk.clock.now()).limit(BATCH)))
            if not due:
                return
            async with self._desk.work(None) as work:
                for visit in await work.session.scalars(select(Visit).where(Visit.id.in_(due))):
                    await remind(work, visit)

    async def _forget(self) -> None:
        now = self._desk.clock.now()
        if self._forgot_at is not None and now - self._forgot_at < FORGET_EVERY:
            return
        async with self._desk.work(None) as work:
            told = (Notice.state != NoticeState.WAITING.value) & (Notice.made_at < now - KEPT)
            await work.session.execute(delete(Notice).where(told))
            done = OfficeTask.done_at.is_not(None) & (OfficeTask.made_at < now - KEPT)
            await work.session.execute(delete(OfficeTask).where(done))
            await work.session.execute(delete(SignInCode).where(SignInCode.valid_until <= now))
        self._forgot_at = now


async def _unraised(session: AsyncSession, prison_id: str, now: datetime) -> list[tuple[Party, Visit]]:
    """Whom the office must tell of a visit within the hour, and has not been asked to."""
    found = await unacknowledged(session, prison_id, now, now + TELL_BEFORE)
    rows = await session.scalars(
        select(OfficeTask).where(
            OfficeTask.visit_id.in_([visit.id for _, visit in found]),
            OfficeTask.kind == TaskKind.NOT_ACKNOWLEDGED.value,
        )
    )
    raised = {(row.visit_id, row.person_id, row.about_at) for row in rows}
    return [
        (party, visit)
        for party, visit in found
        if (visit.id, party.prisoner_id, visit.starts_at) not in raised
    ]


async def _moot(session: AsyncSession, prison_id: str, now: datetime) -> list[str]:
    """Tasks of which nothing is left to do: the visit has begun, is at another time, or is not to be any more."""
    unsure = (
        (Visit.status != VisitStatus.BOOKED.value)
        | Visit.sub_status.not_in(SURE)
        | Visit.outcome.is_not(None)
    )
    gone = (
        (OfficeTask.about_at <= now)
        | (OfficeTask.about_at != Visit.starts_at)
        | ((OfficeTask.kind == TaskKind.NOT_ACKNOWLEDGED.value) & unsure)
    )
    mine = (OfficeTask.prison_id == prison_id) & OfficeTask.done_at.is_(None)
    query = select(OfficeTask.id).join(Visit, Visit.id == OfficeTask.visit_id)
    return list(await session.scalars(query.where(mine, gone)))


def _to_remind(prison_id: str, now: datetime) -> Select[str]:
    """Sure visits of tomorrow, booked a while ago, with somebody outside who has not been reminded."""
    reminded = exists().where(
        Notice.visit_id == Visit.id,
        Notice.kind == NoticeKind.VISIT_REMINDER.value,
        Notice.starts_at == Visit.starts_at,
    )
    outside = (
        exists()
        .where(VisitVisitor.visit_id == Visit.id)
        .where(VisitVisitor.contact_id == Contact.id)
        .where(Contact.prisoner_id.is_(None))
    )
    return (
        select(Visit.id)
        .where(
            Visit.prison_id == prison_id,
            Visit.starts_at > now + TOO_LATE_TO_REMIND,
            Visit.starts_at <= now + REMIND_BEFORE,
            Visit.status == VisitStatus.BOOKED.value,
            Visit.sub_status.in_(SURE),
            Visit.outcome.is_(None),
            Visit.booked_at <= now - BOOKED_LATELY,
            outside,
            ~reminded,
        )
        .order_by(Visit.starts_at, Visit.id)
    )
