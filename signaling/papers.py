"""What is written down about a call: lease, decisions, audit lines, outcome, each through the call's clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from signaling.watchers import Watcher
from visitation.outcomes import Outcome
from visitation.policy.identity import Identity
from visitation.services.audit import AuditKind, Fact
from visitation.services.supervision import DecisionKind

if TYPE_CHECKING:
    from signaling.call import Call


def begun(call: Call) -> None:
    at = call.house.clock.now()
    call.clerk.write("begun", lambda: call.house.leases.begun(call.lease, at))


def joined(call: Call, identity: Identity) -> None:
    audit(call, AuditKind.CALL_JOINED, identity)


def watched(call: Call, watcher: Watcher, kind: AuditKind) -> None:
    audit(call, kind, watcher.identity)


def intruded(call: Call, who: str | None, watcher: Watcher | None, what: str) -> None:
    """An officer's leg has one person behind it, who is named; a party's may have had any."""
    actor = watcher.identity if watcher else None
    audit(call, AuditKind.LEG_INTRUDED, actor, who=who, what=what[:80])


def audit(call: Call, kind: AuditKind, actor: Identity | None, **facts: Fact) -> None:
    said: dict[str, Fact] = {"call": call.call_id, **facts}
    call.clerk.write(kind.value, lambda: call.house.audit.append(kind, actor, call.facts.visit_id, said))


def decided(call: Call, kind: DecisionKind, by: Identity | None, reason: str | None, text: str) -> None:
    """`by` None = the server itself. Supervision writes the decision's audit line with it."""
    at = call.house.clock.now()
    call.clerk.write(
        kind,
        lambda: call.house.supervision.record(
            kind, by=by, visit_id=call.facts.visit_id, call_id=call.call_id, reason=reason, text=text, at=at
        ),
    )


def ended(call: Call, reason: str, outcome: Outcome) -> None:
    at = call.house.clock.now()
    call.clerk.write("ended", lambda: call.house.leases.ended(call.lease, reason, at))
    if reason == "node":
        return  # the visit has not turned out yet: another node, or this one anew, may take it up
    call.clerk.write("outcome", lambda: call.house.visits.record_outcome(call.facts.visit_id, outcome))


_BY_REASON: Final = {
    "recorder": Outcome.TECHNICAL_SERVER,
    "unsupervised": Outcome.NO_SUPERVISOR,
}
_LEFT: Final = {
    "visitor": Outcome.VISITOR_COMPLETED_EARLY,
    "prisoner": Outcome.PRISONER_COMPLETED_EARLY,
}
_MISSING: Final = {
    "visitor": Outcome.TECHNICAL_VISITOR_NETWORK,
    "prisoner": Outcome.TECHNICAL_PRISON_NETWORK,
}


def outcome_of(call: Call, reason: str, by: str | None, missing: str | None) -> Outcome:
    """The field's word for how it ended, from facts the call has."""
    if by == "officer":
        return Outcome.TERMINATED_BY_STAFF
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    if reason == "left" and by is not None:
        return _LEFT[by]
    if reason == "absence" and missing is not None:
        return _MISSING[missing]
    return Outcome.COMPLETED_NORMALLY if call.was_live else _never_live(call)


def _never_live(call: Call) -> Outcome:
    if not call.roster["visitor"].passed:
        return Outcome.VISITOR_DID_NOT_ARRIVE
    if call.declined_at is not None:
        return Outcome.PRISONER_REFUSED_TO_ATTEND
    return Outcome.PRISONER_NOT_INFORMED if call.roster["prisoner"].socket else Outcome.TECHNICAL_TERMINAL
