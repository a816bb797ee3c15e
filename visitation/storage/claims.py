"""Who and what is taken when: five-minute claims, whose key lets the database decide every race."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from visitation.model.booking import Application, Claim, Resource
from visitation.model.people import Contact
from visitation.model.visits import Visit, VisitVisitor

CELL: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """One thing that cannot be in two places: what it is, and its id."""

    kind: str
    id: str


def cells(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The five-minute cells that a time touches, by their starts."""
    into = timedelta(
        minutes=starts_at.minute % 5, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    first = starts_at - into
    return [first + number * CELL for number in range(-(-(ends_at - first) // CELL))]


async def claim_visit(session: AsyncSession, visit: Visit) -> None:
    """Takes the visit's time for all it needs, in place of what it had. Raises IntegrityError when somebody
    else has any of it: the transaction is to be given up, and to be tried again or refused."""
    await session.flush()
    await release_visit(session, visit.id)
    await _insert(session, await _of_visit(session, visit), visit.starts_at, visit.ends_at, visit_id=visit.id)


async def claim_hold(session: AsyncSession, hold: Application) -> None:
    """Takes the hold's time for the terminal and the prisoner; who comes is not known yet."""
    await session.flush()
    wanted = [Taken(Resource.TERMINAL, hold.terminal_id), Taken(Resource.PRISONER, hold.prisoner_id)]
    await _insert(session, wanted, hold.starts_at, hold.ends_at, application_id=hold.id)


async def release_visit(session: AsyncSession, visit_id: str) -> None:
    await session.execute(delete(Claim).where(Claim.visit_id == visit_id))


async def drop_hold(session: AsyncSession, hold_id: str) -> None:
    """Its claims go with it."""
    await session.execute(delete(Application).where(Application.id == hold_id))


async def drop_holds_of(session: AsyncSession, person_id: str) -> None:
    await session.execute(delete(Application).where(Application.held_by == person_id))


async def drop_expired_holds(session: AsyncSession, now: datetime) -> None:
    """To be done before taking anything: an expired hold stands in nobody's way. Those that somebody else is
    dropping at the moment are theirs."""
    expired = select(Application.id).where(Application.expires_at <= now).with_for_update(skip_locked=True)
    await session.execute(delete(Application).where(Application.id.in_(expired)))


async def forget_before(session: AsyncSession, moment: datetime) -> int:
    """Drops claims on time that has passed; how many there were. What is over needs none."""
    gone = await session.execute(delete(Claim).where(Claim.cell_start < moment))
    return int(gone.rowcount)  # type: ignore[attr-defined]


async def _of_visit(session: AsyncSession, visit: Visit) -> list[Taken]:
    wanted = [Taken(Resource.TERMINAL, visit.terminal_id), Taken(Resource.PRISONER, visit.prisoner_id)]
    if visit.other_terminal_id is not None:
        wanted.append(Taken(Resource.TERMINAL, visit.other_terminal_id))
    if visit.officer_id is not None:
        wanted.append(Taken(Resource.OFFICER, visit.officer_id))
    coming = select(Contact.id, Contact.prisoner_id).join(VisitVisitor, VisitVisitor.contact_id == Contact.id)
    for contact_id, prisoner_id in await session.execute(coming.where(VisitVisitor.visit_id == visit.id)):
        who = Taken(Resource.PRISONER, prisoner_id) if prisoner_id else Taken(Resource.VISITOR, contact_id)
        wanted.append(who)
    return wanted


async def _insert(
    session: AsyncSession, wanted: Iterable[Taken], starts_at: datetime, ends_at: datetime, **owner: str
) -> None:
    # In one order for everybody: two that want the same things wait for each other once, not in a ring.
    rows = [
        {"resource_kind": one.kind, "resource_id": one.id, "cell_start": cell, **owner}
        for one in sorted(set(wanted))
        for cell in cells(starts_at, ends_at)
    ]
    await session.execute(insert(Claim), rows)
