"""Recorder, listener, database: what their failures do to a call, and what they do not."""

from __future__ import annotations

import asyncio

import pytest

from signaling import protocol as p
from tests.signaling.house import House, with_rules
from visitation.conditions import WithoutRecorder
from visitation.errors import Refused


async def test_without_a_recorder_the_call_is_held_after_ten_seconds_and_ended_after_sixty_more(house: House):
    house.listener.records = False
    talk = await house.ringing()
    with_rules(talk.call, without_recorder=WithoutRecorder.HOLD_THEN_END)
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    await talk.come("visitor")
    await talk.come("prisoner")
    assert talk.state()["recording"] == "armed"
    await house.advance(10)
    hold = talk.state()["hold"]
    assert (hold["reason"], hold["by"]) == ("technical", "system")
    assert not talk.hub.open
    await house.advance(59)
    assert talk.phase == "held"
    await house.advance(1)
    assert talk.state()["ended"]["reason"] == "recorder"
    assert talk.state()["ended"]["by"] is None


async def test_a_recorder_that_is_back_in_time_is_a_gap_and_no_hold(house: House):
    talk = await house.live()
    with_rules(talk.call, without_recorder=WithoutRecorder.HOLD_THEN_END)
    assert house.listener.control is not None
    house.listener.control.recorder_lost()
    await house.advance(3)
    assert talk.state()["recording"] == "interrupted"
    house.listener.control.recorder_back()
    await house.advance(60)
    assert talk.state()["recording"] == "on"
    assert talk.hub.gates == ["release"]
    kinds = [event.kind for event in house.listener.events]
    assert kinds.index("gap") < kinds.index("recorder_back")


async def test_a_recorder_that_comes_back_late_opens_the_gates_but_not_an_officers_hold(house: House):
    talk = await house.live()
    with_rules(talk.call, without_recorder=WithoutRecorder.HOLD_THEN_END)
    officer = await house.enter("officer")
    assert house.listener.control is not None
    house.listener.control.recorder_lost()
    await house.advance(10)
    await house.say(officer, p.Hold(talk.visit, "order"))
    house.listener.control.recorder_back()
    await house.settle()
    assert talk.state()["hold"]["by"] == "officer"
    assert not talk.hub.open
    await house.say(officer, p.Resume(talk.visit))
    assert talk.hub.open
    await house.advance(70)
    assert talk.phase == "live"


async def test_an_officers_resume_does_not_open_what_the_recorder_shut(house: House):
    talk = await house.live()
    with_rules(talk.call, without_recorder=WithoutRecorder.HOLD_THEN_END)
    officer = await house.enter("officer")
    assert house.listener.control is not None
    house.listener.control.recorder_lost()
    await house.advance(10)
    await house.say(officer, p.Resume(talk.visit))
    assert talk.phase == "held"


async def test_a_breaking_listener_ends_no_call(house: House):
    house.listener.breaks = True
    talk = await house.ringing()
    with_rules(talk.call, without_recorder=WithoutRecorder.GO_ON)
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    await talk.come("visitor")
    await talk.come("prisoner")
    await house.advance(60)
    assert talk.phase == "live"
    assert talk.hub.open


async def test_the_gates_open_only_after_the_listener_is_ready(house: House):
    open_at_began: list[bool] = []
    began = house.listener.began

    async def watching(facts, call_id, hub, control):
        open_at_began.append(hub.open)
        await began(facts, call_id, hub, control)

    house.listener.began = watching  # type: ignore[method-assign]
    await house.live()
    assert open_at_began == [False]


async def test_a_database_away_at_join_is_a_plain_refusal(house: House):
    visitor = await house.enter("visitor", "anna")

    async def away(*_args: object) -> None:
        raise OSError("the database is away")

    house.world.visits.decide_at_first_join = away  # type: ignore[method-assign,assignment]
    with pytest.raises(Refused) as refused:
        await house.say(visitor, p.Join())
    assert refused.value.code == "unavailable"
    assert house.calls.by_visit == {}
    assert house.relay.hubs == {}


async def test_a_database_away_in_a_call_ends_nothing_and_is_caught_up_with(house: House):
    talk = await house.live()
    await house.written()
    officer = await house.enter("officer")
    record, tries = house.world.supervision.record, 0

    async def away(*args: object, **named: object) -> object:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise OSError("the database is away")
        return await record(*args, **named)  # type: ignore[arg-type]

    house.world.supervision.record = away  # type: ignore[method-assign,assignment]
    await house.say(officer, p.Hold(talk.visit, "order"))
    assert talk.phase == "held"
    while tries < 4:
        await house.advance(5)
    await house.written()
    assert "call.held" in await house.world.audit_kinds()


async def test_an_undecided_visit_is_not_started(house: House):
    visit = await house.world.visit("A-12")
    await house.world.change(visit.visit_id, conditions="{}")
    visitor = await house.enter("visitor", "anna")
    with pytest.raises(Refused) as refused:
        await house.say(visitor, p.Join())
    assert refused.value.code == "visit_undecided"
    assert house.relay.hubs == {}


async def test_a_fenced_call_is_dropped_and_one_that_cannot_renew_is_kept(house: House):
    talk = await house.live()
    renew = house.world.calls.renew

    async def away(_lease: object) -> None:
        raise OSError("the database is away")

    house.world.calls.renew = away  # type: ignore[method-assign,assignment]
    await house.advance(60)
    assert talk.phase == "live"
    house.world.calls.renew = renew  # type: ignore[method-assign]
    await house.world.sql("UPDATE call SET epoch = epoch + 1")
    while talk.phase != "ended":
        await house.advance(10)
    assert talk.state()["ended"]["reason"] == "node"


async def test_another_nodes_call_is_not_taken(house: House):
    visit = await house.world.visit("A-12")
    await house.world.calls.take(visit.visit_id, "elsewhere")
    visitor = await house.enter("visitor", "anna")
    with pytest.raises(Refused) as refused:
        await house.say(visitor, p.Join())
    assert refused.value.code == "call_elsewhere"


async def test_stopping_ends_calls_in_words(house: House):
    talk = await house.live()
    await house.calls.stop()
    assert talk.state()["ended"]["reason"] == "node"
    assert talk.hub.closed
    assert house.calls.by_visit == {}


async def test_an_ending_listener_takes_its_time_and_nobody_waits_for_it(house: House):
    done = asyncio.Event()

    async def slow(_call: str, reason: str) -> None:
        await done.wait()
        house.listener.endings.append(reason)

    house.listener.ended = slow  # type: ignore[method-assign,assignment]
    talk = await house.live()
    await house.say(talk.visitor, p.Leave())
    assert talk.state("prisoner")["phase"] == "ended"
    assert house.listener.endings == []
    done.set()
    await house.settle()
    assert house.listener.endings == ["left"]


async def test_a_visit_can_go_on_after_its_node_was_stopped(house: House):
    talk = await house.live()
    await house.calls.stop()
    assert talk.state()["ended"]["reason"] == "node"
    assert (await house.world.visit("A-12")).outcome is None


async def test_a_socket_that_takes_nothing_is_closed_and_counted(house: House):
    talk = await house.live()

    class Line:
        queue: asyncio.Queue[int] = asyncio.Queue()

    for number in range(201):
        Line.queue.put_nowait(number)
    house.server.sockets[talk.visitor] = Line
    await house.say(talk.terminal, p.SetMedia(audio=False, video=True))
    assert house.calls.courier.closed_for_backlog == 1
    assert talk.visitor in house.server.shown_out
    assert talk.phase == "live"
