"""What officers see and do, and what they cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from signaling import protocol as p
from signaling.message import Command
from signaling.sockets import Bucket, Socket
from tests.signaling.house import House, with_rules
from visitation.conditions import Watching, WithoutSupervisor
from visitation.errors import NotFound, Refused


async def code_of(house: House, sid: str, command: Command) -> str:
    with pytest.raises(Refused) as refused:
        await house.say(sid, command)
    return refused.value.code


async def decisions(house: House) -> list[tuple[str, str | None, str]]:
    await house.written()
    async with house.world.database.read() as session:
        rows = await session.execute(text("SELECT kind, ground, facts FROM decision ORDER BY at, rowid"))
        return [(row.kind, row.ground, row.facts) for row in rows]


async def test_a_tile_is_a_leg_of_previews_and_focus_makes_it_full_without_sound(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    await house.say(officer, p.AnswerLeg(offer.leg, "answer"))
    assert talk.hub.legs[offer.leg].publishes == frozenset()
    assert talk.hub.seats[offer.leg, 0] == ("prisoner", False, "preview")
    await house.say(officer, p.Focus(talk.visit, full=True))
    assert talk.hub.seats[offer.leg, 0] == ("prisoner", False, "main")
    assert talk.hub.seats[offer.leg, 1] == ("visitor", False, "main")
    assert [slot["audio"] for slot in house.last(officer)["slots"]] == [False, False]


async def test_sound_comes_with_full_pictures_where_listening_was_decided(house: House):
    talk = await house.live("leena")
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    assert talk.hub.seats[offer.leg, 0][1] is False
    await house.say(officer, p.Focus(talk.visit, full=True))
    assert talk.hub.seats[offer.leg, 0] == ("prisoner", True, "main")
    await house.say(officer, p.Focus(talk.visit, full=False))
    assert talk.hub.seats[offer.leg, 0] == ("prisoner", False, "preview")
    await house.written()
    assert "call.listened" in await house.world.audit_kinds()


async def test_a_hold_shuts_the_gates_and_tells_both_sides_in_words(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    await house.say(officer, p.Hold(talk.visit, "other_person", "Who is behind you?"))
    assert not talk.hub.open
    for party in ("visitor", "prisoner"):
        state = talk.state(party)
        assert state["phase"] == "held"
        assert state["hold"]["reason"] == "other_person"
        assert state["hold"]["text"] == "Who is behind you?"
        assert state["recording"] == "off"
    await house.say(officer, p.Hold(talk.visit, "order"))
    await house.say(officer, p.Resume(talk.visit))
    await house.say(officer, p.Resume(talk.visit))
    assert talk.hub.open
    assert talk.state()["phase"] == "live"
    assert await decisions(house) == [("hold", "other_person", "Who is behind you?"), ("resume", None, "")]


async def test_a_warning_is_seen_by_both_and_a_double_press_is_one(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    await house.say(officer, p.Watch(talk.visit))
    first = await house.say(officer, p.Warn(talk.visit, "shown_object"))
    again = await house.say(officer, p.Warn(talk.visit, "shown_object"))
    assert first == again
    assert len(talk.state()["warnings"]) == 1
    await house.say(talk.visitor, p.SeeWarning(first.id))
    await house.say(talk.terminal, p.SeeWarning(first.id))
    await house.say(talk.terminal, p.SeeWarning(first.id))
    assert house.last(officer)["warnings"][0]["seen_by"] == ["visitor", "prisoner"]
    assert await code_of(house, officer, p.Warn(talk.visit, None, "  ")) == "text_required"
    assert await decisions(house) == [("warn", "shown_object", "")]


async def test_an_officer_ends_with_a_reason_both_are_told(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    await house.say(officer, p.End(talk.visit, "threats", "This ends here."))
    ended = talk.state("prisoner")["ended"]
    assert (ended["reason"], ended["text"], ended["by"]) == ("threats", "This ends here.", "officer")
    assert house.last(officer, "leg_closed") == {"leg": offer.leg, "reason": "ended"}
    await house.say(officer, p.End(talk.visit, "order"))
    await house.written()
    assert (await house.world.visit("A-12")).outcome == "terminated_by_staff"


async def test_warnings_and_holds_need_a_live_call(house: House):
    talk = await house.ringing()
    officer = await house.enter("officer")
    for command in (p.Warn(talk.visit, "order"), p.Hold(talk.visit, "order"), p.Resume(talk.visit)):
        assert await code_of(house, officer, command) == "call_not_live"
    assert talk.hub.gates == []


async def test_the_wall_shows_calls_and_what_comes_and_closed_ones_without_names(house: House):
    await house.live("anna")
    await house.live("maria")
    officer = await house.enter("officer")
    await house.advance(1)
    wall = await house.hears(officer, "wall_state", lambda wall: len(wall["calls"]) == 2)
    by_cell = {call["cell"]: call for call in wall["calls"]}
    assert by_cell["A-12"]["prisoner"] == "Pekka"
    assert by_cell["A-12"]["watchable"] is True
    closed = by_cell["A-17"]
    assert closed["closed"] is True
    assert (closed["prisoner"], closed["visitor"], closed["relation"]) == (None, None, None)
    assert closed["watchable"] is False
    assert {"A-14", "B-07"} <= {visit["cell"] for visit in wall["coming"]}
    assert "A-12" not in {visit["cell"] for visit in wall["coming"]}


async def test_an_officer_who_comes_back_syncs_to_wall_and_watched_calls(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    await house.say(officer, p.Watch(talk.visit))
    now = await house.say(officer, p.Sync())
    assert [state.visit for state in now.calls] == [talk.visit]
    assert [event.kind for event in now.calls[0].events][:3] == ["joined", "ringing", "live"]
    assert talk.visit in [call.visit for call in now.wall.calls]


async def test_a_lost_officers_socket_closes_its_leg(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    house.calls.gone(officer)
    await house.settle()
    assert offer.leg not in talk.hub.legs


async def test_a_watcher_that_sends_media_is_told_and_audited(house: House):
    talk = await house.live()
    officer = await house.enter("officer")
    offer = await house.say(officer, p.Watch(talk.visit))
    talk.hub.listener.intruded(offer.leg, "a watcher sent media")
    talk.hub.listener.leg_failed(offer.leg, "intrusion")
    await house.settle()
    assert house.last(officer, "leg_closed") == {"leg": offer.leg, "reason": "intrusion"}
    assert talk.phase == "live"
    await house.written()
    assert "leg.intruded" in await house.world.audit_kinds()


async def test_a_foreign_prisons_call_is_not_there(house: House):
    talk = await house.live()
    stranger = replace(await identity_of_officer(house), prison_id="another-prison")
    sid = "stranger"
    await house.calls.hello(Socket(sid, stranger, None, Bucket(0)))
    before = talk.state()
    for command in officers_commands(talk.visit):
        with pytest.raises(NotFound):
            await house.say(sid, command)
    assert talk.state() == before
    assert (await house.say(sid, p.Sync())).wall.calls == ()
    assert "attempt.refused" in await house.world.audit_kinds()


async def identity_of_officer(house: House):
    await house.enter("officer")
    return house.identities["officer/None"]


def officers_commands(visit: str) -> list[Command]:
    return [
        p.Watch(visit),
        p.Focus(visit, full=True),
        p.Unwatch(visit),
        p.Warn(visit, "order", "x"),
        p.Hold(visit, "order"),
        p.Resume(visit),
        p.End(visit, "order"),
    ]


async def test_every_way_into_a_privileged_call_is_refused_and_audited(house: House):
    talk = await house.live("maria")
    assert talk.hub.observers is False
    assert [sorted(seat.publishes) for seat in talk.hub.legs.values()] == [["audio", "video"]] * 2
    state = talk.state()
    assert (state["recording"], state["closed"], state["watchers"]) == ("none", True, None)
    officer = await house.enter("officer")
    audited = (await house.world.audit_kinds()).count("privileged.refused")
    for count, command in enumerate(officers_commands(talk.visit), 1):
        assert await code_of(house, officer, command) == "visit_closed"
        assert (await house.world.audit_kinds()).count("privileged.refused") == audited + count
    leg = talk.hub.leg_of("visitor")
    assert await code_of(house, officer, p.AnswerLeg(leg, "answer")) == "leg_unknown"
    assert (await house.world.audit_kinds()).count("privileged.refused") == audited + 8
    assert [seat.party for seat in talk.hub.legs.values()] == ["visitor", "prisoner"]
    assert "call_state" not in house.events(officer)
    assert talk.phase == "live"
    async with house.world.database.read() as session:
        row = (
            await session.execute(
                text("SELECT actor, subject, facts, at FROM audit_line WHERE kind = 'privileged.refused'")
            )
        ).first()
    assert row is not None
    assert row.actor == house.identities["officer/None"].person_id
    assert row.subject == talk.visit
    assert '"what":"watch"' in row.facts


async def test_a_privileged_visit_that_has_not_begun_is_refused_and_audited_too(house: House):
    visit = await house.world.visit("A-17")
    officer = await house.enter("officer")
    assert await code_of(house, officer, p.Watch(visit.visit_id)) == "visit_closed"
    assert "privileged.refused" in await house.world.audit_kinds()


async def test_participants_cannot_do_what_officers_do(house: House):
    talk = await house.live()
    for command in officers_commands(talk.visit):
        assert await code_of(house, talk.visitor, command) == "not_permitted"
        assert await code_of(house, talk.terminal, command) == "not_permitted"
    assert talk.phase == "live"


async def test_a_terminal_cannot_answer_for_another_one(house: House):
    talk = await house.ringing("anna")
    other = await house.enter("terminal", "a-17")
    assert await code_of(house, other, p.AnswerRing(talk.visit)) == "call_unknown"
    assert talk.phase == "ringing"
    assert "call_state" not in house.events(other)


async def test_a_sixth_window_of_one_officer_is_refused(house: House):
    for _ in range(5):
        await house.enter("officer")
    with pytest.raises(Refused) as refused:
        await house.enter("officer")
    assert refused.value.code == "too_many"


async def test_a_call_that_must_be_watched_is_held_until_somebody_watches(house: House):
    talk = await house.ringing()
    with_rules(talk.call, watch_picture=Watching.CONTINUOUS, without_supervisor=WithoutSupervisor.HOLD)
    await house.say(talk.terminal, p.AnswerRing(talk.visit))
    await talk.come("visitor")
    await talk.come("prisoner")
    await house.advance(30)
    assert talk.state()["hold"]["by"] == "system"
    officer = await house.enter("officer")
    await house.say(officer, p.Watch(talk.visit))
    assert talk.phase == "live"
    await house.say(officer, p.Unwatch(talk.visit))
    await house.advance(30)
    assert talk.phase == "held"
