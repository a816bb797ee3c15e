"""The office answers requests for visits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from visitation.commands.booking import Rejection
from visitation.eligibility import Assessment, Override, UserType, VisitSubStatus
from visitation.errors import BadInput, NotFound, NotNow, Unavailable
from visitation.jurisdictions.pack import Packs, PolicyUnreadable, load_pack
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.policy.identity import Identity
from visitation.services.arranging import Asker
from visitation.services.audit import AuditKind
from visitation.services.booked import Booked, NotBookable, attempt, booked
from visitation.services.desk import Desk, Work
from visitation.services.visit_rows import set_conditions, wait_for_sessions
from visitation.services.visit_taking import call_off, free, take, tell, visitors_of, wanted_of
from visitation.services.weighing import weigh

UNANSWERED = "minimum_booking_window_reached"


class Answers:
    """`version` is the one that was seen. All raise NotFound for another prison's, NotNow stale,
    visit_cancelled, visit_over, and already_decided when no answer is waited for."""

    def __init__(self, desk: Desk, packs: Packs = load_pack) -> None:
        self._desk = desk
        self._packs = packs

    async def waiting(self, prison_id: str, limit: int = 200) -> tuple[Booked, ...]:
        """Requests of a prison, the nearest first."""
        now = self._desk.clock.now()
        query = select(Visit).where(
            Visit.prison_id == prison_id,
            Visit.sub_status == VisitSubStatus.REQUESTED.value,
            Visit.starts_at > now,
        )
        async with self._desk.database.read() as session:
            found = await session.scalars(query.order_by(Visit.starts_at, Visit.id).limit(limit))
            return tuple(booked(visit) for visit in found)

    async def look(self, visit_id: str, by: Identity | None) -> Assessment:
        """What stands against a visit as everything is now, and why the office was asked; for staff alone."""
        async with self._desk.work(by) as work:
            visit = await work.session.get(Visit, visit_id)
            if visit is None:
                raise NotFound
            work.owns(visit.prison_id)
            prison = await work.session.get_one(Prison, visit.prison_id)
            asker = Asker(UserType(visit.user_type), visit.booked_by)
            wanted = wanted_of(visit, prison, await visitors_of(work, visit), asker)
            return (await weigh(work.session, self._packs, wanted, work.now)).assessment

    async def approve(
        self, visit_id: str, version: int, by: Identity | None, overrides: Collection[Override] = ()
    ) -> Booked:
        """Raises NotBookable for what has come to stand against it, Unavailable visit_undecided."""

        async def do(work: Work) -> Booked:
            visit, prison, visitors = await take(work, visit_id, version)
            _waits(visit)
            await wait_for_sessions(work.session, [visit.template_id])
            asker = Asker(UserType.STAFF, by.person_id if by is not None else None)
            wanted = replace(wanted_of(visit, prison, visitors, asker), overrides=frozenset(overrides))
            found = await weigh(work.session, self._packs, wanted, work.now)
            if found.assessment.refusals:
                raise NotBookable([found.assessment.refusals])
            if not await set_conditions(work, visit, self._packs):
                raise Unavailable("visit_undecided")
            visit.sub_status = VisitSubStatus.APPROVED.value
            await work.session.flush()
            await work.note(AuditKind.VISIT_APPROVED, visit.id, {"overrides": sorted(overrides)})
            tell(work, visit, "approved")
            return booked(visit)

        return await attempt(self._desk, by, do)

    async def reject(self, visit_id: str, version: int, reason: str, by: Identity | None) -> Booked:
        """`reason` is a Rejection; else BadInput bad_reason."""
        if reason not in {each.value for each in Rejection}:
            raise BadInput("bad_reason")

        async def do(work: Work) -> Booked:
            visit, prison, _ = await take(work, visit_id, version)
            _waits(visit)
            return await self._rejected(work, visit, prison, VisitSubStatus.REJECTED, reason)

        return await attempt(self._desk, by, do)

    async def reject_unanswered(self, prison_id: str) -> int:
        """In the evening: what could not be booked any more tomorrow, and nobody has answered. How many."""
        async with self._desk.database.read() as session:
            prison = await session.get(Prison, prison_id)
            until = self._last_day(prison) if prison is not None else None
            if until is None:
                return 0
            late = select(Visit.id, Visit.version).where(
                Visit.prison_id == prison_id,
                Visit.sub_status == VisitSubStatus.REQUESTED.value,
                Visit.starts_at < until,
            )
            found = (await session.execute(late.order_by(Visit.starts_at))).all()
        return sum([await self._reject_late(visit_id, version) for visit_id, version in found])

    async def _reject_late(self, visit_id: str, version: int) -> bool:
        async def do(work: Work) -> Booked:
            visit, prison, _ = await take(work, visit_id, version)
            _waits(visit)
            return await self._rejected(work, visit, prison, VisitSubStatus.AUTO_REJECTED, UNANSWERED)

        try:
            await attempt(self._desk, None, do)
        except NotNow:  # answered, called off or begun meanwhile
            return False
        return True

    def _last_day(self, prison: Prison) -> datetime | None:
        """The end of the last day that relatives could not book any more tomorrow."""
        try:
            ahead = self._packs(prison.policy_pack).booking.windows["public"].min_days
        except PolicyUnreadable:
            return None
        zone = ZoneInfo(prison.timezone)
        day = self._desk.clock.now().astimezone(zone).date() + timedelta(days=ahead + 1)
        return datetime.combine(day, time(), zone)

    async def _rejected(
        self, work: Work, visit: Visit, prison: Prison, state: VisitSubStatus, reason: str
    ) -> Booked:
        await call_off(work, self._packs, visit, prison, state, reason)
        await work.note(AuditKind.VISIT_REJECTED, visit.id, {"reason": reason})
        free(work, visit)
        tell(work, visit, "rejected")
        return booked(visit)


def _waits(visit: Visit) -> None:
    if visit.sub_status != VisitSubStatus.REQUESTED:
        raise NotNow("already_decided")
