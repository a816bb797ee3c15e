"""Both engines keep the same promises: what the house relies on, asked of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.visitation.world import NOON
from visitation.model.access import SignInCode
from visitation.model.visits import CallRow, Visit
from visitation.storage.database import Database


async def test_a_visit_has_one_open_call(either: Database):
    async with either.write() as session:
        visit_id = await session.scalar(select(Visit.id).limit(1))
        session.add(CallRow(id="1", visit_id=visit_id, node="n", epoch=1, lease_until=NOON, made_at=NOON))
    with pytest.raises(IntegrityError):
        async with either.write() as session:
            session.add(CallRow(id="2", visit_id=visit_id, node="n", epoch=1, lease_until=NOON, made_at=NOON))
    async with either.write() as session:
        (await session.get_one(CallRow, "1")).ended_at = NOON
        session.add(CallRow(id="2", visit_id=visit_id, node="n", epoch=1, lease_until=NOON, made_at=NOON))


async def test_a_row_cannot_point_at_nobody(either: Database):
    with pytest.raises(IntegrityError):
        async with either.write() as session:
            session.add(SignInCode(code_sha256="x", app="officer", staff_id="nobody", valid_until=NOON))


async def test_a_time_comes_back_as_the_same_moment_in_utc(either: Database):
    noon = datetime(2026, 11, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    async with either.write() as session:
        session.add(SignInCode(code_sha256="x", app="officer", valid_until=noon))
    async with either.read() as session:
        stored = (await session.get_one(SignInCode, "x")).valid_until
    assert (stored, stored.tzinfo) == (datetime(2026, 11, 5, 10, tzinfo=UTC), UTC)
