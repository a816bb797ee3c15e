"""One piece of work on the prison's world: a transaction, its audit lines, and the news told after it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.errors import BadInput, NotFound, NotNow
from visitation.events import Event, Events
from visitation.policy.identity import Identity
from visitation.ports import Clock
from visitation.services.audit import Audit, AuditKind, Fact
from visitation.storage.database import Database
from visitation.storage.faults import fault_of


@dataclass(slots=True)
class Work:
    """A transaction that somebody (`by`; None = the house itself) does something in, at `now`."""

    session: AsyncSession
    now: datetime
    by: Identity | None
    audit: Audit
    news: list[Event] = field(default_factory=list)

    async def note(self, kind: AuditKind, subject: str, facts: Mapping[str, Fact] | None = None) -> None:
        """A line of the audit log. To be written last: every writer waits for the one before."""
        await self.audit.append_in(self.session, kind, self.by, subject, facts)

    def tell(self, event: Event) -> None:
        """After the transaction is kept."""
        self.news.append(event)

    def owns(self, prison_id: str | None) -> None:
        """Staff work on what is their prison's, or the whole estate's (None). Raises NotFound."""
        staff = self.by is not None and self.by.kind in ("officer", "office")
        if staff and prison_id is not None and self.by is not None and self.by.prison_id != prison_id:
            raise NotFound


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the services do their work."""

    database: Database
    clock: Clock
    events: Events = field(default_factory=Events)

    @asynccontextmanager
    async def work(self, by: Identity | None) -> AsyncIterator[Work]:
        """Kept at the end; undone by an exception. What the database refuses is a refusal here:
        NotNow already_there, BadInput for an id of nothing."""
        try:
            async with self.database.write() as session:
                work = Work(session, self.clock.now(), by, Audit(self.database, self.clock))
                yield work
        except IntegrityError as error:
            raise refusal_of(error) from error
        for event in work.news:
            await self.events.publish(event)


def refusal_of(error: IntegrityError) -> Exception:
    """What it means to whoever asked; the error itself when it is a fault of ours."""
    fault = fault_of(error)
    if fault == "twice":
        return NotNow("already_there")
    return BadInput() if fault == "astray" else error
