"""Visits that are booked or asked for are moved, changed, given an officer, withdrawn and called off."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from visitation.commands.booking import ChangeVisit
from visitation.conditions import ConditionsUnreadable, from_json
from visitation.eligibility import Override, UserType, VisitSubStatus
from visitation.errors import BadInput, Forbidden, NotNow
from visitation.jurisdictions.pack import Packs, load_pack
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.outcomes import Outcome
from visitation.policy.identity import Identity
from visitation.services.arranging import asker_of
from visitation.services.audit import AuditKind
from visitation.services.booked import Booked, NotBookable, attempt, booked
from visitation.services.desk import Desk, Work
from visitation.services.visit_rows import (
    check_officer,
    claim,
    give_time_back,
    set_conditions,
    set_visitors,
    take_time,
    wait_for_sessions,
)
from visitation.services.visit_taking import (
    call_off,
    free,
    moved,
    not_begun,
    rule_of,
    take,
    tell,
    today_in,
    wanted_of,
)
from visitation.services.weighing import Wanted, Weighed, weigh
from visitation.storage.claims import drop_expired_holds

# Who calls a visit off, and whose doing they may say it is; the first is what is meant without a word.
WHOSE_DOING: Final = {
    UserType.PUBLIC: (Outcome.VISITOR_CANCELLED,),
    UserType.PRISONER: (Outcome.PRISONER_CANCELLED,),
    UserType.STAFF: (
        Outcome.ESTABLISHMENT_CANCELLED,
        Outcome.VISITOR_CANCELLED,
        Outcome.PRISONER_CANCELLED,
        Outcome.ADMINISTRATIVE_ERROR,
    ),
    UserType.SYSTEM: (Outcome.ESTABLISHMENT_CANCELLED, Outcome.ADMINISTRATIVE_ERROR),
}
_OWN: Final = frozenset({UserType.PUBLIC, UserType.PRISONER})


class Changes:
    """`version` is the one that was seen. All raise NotFound for what is not theirs, and NotNow stale,
    visit_cancelled, visit_over."""

    def __init__(self, desk: Desk, packs: Packs = load_pack) -> None:
        self._desk = desk
        self._packs = packs

    async def change(self, visit_id: str, version: int, wanted: ChangeVisit, by: Identity | None) -> Booked:
        """Another time, other people, other needs; weighed anew, so that the office may be asked again.
        Raises NotBookable, NotNow slot_taken, or already_decided once somebody has joined."""
        return await attempt(self._desk, by, lambda work: self._change(work, visit_id, version, wanted))

    async def _change(self, work: Work, visit_id: str, version: int, wanted: ChangeVisit) -> Booked:
        await drop_expired_holds(work.session, work.now)
        visit, prison, visitors = await take(work, visit_id, version)
        not_begun(work, visit)
        if visit.decided_finally_at is not None:
            raise NotNow("already_decided")
        asked = _asked(work, visit, prison, visitors, wanted)
        await wait_for_sessions(work.session, [asked.slot.template_id])
        found = await weigh(work.session, self._packs, asked, work.now)
        if found.assessment.refusals:
            raise NotBookable([found.assessment.refusals])
        if wanted.slot is not None:
            free(work, visit)
        before = visit.terminal_id
        await self._write(work, visit, prison, wanted, found)
        await work.note(AuditKind.VISIT_CHANGED, visit.id, {"status": visit.sub_status})
        tell(work, visit, "changed", before)
        return booked(visit, found.assessment.review)

    async def _write(
        self, work: Work, visit: Visit, prison: Prison, wanted: ChangeVisit, found: Weighed
    ) -> None:
        rule = rule_of(self._packs, prison, visit.kind)
        await give_time_back(work, rule, visit, today_in(work, prison), "changed")
        _rewrite(visit, wanted, found)
        await set_visitors(work.session, visit, found.wanted.visitor_ids or ())
        await claim(work, visit)
        if not await set_conditions(work, visit, self._packs):
            visit.sub_status = VisitSubStatus.REQUESTED.value
        take_time(work, rule, visit, found.wanted.slot.day)
        await work.session.flush()

    async def withdraw(self, visit_id: str, version: int, by: Identity | None) -> Booked:
        """Whoever asked does so no more. Raises NotNow already_decided when the office has answered."""

        async def do(work: Work) -> Booked:
            visit, prison, _ = await take(work, visit_id, version)
            if visit.sub_status != VisitSubStatus.REQUESTED:
                raise NotNow("already_decided")
            return await self._off(work, visit, prison, VisitSubStatus.WITHDRAWN, "withdrawn")

        return await attempt(self._desk, by, do)

    async def cancel(
        self, visit_id: str, version: int, by: Identity | None, outcome: str | None = None
    ) -> Booked:
        """`outcome` says whose doing it is, as far as the one who asks may say it; else BadInput bad_reason.
        What the office has not answered yet is withdrawn when its own people call it off."""
        user_type = asker_of(by).user_type
        allowed = WHOSE_DOING[user_type]
        if outcome is not None and outcome not in {each.value for each in allowed}:
            raise BadInput("bad_reason")

        async def do(work: Work) -> Booked:
            visit, prison, _ = await take(work, visit_id, version)
            if user_type in _OWN:
                not_begun(work, visit)
                if visit.sub_status == VisitSubStatus.REQUESTED:
                    return await self._off(work, visit, prison, VisitSubStatus.WITHDRAWN, "withdrawn")
            visit.outcome = outcome or allowed[0].value
            return await self._off(work, visit, prison, VisitSubStatus.CANCELLED, visit.outcome)

        return await attempt(self._desk, by, do)

    async def _off(
        self, work: Work, visit: Visit, prison: Prison, state: VisitSubStatus, reason: str
    ) -> Booked:
        await call_off(work, self._packs, visit, prison, state, reason)
        withdrawn = state is VisitSubStatus.WITHDRAWN
        kind = AuditKind.VISIT_WITHDRAWN if withdrawn else AuditKind.VISIT_CANCELLED
        await work.note(kind, visit.id, {"reason": reason})
        free(work, visit)
        tell(work, visit, "withdrawn" if withdrawn else "cancelled")
        return booked(visit)

    async def assign_officer(
        self, visit_id: str, version: int, officer_id: str | None, by: Identity | None
    ) -> Booked:
        """Who attends; None = nobody in particular. Raises Forbidden visit_closed for a visit that nobody
        attends, NotNow slot_taken when the officer is somewhere else then."""

        async def do(work: Work) -> Booked:
            visit, _, _ = await take(work, visit_id, version)
            if officer_id is not None and _closed(visit):
                raise Forbidden("visit_closed")
            await check_officer(work, officer_id)
            visit.officer_id = officer_id
            await claim(work, visit)
            await work.note(AuditKind.VISIT_OFFICER, visit.id, {"officer": officer_id})
            return booked(visit)

        return await attempt(self._desk, by, do)


def _asked(
    work: Work, visit: Visit, prison: Prison, visitors: tuple[str, ...], wanted: ChangeVisit
) -> Wanted:
    asked = wanted_of(visit, prison, visitors, asker_of(work.by))
    if wanted.slot is not None:
        asked = moved(asked, wanted.slot)
    return replace(
        asked,
        visitor_ids=wanted.visitor_ids or visitors,
        terminal_id=wanted.terminal_id or asked.terminal_id,
        closed_wanted=_closed_wanted(asked, wanted),
        overrides=frozenset(Override(each) for each in wanted.overrides),
    )


def _closed_wanted(asked: Wanted, wanted: ChangeVisit) -> bool:
    opens = wanted.closed_wanted is False and asked.asker.user_type is UserType.STAFF
    return bool(wanted.closed_wanted) or (asked.closed_wanted and not opens)


def _rewrite(visit: Visit, wanted: ChangeVisit, found: Weighed) -> None:
    assessment = found.assessment
    assert assessment.sub_status is not None
    visit.starts_at, visit.ends_at = found.begins, found.ends
    visit.template_id = found.wanted.slot.template_id
    visit.restriction = assessment.restriction.value
    if visit.terminal_id not in assessment.terminal_ids or wanted.terminal_id is not None:
        visit.terminal_id = assessment.terminal_ids[0]
    if visit.other_terminal_id not in assessment.other_terminal_ids:
        visit.other_terminal_id = next(iter(assessment.other_terminal_ids), None)
    visit.contact_id = (found.wanted.visitor_ids or (visit.contact_id,))[0]
    if wanted.needs is not None:
        visit.needs = list(wanted.needs)
    kept = visit.sub_status == VisitSubStatus.APPROVED and found.wanted.asker.user_type is UserType.STAFF
    if not kept:
        visit.sub_status = assessment.sub_status.value


def _closed(visit: Visit) -> bool:
    """Nobody attends it, or nobody knows whether anybody may."""
    try:
        return from_json(visit.conditions).closed
    except ConditionsUnreadable:
        return True
