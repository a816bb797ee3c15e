"""The people somebody outside visits, or has asked to visit, as they themselves are told of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.commands.contacts import AskForPrisoner
from visitation.eligibility import LinkState, Presence
from visitation.errors import NotFound, NotNow
from visitation.model.asked import LinkRequest
from visitation.model.contacts import PrisonerContact
from visitation.model.people import Contact, Prisoner
from visitation.model.prisons import Prison
from visitation.policy.identity import Identity
from visitation.relations import RELATIONS
from visitation.services.audit import AuditKind
from visitation.services.contacts import ANSWER_WITHIN, WAITING, Contacts
from visitation.services.desk import Desk, Work
from visitation.words import Lang

ASKED_A_DAY: Final = 50  # requests of one person, answered and withdrawn ones too


class PersonState(StrEnum):
    """OVERDUE = the promised day has passed without an answer, be it that nobody fits or that nobody looked."""

    REQUESTED = "requested"
    OVERDUE = "overdue"
    APPROVED = "approved"
    REJECTED = "rejected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """Until the link is approved `name` and `number` are what was typed, and nothing says whether there is
    such a prisoner. `prisoner_id` and `prison` are of approved links alone; `reason` is the office's."""

    id: str
    state: PersonState
    name: str
    number: str | None
    relation_code: str
    relation: dict[Lang, str]
    asked_at: datetime | None
    expected_by: date | None
    reason: str
    prisoner_id: str | None = None
    prison: str | None = None


_Linked = tuple[PrisonerContact, Prisoner, Prison]


class OwnPeople:
    """Asked for once, for the whole estate."""

    def __init__(self, desk: Desk, contacts: Contacts) -> None:
        self._desk = desk
        self._contacts = contacts

    async def of(self, contact_id: str) -> tuple[OwnPerson, ...]:
        """Approved ones first, then what waits, then the rest, each by when it was asked."""
        today = self._desk.clock.now().date()
        async with self._desk.database.read() as session:
            links = await _links(session, contact_id)
            requests = await _requests(session, contact_id)
        return tuple(sorted(_told(links, requests, today), key=_place))

    async def asker_of(self, request_id: str) -> str | None:
        """The contact whose request it is."""
        async with self._desk.database.read() as session:
            row = await session.get(LinkRequest, request_id)
            return row.contact_id if row is not None and row.withdrawn_at is None else None

    async def ask(self, data: AskForPrisoner, by: Identity) -> OwnPerson:
        """The same answer, and the same lines but one, whether somebody fits or not.

        Raises NotNow already_there, too_many_waiting or too_many.
        """
        async with self._desk.work(by) as work:
            # One at a time: two requests at once would both find room for themselves.
            await work.session.get_one(Contact, by.person_id, with_for_update=True)
            await _has_room(work, data, by.person_id)
            prisoner = await _fitting(work.session, data)
            link_id = None
            if prisoner is not None:
                link = await self._contacts.request_in(work, prisoner.id, by.person_id, data.relation)
                link_id = link.id
            row = LinkRequest(
                id=str(uuid.uuid4()),
                contact_id=by.person_id,
                prisoner_number=data.prisoner_number,
                prisoner_name=data.prisoner_name,
                prisoner_born_on=data.prisoner_born_on,
                relation_code=data.relation,
                asked_at=work.now,
                expected_by=(work.now + ANSWER_WITHIN).date(),
                link_id=link_id,
            )
            work.session.add(row)
            await work.session.flush()
            await work.note(AuditKind.LINK_ASKED, row.id, {"relation": data.relation, "link": link_id})
            return _of_request(row, None, work.now.date())

    async def withdraw(self, request_id: str, by: Identity) -> None:
        """Raises NotFound, or NotNow already_decided."""
        async with self._desk.work(by) as work:
            row = await work.session.get(LinkRequest, request_id, with_for_update=True)
            if row is None or row.contact_id != by.person_id or row.withdrawn_at is not None:
                raise NotFound
            if row.link_id is not None:
                link = await work.session.get_one(PrisonerContact, row.link_id, with_for_update=True)
                if link.state != LinkState.REQUESTED:
                    raise NotNow("already_decided")
                await self._contacts.withdraw_in(work, link.id)
            row.withdrawn_at = work.now
            await work.note(AuditKind.LINK_WITHDRAWN, row.id)


async def _links(session: AsyncSession, contact_id: str) -> Sequence[_Linked]:
    found = await session.execute(
        select(PrisonerContact, Prisoner, Prison)
        .join(Prisoner, Prisoner.id == PrisonerContact.prisoner_id)
        .join(Prison, Prison.id == Prisoner.prison_id)
        .where(PrisonerContact.contact_id == contact_id)
    )
    return [(link, prisoner, prison) for link, prisoner, prison in found]


