"""The visits office at work: its desk over a database of either engine, and who comes to it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import text

from tests.visitation.world import NOON, PRISON, StillClock
from visitation.commands.people import PrisonerData
from visitation.commands.prisons import PrisonData
from visitation.events import Event, Events, RecordChanged
from visitation.policy.identity import Identity
from visitation.services.contacts import Contacts
from visitation.services.demo_people import demo_id
from visitation.services.desk import Desk
from visitation.services.people import People
from visitation.services.prisons import Prisons
from visitation.services.restrictions import Restrictions
from visitation.services.schedule import Schedule
from visitation.storage.database import Database

KIRSI = Identity("office", demo_id("staff", "Kirsi"), PRISON, "session", "Kirsi")
STRANGER = Identity("office", "somebody", "another prison", "session", "Outi")


class Office:
    """Every service of the world's rows, and the news of them."""

    def __init__(self, database: Database, clock: StillClock | None = None) -> None:
        self.database = database
        self.clock = clock or StillClock(NOON)
        self.events = Events()
        self.news: list[RecordChanged] = []
        self.events.subscribe(RecordChanged, self._hear)
        self.desk = Desk(database, self.clock, self.events)
        self.prisons = Prisons(self.desk)
        self.people = People(self.desk)
        self.contacts = Contacts(self.desk)
        self.restrictions = Restrictions(self.desk)
        self.schedule = Schedule(self.desk)

    async def _hear(self, event: Event) -> None:
        assert isinstance(event, RecordChanged)
        self.news.append(event)

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(event.kind.value, event.what) for event in self.news]

    async def audit(self) -> list[tuple[str, str, str]]:
        """Kind, subject and facts of the lines since the seed's."""
        async with self.database.read() as session:
            query = text(
                "SELECT kind, subject, facts FROM audit_line WHERE actor_kind <> 'system' ORDER BY number"
            )
            return [tuple(row) for row in (await session.execute(query)).all()]

    async def another_prison(self) -> str:
        """A second prison, made by the estate."""
        data = PrisonData(
            code=f"P{uuid.uuid4().hex[:6].upper()}",
            name="Koivula",
            timezone="Europe/Helsinki",
            policy_pack="finland",
        )
        return (await self.prisons.prisons.add(data, None)).id


def prisoner(**changes: Any) -> PrisonerData:
    given: dict[str, Any] = {
        "prison_id": PRISON,
        "number": "D999",
        "name": "Onni",
        "family_name": "Kuvitelma",
    }
    return PrisonerData(**(given | changes))
