"""The standby list: whoever waits for a place gets it when somebody gives one up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from visitation.commands.booking import BookVisit, WaitForSlot, WantedSlot
from visitation.eligibility import ContactClass, UserType
from visitation.errors import BadInput, NotFound, NotNow
from visitation.events import SlotFreed
from visitation.model.booking import Standby, StandbyState
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison
from visitation.model.visits import ApplicationMethod, Need
from visitation.policy.identity import Identity
from visitation.services.arranging import Asker, asker_of
from visitation.services.audit import AuditKind
from visitation.services.booked import Booked, attempt
from visitation.services.booking import Booking
from visitation.services.desk import Desk, Work
from visitation.services.visit_rows import wait_for_people
from visitation.storage.facts.visitors import booker_facts

WAITING: Final = 5  # places of one person at a time
TRIED: Final = 50  # of those who wait, the longest waiting first, for one place


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on the list; `visit_id` is what came of it."""

    id: str
    prison_id: str
    prisoner_id: str
    kind: str
    visitor_ids: tuple[str, ...]
    earliest: datetime
    latest: datetime
    notice_minutes: int
    asked_at: datetime
    state: StandbyState
    visit_id: str | None


class Standbys:
    """`fill` is told of every place that comes free: `events.subscribe(SlotFreed, standbys.fill)`."""

    def __init__(self, desk: Desk, booking: Booking) -> None:
        self._desk = desk
        self._booking = booking

    async def wait(self, wanted: WaitForSlot, by: Identity) -> Place:
        """Raises NotFound for no such prisoner, BadInput when nothing could begin in time, NotNow
        too_many_waiting."""
        async with self._desk.work(by) as work:
            if wanted.latest - timedelta(minutes=wanted.notice_minutes) <= work.now:
                raise BadInput
            prisoner = await work.session.get(
                Prisoner, wanted.prisoner_id, with_for_update={"key_share": True}
            )
            if prisoner is None or not await _may_ask(work, prisoner):
                raise NotFound
            if await _waiting(work, by.person_id) >= WAITING and asker_of(by).user_type is not UserType.STAFF:
                raise NotNow("too_many_waiting")
            row = _row(work, wanted, prisoner, by)
            work.session.add(row)
            await work.session.flush()
            await work.note(AuditKind.STANDBY_ASKED, row.id, {"prisoner": prisoner.id})
            return _place(row)

    async def stop(self, id: str, by: Identity) -> None:
        """They wait no more. Raises NotFound, NotNow already_decided."""
        async with self._desk.work(by) as work:
            row = await work.session.get(Standby, id, with_for_update=True)
            staff = (
                asker_of(by).user_type is UserType.STAFF and row is not None and row.prison_id == by.prison_id
            )
            if row is None or not (staff or row.asked_by == by.person_id):
                raise NotFound
            if row.state != StandbyState.WAITING:
                raise NotNow("already_decided")
            row.state = StandbyState.WITHDRAWN.value
            await work.session.flush()
            await work.note(AuditKind.STANDBY_WITHDRAWN, row.id)

    async def of_person(self, person_id: str) -> tuple[Place, ...]:
        """What somebody asked for, the newest first."""
        query = select(Standby).where(Standby.asked_by == person_id)
        async with self._desk.database.read() as session:
            found = await session.scalars(query.order_by(Standby.asked_at.desc()).limit(100))
            return tuple(_place(row) for row in found)

    async def of_prison(self, prison_id: str, limit: int = 200) -> tuple[Place, ...]:
        """Those who wait, the longest waiting first."""
        waiting = (Standby.state == StandbyState.WAITING.value) & (Standby.latest > self._desk.clock.now())
        query = select(Standby).where(Standby.prison_id == prison_id, waiting)
        async with self._desk.database.read() as session:
            found = await session.scalars(query.order_by(Standby.asked_at, Standby.id).limit(limit))
            return tuple(_place(row) for row in found)

    async def fill(self, freed: SlotFreed) -> None:
        """Gives the place to the first of those who wait whom the rules let have it."""
        now = self._desk.clock.now()
        async with self._desk.database.read() as session:
            query = select(Standby.id, Standby.notice_minutes).where(
                Standby.prison_id == freed.prison_id,
                Standby.state == StandbyState.WAITING.value,
                Standby.latest > freed.starts_at,
                Standby.earliest <= freed.starts_at,
            )
            rows = (await session.execute(query.order_by(Standby.asked_at, Standby.id).limit(TRIED))).all()
        for standby_id, notice in rows:
            in_time = now + timedelta(minutes=notice) <= freed.starts_at
            if in_time and await self._give(standby_id, freed):
                return

    async def _give(self, id: str, freed: SlotFreed) -> bool:
        async def do(work: Work) -> Booked:
            row = await work.session.get_one(Standby, id)
            await wait_for_people(work.session, row.prisoner_id, row.visitors)
            await work.session.refresh(row, with_for_update=True)
            if row.state != StandbyState.WAITING:
                raise NotNow("already_decided")
            prison = await work.session.get_one(Prison, row.prison_id)
            asker = Asker(UserType(row.user_type), row.asked_by)
            found = await self._booking.book_in(work, _wanted(row, prison, freed), asker)
            row.state, row.visit_id = StandbyState.FILLED.value, found.visit_id
            await work.session.flush()
            await work.note(AuditKind.STANDBY_FILLED, row.id, {"visit": found.visit_id})
            return found

        try:
            await attempt(self._desk, None, do)
        except NotNow:  # not for them, or they wait no more
            return False
        return True


