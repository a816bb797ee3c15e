"""Everything that deciding about a visit looks at, gathered from the rows and the policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation import terms
from visitation.allowances import AllowanceRule, Entry, EntryKind, left
from visitation.eligibility import (
    AllowanceLeft,
    BookerFacts,
    Facts,
    Hold,
    OtherSide,
    PrisonerFacts,
    PrisonFacts,
    Span,
    TerminalFacts,
    UserType,
)
from visitation.eligibility.times import week_of
from visitation.jurisdictions.pack import Packs, PolicyPack, PolicyUnreadable
from visitation.model.allowances import AllowanceEntry
from visitation.model.booking import Resource
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison
from visitation.policy.identity import Identity
from visitation.storage.facts import places, prisoners, sessions, visitors
from visitation.storage.facts.span import Days


@dataclass(frozen=True, slots=True)
class Asker:
    """In whose name something is asked; `person_id` is the booker's."""

    user_type: UserType
    person_id: str | None = None


def asker_of(by: Identity | None) -> Asker:
    """None = the house itself."""
    if by is None or by.kind == "system":
        return Asker(UserType.SYSTEM)
    who = {"visitor": UserType.PUBLIC, "prisoner": UserType.PRISONER}
    return Asker(who.get(by.kind, UserType.STAFF), by.person_id)


@dataclass(frozen=True, slots=True)
class Question:
    """What facts are wanted for. `prison_id` None = where the prisoner is. `visitor_ids` None = nobody is
    chosen yet; `template_id` narrows them to one session; `visit_id` is the visit that would be changed."""

    prisoner_id: str
    kind: str
    asker: Asker
    prison_id: str | None = None
    visitor_ids: tuple[str, ...] | None = None
    template_id: str | None = None
    officer_id: str | None = None
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and the rows they were made of."""

    facts: Facts
    prison: Prison | None
    prisoner: Prisoner | None
    contacts: Mapping[str, Contact]
    allowance: AllowanceRule | None

    @property
    def other_prisoner_id(self) -> str | None:
        """Of a visitor who is a prisoner too."""
        return next((each.prisoner_id for each in self.contacts.values() if each.prisoner_id), None)


class Gathering:
    """Reads in whatever transaction it is given, and writes nothing."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs

    async def facts(
        self, session: AsyncSession, question: Question, first: date, days: int, now: datetime
    ) -> Gathered:
        """What is known for visits on `days` days from `first`."""
        contacts = await _contacts(session, question.visitor_ids or ())
        prisoner = await session.get(Prisoner, question.prisoner_id)
        where = question.prison_id or (prisoner.prison_id if prisoner is not None else None)
        prison = await session.get(Prison, where) if where is not None else None
        if prisoner is None or prison is None:
            return Gathered(Facts(now, None, None), None, None, contacts, None)
        side = await self._side(session, prisoner, prison, first, days, now)
        inside = next((each.prisoner_id for each in contacts.values() if each.prisoner_id), None)
        other_side = await self._side_of(session, inside, first, days, now)
        rule = _allowance(side, question.kind)
        facts = Facts(
            now=now,
            prison=side.prison,
            prisoner=await side.prisoner(session),
            visitors=await visitors.visitor_facts(
                session, list(contacts.values()), prisoner.id, side.days, now
            ),
            booker=await _booker(session, question.asker),
            templates=await sessions.templates(
                session, prison.id, side.days, side.paths, side.excluded, question.template_id
            ),
            taken=await sessions.taken(session, prison.id, side.days),
            holds=(*side.holds, *(other_side.holds if other_side is not None else ())),
            terminals=await side.terminals(session, now),
            officer_busy=await _officer(session, question.officer_id, side.days, now),
            allowance=await _left(session, rule, prisoner.id, side.days, now, question.visit_id),
            other=await _other(session, other_side, now) if other_side is not None else None,
        )
        return Gathered(facts, prison, prisoner, contacts, rule)

    async def _side(
        self, session: AsyncSession, prisoner: Prisoner, prison: Prison, first: date, days: int, now: datetime
    ) -> _Side:
        pack = self._pack(prison)
        facts = terms.prison_facts(prison, pack)
        span = Days(first, first + timedelta(days=days - 1), facts.timezone)
        excluded = await sessions.excluded_days(session, prison.id, span)
        return _Side(
            row=prisoner,
            pack=pack,
            prison=replace(facts, excluded=excluded.get(None, frozenset())),
            days=span,
            paths=await sessions.unit_paths(session, prison.id),
            excluded=excluded,
            holds=await sessions.holds(session, [prison.id], span, now),
        )

    async def _side_of(
        self, session: AsyncSession, prisoner_id: str | None, first: date, days: int, now: datetime
    ) -> _Side | None:
        prisoner = await session.get(Prisoner, prisoner_id) if prisoner_id is not None else None
        prison = await session.get(Prison, prisoner.prison_id) if prisoner is not None else None
        if prisoner is None or prison is None:
            return None
        return await self._side(session, prisoner, prison, first, days, now)

    def _pack(self, prison: Prison) -> PolicyPack | None:
        try:
            return self._packs(prison.policy_pack)
        except PolicyUnreadable:
            return None


