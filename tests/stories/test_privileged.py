"""(b) A lawyer's visit is the same for the two people, and nobody else has any way in."""

from __future__ import annotations

import aiohttp
import pytest

from tests.stories.insider import Insider, insider
from tests.stories.ledger import audit
from tests.stories.people import sees_words, talk
from visitation.errors import REFUSAL_CODES

WATCHERS_ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


@pytest.fixture
async def privileged(story):
    """A privileged visit that is going on: the server, the lawyer's page, the cell's page, and the visit's id."""
    house = await story.begin()
    terminal = await story.enter("terminal", "a-17")
    visitor = await story.enter("visitor", "maria")
    await talk(visitor, terminal)
    async with insider(house.url, "officer", "/demo/officer") as officer:
        await officer.connect()
        await officer.send("sync")
        wall = await officer.told("wall_state", lambda wall: any(call["closed"] for call in wall["calls"]))
    (call,) = [call for call in wall["calls"] if call["closed"]]
    return house, visitor, terminal, call


async def test_both_are_told_that_nobody_records_or_watches_and_it_is_true(privileged):
    house, visitor, terminal, call = privileged
    for page in (visitor, terminal):
        conditions = page.get_by_test_id("conditions").first
        assert await conditions.get_attribute("class")
        assert "not recorded" in (await conditions.inner_text()).lower()
    assert call["prisoner"] is None
    assert call["visitor"] is None
    assert call["recording"] == "none"
    assert not call["watchable"]
    assert not call["audible"]
    await no_preview_is_sent_or_offered(visitor)
    await no_preview_is_sent_or_offered(terminal)
    await no_recorder_was_made(house)


async def no_preview_is_sent_or_offered(page):
    assert sorted(await page.evaluate("senses.sending()")) == ["audio", "video"]
    offers = await page.evaluate("senses.peers.map(p => p.remoteDescription?.sdp ?? '')")
    assert offers
    assert not any("a=mid:p" in offer for offer in offers)


async def no_recorder_was_made(house):
    assert not [path for path in (house.data / "vault").glob("**/*") if path.is_file()]
    async with insider(house.url, "officer", "/demo/officer") as officer:
        status, rows = await officer.ask("GET", "/api/officer/recordings")
        assert status == 200
        assert rows["items"] == []


async def test_every_way_in_is_refused_and_written_down(privileged):
    house, visitor, _, call = privileged
    visit = call["visit"]
    codes: dict[str, str] = {}
    async with insider(house.url, "officer", "/demo/officer") as officer:
        await officer.connect()
        for name, event, fields in officers_ways(visit):
            codes[name] = await officer.refused(event, **fields)
        recordings = await refused_pages(officer, visit)
    assert set(codes.values()) <= set(REFUSAL_CODES), codes
    assert all(status in (403, 404) for status in recordings), recordings

    written = [line for line in audit(house.data) if line.kind == "privileged.refused"]
    told = [line for line in written if line.subject == visit and line.actor_kind == "officer"]
    tried = {"watch", "focus", "warn", "hold", "resume", "end"}
    assert len(told) >= len(tried), [(line.kind, line.facts) for line in audit(house.data)]
    await sees_words(visitor, "call.mute")  # the call goes on as if nothing had been tried


def officers_ways(visit):
    """Each message an officer's socket may send, about the privileged visit."""
    return [
        ("watch", "watch", {"visit": visit}),
        ("focus in full", "focus", {"visit": visit, "full": True}),
        ("focus small", "focus", {"visit": visit, "full": False}),
        ("warn", "warn", {"visit": visit, "code": "order", "text": ""}),
        ("hold", "hold", {"visit": visit, "reason": "order", "text": ""}),
        ("resume", "resume", {"visit": visit}),
        ("end", "end", {"visit": visit, "reason": "order", "text": ""}),
        ("a leg of somebody's", "answer_leg", {"leg": "0123456789abcdef", "sdp": WATCHERS_ANSWER}),
        # Not theirs to send at all.
        ("join", "join", {}),
        ("a leg as if taking part", "open_leg", {}),
        ("answer the ring", "answer_ring", {"visit": visit}),
        ("speak", "set_media", {"audio": True, "video": True}),
    ]


async def refused_pages(officer: Insider, visit: str) -> list[int]:
    """Each address of the recordings, with the visit's id in the place of a recording's."""
    base = f"/api/officer/recordings/{visit}"
    opened, _ = await officer.ask("POST", f"{base}/open", {"reason": "safety", "note": ""})
    init, _ = await officer.ask("GET", f"{base}/tracks/1/init")
    cluster, _ = await officer.ask("GET", f"{base}/tracks/1/clusters/0")
    return [opened, init, cluster]


async def test_nobody_else_of_the_prison_gets_in(privileged):
    house, _, _, call = privileged
    for app, which in (("visitor", "anna"), ("terminal", "a-12")):
        async with insider(house.url, app, f"/demo/{app}/{which}") as stranger:
            await stranger.connect()
            for event, fields in [
                ("answer_ring", {"visit": call["visit"]}),
                ("decline_ring", {"visit": call["visit"]}),
                ("watch", {"visit": call["visit"]}),
                ("hold", {"visit": call["visit"], "reason": "order", "text": ""}),
                ("end", {"visit": call["visit"], "reason": "order", "text": ""}),
            ]:
                assert await stranger.refused(event, **fields) in REFUSAL_CODES
            status, _ = await stranger.ask("GET", "/api/officer/recordings")
            assert status == 401
    await a_stolen_ticket_is_worth_nothing(house)


async def a_stolen_ticket_is_worth_nothing(house):
    async with insider(house.url, "officer", "/demo/officer") as officer:
        ticket = await officer.ticket()
        async with aiohttp.ClientSession() as anybody:
            for path in ("/api/officer/recordings", "/api/officer/me"):
                async with anybody.get(
                    house.url + path, headers={"Authorization": f"Bearer {ticket}"}
                ) as answer:
                    assert answer.status == 401
