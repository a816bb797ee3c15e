"""Who comes to visits, as far as deciding their conditions looks at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from visitation.deciding_facts import Standing
from visitation.eligibility import ContactClass, LinkState
from visitation.model.contacts import PrisonerContact, ProfessionalStatus
from visitation.model.people import Contact
from visitation.model.visits import Visit, VisitVisitor


@dataclass(frozen=True, slots=True)
class Company:
    """`standing` is what every visitor was found to be; `born` their birthdays as far as they are known.
    `both_prisons_allow` = the prison of a visitor who is a prisoner has approved the link from its side."""

    standing: tuple[Standing, ...] = ()
    born: tuple[date, ...] = ()
    both_prisons_allow: bool = False


async def companies(session: AsyncSession, visits: Sequence[Visit]) -> Mapping[str, Company]:
    """Visit id -> who comes. The visits' rows of visitors are written already."""
    visitors: defaultdict[str, list[Contact]] = defaultdict(list)
    coming = select(VisitVisitor.visit_id, Contact).join(Contact, Contact.id == VisitVisitor.contact_id)
    found = await session.execute(coming.where(VisitVisitor.visit_id.in_([visit.id for visit in visits])))
    for visit_id, contact in found:
        visitors[visit_id].append(contact)
    everybody = {contact.id for coming in visitors.values() for contact in coming}
    standings = await _standings(session, everybody)
    inside = any(contact.kind == ContactClass.PRISONER for each in visitors.values() for contact in each)
    allowed = await _allowed(session, visits) if inside else frozenset()
    return {
        visit.id: Company(
            standing=_shared([standings[contact.id] for contact in visitors[visit.id]]),
            born=tuple(contact.born_on for contact in visitors[visit.id] if contact.born_on is not None),
            both_prisons_allow=visit.id in allowed,
        )
        for visit in visits
    }


async def _standings(session: AsyncSession, ids: Collection[str]) -> Mapping[str, list[Standing]]:
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    held = select(ProfessionalStatus).where(
        ProfessionalStatus.contact_id.in_(ids), ProfessionalStatus.ended_on.is_(None)
    )
    for row in await session.scalars(held):
        found[row.contact_id].append(
            Standing(row.standing, row.register_name, row.checked_by or "", row.checked_on, row.recheck_on)
        )
    return found


def _shared(held: Sequence[Iterable[Standing]]) -> tuple[Standing, ...]:
    """Of each standing that all of them have the one that lapses first: one unverified person is enough."""
    by_kind = [{each.kind: each for each in one} for one in held]
    kinds = set.intersection(*(set(each) for each in by_kind)) if by_kind else set()
    return tuple(min((each[kind] for each in by_kind), key=_lapses) for kind in sorted(kinds))


def _lapses(standing: Standing) -> date:
    return standing.recheck_on


async def _allowed(session: AsyncSession, visits: Sequence[Visit]) -> frozenset[str]:
    """Visits between prisoners whose link was approved from the other side too."""
    inside, mirror = aliased(Contact), aliased(Contact)
    query = (
        select(Visit.id)
        .join(inside, inside.id == Visit.contact_id)
        .join(mirror, mirror.prisoner_id == Visit.prisoner_id)
        .join(
            PrisonerContact,
            (PrisonerContact.prisoner_id == inside.prisoner_id) & (PrisonerContact.contact_id == mirror.id),
        )
        .where(
            Visit.id.in_([visit.id for visit in visits]), PrisonerContact.state == LinkState.APPROVED.value
        )
    )
    return frozenset(await session.scalars(query))
