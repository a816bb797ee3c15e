"""The visitor's app: sign in by a link, see the visit, get a ticket for the socket."""

from __future__ import annotations

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.gate import Ask
from web.repeatable import ANOTHER_SESSION, ANOTHER_TICKET
from web.routes import route
from web.sessions import SignedIn, SignedOut
from web.shapes import IdPlace, LinkSignIn, Ticket, VisitorMe, VisitView
from web.subjects import own_visit, visit_of_place
from web.unlogged import OWN, OWN_NAME, TICKET
from web.views import visit_view


@route(
    "POST",
    "/api/visitor/session",
    app="visitor",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_OPENED,),
    repeatable=ANOTHER_SESSION,
)
async def visitor_sign_in(ask: Ask, body: LinkSignIn) -> SignedIn:
    """Open a relative's session with the secret of their link."""
    return await ask.sign_in("visitor", body.link)


@route(
    "DELETE",
    "/api/visitor/session",
    app="visitor",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_CLOSED,),
)
async def visitor_sign_out(ask: Ask) -> SignedOut:
    """End the session."""
    return await ask.sign_out("visitor")


@route("GET", "/api/visitor/me", app="visitor", permission=Permission.NAME_SEE, unlogged=OWN_NAME)
async def visitor_me(ask: Ask) -> VisitorMe:
    """Who is signed in, and for which visit."""
    return VisitorMe(name=ask.who.name, visit=ask.who.visit_id)


@route(
    "GET",
    "/api/visitor/visit",
    app="visitor",
    permission=Permission.VISIT_SEE,
    subject=own_visit,
    unlogged=OWN,
)
async def visitor_visit(ask: Ask) -> VisitView:
    """The visit the link was sent for, and what will happen to the call."""
    return visit_view(await ask.services.visits.facts(ask.subject.visit_id), ask.now)


@route(
    "POST",
    "/api/visitor/ticket",
    app="visitor",
    permission=Permission.VISIT_JOIN,
    subject=own_visit,
    unlogged=TICKET,
    repeatable=ANOTHER_TICKET,
)
async def visitor_ticket(ask: Ask) -> Ticket:
    """A one-use ticket for the socket, good for 60 s."""
    return Ticket(ticket=await ask.services.accounts.ticket(ask.who, "call"))


@route(
    "GET",
    "/api/visitor/visits/{id}",
    app="visitor",
    permission=Permission.OWN_VISIT_SEE,
    subject=visit_of_place,
    unlogged=OWN,
)
async def visitor_visit_of(ask: Ask, place: IdPlace) -> VisitView:
    """One of the visits of whoever is signed in, and what will happen to the call."""
    return visit_view(await ask.services.visits.facts(str(place.id)), ask.now)


@route(
    "POST",
    "/api/visitor/visits/{id}/ticket",
    app="visitor",
    permission=Permission.OWN_VISIT_JOIN,
    subject=visit_of_place,
    unlogged=TICKET,
    repeatable=ANOTHER_TICKET,
)
async def visitor_ticket_for(ask: Ask, place: IdPlace) -> Ticket:
    """A one-use ticket for the socket, good for 60 s and for this visit."""
    return Ticket(ticket=await ask.services.accounts.ticket(ask.who, "call", str(place.id)))
