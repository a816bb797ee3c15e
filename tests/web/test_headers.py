"""Every answer has the security headers, whichever way it came about."""

from __future__ import annotations

import re

import pytest
from aiohttp import web

from web.handlers import MODULES
from web.routes import routes_of

ROUTES = routes_of(MODULES)
NOBODY = "00000000-0000-4000-8000-000000000000"
FILLED = {
    "id": NOBODY,
    "track": "1",
    "index": "0",
    "app": "officer",
    "which": "x",
    "link": "x",
    "tail": "",
    "name": "x.svg",
    "pack": "finland",
}


def address(path: str) -> str:
    return re.sub(r"\{(\w+)(?::(?:[^{}]|\{[^}]*\})*)?\}", lambda found: FILLED[found[1]], path)


def check(answer) -> None:
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self), microphone=(self)" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("role", [None, "officer"])
async def test_every_route_answers_with_the_headers(house, route, role):
    answer = await house.ask(route.method, address(route.path), role, allow_redirects=False)
    check(answer)
    if route.path.startswith(("/api/", "/demo")):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing/here"),
        ("GET", "/api/nothing"),
        ("PUT", "/api/officer/session"),
        ("TRACE", "/"),
        ("OPTIONS", "/"),
    ],
)
async def test_what_is_refused_before_a_route_is_known_has_them_too(house, method, path):
    check(await house.ask(method, path))


async def test_a_file_has_them(built):
    check(await built.client.get("/assets/app-1a2b.js"))


async def test_the_socket_of_this_host_may_be_opened(house):
    answer = await house.client.get("/api/visitor/visit", headers={"Host": "visits.example:8443"})
    assert (
        "connect-src 'self' ws://visits.example:8443 wss://visits.example:8443;"
        in answer.headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "host", ["x; script-src *", "a b", "x,y", "[::1", "x:port", "user@x", "'unsafe-inline'", ""]
)
async def test_a_host_that_is_none_adds_nothing_to_the_policy(house, host):
    answer = await house.client.get("/api/visitor/visit", headers={"Host": host})
    check(answer)
    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]


async def test_a_browser_that_came_by_tls_is_told_to_stay_there(house, monkeypatch):
    assert "Strict-Transport-Security" not in (await house.ask("GET", "/")).headers
    monkeypatch.setattr(web.Request, "secure", True)
    assert "max-age=31536000" in (await house.ask("GET", "/")).headers["Strict-Transport-Security"]
