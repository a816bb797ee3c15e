"""What is known of those who would come, and of whoever books for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.eligibility import (
    BookerFacts,
    ContactClass,
    LinkState,
    OfficialStatus,
    Restriction,
    VisitorFacts,
)
from visitation.model import restrictions as rows
from visitation.model.booking import Resource
from visitation.model.contacts import PrisonerContact, ProfessionalStatus
from visitation.model.people import Contact, ResponsibleAdult
from visitation.storage.facts.places import busy
from visitation.storage.facts.prisoners import restrictions_of
from visitation.storage.facts.span import Days


async def visitor_facts(
    session: AsyncSession, contacts: Collection[Contact], prisoner_id: str, days: Days, now: datetime
) -> Mapping[str, VisitorFacts]:
    """Contact id -> as a visitor of this prisoner. What restricts the pair is among the prisoner's facts."""
    ids = [contact.id for contact in contacts]
    if not ids:
        return {}
    links = await _links(session, ids, prisoner_id)
    officials = await _officials(session, ids)
    adults = await _adults(session, ids)
    taken = await busy(session, Resource.VISITOR, ids, days, now)
    return {
        contact.id: VisitorFacts(
            id=contact.id,
            contact_class=ContactClass(contact.kind),
            born=contact.born_on,
            link=links.get(contact.id),
            officials=tuple(officials[contact.id]),
            restrictions=await _restrictions(session, contact.id, days),
            responsible_ids=frozenset(adults[contact.id]),
            busy=taken.get(contact.id, ()),
        )
        for contact in contacts
    }


async def _links(session: AsyncSession, ids: Collection[str], prisoner_id: str) -> Mapping[str, LinkState]:
    query = select(PrisonerContact.contact_id, PrisonerContact.state).where(
        PrisonerContact.prisoner_id == prisoner_id, PrisonerContact.contact_id.in_(ids)
    )
    return {contact_id: LinkState(state) for contact_id, state in await session.execute(query)}


async def _officials(session: AsyncSession, ids: Collection[str]) -> defaultdict[str, list[OfficialStatus]]:
    query = select(ProfessionalStatus).where(
        ProfessionalStatus.contact_id.in_(ids), ProfessionalStatus.ended_on.is_(None)
    )
    found: defaultdict[str, list[OfficialStatus]] = defaultdict(list)
    for row in await session.scalars(query):
        status = OfficialStatus(row.standing, row.register_name, row.checked_on, row.recheck_on)
        found[row.contact_id].append(status)
    return found


async def _restrictions(session: AsyncSession, contact_id: str, days: Days) -> tuple[Restriction, ...]:
    own = (rows.Restriction.contact_id == contact_id) & rows.Restriction.prisoner_id.is_(None)
    return await restrictions_of(session, own, days)


async def _adults(session: AsyncSession, ids: Collection[str]) -> defaultdict[str, list[str]]:
    query = select(ResponsibleAdult.child_id, ResponsibleAdult.adult_id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for child_id, adult_id in await session.execute(query.where(ResponsibleAdult.child_id.in_(ids))):
        found[child_id].append(adult_id)
    return found


async def booker_facts(session: AsyncSession, contact_id: str) -> BookerFacts:
    """A contact books for those who approved of them, and brings the children they answer for."""
    linked = select(PrisonerContact.prisoner_id).where(
        PrisonerContact.contact_id == contact_id, PrisonerContact.state == LinkState.APPROVED.value
    )
    children = select(ResponsibleAdult.child_id).where(ResponsibleAdult.adult_id == contact_id)
    return BookerFacts(
        id=contact_id,
        prisoner_ids=frozenset(await session.scalars(linked)),
        visitor_ids=frozenset({contact_id, *(await session.scalars(children))}),
    )
