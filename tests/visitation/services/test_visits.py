"""Visits: their facts, the decision at the first join, and the outcome."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.visitation.world import NOON, PRISON, World, held
from visitation.conditions import to_json
from visitation.errors import NotFound, Refused, Unavailable
from visitation.events import ConditionsDecided
from visitation.jurisdictions.pack import PolicyUnreadable
from visitation.model.visits import Visit
from visitation.outcomes import Outcome
from visitation.services.visits import Visits


async def refused_join(world: World, cell: str) -> str:
    """The code of the refusal, which must leave the visit as it was but for one audit line."""
    before = await world.visit(cell)
    with pytest.raises(Refused) as refused:
        await world.visits.decide_at_first_join(before.visit_id, world.clock.now())
    assert await world.visit(cell) == before
    return refused.value.code


async def test_facts_are_detached_and_frozen(world: World):
    facts = await world.visit("A-12")
    assert (facts.prisoner_name, facts.visitor_name, facts.cell, facts.unit) == ("Pekka", "Anna", "A-12", "A")
    assert facts.relation == {"fi": "sisko", "sv": "syster", "en": "sister"}
    assert (facts.starts_at, facts.ends_at) == (NOON, NOON + timedelta(minutes=30))
    assert facts.joinable_from == NOON - timedelta(minutes=15)
    assert facts == await world.visits.facts(facts.visit_id)
    with pytest.raises(FrozenInstanceError):
        facts.cell = "B-01"  # type: ignore[misc]


async def test_a_visit_nobody_knows_is_not_found(world: World):
    for ask in (
        world.visits.facts("x"),
        world.visits.decide_at_first_join("x", NOON),
        world.outcomes.record("x", Outcome.COMPLETED_NORMALLY),
        world.visits.of_prison_today("x", NOON.date()),
        world.visits.prison_name("x"),
    ):
        with pytest.raises(NotFound):
            await ask
    assert await world.visits.of_terminal_today("x", NOON) == ()


async def test_a_state_says_whether_one_can_join_and_why_not(world: World):
    facts = await world.visit("A-12")
    minute = timedelta(minutes=1)
    assert facts.state(facts.joinable_from - minute) == "early"
    assert facts.state(facts.joinable_from) == "open"
    assert facts.state(facts.ends_at - minute) == "open"
    assert facts.state(facts.ends_at) == "over"
    await world.change(facts.visit_id, conditions="?")
    unknown = await world.visit("A-12")
    assert (unknown.state(NOON), unknown.closed, unknown.conditions) == ("undecided", True, None)
    await world.change(facts.visit_id, status="cancelled")
    assert (await world.visit("A-12")).state(NOON) == "cancelled"


async def test_a_status_nobody_knows_cannot_be_joined(world: World):
    facts = await world.visit("A-12")
    await world.change(facts.visit_id, status="whatever")
    assert (await world.visit("A-12")).state(NOON) == "cancelled"


async def test_a_terminal_has_its_own_day_only(world: World):
    facts = await world.visit("A-12")
    assert await world.visits.of_terminal_today(facts.terminal_id, NOON) == (facts,)
    assert await world.visits.of_terminal_today(facts.terminal_id, NOON + timedelta(days=1)) == ()


async def test_a_day_is_the_prisons_own_from_midnight_to_midnight(world: World):
    """Helsinki is two hours ahead; the clocks went back on 25 October 2026, a day of 25 hours."""
    facts = await world.visit("A-12")
    for begin, day in (
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 21, 55, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 26)),
    ):
        await world.change(facts.visit_id, starts_at=begin, ends_at=begin + timedelta(minutes=30))
        assert await world.visits.local_date(PRISON, begin) == day
        assert [one.visit_id for one in await world.visits.of_prison_today(PRISON, day)] == [facts.visit_id]
        assert len(await world.visits.of_terminal_today(facts.terminal_id, begin)) == 1


async def test_the_first_join_decides_once_and_for_good(world: World):
    heard: list[ConditionsDecided] = []

    async def hear(event: ConditionsDecided) -> None:
        heard.append(event)

    world.events.subscribe(ConditionsDecided, hear)
    visit_id = (await world.visit("A-12")).visit_id
    first = await world.visits.decide_at_first_join(visit_id, world.clock.now())
    world.clock.forward(minutes=3)
    second = await world.visits.decide_at_first_join(visit_id, world.clock.now())
    assert first == second == await world.visit("A-12")
    assert first.conditions is not None
    assert first.conditions.decided_at == first.decided_finally_at == NOON + timedelta(minutes=2)
    assert heard == [ConditionsDecided(visit_id)]
    assert (await world.audit_kinds()).count("conditions.decided") == 1


async def test_a_decision_to_listen_made_after_booking_counts_at_the_first_join(world: World):
    facts, model = await world.visit("A-12"), await world.visit("A-14")
    assert facts.conditions is not None
    assert not facts.conditions.audible
    async with world.database.read() as session:
        decision = (await session.get_one(Visit, model.visit_id)).listening_decision
    await world.change(facts.visit_id, listening_decision=decision)
    decided = await world.visits.decide_at_first_join(facts.visit_id, world.clock.now())
    assert decided.conditions is not None
    assert decided.conditions.audible


async def test_one_cannot_join_too_early_too_late_or_a_cancelled_visit(world: World):
    facts = await world.visit("A-12")
    world.clock.moment = facts.joinable_from - timedelta(seconds=1)
    assert await refused_join(world, "A-12") == "visit_early"
    world.clock.moment = facts.ends_at
    assert await refused_join(world, "A-12") == "visit_over"
    world.clock.moment = NOON
    await world.change(facts.visit_id, status="cancelled")
    assert await refused_join(world, "A-12") == "visit_cancelled"


async def test_a_visit_with_an_outcome_is_over(world: World):
    facts = await world.visit("A-12")
    await world.outcomes.record(facts.visit_id, Outcome.TERMINATED_BY_STAFF)
    assert await refused_join(world, "A-12") == "visit_over"


@pytest.mark.parametrize(
    "stored", [None, "", "{}", "not json", to_json(held("legal")).replace('"none"', '"x"')]
)
async def test_stored_conditions_that_cannot_be_read_start_nothing(world: World, stored: str | None):
    await world.change((await world.visit("A-12")).visit_id, conditions=stored)
    assert await refused_join(world, "A-12") == "visit_undecided"
    assert (await world.audit_kinds())[-1] == "conditions.refused"


async def test_conditions_spoilt_after_they_were_decided_start_nothing_either(world: World):
    facts = await world.visit("A-12")
    await world.visits.decide_at_first_join(facts.visit_id, world.clock.now())
    await world.change(facts.visit_id, conditions="{}")
    assert await refused_join(world, "A-12") == "visit_undecided"


@pytest.mark.parametrize(
    "change",
    [{"kind": "unknown"}, {"kind": "legal"}, {"listening_decision": "{"}, {"listening_decision": ""}],
)
async def test_a_visit_that_can_no_longer_be_decided_starts_nothing(world: World, change: dict):
    await world.change((await world.visit("A-12")).visit_id, **change)
    assert await refused_join(world, "A-12") == "visit_undecided"


async def test_a_pack_that_cannot_be_read_starts_nothing(world: World):
    def unreadable(_: str):
        raise PolicyUnreadable

    facts = await world.visit("A-12")
    for packs in (unreadable, None):
        if packs is None:
            await world.sql("UPDATE prison SET policy_pack = 'atlantis'")
        else:
            world.visits = Visits(world.database, world.clock, packs=packs)
        assert await refused_join(world, "A-12") == "visit_undecided"
    assert (await world.visits.facts(facts.visit_id)).decided_finally_at is None


async def test_what_was_booked_as_closed_is_never_opened(world: World):
    """Somebody changed the kind and the contact's record after booking: no call, and a line about it."""
    facts = await world.visit("A-17")
    await world.change(facts.visit_id, kind="social")
    await world.sql("UPDATE contact SET kind = 'social' WHERE name = 'Maria'")
    assert await refused_join(world, "A-17") == "conditions_changed"
    assert (await world.audit_kinds())[-1] == "conditions.refused"