async def _requests(session: AsyncSession, contact_id: str) -> Sequence[LinkRequest]:
    """The newest first."""
    query = select(LinkRequest).where(LinkRequest.contact_id == contact_id)
    return (await session.scalars(query.order_by(LinkRequest.asked_at.desc(), LinkRequest.id))).all()


async def _has_room(work: Work, data: AskForPrisoner, contact_id: str) -> None:
    """Counts what was typed and not what it fits, so that nothing can be told from a refusal."""
    mine = await _requests(work.session, contact_id)
    links = {link.id: link.state for link, _, _ in await _links(work.session, contact_id)}
    waiting = [each for each in mine if each.withdrawn_at is None and _waits(each, links)]
    if any(each.prisoner_number.casefold() == data.prisoner_number.casefold() for each in waiting):
        raise NotNow("already_there")
    if len(waiting) >= WAITING:
        raise NotNow("too_many_waiting")
    if sum(each.asked_at > work.now - timedelta(days=1) for each in mine) >= ASKED_A_DAY:
        raise NotNow("too_many")


def _waits(request: LinkRequest, links: Mapping[str, str]) -> bool:
    return request.link_id is None or links[request.link_id] == LinkState.REQUESTED


async def _fitting(session: AsyncSession, data: AskForPrisoner) -> Prisoner | None:
    """The prisoner with this number, if name and birthday are theirs too as far as they are known."""
    number = data.prisoner_number
    query = select(Prisoner).where(
        Prisoner.number.in_({number, number.upper(), number.lower()}),
        Prisoner.status != Presence.RELEASED.value,
    )
    for one in await session.scalars(query):
        named = _words_of(f"{one.name} {one.family_name}") <= _words_of(data.prisoner_name)
        if named and one.born_on in (None, data.prisoner_born_on):
            return one
    return None


def _words_of(name: str) -> set[str]:
    """Names come in any order, with more of them than are on the file, and with their hyphens or without."""
    return set(normalize("NFKC", name).casefold().replace("-", " ").split())


def _told(links: Iterable[_Linked], requests: Sequence[LinkRequest], today: date) -> Iterable[OwnPerson]:
    by_link = {link.id: (link, prisoner, prison) for link, prisoner, prison in links}
    asked = {request.link_id for request in requests}
    shown: set[str] = set()
    for request in requests:
        if request.withdrawn_at is not None or request.link_id in shown:
            continue
        if request.link_id is not None:
            shown.add(request.link_id)
        yield _of_request(request, by_link.get(request.link_id or ""), today)
    for id_, (link, prisoner, prison) in by_link.items():
        # One that was asked for and withdrawn is gone; the office may have made it since.
        if id_ not in shown and (id_ not in asked or link.state == LinkState.APPROVED):
            yield _of_link(link, prisoner, prison)


def _of_request(request: LinkRequest, linked: _Linked | None, today: date) -> OwnPerson:
    if linked is not None and linked[0].state == LinkState.APPROVED:
        return _of_link(*linked, id=request.id, number=request.prisoner_number)
    link = linked[0] if linked is not None else None
    expected_by = link.expected_by if link is not None and link.expected_by else request.expected_by
    state = PersonState(link.state) if link is not None else PersonState.REQUESTED
    if state is PersonState.REQUESTED and expected_by < today:
        state = PersonState.OVERDUE
    return OwnPerson(
        id=request.id,
        state=state,
        name=request.prisoner_name,
        number=request.prisoner_number,
        relation_code=request.relation_code,
        relation=dict(RELATIONS[request.relation_code].words),
        asked_at=request.asked_at,
        expected_by=expected_by,
        reason=link.reason if link is not None else "",
    )


def _of_link(
    link: PrisonerContact,
    prisoner: Prisoner,
    prison: Prison,
    *,
    id: str | None = None,
    number: str | None = None,
) -> OwnPerson:
    approved = link.state == LinkState.APPROVED
    return OwnPerson(
        id=id or link.id,
        state=PersonState(link.state),
        name=prisoner.name,
        number=number,
        relation_code=link.relation_code,
        relation=dict(link.relation),
        asked_at=link.asked_at,
        expected_by=link.expected_by,
        reason=link.reason,
        prisoner_id=prisoner.id if approved else None,
        prison=prison.name if approved else None,
    )


_ORDER: Final = (PersonState.APPROVED, PersonState.REQUESTED, PersonState.OVERDUE)


def _place(person: OwnPerson) -> tuple[int, float, str]:
    rank = _ORDER.index(person.state) if person.state in _ORDER else len(_ORDER)
    return rank, person.asked_at.timestamp() if person.asked_at else 0.0, person.id
