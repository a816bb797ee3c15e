"""(d) An officer warns, holds, resumes and ends; both sides are told, and the server does it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.stories.insider import insider
from tests.stories.ledger import audit
from tests.stories.people import (
    counts,
    is_at,
    nothing_arrives,
    opens_the_call,
    press,
    sees,
    sees_and_hears,
    sees_words,
    steps_in,
    talk,
)


@pytest.fixture
async def watched(story):
    """An ordinary visit that is going on, and an officer who has opened it from the wall."""
    house = await story.begin()
    terminal = await story.enter("terminal", "a-12")
    visitor = await story.enter("visitor", "anna")
    await talk(visitor, terminal)
    officer = await story.enter("officer", "sari")
    await opens_the_call(officer)
    return house, visitor, terminal, officer


async def test_an_officer_warns_holds_resumes_and_ends_and_both_are_told(watched):
    house, visitor, terminal, officer = watched
    await sees(officer)
    assert (await counts(officer))["soundIn"] == 0, "nobody may listen to this visit"

    await steps_in(officer, "warn")
    for page in (visitor, terminal):
        await sees_words(page, "call.warning.other_person")
        await press(page, "call.warning.read")
    await expect(officer.get_by_text("has read it")).to_have_count(2)

    await steps_in(officer, "hold")
    for page in (visitor, terminal):
        await is_at(page, "held")
        await sees_words(page, "call.hold.officer")
        await sees_words(page, "call.reason.other_person")
    for page in (visitor, terminal, officer):
        await nothing_arrives(page)

    await officer.keyboard.press("h")
    for page in (visitor, terminal):
        await is_at(page, "live")
        await sees_and_hears(page)
    await sees(officer)

    await steps_in(officer, "end")
    for page in (visitor, terminal):
        await is_at(page, "ended")
        await sees_words(page, "call.ended.officer")
        await sees_words(page, "call.reason.crime_prevention")
    kinds = [line.kind for line in audit(house.data) if line.actor_kind == "officer"]
    decided = ["call.watched", "call.warned", "call.held", "call.resumed", "call.ended_by_decision"]
    assert [kind for kind in kinds if kind in decided] == decided


async def test_a_decision_without_a_reason_changes_nothing(watched):
    house, visitor, terminal, _ = watched
    async with insider(house.url, "officer", "/demo/officer") as officer:
        await officer.connect()
        await officer.send("sync")
        wall = await officer.told("wall_state", lambda wall: wall["calls"])
        visit = wall["calls"][0]["visit"]
        assert await officer.refused("hold", visit=visit, reason="because", text="") in (
            "bad_message",
            "bad_reason",
        )
        assert await officer.refused("end", visit=visit) == "bad_message"
    for page in (visitor, terminal):
        await sees_and_hears(page)
