"""The demo's one-click sign-ins: no secrets, and not there at all unless this is the demo."""

from __future__ import annotations

from aiohttp import web

from visitation.errors import NotFound
from visitation.services.demo_people import SIGN_INS
from web.gate import Ask
from web.routes import route
from web.sessions import set_cookie
from web.shapes import App, Demo, DemoLink, DemoPlace, DemoWhichPlace
from web.views import words

WHY = "the demo's people are invented, and this address exists in the demo only"


@route("GET", "/api/demo", public=WHY)
async def demo_links(_ask: Ask) -> Demo:
    """Every one-click sign-in, in the order of the door."""
    return Demo(
        links=[
            DemoLink(app=each.app, label=words(each.label), href=f"/demo/{each.app}/{each.which}")
            for each in SIGN_INS
        ]
    )


@route("GET", "/demo/{app}", public=WHY)
async def demo_enter(ask: Ask, place: DemoPlace) -> web.StreamResponse:
    """Sign in as the first of this app's people, and go there."""
    return await _enter(ask, place.app, None)


@route("GET", "/demo/{app}/{which}", public=WHY)
async def demo_enter_as(ask: Ask, place: DemoWhichPlace) -> web.StreamResponse:
    """Sign in as one of this app's people, and go there."""
    return await _enter(ask, place.app, place.which)


async def _enter(ask: Ask, app: App, which: str | None) -> web.StreamResponse:
    """A relative goes by a link of their own, as real ones do; the others arrive signed in."""
    link = (await ask.services.demo()).find(app, which) if ask.services.demo else None
    if link is None:
        raise NotFound
    if app == "visitor":
        return web.Response(status=303, headers={"Location": f"/v/{link.code}"})
    response = web.Response(status=303, headers={"Location": f"/{app}"})
    set_cookie(response, await ask.sign_in(app, link.code))
    return response
