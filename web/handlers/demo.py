"""The demo's sign-ins: no secrets, and not there at all unless this is the demo."""

from __future__ import annotations

from aiohttp import web

from web.gate import Ask
from web.routes import route
from web.shapes import Demo, DemoPlace, DemoWhichPlace

WHY = "the demo's people are invented, and this address exists in the demo only"


@route("GET", "/api/demo", public=WHY)
async def demo_links(ask: Ask) -> Demo:
    """Every one-click sign-in, in the order of the door."""
    raise NotImplementedError


@route("GET", "/demo/{app}", public=WHY)
async def demo_enter(ask: Ask, place: DemoPlace) -> web.StreamResponse:
    """Sign in as the first of this app's people, and go there."""
    raise NotImplementedError


@route("GET", "/demo/{app}/{which}", public=WHY)
async def demo_enter_as(ask: Ask, place: DemoWhichPlace) -> web.StreamResponse:
    """Sign in as one of this app's people, and go there."""
    raise NotImplementedError
