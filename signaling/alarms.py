"""What a call's alarms do when their moment has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling import legs, phases
from signaling.control import hold_without_recorder
from signaling.ending import end
from signaling.roster import Member
from signaling.timing import RING_REST

if TYPE_CHECKING:
    from signaling.call import Call


async def alarm(call: Call, name: str) -> None:
    """Carries out one alarm; `name` may have a part after a colon (a party, a number of minutes)."""
    kind, _, detail = name.partition(":")
    if call.phase == "ended":
        call.over = call.over or kind == "linger"
        return
    match kind:
        case "end":
            await end(call, "time")
        case "minutes":
            _minutes(call, int(detail))
        case "ring":
            phases.ring(call)
        case "ring_rest":
            call.note("unanswered", "prisoner")
            phases.stop_ringing(call, again_at=call.now + RING_REST)
        case "quality":
            call.measure()
        case "recorder_hold":
            hold_without_recorder(call)
        case "recorder_end":
            await end(call, "recorder")
        case "supervisor_hold":
            phases.hold(call, "supervisor", "technical", "")
        case "absent":
            await end(call, "absence", missing=detail)
        case "lost":
            lost(call, call.roster[detail])
        case "lobby":
            await to_lobby(call, call.roster[detail])


def _minutes(call: Call, minutes: int) -> None:
    call.minutes_notice = 5 if minutes == 5 else 1
    if call.live:
        call.note("minutes", code=str(minutes))


def lost(call: Call, member: Member) -> None:
    """5 s: both sides are told. Before the call is live, the ring stops as well."""
    if call.live:
        call.note("lost", member.party)
    else:
        phases.stop_ringing(call)


async def to_lobby(call: Call, member: Member) -> None:
    """30 s: whoever came through the lobby's checks must pass them again; the old leg is of no more use."""
    if not member.returns_by_lobby:
        return
    member.passed = False
    await legs.close(call, member, "absence")
    if not call.live:
        member.gone_at = None
        call.note("left", member.party)
