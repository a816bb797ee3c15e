"""What officers may do in a call, one small function per message. That they may was asked before."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from relay.member import Seat
from signaling import ending, legs, papers, phases
from signaling import protocol as p
from signaling.interventions import Given
from signaling.message import Nothing
from signaling.shapes import Level
from signaling.watchers import Watcher
from visitation.errors import BadInput, NotFound, NotNow
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.services.audit import AuditKind

if TYPE_CHECKING:
    from signaling.call import Call
    from signaling.handlers import Request


async def watch(call: Call, request: Request, _: p.Watch) -> p.Offer:
    """One leg per window, with a slot per party; asked again, it is a new leg."""
    before = call.watchers.take(request.sid)
    if before is not None:
        await _close(call, before)
    leg = secrets.token_hex(8)
    sdp = await legs.offered(call, leg, Seat(f"watcher-{leg}", frozenset(), sum(1 for _ in call.roster)))
    watcher = Watcher(request.sid, request.identity, leg)
    call.watchers.put(watcher)
    _seat(call, watcher)
    if before is None:
        papers.watched(call, watcher, AuditKind.CALL_WATCHED)
        call.note("watch", by="officer")
    phases.missing_supervisor(call)
    return p.Offer(leg, sdp)


def _seat(call: Call, watcher: Watcher) -> None:
    level: Level = "main" if watcher.full else "preview"
    for slot, member in enumerate(call.roster):
        call.levels.pop((watcher.leg, slot), None)
        try:
            call.hub.seat(watcher.leg, slot, member.party, audio=watcher.sound, video=level)
        except KeyError:  # the leg has just failed, and the news of it is in the mailbox
            raise NotFound("leg_unknown") from None


async def focus(call: Call, request: Request, command: p.Focus) -> Nothing:
    """Sound comes with the full pictures, and only where listening is permitted."""
    watcher = call.watchers.of(request.sid)
    if watcher is None:
        raise NotNow("not_watching")
    heard = watcher.sound
    watcher.full = command.full
    watcher.sound = command.full and permits(request.identity, Permission.CALL_LISTEN, call.subject)
    if watcher.sound and not heard:
        papers.watched(call, watcher, AuditKind.CALL_LISTENED)
    _seat(call, watcher)
    return Nothing()


async def unwatch(call: Call, request: Request, _: p.Unwatch) -> Nothing:
    watcher = call.watchers.of(request.sid)
    await stop_watching(call, request.sid)
    if watcher is not None:
        await call.house.courier.tell(request.sid, p.LegClosed(watcher.leg, "unwatched"))
    return Nothing()


async def stop_watching(call: Call, sid: str) -> None:
    """The officer closed the call, or the socket is gone; nobody watching is no error."""
    watcher = call.watchers.take(sid)
    if watcher is None:
        return
    papers.watched(call, watcher, AuditKind.CALL_UNWATCHED)
    call.note("unwatch", by="officer")
    await _close(call, watcher)
    phases.missing_supervisor(call)


async def _close(call: Call, watcher: Watcher) -> None:
    legs.forget(call, watcher.leg)
    await call.guarded("hub.leave", call.hub.leave(watcher.leg))


async def warn(call: Call, request: Request, command: p.Warn) -> p.Warned:
    text = command.text.strip()
    if command.code is None and not text:
        raise BadInput("text_required")
    by = request.identity.person_id
    again = call.warnings.pressed_again(command.code, text, by, call.now)
    if again is not None:
        return p.Warned(again.id)
    warning = Given(secrets.token_hex(8), command.code, text, call.now, by)
    call.warnings.add(warning)
    call.note("warning", text=text or None, code=command.code, by="officer")
    papers.decided(call, "warn", request.identity, command.code, text)
    return p.Warned(warning.id)


async def hold(call: Call, request: Request, command: p.Hold) -> Nothing:
    if phases.hold(call, "officer", command.reason, command.text.strip()):
        papers.decided(call, "hold", request.identity, command.reason, command.text.strip())
    return Nothing()


async def resume(call: Call, request: Request, _: p.Resume) -> Nothing:
    if phases.lift(call, "officer"):
        papers.decided(call, "resume", request.identity, None, "")
    return Nothing()


async def end(call: Call, request: Request, command: p.End) -> Nothing:
    text = command.text.strip()
    papers.decided(call, "end", request.identity, command.reason, text)
    await ending.end(call, command.reason, text=text, by="officer")
    return Nothing()
