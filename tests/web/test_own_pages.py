"""Pages of one's own: every visit that is one's own, and nothing through the link of a single one."""

from __future__ import annotations

import uuid

import pytest


async def test_a_link_names_its_visit_and_own_pages_name_none(house):
    by_link = await (await house.ask("GET", "/api/visitor/me", "visitor")).json()
    assert by_link == {"name": "Anna", "visit": house.has.visits["ordinary"]}
    assert await (await house.ask("GET", "/api/visitor/me", "own")).json() == {"name": "Anna", "visit": None}


async def test_a_visit_of_ones_own_is_seen_and_joined_from_either(house):
    path = f"/api/visitor/visits/{house.has.visits['ordinary']}"
    told = [await (await house.ask("GET", path, role)).json() for role in ("own", "visitor")]
    assert told[0] == told[1]
    for role in ("own", "visitor"):
        ticket = (await (await house.ask("POST", f"{path}/ticket", role)).json())["ticket"]
        redeemed = await house.accounts.redeem(ticket)
        assert redeemed.identity.visit_id == house.has.visits["ordinary"]
        assert redeemed.identity.prison_id == house.has.people["visitor"].prison_id


@pytest.mark.parametrize("role", ["own", "visitor"])
@pytest.mark.parametrize("which", ["listened", "privileged", "none"])
async def test_a_visit_of_others_and_one_that_is_not_there_look_the_same(house, role, which):
    id_ = house.has.visits.get(which, str(uuid.uuid4()))
    for method, path in (("GET", ""), ("POST", "/ticket")):
        answer = await house.ask(method, f"/api/visitor/visits/{id_}{path}", role)
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found")


async def test_own_pages_are_no_visit(house):
    for method, path in (("GET", "/api/visitor/visit"), ("POST", "/api/visitor/ticket")):
        assert (await house.ask(method, path, "own")).status == 403
