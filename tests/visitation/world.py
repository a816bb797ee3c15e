"""The demo prison at hand: its services, its people, its visits by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text, update

from visitation.conditions import Conditions, DecidingFacts, ListeningDecision, Standing, conditions
from visitation.events import Events
from visitation.jurisdictions.kinds import visit_kinds
from visitation.jurisdictions.pack import load_pack
from visitation.model.visits import Visit
from visitation.policy.identity import App, Identity
from visitation.services.accounts import Accounts
from visitation.services.audit import Audit
from visitation.services.calls import Calls
from visitation.services.demo_people import demo_id
from visitation.services.outcomes import Outcomes
from visitation.services.seed import DemoLinks
from visitation.services.supervision import Supervision
from visitation.services.visits import VisitFacts, Visits
from visitation.storage.database import Database

NOON = datetime(2026, 11, 5, 10, 0, tzinfo=UTC)  # 12.00 in Helsinki
PRISON = demo_id("prison", "Kaislaranta")


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@dataclass
class StillClock:
    """Moves only when told to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def monotonic_ns(self) -> int:
        return int((self.moment - NOON).total_seconds() * 1e9)

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class World:
    database: Database
    clock: StillClock
    links: DemoLinks
    events: Events = field(default_factory=Events)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.database, self.clock, self.events)
        self.visits = Visits(self.database, self.clock, self.events)
        self.outcomes = Outcomes(self.database, self.clock, self.events)
        self.audit = Audit(self.database, self.clock)
        self.calls = Calls(self.database, self.clock)
        self.supervision = Supervision(self.database, self.clock)

    async def sign_in(self, app: App, which: str | None = None) -> tuple[str, Identity]:
        link = self.links.find(app, which)
        assert link is not None
        token = await self.accounts.sign_in(app, link.code)
        identity = await self.accounts.identity(app, token)
        assert identity is not None
        return token, identity

    async def visit(self, cell: str) -> VisitFacts:
        """The cell's visit of the day (the last one, when there are several)."""
        day = await self.visits.of_prison_today(PRISON, NOON.date())
        return [facts for facts in day if facts.cell == cell][-1]

    async def change(self, visit_id: str, **values: Any) -> None:
        async with self.database.write() as session:
            await session.execute(update(Visit).where(Visit.id == visit_id).values(**values))

    async def sql(self, statement: str, **values: Any) -> None:
        """What somebody with the database in their hands could do."""
        async with self.database.write() as session:
            await session.execute(text(statement), values)

    async def audit_kinds(self) -> list[str]:
        async with self.database.read() as session:
            return list(await session.scalars(text("SELECT kind FROM audit_line ORDER BY number")))


def facts(**changes: Any) -> DecidingFacts:
    given: dict[str, Any] = {
        "at": NOON,
        "starts_at": NOON,
        "ends_at": NOON + timedelta(minutes=30),
        "contact": "social",
    }
    return DecidingFacts(**(given | changes))


def listening(until: datetime = NOON + timedelta(hours=1)) -> ListeningDecision:
    return ListeningDecision(id="d-1", basis="misuse", made_by="office", valid_until=until)


def standing(kind: str | None = "legal", **changes: Any) -> Standing:
    given: dict[str, Any] = {
        "kind": kind,
        "register": "bar register",
        "checked_by": "office",
        "checked_on": date(2026, 1, 7),
        "recheck_on": date(2027, 1, 7),
    }
    return Standing(**(given | changes))


def fitting(kind: str, **changes: Any) -> DecidingFacts:
    """Facts that speak for a visit of this kind."""
    what = visit_kinds()[kind]
    given: dict[str, Any] = {
        "contact": what.contacts[0],
        "standing": (standing(what.standing),) if what.standing else (),
        "both_prisons_allow": what.both_prisons,
        "children": 1 if what.needs_child else 0,
    }
    return facts(**(given | changes))


def held(kind: str = "social", pack: str = "finland", **changes: Any) -> Conditions:
    return conditions(kind, load_pack(pack), fitting(kind, **changes))
