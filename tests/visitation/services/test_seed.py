"""The demo's seed: always something to join, never the same thing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.visitation.world import NOON, PRISON, World
from visitation.outcomes import Outcome
from visitation.services.demo_people import PAIRS, SIGN_INS, demo_id
from visitation.services.seed import CODES_KEPT, grid_mark, seed_demo

TABLES = ("prison", "terminal", "prisoner", "contact", "staff", "visit")


async def counts(world: World) -> list[int]:
    async with world.database.read() as session:
        return [(await session.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in TABLES]


async def test_the_four_kinds_of_visit_are_there(world: World):
    social, heard, legal, later = [await world.visit(cell) for cell in ("A-12", "A-14", "A-17", "A-09")]
    now = world.clock.now()
    assert [facts.state(now) for facts in (social, heard, legal, later)] == ["open", "open", "open", "early"]
    conditions = [facts.conditions for facts in (social, heard, legal)]
    assert [one.audible for one in conditions if one] == [False, True, False]
    assert [facts.closed for facts in (social, heard, legal)] == [False, False, True]
    assert (legal.visitor_name, legal.office) == ("Maria", "Asianajotoimisto Kielo")


async def test_the_office_has_a_day_with_outcomes(world: World):
    day = await world.visits.of_prison_today(PRISON, NOON.date())
    assert [facts.starts_at for facts in day] == sorted(facts.starts_at for facts in day)
    assert len({facts.outcome for facts in day if facts.outcome}) == 3
    assert {facts.unit for facts in day} == {"A", "B"}
    assert await world.visits.prison_name(PRISON) == "Kaislaranta"


async def test_seeding_again_changes_nothing(world: World):
    before = await counts(world)
    await seed_demo(world.database, world.clock.now())
    assert await counts(world) == before


@pytest.mark.parametrize("minutes", [23, 24, 40, 24 * 60, 3 * 24 * 60 + 7])
async def test_later_there_is_again_a_visit_of_each_kind_to_join(world: World, minutes: int):
    world.clock.forward(minutes=minutes)
    now = world.clock.now()
    links = await seed_demo(world.database, now)
    for which in ("anna", "leena", "maria"):
        link = links.find("visitor", which)
        assert link is not None
        token = await world.accounts.sign_in("visitor", link.code)
        identity = await world.accounts.identity("visitor", token)
        assert identity is not None
        facts = await world.visits.facts(identity.visit_id or "")
        assert facts.state(now) == "open"
        assert facts.ends_at - now >= timedelta(minutes=5)
        assert (await world.visits.decide_at_first_join(facts.visit_id, now)).conditions is not None


async def test_a_visit_that_was_ended_is_followed_by_a_fresh_one(world: World):
    facts = await world.visit("A-12")
    await world.outcomes.record(facts.visit_id, Outcome.TERMINATED_BY_STAFF)
    links = await seed_demo(world.database, world.clock.now())
    link = links.find("visitor", "anna")
    assert link is not None
    token = await world.accounts.sign_in("visitor", link.code)
    identity = await world.accounts.identity("visitor", token)
    assert identity is not None
    assert identity.visit_id != facts.visit_id


async def test_every_link_of_the_door_opens_its_app_and_the_first_is_the_plain_one(world: World):
    assert [(link.app, link.which) for link in world.links.links] == [
        (one.app, one.which) for one in SIGN_INS
    ]
    for link in world.links.links:
        await world.sign_in(link.app, link.which)
    assert [link.app for link in world.links.links[:4]] == ["visitor", "terminal", "officer", "office"]
    assert world.links.find("visitor", "nobody") is None


async def test_links_given_a_moment_ago_still_open_and_old_ones_are_forgotten(world: World):
    given = [world.links]
    for _ in range(CODES_KEPT):
        world.clock.forward(seconds=10)
        given.append(await seed_demo(world.database, world.clock.now()))
    for app in ("visitor", "terminal", "officer", "office"):
        codes = [link.code for links in given if (link := links.find(app))]
        opened = []
        for code in codes:
            try:
                opened.append(bool(await world.accounts.sign_in(app, code)))
            except Exception:
                opened.append(False)
        assert opened == [False] + [True] * CODES_KEPT


async def test_the_log_of_a_seeded_prison_is_whole(world: World):
    assert (await world.audit.verify()).whole


async def test_a_pack_that_cannot_be_read_leaves_visits_undecided_and_the_demo_standing(
    world: World,
):
    await world.sql("UPDATE prison SET policy_pack = 'atlantis'")
    world.clock.forward(days=1)
    now = world.clock.now()
    await seed_demo(world.database, now)
    day = await world.visits.of_prison_today(PRISON, now.date())
    assert day
    assert {facts.state(now) for facts in day if facts.starts_at <= now < facts.ends_at} == {"undecided"}


def test_everybody_has_a_cell_of_their_own_and_a_name_of_their_own():
    assert len({pair.cell for pair in PAIRS}) == len({pair.prisoner for pair in PAIRS}) == len(PAIRS)
    assert demo_id("prison", "Kaislaranta") == PRISON


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_visits_begin_on_the_five_minute_grid(moment: datetime):
    mark = grid_mark(moment)
    assert mark.minute % 5 == 0
    assert (mark.second, mark.microsecond) == (0, 0)
    assert timedelta(0) <= moment - mark < timedelta(minutes=5)
