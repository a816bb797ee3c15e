"""What the visitor and the prisoner may do in a call, one small function per message."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from relay.description import DescriptionRefused
from relay.member import Seat
from relay.table import Kind
from signaling import legs, papers, phases
from signaling import protocol as p
from signaling.ending import end
from signaling.message import Nothing
from signaling.roster import Member
from signaling.timing import DECLINED_REST
from visitation.errors import BadInput, NotFound, NotNow

if TYPE_CHECKING:
    from signaling.call import Call
    from signaling.handlers import Request


def member_of(call: Call, request: Request) -> Member:
    """The sender's own member: the kind of an identity is its party's name."""
    return call.roster[request.identity.kind]


async def join(call: Call, request: Request, _: p.Join) -> Nothing:
    """The lobby's checks (who, when, under what conditions) have been made by the asker of this."""
    visitor = member_of(call, request)
    if not visitor.passed:
        visitor.passed = True
        papers.joined(call, request.identity)
        if not call.live:
            call.note("joined", visitor.party)
    if not call.live:
        visitor.gone_at = None
        call.timers.drop("lost:visitor", "lobby:visitor")
    phases.ring(call)
    return Nothing()


async def leave(call: Call, request: Request, _: p.Leave) -> Nothing:
    member = member_of(call, request)
    if call.live:
        await end(call, "left", by=member.party)
        return Nothing()
    if member.party == "prisoner":
        if call.phase == "ringing":
            await decline_ring(call, request, p.DeclineRing(call.facts.visit_id))
        return Nothing()
    if member.passed:
        member.passed, member.gone_at = False, None
        call.timers.drop("lost:visitor", "lobby:visitor")
        phases.stop_ringing(call)
        call.note("left", member.party)
        await legs.close(call, member, "ended")
    return Nothing()


async def answer_ring(call: Call, request: Request, _: p.AnswerRing) -> Nothing:
    """Also after "not now", as long as the visitor waits and the time has come."""
    visitor = call.roster["visitor"]
    if call.phase == "waiting" and (not _waits(call, visitor) or call.now < call.starts_at):
        raise NotNow("call_not_ringing")
    prisoner = member_of(call, request)
    prisoner.passed = True
    papers.joined(call, request.identity)
    await phases.go_live(call)
    return Nothing()


def _waits(call: Call, visitor: Member) -> bool:
    return visitor.passed and visitor.presence(call.now, live=False) == "lobby"


async def decline_ring(call: Call, _request: Request, _: p.DeclineRing) -> Nothing:
    """It rings again when the visitor asks for it, and not at once."""
    phases.stop_ringing(call)
    call.declined_at = call.now
    call.ring_not_before = call.now + DECLINED_REST
    call.note("declined", "prisoner")
    return Nothing()


async def open_leg(call: Call, request: Request, _: p.OpenLeg) -> p.Offer:
    """A leg replaces the older one: the hub closes it, and it belongs to nobody from now on."""
    member = member_of(call, request)
    if not member.passed:
        raise NotNow("call_not_joined")
    leg = secrets.token_hex(8)
    others = tuple(call.roster.others(member.party))
    lines: set[Kind] = {"audio", "video"} if call.conditions.closed else {"audio", "video", "preview"}
    before, member.leg, member.connected = member.leg, leg, False
    if before is not None:
        legs.forget(call, before)
    try:
        sdp = await legs.offered(call, leg, Seat(member.party, frozenset(lines), len(others)))
    except Exception:
        member.leg = None
        raise
    call.hub.mute(member.party, audio=not member.audio, video=not member.video)
    for slot, other in enumerate(others):
        call.hub.seat(leg, slot, other.party, audio=True, video="main")
    if call.live:
        legs.gone(call, member, call.now)
    return p.Offer(leg, sdp)


async def answer_leg(call: Call, request: Request, command: p.AnswerLeg) -> Nothing:
    """Only one's own leg; a foreign one is not there."""
    watcher = call.watchers.of(request.sid)
    own = watcher.leg if watcher else None
    if request.identity.kind != "officer":
        own = member_of(call, request).leg
    if own != command.leg:
        raise NotFound("leg_unknown")
    try:
        await call.hub.answer(command.leg, command.sdp)
    except DescriptionRefused as refused:
        raise BadInput("bad_description", why=refused.code) from None
    except KeyError:
        raise NotFound("leg_unknown") from None
    return Nothing()


async def set_media(call: Call, request: Request, command: p.SetMedia) -> Nothing:
    member = member_of(call, request)
    if not member.passed:
        raise NotNow("call_not_joined")
    member.audio, member.video = command.audio, command.video
    call.hub.mute(member.party, audio=not command.audio, video=not command.video)
    return Nothing()


async def see_warning(call: Call, request: Request, command: p.SeeWarning) -> Nothing:
    warning = call.warnings.find(command.id)
    if warning is None:
        raise NotFound("warning_unknown")
    party = member_of(call, request).party
    if party not in warning.seen_by:
        warning.seen_by.append(party)
        call.note("seen", party, code=warning.code)
    return Nothing()


async def arrived(call: Call, party: str) -> None:
    """A socket of this party is there: the lobby is taken up where it was left."""
    member = call.roster[party]
    member.socket = True
    if not call.live and call.phase != "ended":
        member.gone_at = None
        call.timers.drop(f"lost:{party}", f"lobby:{party}")
        phases.ring(call)


async def went(call: Call, party: str) -> None:
    """Its last socket is gone. In a live call the legs decide about presence, not the socket."""
    member = call.roster[party]
    member.socket = False
    if member.passed and not call.live:
        legs.gone(call, member, call.now)


async def moved(call: Call, party: str) -> None:
    """Another tab took over: what the older one had open is closed."""
    member = call.roster[party]
    leg = member.leg
    await legs.close(call, member, "elsewhere")
    if leg is not None and call.live:
        legs.gone(call, member, call.now)
