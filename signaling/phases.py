"""How a call passes from phase to phase, and what its alarms do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling import legs, papers, recorder
from signaling.interventions import Cause
from signaling.roster import Member
from signaling.shapes import ReasonCode
from signaling.timing import (
    FIRST_LEG_GRACE,
    MINUTE,
    NOTICES,
    QUALITY_EVERY,
    RING_FOR,
    SUPERVISOR_GRACE,
    millis,
)
from visitation.conditions import Watching, WithoutSupervisor

if TYPE_CHECKING:
    from signaling.call import Call


def prepare(call: Call) -> None:
    """The alarms that every call has."""
    ends_at = millis(call.facts.ends_at)
    call.timers.set("end", ends_at)
    for minutes in NOTICES:
        call.timers.set(f"minutes:{minutes}", ends_at - minutes * MINUTE)
    call.timers.set("quality", call.now + QUALITY_EVERY)


def ring(call: Call) -> None:
    """Rings the terminal, or sets the alarm for the moment from which it may be rung."""
    visitor = call.roster["visitor"]
    if call.phase != "waiting" or not visitor.passed or visitor.gone_at is not None:
        return
    if call.now < call.ring_not_before:
        call.timers.set("ring", call.ring_not_before)
        return
    call.phase = "ringing"
    call.ringing_since, call.declined_at = call.now, None
    call.timers.set("ring_rest", call.now + RING_FOR)
    call.note("ringing", "prisoner")


def stop_ringing(call: Call, *, again_at: int | None = None) -> None:
    """Back to waiting; `again_at` = when it rings by itself, None = when somebody asks for it."""
    call.timers.drop("ring", "ring_rest")
    if call.phase == "ringing":
        call.phase, call.ringing_since = "waiting", None
    if again_at is not None:
        call.ring_not_before = again_at
        call.timers.set("ring", again_at)


async def go_live(call: Call) -> None:
    """Both are admitted: whoever records gets ready, then the gates open."""
    stop_ringing(call)
    call.phase, call.was_live = "live", True
    papers.begun(call)
    await call.begin_listening()
    call.note("live")
    for member in call.roster:
        _start_hearing(call, member)
    recorder.start_waiting(call)
    missing_supervisor(call)
    call.hub.release()


def _start_hearing(call: Call, member: Member) -> None:
    if member.connected:
        member.gone_at, member.was_here = None, True
        call.timers.drop(f"lost:{member.party}", f"lobby:{member.party}")
        call.note("joined", member.party)
    else:
        legs.gone(call, member, call.now + FIRST_LEG_GRACE)


def hold(call: Call, cause: Cause, reason: ReasonCode, text: str) -> bool:
    """Shuts the gates in the server first, and says so afterwards. False: this cause holds already."""
    if not call.live:
        return False
    call.hub.hold()
    if not call.holds.put(cause, reason, text, call.now):
        return False
    call.phase = "held"
    call.note("hold", text=text or None, code=reason, by="officer" if cause == "officer" else "system")
    return True


def lift(call: Call, cause: Cause) -> bool:
    """Opens the gates when no other cause is left. False: this cause held nothing."""
    if call.phase != "held" or not call.holds.lift(cause):
        return False
    if call.holds.shown is None:
        call.phase = "live"
        call.hub.release()
        call.note("resume", by="officer" if cause == "officer" else "system")
    return True


def missing_supervisor(call: Call) -> None:
    """Somebody watches a call that must be watched, or nobody does."""
    rules = call.conditions
    if not call.live or rules.watch_picture is not Watching.CONTINUOUS:
        return
    if call.watchers.people:
        call.timers.drop("supervisor_hold")
        lift(call, "supervisor")
    elif rules.without_supervisor is WithoutSupervisor.HOLD and not call.holds.has("supervisor"):
        call.timers.set("supervisor_hold", call.now + SUPERVISOR_GRACE)
