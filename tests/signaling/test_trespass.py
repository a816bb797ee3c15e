"""What is nobody's to do is written down with who tried, and an officer's way in ends with the session."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from signaling import protocol as p
from signaling.relay_news import LegNews
from tests.signaling.house import House
from tests.signaling.test_officers import code_of


async def lines_of(house: House, kind: str) -> list[tuple[str, str]]:
    async with house.world.database.read() as session:
        found = await session.execute(
            text("SELECT actor_kind, facts FROM audit_line WHERE kind = :kind ORDER BY number"),
            {"kind": kind},
        )
        return [(actor, facts) for actor, facts in found]


async def test_a_message_that_is_nobodys_to_send_about_a_closed_visit_is_written_down(house: House):
    talk = await house.ringing("maria")
    officer = await house.enter("officer")
    anna, cell = await house.enter("visitor", "anna"), await house.enter("terminal", "a-12")
    assert await code_of(house, officer, p.AnswerRing(talk.visit)) == "not_permitted"
    assert await code_of(house, anna, p.Watch(talk.visit)) == "not_permitted"
    assert await code_of(house, cell, p.AnswerRing(talk.visit)) == "call_unknown"
    assert await lines_of(house, "privileged.refused") == [
        ("officer", '{"what":"answer_ring"}'),
        ("visitor", '{"what":"watch"}'),
        ("prisoner", '{"what":"answer_ring"}'),
    ]
    assert talk.phase == "ringing"


async def test_an_officer_whose_leg_sends_media_is_named(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    LegNews(talk.call).intruded(offer.leg, "a watcher sent media")
    await house.settle()
    await house.written()
    assert [actor for actor, _ in await lines_of(house, "leg.intruded")] == ["officer"]


async def test_an_officers_socket_ends_with_the_session_and_a_visitors_with_the_visit(house: House):
    talk = await house.live()
    for sid in (talk.visitor, officer := await house.enter("officer")):
        socket = house.calls.sockets.get(sid)
        assert socket is not None
        socket.until = house.clock.now() + timedelta(seconds=25)
    await house.advance(20)
    await house.calls.end_outlived()
    assert house.calls.sockets.get(officer) is not None
    await house.advance(10)
    await house.calls.end_outlived()
    assert house.last(officer, "goodbye") == {"code": "signed_out"}
    assert house.calls.sockets.get(officer) is None
    assert house.calls.sockets.get(talk.visitor) is not None
