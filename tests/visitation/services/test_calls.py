"""Calls: one open call of a visit, one holder, and every new holder fences the one before."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.visitation.world import World
from visitation.errors import NotFound, NotNow
from visitation.services.calls import LEASE, CallLease


async def fenced(*asks) -> bool:
    for ask in asks:
        with pytest.raises(NotNow) as refused:
            await ask
        assert refused.value.code == "call_fenced"
    return True


async def test_a_call_is_made_begun_and_ended(world: World):
    visit = await world.visit("A-12")
    lease = await world.calls.take(visit.visit_id, "one")
    assert (lease.node, lease.epoch, lease.begun_at) == ("one", 1, None)
    assert lease.lease_until == world.clock.now() + LEASE
    at = world.clock.now() + timedelta(seconds=3)
    assert (await world.calls.begun(lease, at)).begun_at == at
    assert (await world.calls.begun(lease, at + timedelta(hours=1))).begun_at == at
    for _ in range(2):
        await world.calls.ended(lease, "time", at + timedelta(minutes=20))
    facts = await world.visit("A-12")
    assert (facts.call_begun_at, facts.call_ended_at) == (at, at + timedelta(minutes=20))
    kinds = await world.audit_kinds()
    assert [kinds.count(kind) for kind in ("call.taken", "call.begun", "call.ended")] == [1, 1, 1]


async def test_another_node_has_to_wait_until_the_lease_runs_out(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    first = await world.calls.take(visit_id, "one")
    world.clock.forward(seconds=20)
    first = await world.calls.renew(first)
    world.clock.forward(seconds=20)
    with pytest.raises(NotNow) as refused:
        await world.calls.take(visit_id, "two")
    assert refused.value.code == "call_elsewhere"
    world.clock.forward(seconds=10)
    second = await world.calls.take(visit_id, "two")
    assert (second.call_id, second.epoch) == (first.call_id, 2)
    now = world.clock.now()
    assert await fenced(
        world.calls.renew(first), world.calls.begun(first, now), world.calls.ended(first, "time", now)
    )
    await world.calls.renew(second)


async def test_a_node_that_starts_again_takes_its_own_calls_at_once(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    before = await world.calls.take(visit_id, "one")
    assert await world.calls.left_open("one") == (before,)
    assert await world.calls.left_open("two") == ()
    after = await world.calls.take(visit_id, "one")
    assert (after.call_id, after.epoch) == (before.call_id, 2)
    assert await fenced(world.calls.renew(before))
    await world.calls.ended(after, "node", world.clock.now())
    assert await world.calls.left_open("one") == ()


async def test_of_rival_nodes_one_gets_the_call(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    got = await asyncio.gather(
        *(world.calls.take(visit_id, f"node-{n}") for n in range(6)), return_exceptions=True
    )
    assert len([one for one in got if isinstance(one, CallLease)]) == 1
    assert {one.code for one in got if isinstance(one, NotNow)} == {"call_elsewhere"}


async def test_a_visit_may_have_another_call_when_one_has_ended(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    first = await world.calls.take(visit_id, "one")
    await world.calls.ended(first, "node", world.clock.now())
    world.clock.forward(seconds=1)
    second = await world.calls.take(visit_id, "two")
    assert second.call_id != first.call_id
    assert (await world.visit("A-12")).call_ended_at is None


async def test_the_database_holds_no_two_open_calls_of_a_visit(world: World):
    visit_id = (await world.visit("A-12")).visit_id
    await world.calls.take(visit_id, "one")
    copy = (
        "INSERT INTO call SELECT 'copy', visit_id, node, epoch, lease_until, made_at, begun_at, ended_at, end_reason"
        " FROM call"
    )
    with pytest.raises(Exception, match="UNIQUE"):
        await world.sql(copy)


async def test_a_call_of_no_visit_is_not_found(world: World):
    with pytest.raises(NotFound):
        await world.calls.take("nothing", "one")
