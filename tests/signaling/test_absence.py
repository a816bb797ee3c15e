"""The table of absence: 5 s, 30 s, 3 min."""

from __future__ import annotations

import pytest

from signaling import protocol as p
from tests.signaling.house import House
from visitation.errors import Refused


async def test_after_five_seconds_both_sides_are_told(house: House):
    talk = await house.live()
    await house.advance(60)
    await talk.silence("visitor")
    assert talk.presence("visitor", "visitor") == talk.presence("visitor", "prisoner") == "lost"
    lost = next(one for one in talk.state("prisoner")["parties"] if one["party"] == "visitor")
    assert talk.state()["now"] - lost["lost_since"] == 5_000
    assert talk.state()["resume_until"] == lost["lost_since"] + 180_000
    assert talk.phase == "live"
    assert [event.kind for event in house.listener.events][-1] == "lost"


async def test_a_closed_page_counts_from_its_last_moment(house: House):
    talk = await house.live()
    leg = talk.hub.leg_of("visitor")
    talk.hub.listener.leg_failed(leg, "closed_by_peer")
    await house.settle()
    assert talk.presence("visitor", "prisoner") == "here"
    assert house.last(talk.visitor, "leg_closed") == {"leg": leg, "reason": "closed_by_peer"}
    await house.advance(5)
    assert talk.presence("visitor", "prisoner") == "lost"


async def test_back_within_thirty_seconds_is_straight_into_the_call(house: House):
    talk = await house.live()
    await talk.silence("visitor")
    await house.advance(24)
    await talk.come("visitor")
    assert talk.presence("visitor", "prisoner") == "here"
    await house.advance(300)
    assert talk.phase == "live"
    assert [event.kind for event in house.listener.events][-2:] == ["lost", "back"]


async def test_a_leg_that_is_heard_again_is_back(house: House):
    talk = await house.live()
    await talk.silence("prisoner")
    talk.hub.listener.leg_heard(talk.hub.leg_of("prisoner"))
    await house.settle()
    assert talk.presence("prisoner") == "here"


async def test_a_reload_of_five_seconds_is_not_told_at_all(house: House):
    talk = await house.live()
    talk.hub.listener.leg_failed(talk.hub.leg_of("visitor"), "closed_by_peer")
    await house.advance(4)
    await talk.come("visitor")
    await house.advance(200)
    assert "lost" not in [event.kind for event in house.listener.events]
    assert talk.phase == "live"


async def test_later_than_thirty_seconds_the_visitor_passes_the_lobby_again(house: House):
    talk = await house.live()
    await talk.silence("visitor")
    await house.advance(25)
    assert talk.presence("visitor", "prisoner") == "lobby"
    assert house.last(talk.visitor, "leg_closed")["reason"] == "absence"
    with pytest.raises(Refused) as refused:
        await house.say(talk.visitor, p.OpenLeg())
    assert refused.value.code == "call_not_joined"
    await house.say(talk.visitor, p.Join())
    await talk.come("visitor")
    assert talk.presence("visitor", "prisoner") == "here"
    await house.advance(200)
    assert talk.phase == "live"


async def test_the_terminal_comes_straight_back_however_late(house: House):
    talk = await house.live()
    await talk.silence("prisoner")
    await house.advance(100)
    assert talk.presence("prisoner") == "lost"
    await talk.come("prisoner")
    assert talk.presence("prisoner") == "here"


async def test_three_minutes_end_the_call_for_absence(house: House):
    talk = await house.live()
    await talk.silence("visitor")
    await house.advance(174)
    assert talk.phase == "live"
    await house.advance(1)
    assert talk.state("prisoner")["ended"]["reason"] == "absence"
    await house.written()
    assert (await house.world.visit("A-12")).outcome == "technical_visitor_network"


async def test_absence_is_counted_during_a_hold_too(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    await house.say(officer, p.Hold(talk.visit, "order"))
    await talk.silence("visitor")
    await house.advance(176)
    assert talk.phase == "ended"


async def test_whoever_never_connects_is_absent_too(house: House):
    talk = await house.ringing()
    await talk.come("visitor")
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    assert talk.presence("prisoner") == "lobby"
    await house.advance(15)
    assert talk.presence("prisoner") == "lost"
    await house.advance(175)
    assert talk.phase == "ended"


async def test_a_visitor_gone_from_the_lobby_stops_the_ring_and_finds_it_again(house: House):
    talk = await house.ringing()
    house.calls.gone(talk.visitor)
    await house.advance(5)
    assert talk.phase == "waiting"
    assert talk.presence("visitor", "prisoner") == "lost"
    talk.visitor = await house.enter("visitor", "anna")
    assert talk.phase == "ringing"


async def test_a_visitor_gone_from_the_lobby_for_long_must_join_again(house: House):
    talk = await house.ringing()
    house.calls.gone(talk.visitor)
    await house.advance(30)
    talk.visitor = await house.enter("visitor", "anna")
    assert talk.phase == "waiting"
    assert talk.presence("visitor") == "absent"
    await house.say(talk.visitor, p.Join())
    assert talk.phase == "ringing"


async def test_a_lost_socket_does_not_matter_while_the_leg_lives(house: House):
    talk = await house.live()
    house.calls.gone(talk.visitor)
    await house.advance(240)
    assert talk.phase == "live"
    assert talk.presence("visitor", "prisoner") == "here"


async def test_a_silent_old_leg_says_nothing_about_the_new_one(house: House):
    talk = await house.live()
    old = talk.hub.leg_of("visitor")
    await talk.come("visitor")
    talk.hub.listener.leg_silent(old)
    talk.hub.listener.leg_failed(old, "handshake")
    await house.settle()
    assert talk.presence("visitor", "prisoner") == "here"
    assert "leg_closed" not in house.events(talk.visitor)


async def test_the_second_tab_wins_and_the_first_is_told(house: House):
    talk = await house.live()
    first = talk.visitor
    talk.visitor = await house.enter("visitor", "anna", tab="two")
    assert house.last(first, "goodbye") == {"code": "elsewhere"}
    assert first in house.server.shown_out
    assert "visitor" not in [seat.party for seat in talk.hub.legs.values()]
    await talk.come("visitor")
    await house.advance(60)
    assert talk.presence("visitor", "prisoner") == "here"
    with pytest.raises(Refused) as refused:
        await house.say(first, p.Leave())
    assert refused.value.code == "elsewhere"


async def test_the_same_tab_comes_back_to_its_living_leg(house: House):
    talk = await house.live()
    identity = house.identities["visitor/anna"]
    talk.visitor = await house.connect(identity, tab="one")
    await talk.come("visitor")
    older = talk.visitor
    talk.visitor = await house.connect(identity, tab="one")
    assert "goodbye" not in house.events(older)
    assert older in house.server.shown_out
    assert talk.hub.leg_of("visitor")


async def test_signing_out_closes_socket_and_leg(house: House):
    from visitation.events import SessionClosed

    talk = await house.live()
    await house.calls.session_closed(SessionClosed(house.identities["visitor/anna"].session_id))
    await house.settle()
    assert house.last(talk.visitor, "goodbye") == {"code": "signed_out"}
    assert "visitor" not in [seat.party for seat in talk.hub.legs.values()]
    assert talk.phase == "live"
