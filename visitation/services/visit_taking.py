"""A visit is taken in hand: whose it is, whether it can still be changed, and what it is asked for again as."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from visitation.allowances import AllowanceRule
from visitation.commands.booking import WantedSlot
from visitation.eligibility import UserType, VisitRestriction, VisitSubStatus
from visitation.errors import NotFound, NotNow
from visitation.events import Arranged, SlotFreed, VisitArranged, VisitsChanged
from visitation.jurisdictions.pack import Packs, PolicyUnreadable
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitStatus, VisitVisitor
from visitation.services.arranging import Asker, asker_of
from visitation.services.desk import Work
from visitation.services.visit_rows import give_time_back, wait_for_people
from visitation.services.weighing import Wanted
from visitation.storage.claims import release_visit
from visitation.terms import allowance_rule


async def take(work: Work, visit_id: str, version: int) -> tuple[Visit, Prison, tuple[str, ...]]:
    """The visit, locked after its people, with its prison and its visitors, the main one first.

    Raises NotFound when it is not theirs, NotNow stale, visit_cancelled, visit_over.
    """
    visit = await work.session.get(Visit, visit_id)
    if visit is None or not _theirs(work, visit):
        raise NotFound
    visitors = await visitors_of(work, visit)
    await wait_for_people(work.session, visit.prisoner_id, visitors)
    visit = await work.session.get_one(Visit, visit_id, with_for_update=True, populate_existing=True)
    if visit.version != version:
        raise NotNow("stale")
    if visit.status != VisitStatus.BOOKED:
        raise NotNow("visit_cancelled")
    if visit.outcome is not None or work.now >= visit.ends_at:
        raise NotNow("visit_over")
    return visit, await work.session.get_one(Prison, visit.prison_id), visitors


def _theirs(work: Work, visit: Visit) -> bool:
    """Staff's in their prison; the prisoner's own; what a contact booked or is the main visitor of."""
    asker = asker_of(work.by)
    if asker.user_type is UserType.PUBLIC:
        return asker.person_id in (visit.contact_id, visit.booked_by)
    if asker.user_type is UserType.PRISONER:
        return asker.person_id == visit.prisoner_id
    return work.by is None or work.by.prison_id == visit.prison_id


def not_begun(work: Work, visit: Visit) -> None:
    """Raises NotNow visit_over: what has begun is ended, not called off or moved."""
    if work.now >= visit.starts_at:
        raise NotNow("visit_over")


async def visitors_of(work: Work, visit: Visit) -> tuple[str, ...]:
    found = select(VisitVisitor.contact_id).where(VisitVisitor.visit_id == visit.id)
    others = sorted(each for each in await work.session.scalars(found) if each != visit.contact_id)
    return (visit.contact_id, *others)


def wanted_of(visit: Visit, prison: Prison, visitors: tuple[str, ...], asker: Asker) -> Wanted:
    """The visit as it stands, asked for anew."""
    zone = ZoneInfo(prison.timezone)
    starts, ends = visit.starts_at.astimezone(zone), visit.ends_at.astimezone(zone)
    slot = WantedSlot(
        template_id=visit.template_id,
        day=starts.date(),
        start=None if visit.template_id is not None else starts.time(),
        end=None if visit.template_id is not None else ends.time(),
    )
    return Wanted(
        asker=asker,
        prison_id=visit.prison_id,
        prisoner_id=visit.prisoner_id,
        kind=visit.kind,
        slot=slot,
        visitor_ids=visitors,
        terminal_id=visit.terminal_id,
        officer_id=visit.officer_id,
        closed_wanted=visit.restriction == VisitRestriction.CLOSED,
        visit_id=visit.id,
        times=(starts.time(), ends.time()),
    )


def moved(wanted: Wanted, slot: WantedSlot) -> Wanted:
    """To another time, and so perhaps to another terminal."""
    return replace(wanted, slot=slot, terminal_id=None, times=None)


async def call_off(
    work: Work, packs: Packs, visit: Visit, prison: Prison, state: VisitSubStatus, reason: str
) -> None:
    """It will not be: what it had is free again, and its time is given back."""
    visit.status, visit.sub_status, visit.reason = VisitStatus.CANCELLED.value, state.value, reason
    await release_visit(work.session, visit.id)
    await give_time_back(work, rule_of(packs, prison, visit.kind), visit, today_in(work, prison), reason)
    await work.session.flush()


def today_in(work: Work, prison: Prison) -> date:
    """The date on the prison's wall."""
    return work.now.astimezone(ZoneInfo(prison.timezone)).date()


def rule_of(packs: Packs, prison: Prison, kind: str) -> AllowanceRule | None:
    """The allowance that this kind of visit takes from."""
    try:
        allowance = packs(prison.policy_pack).booking.allowance_for(kind)
    except PolicyUnreadable:
        return None
    return allowance_rule(allowance, prison.week_start) if allowance is not None else None


def free(work: Work, visit: Visit) -> None:
    """Tells whoever waits for a place that this one is free."""
    if visit.template_id is not None:
        work.tell(SlotFreed(visit.prison_id, visit.template_id, visit.starts_at))


def tell(work: Work, visit: Visit, what: Arranged, *terminals: str) -> None:
    work.tell(VisitArranged(visit.id, what))
    work.tell(VisitsChanged(visit.prison_id, frozenset({visit.terminal_id, *terminals})))
