"""How visits turned out is said once, and by the office where the call could not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.visitation.world import NOON, PRISON, World
from visitation.errors import BadInput, NotNow
from visitation.events import OutcomeRecorded
from visitation.outcomes import STAFF_SAY, Outcome
from visitation.policy.identity import Identity
from visitation.services.demo_people import demo_id


def the_office() -> Identity:
    return Identity("office", demo_id("office", "kirsi"), PRISON, "session", "Kirsi")


@pytest.fixture
def heard(world: World) -> list[OutcomeRecorded]:
    found: list[OutcomeRecorded] = []

    async def hear(event: OutcomeRecorded) -> None:
        found.append(event)

    world.events.subscribe(OutcomeRecorded, hear)
    return found


async def test_what_the_call_says_counts_once(world: World, heard: list[OutcomeRecorded]):
    visit_id = (await world.visit("A-12")).visit_id
    for _ in range(2):
        await world.outcomes.record(visit_id, Outcome.COMPLETED_NORMALLY)
    with pytest.raises(NotNow) as refused:
        await world.outcomes.record(visit_id, Outcome.TECHNICAL_SERVER)
    assert refused.value.code == "already_decided"
    assert heard == [OutcomeRecorded(visit_id, "completed_normally")]
    assert (await world.audit_kinds()).count("visit.outcome") == 1
    assert (await world.visit("A-12")).outcome == "completed_normally"


async def test_the_office_says_what_nobody_wrote(world: World, heard: list[OutcomeRecorded]):
    visit_id = (await world.visit("A-12")).visit_id
    world.clock.forward(hours=9)
    await world.outcomes.say(visit_id, "prisoner_refused_to_attend", None, the_office())
    assert heard == [OutcomeRecorded(visit_id, "prisoner_refused_to_attend")]
    assert (await world.visit("A-12")).outcome == "prisoner_refused_to_attend"


async def test_the_office_mends_the_one_it_saw_and_no_other(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    await world.outcomes.record(visit_id, Outcome.TECHNICAL_SERVER)
    world.clock.forward(hours=9)
    with pytest.raises(NotNow) as refused:
        await world.outcomes.say(visit_id, "technical_terminal", None, the_office())
    assert refused.value.code == "already_decided"
    await world.outcomes.say(visit_id, "technical_terminal", "technical_server", the_office())
    assert (await world.visit("A-12")).outcome == "technical_terminal"


async def test_nobody_says_how_a_visit_was_before_its_end(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    with pytest.raises(NotNow) as refused:
        await world.outcomes.say(visit_id, "visitor_did_not_arrive", None, the_office())
    assert refused.value.code == "visit_not_over"


async def test_a_cancelled_visit_has_the_outcome_of_its_cancelling(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    await world.change(visit_id, status="cancelled")
    world.clock.forward(hours=9)
    with pytest.raises(NotNow) as refused:
        await world.outcomes.say(visit_id, "visitor_did_not_arrive", None, the_office())
    assert refused.value.code == "visit_cancelled"


@pytest.mark.parametrize("code", ["nice", "prisoner_transferred", ""])
async def test_what_is_not_the_offices_to_say_is_refused(world: World, code: str):
    assert code not in {outcome.value for outcome in STAFF_SAY}
    with pytest.raises(BadInput):
        await world.outcomes.say((await world.visit("A-12")).visit_id, code, None, the_office())


async def test_a_visit_that_nobody_accounted_for_shows_until_somebody_does(world: World):
    ids = {(await world.visit(cell)).visit_id for cell in ("A-12", "A-14")}
    assert not {each.visit_id for each in await world.visits.without_outcome(PRISON, NOON.date())} & ids
    tomorrow = NOON.date() + timedelta(days=1)
    assert ids <= {each.visit_id for each in await world.visits.without_outcome(PRISON, tomorrow)}
    for visit_id in ids:
        await world.outcomes.record(visit_id, Outcome.COMPLETED_NORMALLY)
    assert not {each.visit_id for each in await world.visits.without_outcome(PRISON, tomorrow)} & ids
