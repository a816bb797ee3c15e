"""Visits: what is known of them, and under what conditions they are held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from visitation.conditions import (
    Conditions,
    ConditionsUndecided,
    ConditionsUnreadable,
    Undecided,
    from_json,
    to_json,
)
from visitation.errors import NotFound, NotNow, Unavailable
from visitation.events import ConditionsDecided, Events
from visitation.jurisdictions.pack import load_pack
from visitation.model.prisons import Prison, Terminal
from visitation.model.visits import Visit
from visitation.ports import Clock
from visitation.relations import UNNAMED
from visitation.services.audit import Audit, AuditKind, Fact
from visitation.services.deciding import Packs, decide, why_undecided
from visitation.storage.database import Database
from visitation.storage.visit_queries import Parts, one_visit, visits_between, visits_without_outcome
from visitation.visit_facts import LOBBY_OPENS, VisitFacts, VisitState

__all__ = ["VisitFacts", "VisitState", "Visits"]


class Visits:
    """Answers are detached facts; a stored text that cannot be read makes `conditions` None in them."""

    def __init__(
        self, database: Database, clock: Clock, events: Events | None = None, packs: Packs = load_pack
    ) -> None:
        self._database = database
        self._clock = clock
        self._events = events or Events()
        self._packs = packs
        self._audit = Audit(database, clock)

    async def facts(self, visit_id: str) -> VisitFacts:
        """Raises NotFound."""
        async with self._database.read() as session:
            return self._facts(await _parts(session, visit_id))

    async def of_terminal_today(self, terminal_id: str, now: datetime) -> tuple[VisitFacts, ...]:
        """The visits of the prison's local day at one terminal, in order; an unknown terminal has none."""
        async with self._database.read() as session:
            terminal = await session.get(Terminal, terminal_id)
            prison = await session.get(Prison, terminal.prison_id) if terminal else None
            if prison is None:
                return ()
            begin, end = _day(prison, now.astimezone(ZoneInfo(prison.timezone)).date())
            found = await visits_between(session, prison.id, begin, end, terminal_id=terminal_id)
            return tuple(self._facts(parts) for parts in found)

    async def of_prison_today(self, prison_id: str, day: date) -> tuple[VisitFacts, ...]:
        """The visits of one local day of the prison, in order. Raises NotFound."""
        async with self._database.read() as session:
            begin, end = _day(await _prison(session, prison_id), day)
            return tuple(self._facts(parts) for parts in await visits_between(session, prison_id, begin, end))

    async def without_outcome(self, prison_id: str, day: date, limit: int = 100) -> tuple[VisitFacts, ...]:
        """Visits that were over before that local day and of which nobody has said how, the earliest first.

        Raises NotFound.
        """
        async with self._database.read() as session:
            before, _ = _day(await _prison(session, prison_id), day)
            found = await visits_without_outcome(session, prison_id, before, limit)
            return tuple(self._facts(parts) for parts in found)

    async def cell_of(self, terminal_id: str) -> str:
        """The label on the cell's door. Raises NotFound."""
        async with self._database.read() as session:
            found = await session.get(Terminal, terminal_id)
            if found is None:
                raise NotFound
            return found.place

    async def prison_name(self, prison_id: str) -> str:
        """Raises NotFound."""
        async with self._database.read() as session:
            return (await _prison(session, prison_id)).name

    async def local_date(self, prison_id: str, now: datetime) -> date:
        """The date on the prison's wall. Raises NotFound."""
        async with self._database.read() as session:
            prison = await _prison(session, prison_id)
        return now.astimezone(ZoneInfo(prison.timezone)).date()

    async def decide_at_first_join(self, visit_id: str, now: datetime) -> VisitFacts:
        """Decides the conditions once more and for good; later calls give what was decided then.

        Raises NotFound; NotNow visit_early, visit_over, visit_cancelled; Unavailable visit_undecided or
        conditions_changed. After a refusal nothing may be started, recorded or watched.
        """
        async with self._database.write() as session:
            parts = await _parts(session, visit_id, lock=True)
            facts = self._facts(parts)
            held = _startable(facts, now)
            final = held is not None and parts.visit.decided_finally_at is not None
            code = self._altered(parts, held, now) if final else self._decide(parts, held, now)
            if final and code is None:
                return self._facts(parts)
            kind = AuditKind.CONDITIONS_REFUSED if code else AuditKind.CONDITIONS_DECIDED
            said: dict[str, Fact] = {"code": code, "why": facts.undecided} if code else _decided(parts.visit)
            await self._audit.append_in(session, kind, None, visit_id, said)
        if code:
            raise Unavailable(code)
        await self._events.publish(ConditionsDecided(visit_id))
        return self._facts(parts)

    def _facts(self, parts: Parts) -> VisitFacts:
        """Detach a visit from its rows, with what would refuse it if it were to start now."""
        facts, now = facts_of(parts), self._clock.now()
        if facts.state(now) in ("over", "cancelled"):
            return facts
        why = why_undecided(
            parts.visit, parts.contact, parts.prison, parts.company, self._packs, now, facts.conditions
        )
        return replace(facts, undecided=why) if why else facts

    def _decide(self, parts: Parts, told: Conditions | None, now: datetime) -> str | None:
        """Decides the visit in place, or returns the code of the refusal and changes nothing."""
        if told is None:  # nobody knows what the people were told when the visit was booked
            return "visit_undecided"
        try:
            held = decide(parts.visit, parts.contact, parts.prison, parts.company, self._packs, now)
        except ConditionsUndecided:
            return "visit_undecided"
        if told.closed and not held.closed:
            return "conditions_changed"
        parts.visit.conditions = to_json(held)
        parts.visit.decided_finally_at = now
        return None

    def _altered(self, parts: Parts, held: Conditions | None, now: datetime) -> str | None:
        """What was decided for good must still be what its rule says: a row changed by hand opens nothing."""
        try:
            said = decide(parts.visit, parts.contact, parts.prison, parts.company, self._packs, now)
        except ConditionsUndecided:
            return "visit_undecided"
        if held is None or (said.closed and not held.closed):
            return "conditions_changed"
        by_its_rule = replace(said, notices=held.notices, policy=held.policy, decided_at=held.decided_at)
        return "conditions_changed" if _rule(said) == _rule(held) and by_its_rule != held else None


