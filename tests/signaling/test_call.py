"""A call from the lobby to its end."""

from __future__ import annotations

import pytest

from signaling import protocol as p
from tests.signaling.house import House
from visitation.errors import Refused


async def test_nobody_hears_anybody_before_both_are_admitted(house: House):
    talk = await house.ringing()
    await talk.come("visitor")
    assert talk.phase == "ringing"
    assert talk.hub.gates == []
    assert talk.presence("visitor", "prisoner") == "lobby"
    with pytest.raises(Refused) as refused:
        await house.say(talk.terminal, p.OpenLeg())
    assert refused.value.code == "call_not_joined"
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    assert talk.phase == "live"
    assert talk.hub.gates == ["release"]


async def test_the_state_goes_whole_to_each_side_as_it_may_see_it(house: House):
    talk = await house.live()
    mine, other = talk.state("visitor"), talk.state("prisoner")
    assert (mine["you"], other["you"]) == ("visitor", "prisoner")
    assert mine["phase"] == other["phase"] == "live"
    assert [one["presence"] for one in mine["parties"]] == ["here", "here"]
    assert mine["slots"][0]["party"] == "prisoner"
    assert other["slots"][0]["party"] == "visitor"
    assert mine["recording"] == "on"
    assert mine["events"] == []
    assert mine["notice"]["en"]


async def test_a_visitor_leaves_no_state_that_the_protocol_cannot_read(house: House):
    from signaling.reading import read
    from signaling.shapes import CallState

    talk = await house.live()
    for _event, data in house.server.sent[talk.visitor]:
        assert read(CallState, data).visit == talk.visit


async def test_a_declined_ring_waits_and_rings_again_when_asked(house: House):
    talk = await house.ringing()
    await house.say(talk.terminal, p.DeclineRing(talk.visit))
    assert talk.phase == "waiting"
    assert talk.state()["declined_at"] is not None
    await house.say(talk.visitor, p.Join())
    assert talk.phase == "waiting"
    await house.advance(20)
    assert talk.phase == "ringing"
    assert talk.state()["declined_at"] is None


async def test_a_prisoner_may_answer_after_saying_not_now(house: House):
    talk = await house.ringing()
    await house.say(talk.terminal, p.DeclineRing(talk.visit))
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    assert talk.phase == "live"


async def test_an_unanswered_ring_rests_and_comes_again_by_itself(house: House):
    talk = await house.ringing()
    await house.advance(90)
    assert talk.phase == "waiting"
    await house.advance(30)
    assert talk.phase == "ringing"


async def test_it_does_not_ring_before_the_visit_begins(house: House, world, clock):
    visit = await world.visit("A-12")
    from datetime import timedelta

    await world.change(visit.visit_id, starts_at=clock.now() + timedelta(minutes=5))
    talk = await house.ringing()
    assert talk.phase == "waiting"
    with pytest.raises(Refused) as refused:
        await house.say(talk.terminal, p.AnswerRing(talk.visit))
    assert refused.value.code == "call_not_ringing"
    await house.advance(299)
    assert talk.phase == "waiting"
    await house.advance(1)
    assert talk.phase == "ringing"


async def test_the_call_warns_at_five_and_one_minutes_and_ends_at_its_time(house: House):
    talk = await house.live()
    left = (talk.call.facts.ends_at - house.clock.now()).total_seconds()
    await house.advance(left - 301)
    assert talk.state()["minutes_notice"] is None
    await house.advance(1)
    assert talk.state()["minutes_notice"] == 5
    await house.advance(240)
    assert talk.state()["minutes_notice"] == 1
    await house.advance(60)
    assert talk.state()["phase"] == "ended"
    assert talk.state()["ended"]["reason"] == "time"
    assert talk.hub.closed
    assert house.listener.endings == ["time"]
    await house.written()
    assert (await house.world.visit("A-12")).outcome == "completed_normally"


async def test_a_stepped_wall_clock_ends_no_call(house: House):
    talk = await house.live()
    before = house.clock.monotonic_ns
    moment = house.clock.monotonic_ns()
    house.clock.forward(hours=3)
    house.clock.monotonic_ns = lambda: moment  # type: ignore[method-assign]
    await house.say(talk.visitor, p.SetMedia(audio=False, video=True))
    assert talk.phase == "live"
    house.clock.monotonic_ns = before  # type: ignore[method-assign]


async def test_leaving_a_live_call_ends_it_for_both_and_says_who_left(house: House):
    talk = await house.live()
    await house.say(talk.terminal, p.Leave())
    ended = talk.state()["ended"]
    assert (ended["reason"], ended["by"]) == ("left", "prisoner")
    assert house.last(talk.visitor, "leg_closed")["reason"] == "ended"
    assert not talk.hub.open
    await house.written()
    assert (await house.world.visit("A-12")).outcome == "prisoner_completed_early"


async def test_leaving_the_lobby_stops_the_ring(house: House):
    talk = await house.ringing()
    await house.say(talk.visitor, p.Leave())
    assert talk.phase == "waiting"
    assert talk.presence("visitor", "prisoner") == "absent"


async def test_an_ended_call_answers_for_a_while_and_then_is_gone(house: House):
    talk = await house.live()
    await house.say(talk.visitor, p.Leave())
    with pytest.raises(Refused) as refused:
        await house.say(talk.visitor, p.OpenLeg())
    assert refused.value.code == "call_ended"
    await house.written()
    await house.advance(120)
    assert talk.visit not in house.calls.by_visit
    with pytest.raises(Refused) as refused:
        await house.say(talk.visitor, p.Join())
    assert refused.value.code == "visit_over"


async def test_mute_and_camera_are_shut_in_the_server(house: House):
    talk = await house.live()
    await house.say(talk.visitor, p.SetMedia(audio=False, video=False))
    assert talk.hub.muted["visitor"] == (True, True)
    assert [one["audio"] for one in talk.state("prisoner")["parties"]] == [True, False]


async def test_commands_come_twice_without_harm(house: House):
    talk = await house.ringing()
    await house.say(talk.visitor, p.Join())
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    assert talk.hub.gates == ["release"]
    assert house.listener.began_with == [talk.call.call_id]
    await house.say(talk.visitor, p.Leave())
    await house.say(talk.visitor, p.Leave())
    assert house.listener.endings == ["left"]


async def test_a_refused_answer_changes_nothing_and_may_come_again(house: House):
    talk = await house.ringing()
    offer = await house.say(talk.visitor, p.OpenLeg())
    with pytest.raises(Refused) as refused:
        await house.say(talk.visitor, p.AnswerLeg(offer.leg, "bad"))
    assert (refused.value.code, refused.value.params) == ("bad_description", {"why": "answer_grammar"})
    assert talk.phase == "ringing"
    await house.say(talk.visitor, p.AnswerLeg(offer.leg, "answer"))
    assert talk.hub.answered == [offer.leg]


async def test_nobody_answers_for_somebody_elses_leg(house: House):
    talk = await house.live()
    theirs = talk.hub.leg_of("prisoner")
    with pytest.raises(Refused) as refused:
        await house.say(talk.visitor, p.AnswerLeg(theirs, "answer"))
    assert refused.value.code == "leg_unknown"


async def test_the_lines_quality_is_told_per_person(house: House):
    talk = await house.live()
    talk.hub.lines["prisoner"] = 2
    await house.advance(2)
    assert [one["line"] for one in talk.state()["parties"]] == [2, 4]
