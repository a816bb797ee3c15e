"""What is written down about a call: lease, decisions, audit lines, outcome, each through the call's clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling.outcomes import Ending, outcome_of
from signaling.shapes import By, EndReason
from signaling.watchers import Watcher
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


def ended(call: Call, ending: Ending) -> None:
    at = call.house.clock.now()
    call.clerk.write("ended", lambda: call.house.leases.ended(call.lease, ending.reason, at))
    outcome = outcome_of(ending)
    if outcome is not None:
        call.clerk.write("outcome", lambda: call.house.outcomes.record(call.facts.visit_id, outcome))


def ending_of(call: Call, reason: EndReason, by: By | None, absent: str | None) -> Ending:
    """What the call knows of its own end, taken before anything of it is put away."""
    return Ending(
        reason=reason,
        by=by,
        absent=absent,
        was_live=call.was_live,
        visitor_passed=call.roster["visitor"].passed,
        declined=call.declined_at is not None,
        terminal_there=call.roster["prisoner"].socket,
    )