@dataclass(frozen=True, slots=True)
class _Side:
    """One prisoner and their prison."""

    row: Prisoner
    pack: PolicyPack | None
    prison: PrisonFacts
    days: Days
    paths: sessions.Paths
    excluded: Mapping[str | None, frozenset[date]]
    holds: tuple[Hold, ...]

    async def prisoner(self, session: AsyncSession) -> PrisonerFacts:
        booking = self.pack.booking if self.pack is not None else None
        weights = prisoners.Weights(
            outranking=frozenset(booking.outranking.appointments if booking is not None else ()),
            alerts=frozenset(booking.review_alerts.codes if booking is not None else ()),
            counted=frozenset(
                kind for kind, each in self.prison.kinds.items() if each.uses_allowance is not None
            ),
            week_start=self.prison.week_start,
        )
        return await prisoners.prisoner_facts(session, self.row, self.paths, self.holds, weights, self.days)

    async def terminals(self, session: AsyncSession, now: datetime) -> tuple[TerminalFacts, ...]:
        kinds = self.prison.kinds
        official = [kind for kind, each in kinds.items() if each.standing is not None]
        confidential = terms.confidential_kinds(self.pack) if self.pack is not None else ()
        return await places.terminals(session, self.row, kinds, confidential, official, self.days, now)


async def _other(session: AsyncSession, side: _Side, now: datetime) -> OtherSide:
    return OtherSide(side.prison, await side.prisoner(session), await side.terminals(session, now))


def _allowance(side: _Side, kind: str) -> AllowanceRule | None:
    allowance = side.pack.booking.allowance_for(kind) if side.pack is not None else None
    return terms.allowance_rule(allowance, side.prison.week_start) if allowance is not None else None


async def _contacts(session: AsyncSession, ids: Collection[str]) -> Mapping[str, Contact]:
    rows = await session.scalars(select(Contact).where(Contact.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


async def _booker(session: AsyncSession, asker: Asker) -> BookerFacts | None:
    if asker.user_type is not UserType.PUBLIC or asker.person_id is None:
        return None
    return await visitors.booker_facts(session, asker.person_id)


async def _officer(
    session: AsyncSession, officer_id: str | None, days: Days, now: datetime
) -> tuple[Span, ...]:
    if officer_id is None:
        return ()
    return (await places.busy(session, Resource.OFFICER, [officer_id], days, now)).get(officer_id, ())


async def _left(
    session: AsyncSession, rule: AllowanceRule | None, prisoner_id: str, days: Days, now: datetime,
    visit_id: str | None,
) -> AllowanceLeft | None:  # fmt: skip
    if rule is None:
        return None
    entries = await ledger(session, rule.allowance, prisoner_id)
    others = [each for each in entries if visit_id is None or each.visit_id != visit_id]
    return left(rule, others, days.day_of(now), week_of(days.last, rule.week_start)[1])


async def ledger(session: AsyncSession, allowance: str, prisoner_id: str) -> tuple[Entry, ...]:
    """A prisoner's entries from the last settled period on: what lies before is in what was carried over."""
    of_prisoner = (AllowanceEntry.prisoner_id == prisoner_id) & (AllowanceEntry.allowance == allowance)
    settled = select(func.max(AllowanceEntry.period_start)).where(
        of_prisoner, AllowanceEntry.kind == EntryKind.GRANT.value
    )
    query = select(AllowanceEntry).where(
        of_prisoner, AllowanceEntry.period_start >= func.coalesce(settled.scalar_subquery(), date.min)
    )
    return tuple(
        Entry(row.period_start, EntryKind(row.kind), row.amount, row.visit_id)
        for row in await session.scalars(query)
    )
