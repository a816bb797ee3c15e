"""The database: rivals lose nothing, times keep their moment, nothing half-done stays."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from visitation.model.access import SignInCode
from visitation.storage.database import READING, Database


async def test_an_sqlite_file_is_opened_by_the_rules(database: Database):
    async with database.read() as session:
        found = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 1, 5000]


async def test_rival_writers_lose_no_update(database: Database):
    async def add_one() -> None:
        async with database.write() as session:
            number = (await session.execute(text("SELECT number FROM audit_head"))).scalar_one()
            await asyncio.sleep(0)
            await session.execute(text("UPDATE audit_head SET number = :n"), {"n": number + 1})

    await asyncio.gather(*(add_one() for _ in range(15)))
    async with database.read() as session:
        assert (await session.execute(text("SELECT number FROM audit_head"))).scalar_one() == 15


async def test_rival_writers_on_the_bare_engine_lose_no_update_either(database: Database):
    async def add_one() -> None:
        async with database.engine.begin() as connection:
            number = (await connection.execute(text("SELECT number FROM audit_head"))).scalar_one()
            await connection.execute(text("UPDATE audit_head SET number = :n"), {"n": number + 1})

    await asyncio.gather(*(add_one() for _ in range(15)))
    async with database.engine.execution_options(**{READING: True}).connect() as connection:
        assert (await connection.execute(text("SELECT number FROM audit_head"))).scalar_one() == 15


async def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database):
    async with database.write() as writer:
        await writer.execute(text("UPDATE audit_head SET number = 7"))
        async with database.read() as reader:
            assert (await reader.execute(text("SELECT number FROM audit_head"))).scalar_one() == 0


async def test_an_exception_undoes_the_whole_transaction(database: Database):
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await session.execute(text("UPDATE audit_head SET number = 7"))
            raise RuntimeError
    async with database.read() as session:
        assert (await session.execute(text("SELECT number FROM audit_head"))).scalar_one() == 0


async def test_what_a_reader_wrote_is_not_kept(database: Database):
    async with database.read() as session:
        await session.execute(text("UPDATE audit_head SET number = 7"))
    async with database.read() as session:
        assert (await session.execute(text("SELECT number FROM audit_head"))).scalar_one() == 0


async def test_a_time_without_its_zone_is_not_stored(database: Database):
    with pytest.raises(StatementError):
        async with database.write() as session:
            session.add(SignInCode(code_sha256="x", app="officer", valid_until=datetime(2026, 11, 5, 12)))


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_an_sqlite_database_without_a_file_is_refused(url: str):
    with pytest.raises(ValueError, match="needs a file"):
        Database(url)


async def test_a_failure_says_nothing_of_what_was_to_be_written(database: Database):
    """Whatever fails is logged, and a log holds no names."""
    with pytest.raises(IntegrityError) as failed:
        async with database.write() as session:
            await session.execute(
                text("INSERT INTO prisoner (id, name) VALUES ('x', :name)"), {"name": "Planted"}
            )
    assert "Planted" not in str(failed.value)
