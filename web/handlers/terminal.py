"""The cell terminal's app: its day, and a ticket for the socket."""

from __future__ import annotations

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.gate import Ask
from web.repeatable import ANOTHER_SESSION, ANOTHER_TICKET
from web.routes import route
from web.sessions import SignedIn, SignedOut
from web.shapes import CodeSignIn, TerminalDay, Ticket
from web.subjects import own_terminal
from web.unlogged import OWN, TICKET
from web.views import terminal_day


@route(
    "POST",
    "/api/terminal/session",
    app="terminal",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_OPENED,),
    repeatable=ANOTHER_SESSION,
)
async def terminal_sign_in(ask: Ask, body: CodeSignIn) -> SignedIn:
    """Open a cell terminal's session with a sign-in code."""
    return await ask.sign_in("terminal", body.code)


@route(
    "DELETE",
    "/api/terminal/session",
    app="terminal",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_CLOSED,),
)
async def terminal_sign_out(ask: Ask) -> SignedOut:
    """End the session."""
    return await ask.sign_out("terminal")


@route(
    "GET",
    "/api/terminal/day",
    app="terminal",
    permission=Permission.TERMINAL_DAY_SEE,
    subject=own_terminal,
    unlogged=OWN,
)
async def terminal_visits(ask: Ask) -> TerminalDay:
    """Today's visits of this terminal."""
    visits, terminal = ask.services.visits, ask.subject.terminal_id
    cell = await visits.cell_of(terminal)
    return terminal_day(ask.who.name, cell, await visits.of_terminal_today(terminal, ask.now), ask.now)


@route(
    "POST",
    "/api/terminal/ticket",
    app="terminal",
    permission=Permission.TERMINAL_DAY_SEE,
    subject=own_terminal,
    unlogged=TICKET,
    repeatable=ANOTHER_TICKET,
)
async def terminal_ticket(ask: Ask) -> Ticket:
    """A one-use ticket for the socket, good for 60 s."""
    return Ticket(ticket=await ask.services.accounts.ticket(ask.who, "call"))
