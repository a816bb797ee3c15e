"""Who may visit whom: links of prisoners and contacts, asked for and decided, and what professionals are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from visitation.commands.base import reason_of
from visitation.commands.contacts import AskToBeLinked, LinkData, StandingData
from visitation.eligibility import LinkState, Presence
from visitation.errors import NotFound, NotNow
from visitation.events import RecordKind
from visitation.model.contacts import PrisonerContact, ProfessionalStatus, RelationshipType
from visitation.model.people import Prisoner
from visitation.policy.identity import Identity
from visitation.relations import RELATIONS
from visitation.services.audit import AuditKind, Fact
from visitation.services.desk import Desk, Work
from visitation.services.records import Kept, Records
from visitation.services.whose import about
from visitation.words import Lang

ANSWER_WITHIN: Final = timedelta(days=7)
WAITING: Final = 5  # requests of one contact at a time


@dataclass(frozen=True, slots=True)
class Link:
    """Who a contact is to a prisoner, and what was decided about it. `reason` is for the one who asked."""

    id: str
    version: int
    prisoner_id: str
    contact_id: str
    type: RelationshipType
    relation_code: str
    relation: dict[Lang, str]
    state: LinkState
    asked_by: str | None
    asked_at: datetime | None
    expected_by: date | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    objections_until: datetime | None


class Contacts:
    """Of the whole estate: a link holds in whatever prison the prisoner is, and so does a standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._standings = Records(desk, ProfessionalStatus, StandingData, RecordKind.STANDING)

    async def ask(self, data: AskToBeLinked, by: Identity | None) -> Link:
        """Somebody outside asks. Raises NotFound when number and name are not one prisoner's, whichever is
        wrong; NotNow already_there or too_many_waiting."""
        async with self._desk.work(by) as work:
            prisoner = await work.session.scalar(
                select(Prisoner).where(
                    Prisoner.number == data.prisoner_number, Prisoner.status != Presence.RELEASED.value
                )
            )
            named = data.prisoner_family_name.casefold()
            if prisoner is None or prisoner.family_name.casefold() != named:
                raise NotFound
            if await _waiting(work, data.contact_id) >= WAITING:
                raise NotNow("too_many_waiting")
            return await self.request_in(work, prisoner.id, data.contact_id, data.relation)

    async def request_in(self, work: Work, prisoner_id: str, contact_id: str, relation: str) -> Link:
        """A link that waits for the office. Raises NotNow already_there."""
        row = await _link_of(work, prisoner_id, contact_id)
        if row is None:
            row = _new(prisoner_id, contact_id)
        elif row.state in (LinkState.REQUESTED, LinkState.APPROVED):
            raise NotNow("already_there")
        _relate(row, relation)
        row.state = LinkState.REQUESTED.value
        row.asked_at, row.asked_by = work.now, work.by.person_id if work.by is not None else None
        row.expected_by = (work.now + ANSWER_WITHIN).date()
        row.decided_at = row.decided_by = None
        return await self._keep(work, row)

    async def withdraw_in(self, work: Work, id: str) -> None:
        """Whoever asked does not want it any more; one that was answered meanwhile stays as it is."""
        row = await work.session.get(PrisonerContact, id, with_for_update=True)
        if row is not None and row.state == LinkState.REQUESTED:
            _decide(work, row, LinkState.ENDED, "")
            await self._keep(work, row)

    async def link(self, data: LinkData, by: Identity | None) -> Link:
        """The office makes a link, approved at once. Raises NotFound, BadInput, NotNow already_there."""
        async with self._desk.work(by) as work:
            return await self.link_in(work, data)

    async def link_in(self, work: Work, data: LinkData) -> Link:
        row = await _link_of(work, data.prisoner_id, data.contact_id)
        if row is None:
            row = _new(data.prisoner_id, data.contact_id)
        elif row.state == LinkState.APPROVED:
            raise NotNow("already_there")
        _relate(row, data.relation)
        _decide(work, row, LinkState.APPROVED, "")
        return await self._keep(work, row)

    async def approve(self, id: str, version: int, reason: str, by: Identity | None) -> Link:
        """Raises NotFound, NotNow stale, or already_decided when it does not wait for an answer."""
        return await self._decided(id, version, LinkState.APPROVED, reason, by)

    async def reject(self, id: str, version: int, reason: str, by: Identity | None) -> Link:
        """Likewise, and BadInput reason_required: it is read by the one who asked."""
        return await self._decided(id, version, LinkState.REJECTED, reason, by)

    async def end(self, id: str, version: int, reason: str, by: Identity | None) -> Link:
        """An approval is taken back, or the new prison objects to it. Raises as `approve` does."""
        return await self._decided(id, version, LinkState.ENDED, reason, by)

    async def expect(self, id: str, version: int, day: date, by: Identity | None) -> Link:
        """The office says by when it will have answered. Raises as `approve` does."""
        async with self._desk.work(by) as work:
            row = await _take(work, id, version, LinkState.REQUESTED)
            row.expected_by = day
            return await self._keep(work, row)

    async def get(self, id: str) -> Link:
        """Raises NotFound."""
        async with self._desk.database.read() as session:
            row = await session.get(PrisonerContact, id)
            if row is None:
                raise NotFound
            return _told(row)

    async def waiting_in(self, prison_id: str, limit: int = 200) -> tuple[Link, ...]:
        """What the office has to answer, the longest waiting first."""
        asked = PrisonerContact.state == LinkState.REQUESTED.value
        here = PrisonerContact.prisoner_id.in_(select(Prisoner.id).where(Prisoner.prison_id == prison_id))
        return await self._links(asked & here, PrisonerContact.asked_at, limit)

    async def of_prisoner(self, prisoner_id: str) -> tuple[Link, ...]:
        return await self._links(PrisonerContact.prisoner_id == prisoner_id, PrisonerContact.contact_id)

    async def of_contact(self, contact_id: str) -> tuple[Link, ...]:
        return await self._links(PrisonerContact.contact_id == contact_id, PrisonerContact.prisoner_id)

    async def verify(self, data: StandingData, by: Identity | None) -> Kept[StandingData]:
        """Somebody looked a professional up: this takes the place of an earlier look of the same standing.

        Raises BadInput for nobody.
        """
        async with self._desk.work(by) as work:
            return await self.verify_in(work, data)

    async def verify_in(self, work: Work, data: StandingData) -> Kept[StandingData]:
        held = select(ProfessionalStatus).where(
            ProfessionalStatus.contact_id == data.contact_id,
            ProfessionalStatus.standing == data.standing,
            ProfessionalStatus.ended_on.is_(None),
        )
        for earlier in await work.session.scalars(held.with_for_update()):
            earlier.ended_on = data.checked_on
        await work.session.flush()
        person = work.by.person_id if work.by is not None else None
        return await self._standings.add_in(work, data, checked_by=person)

    async def end_standing(self, id: str, version: int, by: Identity | None) -> None:
        """From today on they are not what they were found to be. Raises NotFound, NotNow stale or
        already_decided."""
        async with self._desk.work(by) as work:
            row, news = await self._standings.take(work, id, version)
            if row.ended_on is not None:
                raise NotNow("already_decided")
            await self._standings.alter(work, row, news, {"ended_on": work.now.date()})

    async def standings_of(self, contact_id: str) -> tuple[Kept[StandingData], ...]:
        """Those that were not ended, a lapsed look in the register among them."""
        whose = (ProfessionalStatus.contact_id == contact_id, ProfessionalStatus.ended_on.is_(None))
        return await self._standings.where(*whose, order=[ProfessionalStatus.standing])

    async def _decided(
        self, id: str, version: int, state: LinkState, reason: str, by: Identity | None
    ) -> Link:
        reason = reason_of(reason, required=state is not LinkState.APPROVED)
        before = LinkState.APPROVED if state is LinkState.ENDED else LinkState.REQUESTED
        async with self._desk.work(by) as work:
            row = await _take(work, id, version, before)
            _decide(work, row, state, reason)
            return await self._keep(work, row)

    async def _keep(self, work: Work, row: PrisonerContact) -> Link:
        new = row.version is None
        news = await about(work, RecordKind.LINK, row)
        work.session.add(row)
        await work.session.flush()
        kind = AuditKind.LINK_ADDED if new else AuditKind.LINK_CHANGED
        facts: dict[str, Fact] = {"prisoner": row.prisoner_id, "contact": row.contact_id, "state": row.state}
        await work.note(kind, row.id, facts | ({"reason": row.reason} if row.reason else {}))
        work.tell(replace(news, what="added") if new else news)
        return _told(row)

    async def _links(
        self, where: ColumnElement[bool], order: InstrumentedAttribute[object], limit: int = 1000
    ) -> tuple[Link, ...]:
        query = select(PrisonerContact).where(where).order_by(order, PrisonerContact.id).limit(limit)
        async with self._desk.database.read() as session:
            return tuple(_told(row) for row in await session.scalars(query))


