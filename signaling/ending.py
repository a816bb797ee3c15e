"""The end of a call, whatever its reason: gates, words, papers, legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling import legs, papers
from signaling.protocol import LegClosed
from signaling.shapes import By, EndedState, EndReason
from signaling.timing import LINGER

if TYPE_CHECKING:
    from signaling.call import Call


async def end(
    call: Call,
    reason: EndReason,
    *,
    text: str | None = None,
    by: By | None = None,
    missing: str | None = None,
) -> None:
    """Ends the call once; a second end changes nothing. `missing` is the party that stayed away."""
    if call.phase == "ended":
        return
    call.hub.hold()
    ending = papers.ending_of(call, reason, by, missing)
    call.phase, call.ringing_since = "ended", None
    call.ended = EndedState(reason=reason, text=text or None, at=call.now, by=by)
    call.timers.clear()
    call.timers.set("linger", call.now + LINGER)
    call.note("end", party=missing, text=text or None, code=reason, by=by)
    papers.ended(call, ending)
    await _close_legs(call)


async def _close_legs(call: Call) -> None:
    for member in call.roster:
        member.passed, member.gone_at = False, None
        await legs.close(call, member, "ended")
    # Officers who watched stay among the receivers: they too are told how it ended.
    for watcher in call.watchers:
        await call.house.courier.tell(watcher.sid, LegClosed(watcher.leg, "ended"))
    await call.guarded("hub.close", call.hub.close())
