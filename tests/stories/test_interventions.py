"""(d) An officer warns, holds, resumes and ends; both sides are told, and the server does it."""

from __future__ import annotations

import pytest

from tests.stories.insider import insider
from tests.stories.ledger import audit
from tests.stories.people import is_at, nothing_arrives, press, sees_and_hears, sees_words, talk


@pytest.fixture
async def watched(story):
    """An ordinary visit that is going on, and an officer who has opened it."""
    house = await story.begin()
    terminal = await story.enter("terminal", "a-12")
    visitor = await story.enter("visitor", "anna")
    await talk(visitor, terminal)
    async with insider(house.url, "officer", "/demo/officer") as officer:
        await officer.connect()
        await officer.send("sync")
        wall = await officer.told("wall_state", lambda wall: wall["calls"])
        visit = wall["calls"][0]["visit"]
        offer = await officer.send("watch", visit=visit)
        assert offer["ok"], offer
        yield house, visitor, terminal, officer, visit


async def test_a_warning_is_shown_to_both_until_both_have_read_it(watched):
    _, visitor, terminal, officer, visit = watched
    warned = await officer.send("warn", visit=visit, code="other_person", text="")
    assert warned["ok"], warned
    for page in (visitor, terminal):
        await sees_words(page, "call.warning.other_person")
        await press(page, "call.warning.read")
    state = await officer.told(
        "call_state", lambda state: state["warnings"] and len(state["warnings"][0]["seen_by"]) == 2
    )
    assert sorted(state["warnings"][0]["seen_by"]) == ["prisoner", "visitor"]


async def test_a_hold_stops_every_packet_and_a_resume_lets_them_flow(watched):
    house, visitor, terminal, officer, visit = watched
    held = await officer.send("hold", visit=visit, reason="order", text="One moment please")
    assert held["ok"], held
    for page in (visitor, terminal):
        await is_at(page, "held")
        await sees_words(page, "call.hold.officer")
        await sees_text(page, "One moment please")
        await nothing_arrives(page)
    resumed = await officer.send("resume", visit=visit)
    assert resumed["ok"], resumed
    for page in (visitor, terminal):
        await is_at(page, "live")
        await sees_and_hears(page)
    kinds = [line.kind for line in audit(house.data) if line.subject == visit]
    assert kinds.index("call.held") < kinds.index("call.resumed")


async def test_an_end_is_told_to_both_with_its_reason(watched):
    house, visitor, terminal, officer, visit = watched
    ended = await officer.send("end", visit=visit, reason="threats", text="")
    assert ended["ok"], ended
    for page in (visitor, terminal):
        await is_at(page, "ended")
        await sees_words(page, "call.ended.officer")
        await sees_words(page, "call.reason.threats")
    assert "call.ended_by_decision" in [line.kind for line in audit(house.data)]


async def test_a_decision_without_a_reason_changes_nothing(watched):
    _, visitor, terminal, officer, visit = watched
    assert await officer.refused("hold", visit=visit, reason="because", text="") in (
        "bad_message",
        "bad_reason",
    )
    assert await officer.refused("end", visit=visit) == "bad_message"
    for page in (visitor, terminal):
        await sees_and_hears(page)


async def sees_text(page, text):
    await page.get_by_text(text).first.wait_for(state="visible")
