"""Make a message ready to leave: today's address of its person, its words, and the way in of who joins."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from visitation.model.access import SignInCode
from visitation.model.notices import Notice, NoticeChoice, PushDevice
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitStatus
from visitation.notices import message
from visitation.notices.carrying import Browser, Parcel
from visitation.notices.ics import Openly
from visitation.notices.kinds import TERMS, Channel, NoticeKind
from visitation.services.accounts import secret, sha256
from visitation.services.desk import Work


class Pointless(Exception):
    """What it tells is not so any more."""


class NoAddress(Exception):
    """There is no way to the person."""


async def parcel_of(work: Work, row: Notice, pages: str, sender: str) -> Parcel:
    """`pages` is the address of this installation, `sender` the mail address that messages come from.

    Raises Pointless, NoAddress. A link is made anew for each attempt: it is kept as a hash and cannot be read back.
    """
    contact = await work.session.get_one(Contact, row.contact_id)
    visit = await work.session.get(Visit, row.visit_id) if row.visit_id else None
    kind = NoticeKind(row.kind)
    if visit is not None and _pointless(kind, row, visit):
        raise Pointless
    to = await _address(work, row, contact)
    if to is None:
        raise NoAddress
    base = pages.rstrip("/")
    telling = message.Telling(
        kind=kind,
        lang=row.lang,
        made_at=row.made_at,
        service=f"{base}/visitor",
        sender=sender,
        visit=await _visit(work, row),
        openly=await _openly(work, contact, visit, f"{base}/visitor"),
        link=f"{base}/v/{_way_in(work, visit)}" if visit and _joins(kind, row, contact, visit) else None,
    )
    return Parcel(
        id=row.id,
        to=to,
        lang=row.lang,
        made_at=row.made_at,
        worth_until=row.worth_until,
        message=message.compose(telling),
    )


async def forget_device(work: Work, row: Notice) -> None:
    """The browser that a web push was for does not take any more."""
    device = await work.session.get(PushDevice, row.device_id)
    if device is not None:
        await work.session.delete(device)


def _pointless(kind: NoticeKind, row: Notice, visit: Visit) -> bool:
    if TERMS[kind].worth is None and visit.status == VisitStatus.CANCELLED:
        return True
    return kind is NoticeKind.VISIT_REMINDER and visit.starts_at != row.starts_at


async def _address(work: Work, row: Notice, contact: Contact) -> str | Browser | None:
    if row.channel == Channel.EMAIL:
        return contact.email
    if row.channel == Channel.SMS:
        return contact.telephone
    device = await work.session.get(PushDevice, row.device_id)
    return Browser(device.endpoint, device.p256dh, device.auth) if device else None


async def _visit(work: Work, row: Notice) -> message.Visit | None:
    """As it was when the message was written."""
    if row.visit_id is None or row.starts_at is None or row.ends_at is None:
        return None
    prison = await work.session.get_one(Prison, row.prison_id)
    return message.Visit(row.visit_id, row.starts_at, row.ends_at, ZoneInfo(prison.timezone), row.changes)


async def _openly(work: Work, contact: Contact, visit: Visit | None, service: str) -> Openly | None:
    choice = await work.session.get(NoticeChoice, contact.id)
    if visit is None or choice is None or not choice.openly:
        return None
    prisoner = await work.session.get_one(Prisoner, visit.prisoner_id)
    prison = await work.session.get_one(Prison, visit.prison_id)
    return Openly(prisoner.name, prison.name, service)


def _joins(kind: NoticeKind, row: Notice, contact: Contact, visit: Visit) -> bool:
    """A browser's message is shown on locked screens, and opens the app, where its person signs in."""
    return TERMS[kind].link and contact.id == visit.contact_id and row.channel != Channel.WEB_PUSH


def _way_in(work: Work, visit: Visit) -> str:
    code = secret()
    work.session.add(
        SignInCode(code_sha256=sha256(code), app="visitor", visit_id=visit.id, valid_until=visit.ends_at)
    )
    return code
