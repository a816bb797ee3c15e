"""What a route says of the audit log is what it writes there, and whatever is shown of people is written first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.web.examples import EXAMPLES, ask_rightly
from tests.web.furniture import NOON
from visitation.services.audit import AuditKind
from web.handlers import MODULES
from web.routes import routes_of
from web.viewings import LASTS, LIMIT, Viewings

ROUTES = {route.name: route for route in routes_of(MODULES) if route.path.startswith("/api/")}
DAY = "/api/office/day"


def test_every_route_has_an_example():
    assert set(EXAMPLES) == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
async def test_a_route_writes_the_line_it_names_and_no_other(house, name):
    route, example = ROUTES[name], EXAMPLES[name]
    if example.after:
        await ask_rightly(house, ROUTES[example.after])
    before = len(await house.lines())
    answer = await ask_rightly(house, route)
    assert answer.status == route.status
    lines = (await house.lines())[before:]
    named = {*route.writes, *([route.shows] if route.shows else [])}
    assert {line.kind for line in lines} <= named
    assert bool(lines) == bool(named)
    for line in lines:
        who = house.has.people[example.role or route.app]
        assert (line.actor, line.actor_kind) == (who.person_id, who.kind)
        assert who.prison_id in ("", line.prison_id)  # whoever is of no prison acts in one
        assert line.session_id
        assert line.subject


async def test_who_looks_at_a_day_is_written_down_with_the_day(house):
    await house.ask("GET", DAY + "?date=2026-11-06", "office")
    line = (await house.lines())[-1]
    assert (line.kind, line.subject) == (AuditKind.DAY_VIEWED, house.has.people["office"].prison_id)
    assert json.loads(line.facts) == {"date": "2026-11-06", "operation": "office_visits"}


async def test_a_page_that_asks_again_and_again_is_one_viewing(house):
    before = len(await house.lines())
    for _ in range(3):
        await house.ask("GET", DAY, "office")
    assert len(await house.lines()) == before + 1
    await house.ask("GET", DAY + "?date=2026-11-06", "office")
    assert len(await house.lines()) == before + 2
    token = ("office", await house.accounts.sign_in("office", house.has.codes["office"]))
    await house.ask("GET", DAY, token=token)
    assert len(await house.lines()) == before + 4  # the session, and what was seen in it
    house.clock.move(seconds=LASTS.total_seconds())
    await house.ask("GET", DAY, "office")
    assert len(await house.lines()) == before + 5


async def test_what_cannot_be_written_down_is_not_shown(house):
    async with house.database.write() as session:
        await session.execute(text("DELETE FROM audit_head"))
    for _ in range(2):
        answer = await house.ask("GET", DAY, "office")
        assert answer.status == 500
        assert "visits" not in await answer.json()


async def test_a_refused_viewing_is_no_viewing(house):
    before = len(await house.lines())
    assert (await house.ask("GET", DAY + "?date=never", "office")).status == 400
    assert len(await house.lines()) == before


def test_viewings_are_forgotten_oldest_first():
    viewings = Viewings()
    for number in range(LIMIT + 1):
        viewings.begin(("session", str(number)), NOON)
    assert viewings.dropped == 1
    assert not viewings.going(("session", "0"), NOON)
    assert viewings.going(("session", "1"), NOON)
    assert not viewings.going(("session", "1"), NOON + LASTS)
    viewings.begin(("session", "later"), NOON + LASTS + timedelta(seconds=1))
    assert viewings.dropped == 1
