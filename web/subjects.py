"""What a route's Permission is asked about, loaded as a detached value."""

from __future__ import annotations

from visitation.errors import NotFound
from visitation.policy.subjects import (
    PersonSubject,
    PrisonSubject,
    RecordingSubject,
    TerminalSubject,
    VisitSubject,
)
from visitation.services.audit import AuditKind
from visitation.services.visits import VisitFacts
from web.gate import Ask


async def own_prison(ask: Ask) -> PrisonSubject:
    """The prison of the session."""
    return PrisonSubject(ask.who.prison_id)


async def own_terminal(ask: Ask) -> TerminalSubject | None:
    """The terminal that is signed in."""
    who = ask.who
    return TerminalSubject(who.terminal_id, who.prison_id) if who.terminal_id else None


async def oneself(ask: Ask) -> PersonSubject:
    """The person who is signed in."""
    return PersonSubject(ask.who.person_id)


async def visit_of_place(ask: Ask) -> VisitSubject | None:
    """The visit the address names."""
    facts = await facts_or_none(ask, str(ask.place.id))
    return facts.subject() if facts else None


async def own_visit(ask: Ask) -> VisitSubject | None:
    """The visit the session's link was sent for."""
    facts = await facts_or_none(ask, ask.who.visit_id or "")
    return facts.subject() if facts else None


async def recording_of_place(ask: Ask) -> RecordingSubject | None:
    """The recording the address names, with the visit whose conditions decide.

    A refusal is written down as the try to reach a recording, or a privileged visit, that it is.
    """
    id_ = str(ask.place.id)
    ask.attempt = AuditKind.RECORDING_REFUSED
    row = await ask.services.catalogue.get(id_)
    # A privileged visit has no recording, but its id can be tried as one.
    facts = await facts_or_none(ask, row.visit_id if row else id_)
    if facts is not None and facts.closed:
        ask.attempt = AuditKind.PRIVILEGED_REFUSED
    return RecordingSubject(id_, facts.subject()) if row and facts else None


async def facts_or_none(ask: Ask, visit_id: str) -> VisitFacts | None:
    """The visit, or None when there is none of this id."""
    try:
        return await ask.services.visits.facts(visit_id)
    except NotFound:
        return None
