"""The demo prison with a week of sessions, and everything that books in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.visitation.office import KIRSI, Office
from tests.visitation.world import NOON, PRISON, StillClock
from visitation.commands.booking import BookVisit, FindSlots, HoldSlot, WantedSlot
from visitation.commands.schedule import TemplateData
from visitation.events import Event, SlotFreed, VisitArranged
from visitation.model.booking import Claim
from visitation.model.visits import Visit
from visitation.policy.identity import Identity
from visitation.services.allowances import Allowances
from visitation.services.answers import Answers
from visitation.services.booked import Booked, NotBookable
from visitation.services.booking import Booking
from visitation.services.changes import Changes
from visitation.services.demo_people import demo_id
from visitation.services.standby import Standbys
from visitation.storage.database import Database

FRIDAY = date(2026, 11, 13)  # a week and a day after NOON; the demo's visits are all on the day of NOON
NOON_THERE = datetime(2026, 11, 13, 10, 0, tzinfo=NOON.tzinfo)
EVERYBODY = ["public", "prisoner", "staff"]


def prisoner_of(cell: str) -> str:
    return demo_id("prisoner", cell)


def contact_of(cell: str) -> str:
    return demo_id("contact", cell)


def visitor(cell: str) -> Identity:
    """Somebody outside at the visitor's app."""
    return Identity("visitor", contact_of(cell), PRISON, "session", "somebody")


def inmate(cell: str) -> Identity:
    return Identity(
        "prisoner", prisoner_of(cell), PRISON, "session", "somebody", terminal_id=demo_id("terminal", cell)
    )


class Bureau(Office):
    """The office, and what people ask of it."""

    def __init__(self, database: Database, clock: StillClock | None = None) -> None:
        super().__init__(database, clock)
        self.booking = Booking(self.desk)
        self.answers = Answers(self.desk)
        self.changes = Changes(self.desk)
        self.standbys = Standbys(self.desk, self.booking)
        self.allowances = Allowances(self.desk)
        self.arranged: list[tuple[str, str]] = []
        self.events.subscribe(VisitArranged, self._note)
        self.events.subscribe(SlotFreed, self.standbys.fill)

    async def _note(self, event: Event) -> None:
        assert isinstance(event, VisitArranged)
        self.arranged.append((event.visit_id, event.what))

    async def session(self, hour: int = 12, **changes: Any) -> str:
        """A session of half an hour on Fridays, at this hour of the prison's clock."""
        given: dict[str, Any] = {
            "prison_id": PRISON, "reference": f"FRI-{hour}", "name": f"Friday {hour}", "weekday": 4,
            "start": f"{hour}:00", "end": f"{hour}:30", "valid_from": NOON.date(), "open_capacity": 2,
            "closed_capacity": 1, "kinds": ["social", "legal"], "user_types": EVERYBODY,
        }  # fmt: skip
        return (await self.schedule.templates.add(TemplateData.model_validate(given | changes), KIRSI)).id

    async def book(
        self,
        template_id: str,
        cell: str = "A-12",
        by: Identity | None = None,
        day: date = FRIDAY,
        **more: Any,
    ) -> Booked:
        return await self.booking.book(wish(template_id, cell, day=day, **more), by or visitor(cell))

    async def refused(self, template_id: str, cell: str = "A-12", **more: Any) -> list[str]:
        """The codes of everything that stands against it."""
        try:
            await self.book(template_id, cell, **more)
        except NotBookable as refused:
            return [each.code.value for each in refused.refusals]
        return []

    async def free(
        self, cell: str = "A-12", by: Identity | None = None, **more: Any
    ) -> list[tuple[date, list[str]]]:
        """The coming sessions and what stands against each."""
        wanted = FindSlots(prisoner_id=prisoner_of(cell), kind="social", **more)
        found = await self.booking.slots(wanted, by or visitor(cell))
        return [(slot.date, [each.code.value for each in slot.refusals]) for slot in found]

    async def hold(self, template_id: str, cell: str = "A-12", day: date = FRIDAY) -> Any:
        wanted = HoldSlot(
            prisoner_id=prisoner_of(cell), kind="social", slot=WantedSlot(template_id=template_id, day=day)
        )
        return await self.booking.hold(wanted, visitor(cell))

    async def visit(self, visit_id: str) -> Visit:
        async with self.database.read() as session:
            return await session.get_one(Visit, visit_id)

    async def claims(self, visit_id: str) -> int:
        async with self.database.read() as session:
            query = select(func.count()).select_from(Claim).where(Claim.visit_id == visit_id)
            return await session.scalar(query) or 0

    async def minutes_left(self, cell: str = "A-12") -> dict[date, int]:
        (left,) = await self.allowances.left(prisoner_of(cell), days=14)
        return dict(left.periods)


def wish(template_id: str, cell: str = "A-12", day: date = FRIDAY, **more: Any) -> BookVisit:
    others = [WantedSlot(template_id=each, day=day) for each in more.pop("then", [])]
    given: dict[str, Any] = {
        "prisoner_id": prisoner_of(cell), "kind": "social", "visitor_ids": [contact_of(cell)],
        "wishes": [WantedSlot(template_id=template_id, day=day), *others],
    }  # fmt: skip
    return BookVisit.model_validate(given | more)


def week(number: int) -> date:
    """The Friday so many weeks after FRIDAY."""
    return FRIDAY + timedelta(weeks=number)
