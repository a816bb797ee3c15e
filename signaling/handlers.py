"""From a permitted command to the one small function that carries it out, by way of the table of states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from signaling import officers, participants
from signaling import protocol as p
from signaling.message import Command, Nothing
from signaling.states import DO, DONE, rule
from visitation.errors import Refused
from visitation.policy.identity import Identity

if TYPE_CHECKING:
    from signaling.call import Call

Handler = Callable[["Call", "Request", Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and on which socket. That the person may was asked before."""

    identity: Identity
    sid: str


HANDLERS: Final[Mapping[type[Command], Handler]] = {
    p.Join: participants.join,
    p.Leave: participants.leave,
    p.AnswerRing: participants.answer_ring,
    p.DeclineRing: participants.decline_ring,
    p.OpenLeg: participants.open_leg,
    p.AnswerLeg: participants.answer_leg,
    p.SetMedia: participants.set_media,
    p.SeeWarning: participants.see_warning,
    p.Watch: officers.watch,
    p.Focus: officers.focus,
    p.Unwatch: officers.unwatch,
    p.Warn: officers.warn,
    p.Hold: officers.hold,
    p.Resume: officers.resume,
    p.End: officers.end,
}


async def carry_out(call: Call, request: Request, command: Command) -> Any:
    """The command's result; raises Refused with the table's code when the phase does not allow it."""
    what = rule(type(command), call.phase)
    if what == DONE:
        return Nothing()
    if what != DO:
        raise Refused(what)
    return await HANDLERS[type(command)](call, request, command)
