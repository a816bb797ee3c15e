"""The HTTP application: every route through the gate, every answer with its headers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import ModuleType

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.gate import BODY_LIMIT, Ask, pass_through
from web.handlers import DEMO_MODULES, MODULES
from web.headers import protect
from web.openapi import document
from web.problems import http_refusal
from web.routes import Route, route, routes_of
from web.services import Services
from web.words import catalogue, language_of


def create_app(services: Services, modules: Sequence[ModuleType] = MODULES) -> web.Application:
    """The application that serves the routes of `modules`. The socket is added beside it by server/; this door
    knows nothing of it."""
    catalogue()  # a server that cannot say why it refuses does not start
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_refusals(services)])
    app.on_response_prepare.append(protect)
    for guarded in served(services, modules):
        app.router.add_route(guarded.method, guarded.path, _handle(guarded, services))
    return app


def served(services: Services, modules: Sequence[ModuleType]) -> tuple[Route, ...]:
    """The routes of this installation; the demo's only in the demo."""
    routes = routes_of(
        module for module in modules if services.demo is not None or module not in DEMO_MODULES
    )
    return (*routes, _described(routes))


def _described(routes: tuple[Route, ...]) -> Route:
    text = json.dumps(document(routes), ensure_ascii=False)

    @route(
        "GET",
        "/api/openapi.json",
        public="it describes the doors, not what is behind them",
        media=("application/json",),
    )
    async def openapi(_ask: Ask) -> web.StreamResponse:
        """This API as an OpenAPI 3.1 document."""
        return web.Response(text=text, content_type="application/json")

    return openapi


def _handle(guarded: Route, services: Services) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await pass_through(guarded, services, request)

    handle.__name__ = guarded.name
    return handle


def _refusals(services: Services) -> Middleware:
    """What aiohttp refuses before a route is known: the same answers as everywhere."""

    @web.middleware
    async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            services.refused["unrouted", str(error.status)] += 1
            return http_refusal(error, language_of(request.headers.get("Accept-Language", "")))

    return refusals
