"""The visits office's app: the day's visits and what became of them."""

from __future__ import annotations

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.gate import Ask
from web.repeatable import ANOTHER_SESSION
from web.routes import route
from web.sessions import SignedIn, SignedOut
from web.shapes import CodeSignIn, DayQuery, Me, OfficeDay
from web.subjects import own_prison
from web.unlogged import OWN_NAME
from web.views import office_day


@route(
    "POST",
    "/api/office/session",
    app="office",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_OPENED,),
    repeatable=ANOTHER_SESSION,
)
async def office_sign_in(ask: Ask, body: CodeSignIn) -> SignedIn:
    """Open the visits office's session with a sign-in code."""
    return await ask.sign_in("office", body.code)


@route(
    "DELETE",
    "/api/office/session",
    app="office",
    permission=Permission.SESSION_OPEN,
    writes=(AuditKind.SESSION_CLOSED,),
)
async def office_sign_out(ask: Ask) -> SignedOut:
    """End the session."""
    return await ask.sign_out("office")


@route(
    "GET",
    "/api/office/me",
    app="office",
    permission=Permission.OFFICE_DAY_SEE,
    subject=own_prison,
    unlogged=OWN_NAME,
)
async def office_me(ask: Ask) -> Me:
    """Who is signed in."""
    return Me(name=ask.who.name, prison=await ask.services.visits.prison_name(ask.who.prison_id))


@route(
    "GET",
    "/api/office/day",
    app="office",
    permission=Permission.OFFICE_DAY_SEE,
    subject=own_prison,
    shows=AuditKind.DAY_VIEWED,
)
async def office_visits(ask: Ask, query: DayQuery) -> OfficeDay:
    """The visits of one day of the prison."""
    visits = ask.services.visits
    day = query.date or await visits.local_date(ask.who.prison_id, ask.now)
    ask.seen["date"] = day.isoformat()
    return office_day(day, await visits.of_prison_today(ask.who.prison_id, day), ask.services.live, ask.now)