def facts_of(parts: Parts) -> VisitFacts:
    """Detach a visit from its rows."""
    visit, call = parts.visit, parts.call
    try:
        held = from_json(visit.conditions)
    except ConditionsUnreadable:
        held = None
    return VisitFacts(
        visit_id=visit.id,
        prison_id=visit.prison_id,
        terminal_id=visit.terminal_id,
        prisoner_id=visit.prisoner_id,
        contact_id=visit.contact_id,
        kind=visit.kind,
        prisoner_name=parts.prisoner.name,
        visitor_name=parts.contact.name,
        relation=dict(parts.link.relation if parts.link else UNNAMED),
        office=parts.contact.office,
        unit=parts.unit.name,
        cell=parts.terminal.place,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        joinable_from=visit.starts_at - LOBBY_OPENS,
        status=visit.status,
        outcome=visit.outcome,
        conditions=held,
        undecided=None if held else Undecided.CONDITIONS_UNREADABLE,
        decided_finally_at=visit.decided_finally_at,
        call_begun_at=call.begun_at if call else None,
        call_ended_at=call.ended_at if call else None,
    )


def _startable(facts: VisitFacts, now: datetime) -> Conditions | None:
    """The stored conditions of a visit whose time it is. Raises NotNow."""
    state = facts.state(now)
    if state in ("early", "over", "cancelled"):
        raise NotNow(f"visit_{state}")
    return facts.conditions


def _rule(held: Conditions) -> tuple[str, str, str]:
    return held.policy.pack, held.policy.version, held.policy.rule


def _decided(visit: Visit) -> dict[str, Fact]:
    held = from_json(visit.conditions)
    policy = held.policy
    return {
        "pack": policy.pack,
        "version": policy.version,
        "rule": policy.rule,
        "notices": [notice.code for notice in held.notices],
    }


async def _parts(session: AsyncSession, visit_id: str, *, lock: bool = False) -> Parts:
    found = await one_visit(session, visit_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def _prison(session: AsyncSession, prison_id: str) -> Prison:
    found = await session.get(Prison, prison_id)
    if found is None:
        raise NotFound
    return found


def _day(prison: Prison, day: date) -> tuple[datetime, datetime]:
    """A local day from midnight to midnight; it has 23 or 25 hours when the clocks change."""
    zone = ZoneInfo(prison.timezone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