async def _may_ask(work: Work, prisoner: Prisoner) -> bool:
    """Staff for their prison's, prisoners for themselves, others for whoever approved of them; professionals
    need nobody's approval."""
    asker = asker_of(work.by)
    if asker.user_type is UserType.PRISONER:
        return asker.person_id == prisoner.id
    if asker.user_type is UserType.PUBLIC:
        contact = await work.session.get(Contact, asker.person_id)
        if contact is None:
            return False
        booker = await booker_facts(work.session, contact.id)
        return contact.kind != ContactClass.SOCIAL or prisoner.id in booker.prisoner_ids
    return work.by is None or work.by.prison_id == prisoner.prison_id


async def _waiting(work: Work, person_id: str) -> int:
    theirs = (Standby.asked_by == person_id) & (Standby.state == StandbyState.WAITING.value)
    return await work.session.scalar(select(func.count()).select_from(Standby).where(theirs)) or 0


def _row(work: Work, wanted: WaitForSlot, prisoner: Prisoner, by: Identity) -> Standby:
    return Standby(
        id=str(uuid.uuid4()),
        prison_id=prisoner.prison_id,
        prisoner_id=prisoner.id,
        kind=wanted.kind,
        visitors=list(wanted.visitor_ids),
        needs=list(wanted.needs),
        earliest=wanted.earliest,
        latest=wanted.latest,
        notice_minutes=wanted.notice_minutes,
        user_type=asker_of(by).user_type.value,
        method=str(wanted.method),
        asked_by=by.person_id,
        asked_at=work.now,
    )


def _wanted(row: Standby, prison: Prison, freed: SlotFreed) -> BookVisit:
    day = freed.starts_at.astimezone(ZoneInfo(prison.timezone)).date()
    return BookVisit(
        prisoner_id=row.prisoner_id,
        kind=row.kind,
        visitor_ids=tuple(row.visitors),
        wishes=(WantedSlot(template_id=freed.template_id, day=day),),
        needs=tuple(Need(each) for each in row.needs),
        method=ApplicationMethod(row.method),
    )


def _place(row: Standby) -> Place:
    return Place(
        id=row.id,
        prison_id=row.prison_id,
        prisoner_id=row.prisoner_id,
        kind=row.kind,
        visitor_ids=tuple(row.visitors),
        earliest=row.earliest,
        latest=row.latest,
        notice_minutes=row.notice_minutes,
        asked_at=row.asked_at,
        state=StandbyState(row.state),
        visit_id=row.visit_id,
    )
