"""Visits are looked for, held, booked and moved; the database decides who was first."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from visitation.commands.booking import BookVisit, FindSlots, HoldSlot, WantedSlot
from visitation.eligibility import Assessment, Override, UserType, VisitRestriction, VisitSubStatus
from visitation.errors import NotFound
from visitation.events import VisitArranged, VisitsChanged
from visitation.jurisdictions.pack import Packs, PolicyUnreadable, load_pack
from visitation.model.booking import Application, Wish
from visitation.model.people import Prisoner
from visitation.model.prisons import Prison
from visitation.model.visits import Visit, VisitStatus
from visitation.policy.identity import Identity
from visitation.services.arranging import Asker, Gathering, Question, asker_of
from visitation.services.audit import AuditKind, Fact
from visitation.services.booked import Booked, Held, NotBookable, attempt, booked
from visitation.services.desk import Desk, Work
from visitation.services.visit_rows import (
    check_officer,
    claim,
    set_conditions,
    set_visitors,
    take_time,
    wait_for_people,
    wait_for_sessions,
)
from visitation.services.weighing import Wanted, Weighed, weigh
from visitation.slots import Search, Slot, slots
from visitation.storage.claims import drop_expired_holds, drop_hold, drop_holds_of

HOLD: Final = timedelta(minutes=10)  # where the policy cannot be read


class Booking:
    """`by` is who asks: a contact or a prisoner for themselves, staff for either; None = the house."""

    def __init__(self, desk: Desk, packs: Packs = load_pack) -> None:
        self._desk = desk
        self._packs = packs

    async def slots(self, wanted: FindSlots, by: Identity | None) -> tuple[Slot, ...]:
        """The sessions of the coming days, each with every reason why it cannot be had (for staff: what the
        public may read is in `eligibility.wording`). Raises NotFound for nobody."""
        now, asker = self._desk.clock.now(), asker_of(by)
        async with self._desk.database.read() as session:
            prisoner = await session.get(Prisoner, wanted.prisoner_id)
            where = prison_of(by) or (prisoner.prison_id if prisoner is not None else None)
            prison = await session.get(Prison, where) if prisoner is not None else None
            if prison is None:
                raise NotFound
            first = wanted.from_day or now.astimezone(ZoneInfo(prison.timezone)).date()
            question = Question(
                prisoner_id=wanted.prisoner_id,
                kind=wanted.kind,
                asker=asker,
                prison_id=prison.id,
                visitor_ids=wanted.visitor_ids,
                visit_id=wanted.visit_id,
            )
            found = await Gathering(self._packs).facts(session, question, first, wanted.days, now)
        search = Search(
            kind=wanted.kind,
            prison_id=prison.id,
            prisoner_id=wanted.prisoner_id,
            user_type=asker.user_type,
            visitor_ids=wanted.visitor_ids,
            booker_id=asker.person_id,
            other_prisoner_id=found.other_prisoner_id,
            closed_wanted=wanted.closed_wanted,
            replaces_visit_id=wanted.visit_id,
        )
        return slots(search, first, wanted.days, found.facts)

    async def hold(self, wanted: HoldSlot, by: Identity) -> Held:
        """Keeps a slot while the form is filled in; whoever asks has one at a time. Raises NotBookable,
        NotNow slot_taken."""
        return await attempt(self._desk, by, lambda work: self._hold(work, wanted, by))

    async def _hold(self, work: Work, wanted: HoldSlot, by: Identity) -> Held:
        await drop_expired_holds(work.session, work.now)
        await drop_holds_of(work.session, by.person_id)
        await wait_for_people(work.session, wanted.prisoner_id, wanted.visitor_ids or ())
        await wait_for_sessions(work.session, [wanted.slot.template_id])
        asked = Wanted(
            asker=asker_of(by),
            prison_id=prison_of(by),
            prisoner_id=wanted.prisoner_id,
            kind=wanted.kind,
            slot=wanted.slot,
            visitor_ids=wanted.visitor_ids,
            closed_wanted=wanted.closed_wanted,
        )
        found = await weigh(work.session, self._packs, asked, work.now)
        if refused := found.hold_refusals():
            raise NotBookable([refused])
        hold = self._application(work, found, by)
        work.session.add(hold)
        await claim(work, hold)
        return Held(hold.id, hold.terminal_id, hold.starts_at, hold.ends_at, hold.expires_at)

    def _application(self, work: Work, found: Weighed, by: Identity) -> Application:
        prison, slot = found.gathered.prison, found.wanted.slot
        assert prison is not None
        assert slot.template_id is not None
        return Application(
            id=str(uuid.uuid4()),
            prison_id=prison.id,
            template_id=slot.template_id,
            prisoner_id=found.wanted.prisoner_id,
            terminal_id=found.assessment.terminal_ids[0],
            kind=found.wanted.kind,
            closed=found.assessment.restriction is VisitRestriction.CLOSED,
            starts_at=found.begins,
            ends_at=found.ends,
            user_type=found.wanted.asker.user_type.value,
            held_by=by.person_id,
            made_at=work.now,
            expires_at=work.now + self._hold_time(prison),
        )

    def _hold_time(self, prison: Prison) -> timedelta:
        try:
            return timedelta(minutes=self._packs(prison.policy_pack).booking.hold.minutes)
        except PolicyUnreadable:
            return HOLD

    async def release(self, hold_id: str, by: Identity) -> None:
        """Gives a slot back that was held; one that is gone is no error."""
        async with self._desk.work(by) as work:
            hold = await work.session.get(Application, hold_id)
            if hold is not None and hold.held_by == by.person_id:
                await drop_hold(work.session, hold_id)

    async def book(self, wanted: BookVisit, by: Identity | None) -> Booked:
        """Books the first of the wishes that can be had: approved at once where the policy lets it, else
        asked of the office. Raises NotBookable with the reasons against each, NotNow slot_taken."""
        asker = asker_of(by)
        return await attempt(self._desk, by, lambda work: self.book_in(work, wanted, asker))

    async def book_in(self, work: Work, wanted: BookVisit, asker: Asker) -> Booked:
        """Raises NotBookable, Raced."""
        await drop_expired_holds(work.session, work.now)
        await wait_for_people(work.session, wanted.prisoner_id, wanted.visitor_ids)
        await wait_for_sessions(work.session, [slot.template_id for slot in wanted.wishes])
        await check_officer(work, wanted.officer_id)
        hold = await _own_hold(work, wanted.hold_id, asker)
        refused = []
        for number, slot in enumerate(wanted.wishes, 1):
            asked = _asked(wanted, slot, asker, prison_of(work.by), hold)
            found = await weigh(work.session, self._packs, asked, work.now)
            if not found.assessment.refusals:
                return await self._keep(work, wanted, found, hold, number)
            refused.append(found.assessment.refusals)
        raise NotBookable(refused)

    async def _keep(
        self, work: Work, wanted: BookVisit, found: Weighed, hold: Application | None, number: int
    ) -> Booked:
        terminal_id = await _terminal(work, hold, found.assessment)
        visit = _visit(work, wanted, found, terminal_id)
        work.session.add(visit)
        await work.session.flush()
        await set_visitors(work.session, visit, wanted.visitor_ids)
        work.session.add_all(_wishes(visit, wanted))
        await claim(work, visit)
        if not await set_conditions(work, visit, self._packs):
            visit.sub_status = VisitSubStatus.REQUESTED.value
        take_time(work, found.gathered.allowance, visit, found.wanted.slot.day)
        await work.session.flush()
        facts: dict[str, Fact] = {
            "prisoner": visit.prisoner_id,
            "visitors": list(wanted.visitor_ids),
            "status": visit.sub_status,
            "overrides": sorted(wanted.overrides),
        }
        await work.note(AuditKind.VISIT_BOOKED, visit.id, facts)
        work.tell(VisitArranged(visit.id, "booked"))
        work.tell(VisitsChanged(visit.prison_id, frozenset({visit.terminal_id})))
        return booked(visit, found.assessment.review, number)


def prison_of(by: Identity | None) -> str | None:
    """Where staff arrange visits; the others wherever the prisoner is."""
    return by.prison_id if asker_of(by).user_type is UserType.STAFF and by is not None else None


def _visit(work: Work, wanted: BookVisit, found: Weighed, terminal_id: str) -> Visit:
    prison, assessment = found.gathered.prison, found.assessment
    assert prison is not None
    assert assessment.sub_status is not None
    return Visit(
        id=str(uuid.uuid4()),
        prison_id=prison.id,
        terminal_id=terminal_id,
        other_terminal_id=next(iter(assessment.other_terminal_ids), None),
        prisoner_id=wanted.prisoner_id,
        contact_id=wanted.visitor_ids[0],
        kind=wanted.kind,
        starts_at=found.begins,
        ends_at=found.ends,
        status=VisitStatus.BOOKED.value,
        sub_status=assessment.sub_status.value,
        restriction=assessment.restriction.value,
        template_id=found.wanted.slot.template_id,
        officer_id=wanted.officer_id,
        method=str(wanted.method),
        needs=list(wanted.needs),
        user_type=found.wanted.asker.user_type.value,
        booked_by=found.wanted.asker.person_id,
        booked_at=work.now,
    )


def _asked(
    wanted: BookVisit, slot: WantedSlot, asker: Asker, prison_id: str | None, hold: Application | None
) -> Wanted:
    return Wanted(
        asker=asker,
        prison_id=prison_id,
        prisoner_id=wanted.prisoner_id,
        kind=wanted.kind,
        slot=slot,
        visitor_ids=wanted.visitor_ids,
        terminal_id=wanted.terminal_id,
        officer_id=wanted.officer_id,
        closed_wanted=wanted.closed_wanted,
        overrides=frozenset(Override(each) for each in wanted.overrides),
        hold_id=hold.id if hold is not None else None,
    )


def _wishes(visit: Visit, wanted: BookVisit) -> list[Wish]:
    """What else was wished for, so that the office can offer it."""
    if len(wanted.wishes) == 1:
        return []
    return [
        Wish(visit_id=visit.id, rank=rank, template_id=slot.template_id, day=slot.day)
        for rank, slot in enumerate(wanted.wishes, 1)
        if slot.template_id is not None
    ]


async def _own_hold(work: Work, hold_id: str | None, asker: Asker) -> Application | None:
    """The hold it comes from; somebody else's stands in the way like any other."""
    hold = await work.session.get(Application, hold_id) if hold_id is not None else None
    return hold if hold is not None and hold.held_by == asker.person_id else None


async def _terminal(work: Work, hold: Application | None, assessment: Assessment) -> str:
    """The one that was held, when it is still fit; the hold goes with its use."""
    if hold is not None:
        await drop_hold(work.session, hold.id)
        if hold.terminal_id in assessment.terminal_ids:
            return hold.terminal_id
    return assessment.terminal_ids[0]
