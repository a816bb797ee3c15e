"""Sessions in cookies: four side by side, out of reach of scripts, and over when they are over."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

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
