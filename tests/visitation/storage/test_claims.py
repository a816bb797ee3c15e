"""Claims on time: the key of a row decides who was first, on both engines."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.visitation.world import NOON, PRISON
from visitation.eligibility import ContactClass
from visitation.model.booking import Application, Claim
from visitation.model.people import Contact
from visitation.model.schedule import SessionTemplate
from visitation.model.visits import Visit, VisitVisitor
from visitation.services.demo_people import demo_id
from visitation.storage.claims import (
    CELL,
    cells,
    claim_hold,
    claim_visit,
    drop_expired_holds,
    forget_before,
    release_visit,
)
from visitation.storage.database import Database

TOMORROW = NOON + timedelta(days=1)


def a_visit(cell: str = "A-12", at: datetime = TOMORROW, *, visitor: str | None = None, **more: str) -> Visit:
    place = more.pop("place", cell)
    return Visit(
        id=str(uuid.uuid4()),
        prison_id=PRISON,
        terminal_id=demo_id("terminal", place),
        prisoner_id=demo_id("prisoner", cell),
        contact_id=demo_id("contact", visitor or cell),
        kind="social",
        starts_at=at,
        ends_at=at + timedelta(minutes=30),
        **more,
    )


async def book(session: AsyncSession, visit: Visit) -> Visit:
    session.add_all([visit, VisitVisitor(visit_id=visit.id, contact_id=visit.contact_id)])
    await claim_visit(session, visit)
    return visit


async def count(database: Database, *where: object) -> int:
    async with database.read() as session:
        query = select(func.count()).select_from(Claim).where(*where)  # type: ignore[arg-type]
        return await session.scalar(query) or 0


async def test_a_visit_takes_terminal_prisoner_and_visitor_for_its_cells(either: Database):
    async with either.write() as session:
        visit = await book(session, a_visit())
    assert await count(either, Claim.visit_id == visit.id) == 3 * 6


@pytest.mark.parametrize(
    "rival",
    [
        {"cell": "A-12"},
        {"cell": "A-12", "place": "A-14", "visitor": "A-14"},
        {"cell": "A-14", "place": "A-12"},
        {"cell": "A-14", "visitor": "A-12"},
    ],
    ids=["all", "prisoner", "terminal", "visitor"],
)
async def test_what_is_taken_is_not_taken_again(either: Database, rival: dict[str, str]):
    async with either.write() as session:
        await book(session, a_visit())
    with pytest.raises(IntegrityError):
        async with either.write() as session:
            await book(session, a_visit(at=TOMORROW + timedelta(minutes=25), **rival))
    async with either.write() as session:
        await book(session, a_visit(at=TOMORROW + timedelta(minutes=30), **rival))


async def test_an_officer_is_in_one_place(either: Database):
    sari = demo_id("staff", "Sari")
    async with either.write() as session:
        await book(session, a_visit(officer_id=sari))
    with pytest.raises(IntegrityError):
        async with either.write() as session:
            await book(session, a_visit("A-14", officer_id=sari))


async def test_a_visitor_who_is_a_prisoner_is_taken_as_one(either: Database):
    async with either.write() as session:
        contact = Contact(
            id=str(uuid.uuid4()),
            kind=ContactClass.PRISONER.value,
            prisoner_id=demo_id("prisoner", "A-14"),
            name="Mikko",
        )
        session.add(contact)
        await session.flush()
        visit = a_visit(other_terminal_id=demo_id("terminal", "A-14"))
        visit.contact_id = contact.id
        await book(session, visit)
    with pytest.raises(IntegrityError):
        async with either.write() as session:
            await book(session, a_visit("A-14", place="A-09", visitor="A-09"))


async def test_what_is_released_is_free(either: Database):
    async with either.write() as session:
        first = await book(session, a_visit())
    async with either.write() as session:
        await release_visit(session, first.id)
        await book(session, a_visit())


async def test_a_visit_moves_over_its_own_time(either: Database):
    async with either.write() as session:
        visit = await book(session, a_visit())
        visit.starts_at += timedelta(minutes=10)
        visit.ends_at += timedelta(minutes=20)
        await claim_visit(session, visit)
    assert await count(either, Claim.visit_id == visit.id) == 3 * 8
    assert await count(either, Claim.visit_id == visit.id, Claim.cell_start < visit.starts_at) == 0


async def a_hold(session: AsyncSession, expires_at: datetime) -> None:
    template = SessionTemplate(
        id=str(uuid.uuid4()),
        prison_id=PRISON,
        reference=str(uuid.uuid4())[:8],
        name="Noon",
        weekday=4,
        start=datetime(2026, 1, 1, 12).time(),
        end=datetime(2026, 1, 1, 12, 30).time(),
        valid_from=NOON.date(),
        open_capacity=2,
        kinds=["social"],
        user_types=["public"],
    )
    hold = Application(
        id=str(uuid.uuid4()),
        prison_id=PRISON,
        template_id=template.id,
        prisoner_id=demo_id("prisoner", "A-12"),
        terminal_id=demo_id("terminal", "A-12"),
        kind="social",
        starts_at=TOMORROW,
        ends_at=TOMORROW + timedelta(minutes=30),
        user_type="public",
        held_by="anna",
        made_at=NOON,
        expires_at=expires_at,
    )
    session.add(template)
    await session.flush()
    session.add(hold)
    await claim_hold(session, hold)


async def test_a_hold_stands_in_the_way_until_it_expires(either: Database):
    ends = NOON + timedelta(minutes=10)
    async with either.write() as session:
        await a_hold(session, ends)
    for late, there in ((timedelta(seconds=-1), True), (timedelta(0), False)):
        async with either.write() as session:
            await drop_expired_holds(session, ends + late)
        assert (await count(either, Claim.application_id.is_not(None)) > 0) is there
    async with either.write() as session:
        await book(session, a_visit())


async def test_of_two_at_the_same_moment_one_has_it(either: Database):
    async def try_it() -> bool:
        try:
            async with either.write() as session:
                await book(session, a_visit())
        except IntegrityError:
            return False
        return True

    won = await asyncio.gather(*(try_it() for _ in range(8)))
    assert sum(won) == 1
    assert await count(either, Claim.cell_start >= TOMORROW) == 3 * 6


async def test_claims_on_what_is_over_are_forgotten(either: Database):
    async with either.write() as session:
        visit = await book(session, a_visit())
        before = TOMORROW + timedelta(minutes=10)
        assert await forget_before(session, before) >= 3 * 2
    assert await count(either, Claim.visit_id == visit.id) == 3 * 4
    assert await count(either, Claim.cell_start < before) == 0


moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC))


@given(moments, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=4)))
def test_cells_cover_a_time_without_a_gap_and_no_more(starts_at: datetime, length: timedelta):
    found = cells(starts_at, starts_at + length)
    assert found[0] <= starts_at < found[0] + CELL
    assert found[-1] < starts_at + length <= found[-1] + CELL
    assert [later - earlier for earlier, later in itertools.pairwise(found)] == [CELL] * (len(found) - 1)
    assert all(cell.minute % 5 == cell.second == cell.microsecond == 0 for cell in found)
