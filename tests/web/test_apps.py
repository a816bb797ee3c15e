"""What each app is told, and what it is not."""

from __future__ import annotations

import pytest

from tests.web.furniture import NOON_MS
from visitation.model.visits import Visit

MINUTE = 60_000


async def told(house, path: str, role: str | None = None, **more):
    answer = await house.ask("GET", path, role, **more)
    assert answer.status == 200
    return await answer.json()


async def test_a_relative_is_told_what_will_happen_to_the_call(house):
    visit = await told(house, "/api/visitor/visit", "visitor")
    assert (visit["prisoner"], visit["you"], visit["relation"]["en"]) == ("Pekka", "Anna", "sister")
    assert (visit["state"], visit["closed"], visit["now"]) == ("open", False, NOON_MS)
    assert visit["joinable_from"] == visit["starts_at"] - 15 * MINUTE
    assert visit["ends_at"] - visit["starts_at"] == 30 * MINUTE
    assert visit["notices"]
    assert all(
        set(notice["words"]) == set(notice["why"]) == {"fi", "sv", "en"} for notice in visit["notices"]
    )
    assert visit["policy"]["pack"]
    assert "kind" not in visit


@pytest.mark.parametrize(
    ("which", "state", "closed"),
    [("anna", "open", False), ("maria", "open", True), ("tuula", "early", False)],
)
async def test_every_kind_of_visit_has_its_state_and_its_words(house, which, state, closed):
    token = ("visitor", await house.accounts.sign_in("visitor", house.has.codes[which]))
    visit = await told(house, "/api/visitor/visit", token=token)
    assert (visit["state"], visit["closed"]) == (state, closed)
    assert visit["notices"]


async def test_a_visit_nobody_can_decide_says_so_and_promises_nothing(house):
    async with house.database.write() as session:
        (await session.get_one(Visit, house.has.visits["ordinary"])).conditions = "{}"
    visit = await told(house, "/api/visitor/visit", "visitor")
    assert (visit["state"], visit["closed"], visit["notices"], visit["policy"]) == (
        "undecided",
        True,
        [],
        None,
    )
    answer = await house.ask("POST", "/api/visitor/ticket", "visitor")
    assert answer.status == 403


async def test_a_terminal_sees_its_own_day_only(house):
    day = await told(house, "/api/terminal/day", "terminal")
    assert (day["prisoner"], day["cell"]) == ("Pekka", "A-12")
    assert [visit["visit"] for visit in day["visits"]] == [house.has.visits["ordinary"]]
    assert day["visits"][0]["visitor"] == "Anna"


async def test_staff_are_told_who_they_are(house):
    assert await told(house, "/api/officer/me", "officer") == {"name": "Sari", "prison": "Kaislaranta"}
    assert await told(house, "/api/office/me", "office") == {"name": "Kirsi", "prison": "Kaislaranta"}


async def test_the_office_sees_the_days_visits_and_what_became_of_them(house):
    house.live[house.has.visits["ordinary"]] = "live"
    house.live[house.has.visits["listened"]] = "held"
    house.live[house.has.visits["privileged"]] = "ringing"
    day = await told(house, "/api/office/day", "office")
    assert day["date"] == "2026-11-05"
    states = {visit["cell"]: (visit["state"], visit["outcome"]) for visit in day["visits"]}
    assert states == {
        "B-02": ("done", "completed_normally"),
        "B-03": ("missed", "visitor_did_not_arrive"),
        "B-05": ("done", "prisoner_completed_early"),
        "A-12": ("live", None),
        "A-14": ("held", None),
        "A-17": ("booked", None),
        "A-09": ("booked", None),
        "B-07": ("booked", None),
        "B-11": ("booked", None),
    }
    assert {visit["cell"] for visit in day["visits"] if visit["closed"]} == {"A-17"}
    assert {visit["office"] for visit in day["visits"] if visit["closed"]} == {"Asianajotoimisto Kielo"}
    assert {visit["office"] for visit in day["visits"] if not visit["closed"]} == {None}


async def test_a_visit_that_passed_without_a_call_was_missed(house):
    house.clock.move(hours=1)
    day = await told(house, "/api/office/day", "office")
    assert {visit["state"] for visit in day["visits"] if visit["cell"] == "A-12"} == {"missed"}


async def test_another_day_is_another_list(house):
    assert (await told(house, "/api/office/day?date=2026-11-06", "office"))["visits"] == []


DEMO = ["/api/demo", "/demo/officer", "/demo/officer/sari", "/demo/visitor/anna"]


@pytest.mark.parametrize("path", DEMO)
async def test_outside_the_demo_its_doors_do_not_exist(make_house, path):
    house = await make_house(demo=False)
    assert (await house.ask("GET", path, allow_redirects=False)).status == 404
    paths = (await told(house, "/api/openapi.json"))["paths"]
    assert "/api/demo" not in paths
    assert "/api/visitor/visit" in paths


async def test_every_link_of_the_demos_door_leads_in(house):
    links = (await told(house, "/api/demo"))["links"]
    assert {link["app"] for link in links} == {"visitor", "terminal", "officer", "office"}
    for link in links:
        house.clock.move(seconds=1)
        answer = await house.ask("GET", link["href"], allow_redirects=False)
        assert answer.status == 303
        place = answer.headers["Location"]
        if link["app"] == "visitor":
            assert "Set-Cookie" not in answer.headers
            signed = await house.ask("POST", "/api/visitor/session", json={"link": place.removeprefix("/v/")})
            assert signed.status == 204
        else:
            assert place == f"/{link['app']}"
            assert answer.headers["Set-Cookie"].startswith(f"__Host-{link['app']}=")


@pytest.mark.parametrize("path", ["/demo/nobody", "/demo/officer/nobody", "/demo/officer/%2e%2e"])
async def test_the_demo_has_nobody_else(house, path):
    assert (await house.ask("GET", path, allow_redirects=False)).status == 404
