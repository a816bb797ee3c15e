"""The way of a command to the call it is meant for, past the policy table."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import structlog

from signaling import protocol as p
from signaling.access import check_officer, check_participant, guard_of, refused_leg, refused_stranger
from signaling.handlers import Request, carry_out
from signaling.message import Command
from signaling.roster import PartyName
from signaling.view import call_state
from visitation.errors import Forbidden, NotFound, NotNow, Refused, Unavailable
from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.policy.subjects import PrisonSubject, TerminalSubject

if TYPE_CHECKING:
    from signaling.call import Call
    from signaling.calls import Calls
    from signaling.sockets import Socket
    from visitation.services.visits import VisitFacts

log = structlog.get_logger(__name__)


def party_of(identity: Identity) -> PartyName:
    """A participant's kind is the name of its party."""
    if identity.kind in ("visitor", "prisoner"):
        return identity.kind
    raise Forbidden


async def route(calls: Calls, socket: Socket, command: Command) -> Any:
    """The result of the command. Raises Refused."""
    identity = socket.identity
    try:
        guard_of(identity, command)
    except Forbidden:
        await _written_down(calls, identity, command)
        raise
    if isinstance(command, p.Sync):
        return await now_of(calls, socket)
    if identity.kind == "officer":
        call = await _for_officer(calls, socket, command)
    elif isinstance(command, p.Join):
        call = await _joined(calls, identity, command)
    else:
        call = _of_participant(calls, socket, command)
        try:
            check_participant(identity, command, call.subject)
        except NotFound:
            await _written_down(calls, identity, command)
            raise
    request = Request(identity, socket.sid)
    return await call.ask(lambda: carry_out(call, request, command))


async def _written_down(calls: Calls, identity: Identity, command: Command) -> None:
    """Somebody named a visit in a message that is not theirs to send, or a visit that is not theirs."""
    visit_id = getattr(command, "visit", None)
    if visit_id is None:
        return
    call = calls.call_of(visit_id)
    with contextlib.suppress(Refused):
        subject = call.subject if call else (await _facts(calls, visit_id)).subject()
        await refused_stranger(identity, command, subject, calls.audit)


async def _joined(calls: Calls, identity: Identity, command: p.Join) -> Call:
    """The lobby's checks: whose visit, when, under what conditions. An existing call needs no database."""

    def check(facts: VisitFacts) -> None:
        check_participant(identity, command, facts.subject())

    call = calls.call_of(identity.visit_id)
    if call is None:
        # Before anything is decided or taken, the visit must be this person's own.
        if not permits(identity, Permission.VISIT_SEE, (await _facts(calls, identity.visit_id)).subject()):
            raise NotFound("call_unknown")
        call = await calls.open(identity.visit_id or "", check)
    check_participant(identity, command, call.subject)
    return call


async def _facts(calls: Calls, visit_id: str | None) -> VisitFacts:
    """Raises NotFound; Unavailable when nobody can say."""
    try:
        return await calls.visits.facts(visit_id or "")
    except Refused:
        raise
    except Exception:
        log.exception("visit.unknown")
        raise Unavailable from None


def _of_participant(calls: Calls, socket: Socket, command: Command) -> Call:
    """The visitor's only call; the prisoner's named one, or else the one the prisoner is in."""
    named = getattr(command, "visit", None)
    if named is not None:
        call = calls.call_of(named)
    elif socket.identity.kind == "visitor":
        call = calls.call_of(socket.identity.visit_id)
    else:
        call = max(calls.at_seat(socket.seat), key=_nearness, default=None)
    if call is None:
        raise NotNow("call_not_joined" if socket.identity.kind == "visitor" else "call_unknown")
    return call


def _nearness(call: Call) -> tuple[bool, bool, int]:
    return call.roster["prisoner"].passed, call.phase != "ended", call.starts_at


async def _for_officer(calls: Calls, socket: Socket, command: Command) -> Call:
    identity = socket.identity
    if isinstance(command, p.AnswerLeg):
        return await _watched(calls, socket, command)
    visit_id: str = getattr(command, "visit")  # noqa: B009 - every other command of an officer names a visit
    call = calls.call_of(visit_id)
    subject = call.subject if call else (await _facts(calls, visit_id)).subject()
    await check_officer(identity, command, subject, calls.audit)
    if call is None:
        raise NotNow("call_unknown")
    return call


async def _watched(calls: Calls, socket: Socket, command: p.AnswerLeg) -> Call:
    """The call whose watcher leg this socket answers."""
    for call in tuple(calls.by_visit.values()):
        watcher = call.watchers.of(socket.sid)
        if watcher is not None and watcher.leg == command.leg:
            await check_officer(socket.identity, command, call.subject, calls.audit)
            return call
    for call in tuple(calls.by_visit.values()):
        if call.roster.by_leg(command.leg) is not None:
            await refused_leg(socket.identity, command, call.subject, calls.audit)
    raise NotFound("leg_unknown")


async def now_of(calls: Calls, socket: Socket) -> p.Now:
    """Everything this socket may see, whole."""
    identity = socket.identity
    if identity.kind == "officer":
        if not permits(identity, Permission.WALL_SEE, PrisonSubject(identity.prison_id)):
            raise Forbidden
        watched = [call for call in calls.by_visit.values() if call.watchers.of(socket.sid)]
        states = tuple(call_state(call, "officer", socket.sid) for call in watched)
        return p.Now(states, await calls.wall.state(identity.prison_id))
    if identity.kind == "prisoner":
        terminal = TerminalSubject(identity.terminal_id or "", identity.prison_id)
        if not permits(identity, Permission.TERMINAL_DAY_SEE, terminal):
            raise Forbidden
    party = party_of(identity)
    seen = [
        call for call in calls.at_seat(socket.seat) if permits(identity, Permission.VISIT_SEE, call.subject)
    ]
    return p.Now(tuple(call_state(call, party, socket.sid) for call in seen))
