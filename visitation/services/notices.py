"""Tell people outside: messages written in the transaction of what they tell, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from visitation.events import NoticesWritten
from visitation.model.notices import Notice, NoticeChoice, PushDevice
from visitation.model.people import Contact, ResponsibleAdult
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitVisitor
from visitation.notices.channels import Choice, ways
from visitation.notices.kinds import Channel, NoticeKind, NoticeState, Unsent, worth_until
from visitation.services.desk import Desk, Work
from visitation.words import Lang


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message. `reason` says why it was not sent, or not yet."""

    id: str
    kind: NoticeKind
    channel: Channel
    contact_id: str
    name: str
    visit_id: str | None
    state: NoticeState
    reason: Unsent | None
    attempts: int
    made_at: datetime
    settled_at: datetime | None


async def tell_of_visit(work: Work, kind: NoticeKind, visit: Visit) -> None:
    """Everybody who comes, and whoever asked for it, is told of the visit as it is now.

    Part of `work`'s transaction: both happen or neither. What waits to be said to them of the visit is overtaken.
    """
    await work.session.flush()  # the visit's version is counted when it is written
    for contact in await _people_of(work, visit):
        await _overtake(work, visit.id, contact.id)
        await _write(work, kind, contact, visit.prison_id, visit)


async def tell_contact(work: Work, kind: NoticeKind, contact_id: str, prison_id: str) -> None:
    """One person is told of something other than a visit. Part of `work`'s transaction."""
    contact = await work.session.get_one(Contact, contact_id)
    if contact.prisoner_id is None:
        await _write(work, kind, contact, prison_id, None)


async def remind(work: Work, visit: Visit) -> None:
    """Like `tell_of_visit`, but once of one time; nothing is overtaken by it."""
    told = select(Notice.contact_id).where(
        Notice.visit_id == visit.id,
        Notice.kind == NoticeKind.VISIT_REMINDER.value,
        Notice.starts_at == visit.starts_at,
    )
    already = set(await work.session.scalars(told))
    for contact in await _people_of(work, visit):
        if contact.id not in already:
            await _write(work, NoticeKind.VISIT_REMINDER, contact, visit.prison_id, visit)


class Notices:
    """What became of messages, for the office."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_visit(self, visit_id: str) -> tuple[Sent, ...]:
        """In the order in which they were written."""
        query = select(Notice, Contact.name).join(Contact, Contact.id == Notice.contact_id)
        query = query.where(Notice.visit_id == visit_id).order_by(Notice.made_at, Notice.id)
        async with self._desk.database.read() as session:
            return tuple(_sent(row, name) for row, name in await session.execute(query))


async def _people_of(work: Work, visit: Visit) -> Sequence[Contact]:
    """Prisoners have their terminal, and a child is told by the adult who brings it."""
    coming = select(VisitVisitor.contact_id).where(VisitVisitor.visit_id == visit.id)
    brought = select(ResponsibleAdult.child_id).where(ResponsibleAdult.adult_id.in_(coming))
    query = select(Contact).where(
        Contact.id.in_(coming) | (Contact.id == visit.booked_by),
        Contact.prisoner_id.is_(None),
        Contact.id.not_in(brought),
    )
    return (await work.session.scalars(query.order_by(Contact.id))).all()


async def _overtake(work: Work, visit_id: str, contact_id: str) -> None:
    waiting = (
        (Notice.visit_id == visit_id)
        & (Notice.contact_id == contact_id)
        & (Notice.state == NoticeState.WAITING.value)
    )
    gone = {"state": NoticeState.OVERTAKEN.value, "settled_at": work.now}
    await work.session.execute(update(Notice).where(waiting).values(gone))


async def _write(work: Work, kind: NoticeKind, contact: Contact, prison_id: str, visit: Visit | None) -> None:
    choice = await work.session.get(NoticeChoice, contact.id)
    devices = await work.session.scalars(
        select(PushDevice.id).where(PushDevice.contact_id == contact.id).order_by(PushDevice.id)
    )
    chosen = Choice(choice.email, choice.sms) if choice else None
    lang = await _language(work, contact, prison_id)
    for way in ways(contact.email, contact.telephone, tuple(devices), chosen):
        notice = Notice(
            id=str(uuid.uuid4()),
            kind=kind.value,
            channel=way.channel.value,
            contact_id=contact.id,
            device_id=way.device_id,
            prison_id=prison_id,
            lang=lang,
            made_at=work.now,
            due_at=work.now,
            worth_until=worth_until(kind, work.now, visit.starts_at if visit else None),
        )
        if visit is not None:
            notice.visit_id, notice.changes = visit.id, visit.version
            notice.starts_at, notice.ends_at = visit.starts_at, visit.ends_at
        work.session.add(notice)
    await work.session.flush()
    if NoticesWritten() not in work.news:
        work.tell(NoticesWritten())


async def _language(work: Work, contact: Contact, prison_id: str) -> Lang:
    if contact.language is not None:
        return contact.language
    prison = await work.session.get_one(Prison, prison_id)
    return "fi" if prison.country in (None, "FI") else "en"


def _sent(row: Notice, name: str) -> Sent:
    return Sent(
        id=row.id,
        kind=NoticeKind(row.kind),
        channel=Channel(row.channel),
        contact_id=row.contact_id,
        name=name,
        visit_id=row.visit_id,
        state=NoticeState(row.state),
        reason=Unsent(row.reason) if row.reason else None,
        attempts=row.attempts,
        made_at=row.made_at,
        settled_at=row.settled_at,
    )
