"""The list of recordings, in the database that its own migrations make."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import recording
from recording.catalogue import Catalogue, metadata
from recording.tap import Closed
from tests.recording.media import WALL_MS, spec

VERSIONS = Path(recording.__file__).parent / "migrations" / "versions"
ENVIRONMENT = """
from alembic import context
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
"""


def migrate(connection: Connection, folder: Path) -> None:
    (folder / "env.py").write_text(ENVIRONMENT)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(VERSIONS))
    command.upgrade(config, "recording@head")


@pytest.fixture
async def engine(tmp_path):
    found = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/catalogue.db")
    async with found.begin() as connection:
        await connection.run_sync(migrate, tmp_path)
    yield found
    await found.dispose()


async def test_the_migrations_make_exactly_the_tables_that_the_code_has(engine):
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection)
        return [each for each in compare_metadata(context, metadata) if "alembic_version" not in str(each)]

    async with engine.begin() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_prison_lists_its_recordings_newest_first_and_no_others(engine):
    catalogue = Catalogue(engine)
    older, newer, other = spec(), spec(begun_ms=WALL_MS + 1), spec(prison_id="elsewhere")
    for each in (older, newer, other):
        await catalogue.add(each)
    found = await catalogue.list("kaislaranta", limit=10)
    assert [row.recording_id for row in found] == [newer.recording_id, older.recording_id]
    assert [row.status for row in found] == ["recording", "recording"]


async def test_a_list_goes_on_where_it_ended_also_among_recordings_of_one_moment(engine):
    catalogue = Catalogue(engine)
    for begun_ms in (1, 2, 2, 2, 3):
        await catalogue.add(spec(begun_ms=begun_ms))
    whole = await catalogue.list("kaislaranta", limit=10)
    assert [row.begun_ms for row in whole] == [3, 2, 2, 2, 1]
    found, after = [], None
    while page := await catalogue.list("kaislaranta", limit=2, after=after):
        found += page
        after = (page[-1].begun_ms, page[-1].recording_id)
    assert found == whole


async def test_a_closed_recording_keeps_the_head_that_verify_expects(engine):
    catalogue, wanted = Catalogue(engine), spec()
    await catalogue.add(wanted)
    await catalogue.add(spec(begun_ms=WALL_MS + 9))
    await catalogue.finish(wanted.recording_id, ended_ms=WALL_MS + 5, gaps=1, closed=Closed(2, "ab" * 32, 5))
    row = await catalogue.get(wanted.recording_id)
    assert row is not None
    assert (row.status, row.parts, row.head, row.gaps) == ("closed", 2, "ab" * 32, 1)


async def test_a_recording_that_could_not_be_closed_is_listed_as_open_ended(engine):
    catalogue, wanted = Catalogue(engine), spec()
    await catalogue.add(wanted)
    await catalogue.finish(wanted.recording_id, ended_ms=WALL_MS + 5, gaps=0)
    row = await catalogue.get(wanted.recording_id)
    assert row is not None
    assert (row.status, row.head) == ("open_ended", None)


async def test_an_unknown_recording_is_nobody_s(engine):
    assert await Catalogue(engine).get("no such id") is None
