"""One request through every check: origin, session, address, permission, body; then the handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from visitation.audit_chain import canonical
from visitation.errors import Forbidden, NotFound, NotSignedIn, Refused
from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.services.audit import AuditKind, Fact
from visitation.storage.database import DATABASE_AWAY
from web.answers import respond
from web.once import fingerprint, key_in, once
from web.problems import problem, refusal
from web.reading import parts_of, place_of
from web.routes import Route
from web.services import Services
from web.sessions import SignedIn, SignedOut, read_token, whence
from web.shapes import App
from web.words import language_of

BODY_LIMIT: Final = 16 * 1024  # bytes; the largest body there is (a reason and a note) is far below
log = structlog.get_logger()


@dataclass(slots=True)
class Ask:
    """A request as far as it has come through the gate."""

    services: Services
    now: datetime
    whence: Mapping[str, Fact]
    token: str | None = None
    identity: Identity | None = None
    place: Any = None
    subject: Any = None
    attempt: AuditKind = AuditKind.ATTEMPT_REFUSED  # what a refusal is written down as
    seen: dict[str, Fact] = field(default_factory=dict)  # which part is shown, for the line of a viewing

    @property
    def who(self) -> Identity:
        """The person asking; the gate has made sure of them on every route with a Permission."""
        if self.identity is None:
            raise NotSignedIn
        return self.identity

    async def sign_in(self, app: App, code: str) -> SignedIn:
        """Open a session. A code that is unknown, used up or of another app gets the one same answer."""
        return SignedIn(app, await self.services.accounts.sign_in(app, code, self.whence))

    async def sign_out(self, app: App) -> SignedOut:
        """End this app's session, and whatever was opened in it."""
        if self.identity is not None and self.token is not None:
            self.services.grants.end(self.identity.session_id)
            await self.services.accounts.close(self.token)
        return SignedOut(app)


async def pass_through(route: Route, services: Services, request: web.Request) -> web.StreamResponse:
    """Answer one request. Every refusal is counted, and changes nothing."""
    lang = language_of(request.headers.get("Accept-Language", ""))
    try:
        return await _through(route, services, request)
    except Refused as refused:
        services.refused[route.name, refused.code] += 1
        return refusal(refused, lang)
    except web.HTTPException:
        raise
    except DATABASE_AWAY as away:
        log.warning("database_away", operation=route.name, error=type(away).__name__)
        services.refused[route.name, "unavailable"] += 1
        return problem(503, "unavailable", lang)
    except Exception:
        # The text of an exception may hold names or secrets: it is logged here and never sent.
        log.exception("request_failed", operation=route.name)
        services.refused[route.name, "internal"] += 1
        return problem(500, "internal", lang)


async def _through(route: Route, services: Services, request: web.Request) -> web.StreamResponse:
    public_url = services.settings.public_url
    if route.unsafe:
        check_origin(request, public_url)
    ask = Ask(services, services.clock.now(), whence(request, behind_proxy=public_url is not None))
    if route.app:
        ask.token = read_token(request.cookies, route.app)
        ask.identity = await services.accounts.identity(route.app, ask.token) if ask.token else None
    if route.permission and ask.identity is None and not permits(None, route.permission):
        raise NotSignedIn
    ask.place = place_of(route, request)
    await _permit(route, ask)
    parts = await parts_of(route, request)
    if route.place:
        parts["place"] = ask.place

    async def work() -> web.StreamResponse:
        answer = await route.handler(ask, **parts)
        if route.shows:
            await write_viewing(ask, route.name, route.shows)
        return respond(answer, request)

    if not route.keyed:
        return await work()
    asked = fingerprint(route.name, parts)
    return await once(services.idempotency, ask.who, key_in(request), asked, work)


def check_origin(request: web.Request, public_url: str | None) -> None:
    """Refuse an unsafe request that a page of ours did not make (T16, T19).

    Browsers always send Origin with these; one that is missing is not a browser with our cookie.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site != "same-origin" or origin is None or origin not in _own_origins(request, public_url):
        raise Forbidden("bad_origin")


def _own_origins(request: web.Request, public_url: str | None) -> tuple[str, ...]:
    here = f"{request.scheme}://{request.host}".lower()
    if public_url is None:
        return (here,)
    parts = urlsplit(public_url)
    return (here, f"{parts.scheme}://{parts.netloc}".lower())


async def _permit(route: Route, ask: Ask) -> None:
    """Ask the policy table. What is not there and what is not yours look the same from outside (T22, T26)."""
    if route.permission is None:
        return
    ask.subject = await route.subject(ask) if route.subject else None
    missing = route.subject is not None and ask.subject is None
    if not missing and permits(ask.identity, route.permission, ask.subject):
        return
    await write_refusal(ask, route.name, route.permission)
    raise NotFound if route.place else Forbidden


async def write_refusal(ask: Ask, operation: str, permission: Permission) -> None:
    """A person who is known tried what they may not: that is a line in the audit log (T22)."""
    subject = str(getattr(ask.place, "id", "")) or ask.who.prison_id
    facts = {"operation": operation, "permission": permission.value}
    await ask.services.audit.append(ask.attempt, ask.who, subject, facts)


async def write_viewing(ask: Ask, operation: str, kind: AuditKind) -> None:
    """Somebody is about to be shown people's data: one line for each viewing, however often its page asks."""
    subject = str(getattr(ask.place, "id", "")) or ask.who.prison_id
    facts: dict[str, Fact] = {"operation": operation, **ask.seen}
    viewing = (ask.who.session_id, canonical([subject, facts]))
    if not ask.services.viewings.going(viewing, ask.now):
        await ask.services.audit.append(kind, ask.who, subject, facts)
        ask.services.viewings.begin(viewing, ask.now)