async def test_a_closed_visit_opened_by_hand_after_its_first_join_is_not_taken_up_again(world: World):
    """The server was restarted in mid-call, and the row says by now what another visit's row says."""
    facts, other = await world.visit("A-17"), await world.visit("A-14")
    await world.visits.decide_at_first_join(facts.visit_id, world.clock.now())
    assert other.conditions is not None
    for changes in ({}, {"kind": "social"}):
        await world.change(facts.visit_id, conditions=to_json(other.conditions), **changes)
        assert await refused_join(world, "A-17") in ("conditions_changed", "visit_undecided")
        assert (await world.audit_kinds())[-1] == "conditions.refused"


async def test_conditions_widened_by_hand_under_their_old_rule_are_refused(world: World):
    facts, heard = await world.visit("A-12"), await world.visit("A-14")
    decided = await world.visits.decide_at_first_join(facts.visit_id, world.clock.now())
    assert decided.conditions is not None
    assert heard.conditions is not None
    await world.change(
        facts.visit_id, conditions=to_json(replace(heard.conditions, policy=decided.conditions.policy))
    )
    assert await refused_join(world, "A-12") == "conditions_changed"


async def test_what_was_booked_as_open_may_be_closed(world: World):
    facts = await world.visit("A-12")
    await world.change(facts.visit_id, kind="legal")
    await world.sql("UPDATE contact SET kind = 'professional' WHERE name = 'Anna'")
    await world.sql("UPDATE professional_status SET contact_id = :anna", anna=facts.contact_id)
    decided = await world.visits.decide_at_first_join(facts.visit_id, world.clock.now())
    assert decided.closed


async def test_a_refusal_to_start_is_the_houses_fault_and_not_the_visitors(world: World):
    facts = await world.visit("A-12")
    await world.change(facts.visit_id, conditions=json.dumps([]))
    with pytest.raises(Unavailable):
        await world.visits.decide_at_first_join(facts.visit_id, NOON)
