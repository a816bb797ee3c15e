"""The officer's app: who is signed in, and a ticket for the wall."""

from __future__ import annotations

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.gate import Ask
from web.repeatable import ANOTHER_SESSION, ANOTHER_TICKET
from web.routes import route
from web.sessions import SignedIn, SignedOut
from web.shapes import CodeSignIn, Me, Ticket
from web.subjects import own_prison
from web.unlogged import OWN_NAME, TICKET


@route(
    "POST",
    "/api/officer/session",
    app="officer",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_OPENED,),
    repeatable=ANOTHER_SESSION,
)
async def officer_sign_in(ask: Ask, body: CodeSignIn) -> SignedIn:
    """Open an officer's session with a sign-in code."""
    return await ask.sign_in("officer", body.code)


@route(
    "DELETE",
    "/api/officer/session",
    app="officer",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_CLOSED,),
)
async def officer_sign_out(ask: Ask) -> SignedOut:
    """End the session, and every viewing grant in it."""
    return await ask.sign_out("officer")


@route(
    "GET",
    "/api/officer/me",
    app="officer",
    permission=Permission.WALL_SEE,
    subject=own_prison,
    unlogged=OWN_NAME,
)
async def officer_me(ask: Ask) -> Me:
    """Who is signed in."""
    return Me(name=ask.who.name, prison=await ask.services.visits.prison_name(ask.who.prison_id))


@route(
    "POST",
    "/api/officer/ticket",
    app="officer",
    permission=Permission.WALL_SEE,
    subject=own_prison,
    unlogged=TICKET,
    repeatable=ANOTHER_TICKET,
)
async def officer_ticket(ask: Ask) -> Ticket:
    """A one-use ticket for the socket, good for 60 s."""
    return Ticket(ticket=await ask.services.accounts.ticket(ask.who, "wall"))
