"""The pages of the apps and their files."""

from __future__ import annotations

from aiohttp import web

from visitation.errors import NotFound
from web.gate import Ask
from web.routes import route
from web.shapes import NamePlace, TailPlace

SAME = "a page is the same for everybody; what it shows comes through the API"


@route("GET", "/", public=SAME)
async def door_page(ask: Ask) -> web.StreamResponse:
    """The door: what this is, and in the demo its sign-ins."""
    return ask.services.assets.page("index")


@route("GET", "/v/{link}", public=SAME)
async def link_page(ask: Ask) -> web.StreamResponse:
    """A relative's link; the app posts its secret, the server never logs the address."""
    return ask.services.assets.page("visitor")


@route("GET", "/visitor{tail:(?:/.*)?}", public=SAME)
async def visitor_page(ask: Ask) -> web.StreamResponse:
    """The relative's app."""
    return ask.services.assets.page("visitor")


@route("GET", "/terminal{tail:(?:/.*)?}", public=SAME)
async def terminal_page(ask: Ask) -> web.StreamResponse:
    """The cell terminal's app."""
    return ask.services.assets.page("terminal")


@route("GET", "/officer{tail:(?:/.*)?}", public=SAME)
async def officer_page(ask: Ask) -> web.StreamResponse:
    """The officer's app."""
    return ask.services.assets.page("officer")


@route("GET", "/office{tail:(?:/.*)?}", public=SAME)
async def office_page(ask: Ask) -> web.StreamResponse:
    """The visits office's app."""
    return ask.services.assets.page("office")


@route("GET", "/what-happens{tail:(?:/.*)?}", public=SAME)
async def policies_page(ask: Ask) -> web.StreamResponse:
    """What happens to each kind of call."""
    return ask.services.assets.page("policies")


@route("GET", "/assets/{tail:.+}", public=SAME)
async def asset(ask: Ask, place: TailPlace) -> web.StreamResponse:
    """A script, style, font or picture of the apps."""
    return _found(ask.services.assets.asset(place.tail))


@route("GET", r"/{name:[A-Za-z0-9_-]+\.[a-z0-9]+}", public=SAME)
async def loose_file(ask: Ask, place: NamePlace) -> web.StreamResponse:
    """A file with a fixed name: an icon, a manifest."""
    return _found(ask.services.assets.loose(place.name))


def _found(answer: web.StreamResponse | None) -> web.StreamResponse:
    if answer is None:
        raise NotFound
    return answer
