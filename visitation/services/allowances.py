"""The ledger of prisoners' visiting time: what is left, what is due, and what the office puts right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.allowances import AllowanceRule, Entry, EntryKind, due, left, period_of
from visitation.commands.base import reason_of
from visitation.eligibility import AllowanceLeft, Presence
from visitation.errors import BadInput, NotFound
from visitation.jurisdictions.pack import Packs, PolicyUnreadable, load_pack
from visitation.model.allowances import AllowanceEntry
from visitation.model.people import Prisoner
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.policy.identity import Identity
from visitation.services.arranging import ledger
from visitation.services.audit import AuditKind, Fact
from visitation.services.desk import Desk
from visitation.services.visit_rows import give_time_back, write_entry
from visitation.services.visit_taking import rule_of, today_in
from visitation.terms import allowance_rule

MOST: Final = 10_000  # minutes, of one adjustment


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger; `amount` in minutes, negative when taken."""

    allowance: str
    period_start: date
    kind: EntryKind
    amount: int
    visit_id: str | None
    reason: str
    by: str | None
    at: datetime


class Allowances:
    """An allowance goes by the first of the kinds of visit that share it."""

    def __init__(self, desk: Desk, packs: Packs = load_pack) -> None:
        self._desk = desk
        self._packs = packs

    async def left(self, prisoner_id: str, days: int = 28) -> tuple[AllowanceLeft, ...]:
        """What a prisoner could still take, by period, of each allowance the policy gives. Raises NotFound."""
        now = self._desk.clock.now()
        async with self._desk.database.read() as session:
            prison = await _prison_of(session, prisoner_id)
            today = now.astimezone(ZoneInfo(prison.timezone)).date()
            last = today + timedelta(days=days)
            return tuple(
                [
                    left(rule, await ledger(session, rule.allowance, prisoner_id), today, last)
                    for rule in self._rules(prison)
                ]
            )

    async def movements(self, prisoner_id: str, since: date) -> tuple[Movement, ...]:
        """The ledger from a period on, in the order it was written."""
        query = select(AllowanceEntry).where(
            AllowanceEntry.prisoner_id == prisoner_id, AllowanceEntry.period_start >= since
        )
        async with self._desk.database.read() as session:
            rows = await session.scalars(query.order_by(AllowanceEntry.at, AllowanceEntry.id))
            return tuple(
                Movement(
                    row.allowance, row.period_start, EntryKind(row.kind), row.amount,
                    row.visit_id, row.reason, row.by_person, row.at,
                )
                for row in rows
            )  # fmt: skip

    async def settle(self, prison_id: str) -> int:
        """Every night: grants what is due to the prison's prisoners, with what is carried over. Again is as
        good as once. How many entries that was."""
        async with self._desk.work(None) as work:
            prison = await work.session.get(Prison, prison_id)
            if prison is None:
                raise NotFound
            there = select(Prisoner.id).where(
                Prisoner.prison_id == prison_id,
                Prisoner.status.in_([Presence.IN.value, Presence.AWAY.value]),
            )
            ids = list(
                await work.session.scalars(there.order_by(Prisoner.id).with_for_update(key_share=True))
            )
            today = today_in(work, prison)
            written = 0
            for rule in self._rules(prison):
                for prisoner_id in ids:
                    entries = due(rule, await ledger(work.session, rule.allowance, prisoner_id), today, today)
                    for entry in entries:
                        write_entry(work, rule, prisoner_id, entry, "")
                    written += len(entries)
            await work.session.flush()
            if written:
                await work.note(AuditKind.ALLOWANCE_SETTLED, prison_id, {"entries": written})
            return written

    async def adjust(
        self, prisoner_id: str, allowance: str, day: date, minutes: int, reason: str, by: Identity | None
    ) -> None:
        """Puts right what a prisoner may take in the period of a day; `minutes` may be negative.

        Raises NotFound, BadInput for no such allowance, for nothing, or without a reason.
        """
        reason = reason_of(reason)
        if not 0 < abs(minutes) <= MOST:
            raise BadInput
        async with self._desk.work(by) as work:
            prison = await _prison_of(work.session, prisoner_id)
            work.owns(prison.id)
            rule = next((each for each in self._rules(prison) if each.allowance == allowance), None)
            if rule is None:
                raise BadInput
            entry = Entry(period_of(rule, day), EntryKind.ADJUSTMENT, minutes)
            write_entry(work, rule, prisoner_id, entry, reason)
            await work.session.flush()
            facts: dict[str, Fact] = {"allowance": allowance, "minutes": minutes, "reason": reason}
            await work.note(AuditKind.ALLOWANCE_ADJUSTED, prisoner_id, facts)

    async def give_back(self, visit_id: str, minutes: int, reason: str, by: Identity | None) -> int:
        """Minutes that a visit lost through nobody's fault of theirs; how many were given back, never more
        than it cost. Raises NotFound, BadInput."""
        reason = reason_of(reason)
        if minutes <= 0:
            raise BadInput
        async with self._desk.work(by) as work:
            visit = await work.session.get(Visit, visit_id, with_for_update=True)
            if visit is None:
                raise NotFound
            work.owns(visit.prison_id)
            prison = await work.session.get_one(Prison, visit.prison_id)
            rule = rule_of(self._packs, prison, visit.kind)
            given = await give_time_back(work, rule, visit, today_in(work, prison), reason, minutes)
            await work.session.flush()
            if given:
                facts: dict[str, Fact] = {"visit": visit_id, "minutes": given, "reason": reason}
                await work.note(AuditKind.ALLOWANCE_ADJUSTED, visit.prisoner_id, facts)
            return given

    def _rules(self, prison: Prison) -> tuple[AllowanceRule, ...]:
        try:
            booking = self._packs(prison.policy_pack).booking
        except PolicyUnreadable:
            return ()
        return tuple(allowance_rule(each, prison.week_start) for each in booking.allowances)


async def _prison_of(session: AsyncSession, prisoner_id: str) -> Prison:
    prisoner = await session.get(Prisoner, prisoner_id)
    if prisoner is None:
        raise NotFound
    return await session.get_one(Prison, prisoner.prison_id)
