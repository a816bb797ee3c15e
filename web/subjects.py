"""What a route's Permission is asked about, loaded as a detached value."""

from __future__ import annotations

from visitation.policy.subjects import PrisonSubject, RecordingSubject, TerminalSubject, VisitSubject
from web.gate import Ask


async def own_prison(ask: Ask) -> PrisonSubject:
    """The prison of the session."""
    return PrisonSubject(ask.who.prison_id)


async def own_terminal(ask: Ask) -> TerminalSubject | None:
    """The terminal that is signed in."""
    who = ask.who
    return TerminalSubject(who.terminal_id, who.prison_id) if who.terminal_id else None


async def own_visit(ask: Ask) -> VisitSubject | None:
    """The visit the session's link was sent for."""
    raise NotImplementedError


async def recording_of_place(ask: Ask) -> RecordingSubject | None:
    """The recording the address names, with the visit whose conditions decide."""
    raise NotImplementedError
