"""Every guarded route, asked by every kind of person and about everybody else's things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.examples import EXAMPLES, fresh_key, place_of
from tests.web.test_headers import address
from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.handlers import MODULES
from web.routes import routes_of

GUARDED = [route for route in routes_of(MODULES) if route.permission not in (None, Permission.SESSION_OPEN)]
KINDS = {"visitor": "visitor", "terminal": "prisoner", "officer": "officer", "office": "office"}
BODIES = {name: example.body for name, example in EXAMPLES.items()}
by_route = pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")


def place(house, route) -> str:
    """The address with the house's own things in it: what a refusal may not give away exists."""
    return address(place_of(house, route))


def refused(status: int, route) -> bool:
    return status == (404 if "{id}" in route.path else 403)


@by_route
async def test_nobody_signed_in_is_let_through(house, route):
    answer = await house.ask(
        route.method, place(house, route), json=BODIES.get(route.name), headers=fresh_key()
    )
    assert answer.status == 401
    assert (await answer.json())["code"] == "not_signed_in"


@by_route
@pytest.mark.parametrize("role", KINDS)
async def test_another_apps_cookie_is_nobody(house, route, role):
    token = house.has.tokens[EXAMPLES[route.name].role if role == route.app else role]
    cookies = {"Cookie": f"__Host-{role}={token}", **fresh_key()}
    answer = await house.ask(route.method, place(house, route), json=BODIES.get(route.name), headers=cookies)
    if role == route.app:
        assert answer.status < 300 or (await answer.json())["code"] == "grant_missing"
    else:
        assert answer.status == 401


@by_route
@pytest.mark.parametrize("role", KINDS)
async def test_a_person_of_another_kind_is_refused_by_the_table_too(house, route, role):
    """As if a fault had put them behind the right cookie: the table is asked about the person, not the cookie."""
    if role == route.app:
        return
    token = await house.accounts.open_session(route.app, house.has.people[role])
    before = await house.services.audit.head()
    answer = await house.ask(
        route.method,
        place(house, route),
        json=BODIES.get(route.name),
        token=(route.app, token),
        headers=fresh_key(),
    )
    assert refused(answer.status, route)
    assert (await house.services.audit.head()).number == before.number + 1
    assert (await house.lines())[-1].kind in (AuditKind.ATTEMPT_REFUSED, AuditKind.RECORDING_REFUSED)


@by_route
async def test_a_stranger_is_refused_what_is_anothers(house, route):
    """The right kind of person, with everything about them right but whose thing it is."""
    strangers = {
        "visitor": replace(house.has.people["visitor"], person_id=house.has.other_contact),
        "terminal": None,  # a terminal's day is asked for by the session's own terminal alone
        "officer": replace(house.has.people["officer"], prison_id=house.has.other_prison),
        "office": None,
    }
    stranger = strangers[route.app]
    if stranger is None or route.permission in (
        Permission.WALL_SEE,
        Permission.RECORDING_LIST,
        Permission.NAME_SEE,
    ):
        return
    token = await house.accounts.open_session(route.app, stranger)
    answer = await house.ask(
        route.method,
        place(house, route),
        json=BODIES.get(route.name),
        token=(route.app, token),
        headers=fresh_key(),
    )
    assert refused(answer.status, route)


@pytest.mark.parametrize("app", ["officer", "office"])
async def test_staff_of_another_prison_see_nothing_of_this_one(house, app):
    stranger = replace(house.has.people[app], prison_id=house.has.other_prison)
    token = (app, await house.accounts.open_session(app, stranger))
    path, key = {
        "officer": ("/api/officer/recordings", "items"),
        "office": ("/api/office/day", "visits"),
    }[app]
    assert (await (await house.ask("GET", path, app)).json())[key]
    assert (await (await house.ask("GET", path, token=token)).json())[key] == []


async def test_what_is_anothers_and_what_does_not_exist_look_the_same(house):
    stranger = replace(house.has.people["officer"], prison_id=house.has.other_prison)
    token = ("officer", await house.accounts.open_session("officer", stranger))
    answers = set()
    for id_ in (
        house.has.recordings["ordinary"],
        "00000000-0000-4000-8000-000000000000",
        house.has.visits["privileged"],
    ):
        answer = await house.ask(
            "POST", f"/api/officer/recordings/{id_}/open", token=token, json=BODIES["recording_open"]
        )
        answers.add((answer.status, await answer.read()))
    assert len(answers) == 1