def _new(prisoner_id: str, contact_id: str) -> PrisonerContact:
    return PrisonerContact(id=str(uuid.uuid4()), prisoner_id=prisoner_id, contact_id=contact_id, reason="")


def _relate(row: PrisonerContact, code: str) -> None:
    relation = RELATIONS[code]
    row.relation_code, row.relation = code, dict(relation.words)
    row.type = (RelationshipType.OFFICIAL if relation.official else RelationshipType.SOCIAL).value


def _decide(work: Work, row: PrisonerContact, state: LinkState, reason: str) -> None:
    row.state, row.reason = state.value, reason
    row.decided_at, row.decided_by = work.now, work.by.person_id if work.by is not None else None


async def _link_of(work: Work, prisoner_id: str, contact_id: str) -> PrisonerContact | None:
    pair = (PrisonerContact.prisoner_id == prisoner_id) & (PrisonerContact.contact_id == contact_id)
    found: PrisonerContact | None = await work.session.scalar(
        select(PrisonerContact).where(pair).with_for_update()
    )
    return found


async def _waiting(work: Work, contact_id: str) -> int:
    asked = (PrisonerContact.contact_id == contact_id) & (PrisonerContact.state == LinkState.REQUESTED.value)
    return await work.session.scalar(select(func.count()).select_from(PrisonerContact).where(asked)) or 0


async def _take(work: Work, id: str, version: int, state: LinkState) -> PrisonerContact:
    row = await work.session.get(PrisonerContact, id, with_for_update=True)
    if row is None:
        raise NotFound
    await about(work, RecordKind.LINK, row)
    if row.version != version:
        raise NotNow("stale")
    if row.state != state:
        raise NotNow("already_decided")
    return row


def _told(row: PrisonerContact) -> Link:
    return Link(
        id=row.id,
        version=row.version,
        prisoner_id=row.prisoner_id,
        contact_id=row.contact_id,
        type=RelationshipType(row.type),
        relation_code=row.relation_code,
        relation=dict(row.relation),
        state=LinkState(row.state),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expected_by=row.expected_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        objections_until=row.objections_until,
    )
