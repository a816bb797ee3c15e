"""A held slot is kept for a while and for one; of many who want the same, as many have it as can."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.visitation.bookings import FRIDAY, Bureau, visitor
from tests.visitation.world import NOON
from visitation.model.booking import Application
from visitation.services.booked import Booked, NotBookable
from visitation.storage.database import Database


@pytest.fixture
def bureau(either: Database) -> Bureau:
    return Bureau(either)


async def test_a_held_slot_is_kept_for_ten_minutes_and_for_whoever_holds_it(bureau: Bureau):
    session = await bureau.session(open_capacity=1)
    held = await bureau.hold(session)
    assert held.expires_at == NOON + timedelta(minutes=10)
    assert await bureau.refused(session, "A-14") == ["no_slot_capacity"]
    assert (FRIDAY, ["no_slot_capacity"]) in await bureau.free("A-14")
    assert await bureau.refused(session, "A-14", hold_id=held.id) == ["no_slot_capacity"]
    booked = await bureau.book(session, hold_id=held.id)
    assert booked.terminal_id == held.terminal_id
    async with bureau.database.read() as reading:
        assert (await reading.scalars(select(Application.id))).all() == []


async def test_a_hold_that_expired_stands_in_nobodys_way(bureau: Bureau):
    session = await bureau.session(open_capacity=1)
    held = await bureau.hold(session)
    bureau.clock.forward(minutes=10)
    assert (FRIDAY, []) in await bureau.free("A-14")
    assert await bureau.refused(session, "A-14") == []
    assert await bureau.refused(session, hold_id=held.id) == ["no_slot_capacity"]


async def test_somebody_has_one_hold_at_a_time_and_can_give_it_back(bureau: Bureau):
    first, second = await bureau.session(12, open_capacity=1), await bureau.session(13, open_capacity=1)
    await bureau.hold(first)
    held = await bureau.hold(second)
    assert await bureau.refused(first, "A-14") == []
    await bureau.booking.release(held.id, visitor("A-09"))
    assert await bureau.refused(second, "B-07") == ["no_slot_capacity"]
    await bureau.booking.release(held.id, visitor("A-12"))
    assert await bureau.refused(second, "B-07") == []


async def test_a_hold_is_refused_as_a_booking_would_be(bureau: Bureau):
    session = await bureau.session(open_capacity=0)
    with pytest.raises(NotBookable) as refused:
        await bureau.hold(session)
    assert [each.code for each in refused.value.refusals] == ["no_slot_capacity"]


async def test_of_many_who_want_the_last_place_as_many_have_it_as_there_is_room(bureau: Bureau):
    session = await bureau.session(open_capacity=2)
    cells = ("A-09", "A-12", "A-14", "B-02", "B-03", "B-05", "B-07")
    done = await asyncio.gather(*(bureau.book(session, cell) for cell in cells), return_exceptions=True)
    assert sum(isinstance(one, Booked) for one in done) == 2
    refused = [one for one in done if isinstance(one, NotBookable)]
    assert len(refused) == len(cells) - 2
    assert {each.code.value for one in refused for each in one.refusals} == {"no_slot_capacity"}


async def test_one_prisoner_has_no_more_time_than_there_is_however_fast_they_ask(bureau: Bureau):
    """An hour of that week, and an hour carried over: four of these six at once."""
    sessions = [await bureau.session(hour) for hour in (10, 11, 12, 13, 15, 16)]
    done = await asyncio.gather(*(bureau.book(one) for one in sessions), return_exceptions=True)
    assert sum(isinstance(one, Booked) for one in done) == 4
    codes = {each.code.value for one in done if isinstance(one, NotBookable) for each in one.refusals}
    assert codes == {"no_allowance"}
