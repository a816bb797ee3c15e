"""The outbox at hand: people with addresses, a visit to tell of, and a way out that can be told to fail."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tests.visitation.office import Office
from tests.visitation.world import NOON, PRISON
from visitation.model.notices import Notice, NoticeChoice
from visitation.model.people import Contact
from visitation.model.visits import Visit, VisitVisitor
from visitation.notices.carrying import Carrier, Fate, NotCarried, Parcel
from visitation.notices.kinds import Channel, NoticeKind, Unsent
from visitation.services.demo_people import demo_id
from visitation.services.notices import tell_of_visit
from visitation.services.notices_delivery import Delivery, Sender
from visitation.storage.leases import Leases

SENDER = Sender("https://calls.example", "calls@example.org")
STARTS = NOON + timedelta(days=3)
ANNA, LEENA, PEKKA = demo_id("contact", "A-12"), demo_id("contact", "A-14"), demo_id("prisoner", "A-12")
MAILS = {ANNA: "anna@example.org", LEENA: "leena@example.org"}
REFUSED = NotCarried(Unsent.ADDRESS_REFUSED, Fate.REFUSED)
LATER = NotCarried(Unsent.PUT_OFF, Fate.LATER)
AWAY = NotCarried(Unsent.UNREACHABLE, Fate.AWAY)


@dataclass
class Pigeon:
    """A channel's way out. `fails` are what the next attempts end with, None a success; `meanwhile` is called with
    each parcel before it ends."""

    fails: list[NotCarried | None] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    silent: bool = False
    meanwhile: Any = None

    async def carry(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        if self.meanwhile is not None:
            await self.meanwhile(parcel)
        if self.silent:
            await asyncio.Event().wait()
        fault = self.fails.pop(0) if self.fails else None
        if fault is not None:
            raise fault

    @property
    def ids(self) -> list[str]:
        return [parcel.id for parcel in self.parcels]


class Post:
    """One process's deliveries of an office."""

    def __init__(self, office: Office, holder: str = "one") -> None:
        self.office = office
        self.desk = office.desk
        self.leases = Leases(office.database, office.clock, holder)

    def delivery(self, carrier: Carrier | None, channel: Channel = Channel.EMAIL, **more: Any) -> Delivery:
        more.setdefault("chance", lambda: 1.0)
        return Delivery(self.desk, self.leases, channel, carrier, SENDER, **more)

    async def give_addresses(self, **more: Any) -> None:
        async with self.office.database.write() as session:
            for contact, mail in MAILS.items():
                values = {"email": mail} | more
                await session.execute(update(Contact).where(Contact.id == contact).values(values))

    async def choose(
        self, contact: str, *, email: bool = True, sms: bool = False, openly: bool = False
    ) -> None:
        async with self.office.database.write() as session:
            session.add(NoticeChoice(contact_id=contact, email=email, sms=sms, openly=openly))

    async def book(self, *contacts: str, at: datetime = STARTS, **more: Any) -> Visit:
        """A visit of Pekka's that nobody is told of yet."""
        visit = Visit(
            id=str(uuid.uuid4()),
            prison_id=PRISON,
            terminal_id=demo_id("terminal", "A-12"),
            prisoner_id=PEKKA,
            contact_id=(contacts or (ANNA,))[0],
            kind="social",
            starts_at=at,
            ends_at=at + timedelta(minutes=30),
            **more,
        )
        async with self.office.database.write() as session:
            session.add(visit)
            await session.flush()
            session.add_all(VisitVisitor(visit_id=visit.id, contact_id=each) for each in contacts or (ANNA,))
        return visit

    async def booked(self, *contacts: str, at: datetime = STARTS) -> Visit:
        """A visit that those who come are told of."""
        visit = await self.book(*contacts, at=at)
        await self.tell(NoticeKind.VISIT_BOOKED, visit)
        return visit

    async def tell(self, kind: NoticeKind, visit: Visit, **changes: Any) -> None:
        """Changes the visit and tells of it, in one transaction."""
        async with self.desk.work(None) as work:
            row = await work.session.get_one(Visit, visit.id)
            for name, value in changes.items():
                setattr(row, name, value)
            await tell_of_visit(work, kind, row)

    async def notices(self, *where: Any) -> list[Notice]:
        async with self.office.database.read() as session:
            query = select(Notice).where(*where).order_by(Notice.made_at, Notice.contact_id, Notice.channel)
            return list(await session.scalars(query))

    async def states(self) -> list[tuple[str, str | None]]:
        return [(row.state, row.reason) for row in await self.notices()]
