"""Whom one visits: one's own alone, asked for once, with an answer that gives nobody away."""

from __future__ import annotations

import pytest

from tests.web.examples import EXAMPLES, fresh_key

PEOPLE = "/api/visitor/people"
OSKARI = EXAMPLES["own_people_ask"].body or {}


async def people(house) -> list[dict]:
    answer = await house.ask("GET", PEOPLE, "own")
    assert answer.status == 200
    return (await answer.json())["people"]


async def ask(house, body, role="own"):
    return await house.ask("POST", PEOPLE, role, json=body, headers=fresh_key())


async def test_one_sees_ones_own_people_and_who_one_can_be(house):
    pekka, nobody = await people(house)
    assert (pekka["state"], pekka["name"], pekka["relation"]["en"], pekka["prison"]) == (
        "approved", "Pekka", "sister", "Kaislaranta",
    )  # fmt: skip
    assert (nobody["state"], nobody["name"], nobody["number"], nobody["prisoner"], nobody["prison"]) == (
        "requested", "Nobody Here", "D0", None, None,
    )  # fmt: skip
    assert nobody["expected_by"] == "2026-11-12"
    relations = (await (await house.ask("GET", PEOPLE, "own")).json())["relations"]
    assert {
        "code": "sister",
        "words": {"fi": "sisko", "sv": "syster", "en": "sister"},
        "official": False,
    } in relations


async def test_the_answer_is_the_same_whether_there_is_such_a_prisoner(house):
    told = []
    for number in ("DB07", "DB99"):
        answer = await ask(house, {**OSKARI, "prisoner_number": number})
        assert answer.status == 200
        told.append(await answer.json())
    for each in told:
        each.pop("id")
        assert each.pop("number") in ("DB07", "DB99")
    assert told[0] == told[1]
    assert sorted(each["name"] for each in (await people(house))[1:]) == ["Nobody Here", "Oskari", "Oskari"]


async def test_a_request_is_taken_back_once(house):
    path = f"{PEOPLE}/{house.has.asked['link']}"
    assert (await house.ask("DELETE", path, "own")).status == 204
    assert (await house.ask("DELETE", path, "own")).status == 404
    assert [each["name"] for each in await people(house)] == ["Pekka"]


async def test_a_link_of_others_and_an_approved_one_cannot_be_taken_back(house):
    approved = (await people(house))[0]["id"]
    assert (await house.ask("DELETE", f"{PEOPLE}/{approved}", "own")).status == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_link_of_one_visit_opens_nobodys_pages(house, method):
    answer = await house.ask(
        method, PEOPLE, "visitor", json=OSKARI if method == "POST" else None, headers=fresh_key()
    )
    assert answer.status == 403


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"prisoner_number": "D 12"}, "/prisoner_number"),
        ({"prisoner_born_on": "yesterday"}, "/prisoner_born_on"),
        ({"prisoner_name": " "}, "/prisoner_name"),
        ({"relation": "neighbour"}, "/relation"),
        ({"contact_id": "x"}, ""),
    ],
)
async def test_what_is_typed_wrongly_is_told_field_by_field(house, change, at):
    answer = await ask(house, OSKARI | change)
    assert answer.status == 400
    assert [each["at"] for each in (await answer.json())["refusals"]] == [at]
