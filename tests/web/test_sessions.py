"""Sessions in cookies: four side by side, out of reach of scripts, and over when they are over."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie

import pytest
from aiohttp.test_utils import make_mocked_request

from web.sessions import whence

HOMES = {
    "visitor": "/api/visitor/visit",
    "terminal": "/api/terminal/day",
    "officer": "/api/officer/me",
    "office": "/api/office/me",
}


async def sign_in(house, app: str):
    body = {"link" if app == "visitor" else "code": house.has.codes[app]}
    return await house.ask("POST", f"/api/{app}/session", json=body)


@pytest.mark.parametrize("app", HOMES)
async def test_signing_in_sets_a_cookie_that_binds_to_this_host(house, app):
    answer = await sign_in(house, app)
    assert answer.status == 204
    assert await answer.read() == b""
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[f"__Host-{app}"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["max-age"]
    assert len(cookie.value) == 43


async def test_the_four_live_side_by_side_in_one_browser(house):
    jar = {app: (await sign_in(house, app)).headers["Set-Cookie"].partition(";")[0] for app in HOMES}
    everything = {"Cookie": "; ".join(jar.values())}
    for path in HOMES.values():
        assert (await house.client.get(path, headers=everything)).status == 200
    assert (await house.ask("DELETE", "/api/officer/session", headers=everything)).status == 204
    for app, path in HOMES.items():
        assert (await house.client.get(path, headers=everything)).status == (401 if app == "officer" else 200)


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("", None),
        ("203.0.113.7", "203.0.113.7"),
        ("10.0.0.1, 2001:db8::7", "2001:db8::7"),
        ("203.0.113.7, unknown", None),
        ("x" * 500, None),
    ],
)
async def test_where_somebody_signs_in_from_is_written_down(house, header, seen):
    """The last address is the one the proxy saw; what stands before it anybody may have written."""
    body = {"code": house.has.codes["office"]}
    await house.ask("POST", "/api/office/session", json=body, headers={"X-Forwarded-For": header})
    line = (await house.lines())[-1]
    assert line.kind == "session.opened"
    expected = {"app": "office", "from": "127.0.0.1", **({"forwarded_for": seen} if seen else {})}
    assert json.loads(line.facts) == expected


async def test_a_refused_sign_in_is_written_down_with_where_it_came_from(house):
    await house.ask("POST", "/api/visitor/session", json={"link": house.has.codes["officer"]})
    line = (await house.lines())[-1]
    assert (line.kind, json.loads(line.facts)["from"]) == ("sign_in.refused", "127.0.0.1")


def test_without_a_proxy_nobody_elses_word_is_taken():
    request = make_mocked_request("POST", "/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert set(whence(request, behind_proxy=False)) == {"from"}


@pytest.mark.parametrize("app", HOMES)
async def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(house, app):
    answer = await house.ask("DELETE", f"/api/{app}/session", app)
    assert answer.status == 204
    assert SimpleCookie(answer.headers["Set-Cookie"])[f"__Host-{app}"]["max-age"] == "0"
    assert (await house.client.get(HOMES[app], headers=house.cookie(app))).status == 401


async def test_signing_out_twice_is_no_error(house):
    for _ in range(2):
        assert (await house.ask("DELETE", "/api/visitor/session", "visitor")).status == 204


async def test_signing_in_anew_gives_a_new_token(house):
    first, second = [(await sign_in(house, "officer")).headers["Set-Cookie"] for _ in range(2)]
    assert first.partition(";")[0] != second.partition(";")[0]


@pytest.mark.parametrize(("app", "hours"), [("visitor", 4), ("officer", 4), ("office", 2), ("terminal", 24)])
async def test_a_session_that_is_not_used_ends(house, app, hours):
    house.clock.move(hours=hours)
    assert (await house.client.get(HOMES[app], headers=house.cookie(app))).status == 401


@pytest.mark.parametrize(("app", "purpose"), [("visitor", "call"), ("terminal", "call"), ("officer", "wall")])
async def test_a_ticket_is_for_its_person_and_purpose_and_opens_once(house, app, purpose):
    answer = await house.ask("POST", f"/api/{app}/ticket", app)
    ticket = (await answer.json())["ticket"]
    redeemed = await house.accounts.redeem(ticket)
    assert redeemed is not None
    assert (redeemed.identity, redeemed.purpose) == (house.has.people[app], purpose)
    assert await house.accounts.redeem(ticket) is None


async def test_the_office_has_no_ticket(house):
    assert (await house.ask("POST", "/api/office/ticket", "office")).status == 404
