"""Migrations: in process, as often as one likes, and to exactly the shape of the models."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

import visitation.model
from tests.visitation.world import NOON
from visitation.services.seed import seed_demo
from visitation.storage.base import Base
from visitation.storage.database import Database
from visitation.storage.migrate import migrate

OTHER_ROOM = """
import sqlalchemy as sa
from alembic import op

revision = "other_0001"
down_revision = None
branch_labels = ("other",)
depends_on = None


def upgrade():
    op.create_table("other", sa.Column("id", sa.Integer(), primary_key=True))
"""

REMAKES_PRISONS = """
import sqlalchemy as sa
from alembic import op

revision = "other_0001"
down_revision = None
branch_labels = ("other",)
depends_on = "visitation_0001"


def upgrade():
    with op.batch_alter_table("prison") as prison:
        prison.alter_column("name", type_=sa.String(120), existing_nullable=False)
        prison.add_column(sa.Column("motto", sa.String(20), nullable=True))
"""


def differences(connection: Connection) -> list:
    assert visitation.model.__all__  # names every table
    return compare_metadata(MigrationContext.configure(connection), Base.metadata)


async def revisions(database: Database) -> set[str]:
    async with database.read() as session:
        return set(await session.scalars(text("SELECT version_num FROM alembic_version")))


async def test_a_migrated_database_has_the_shape_of_the_models(new_database: Database):
    await migrate(new_database)
    await migrate(new_database)
    async with new_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_many_that_start_at_once_migrate_once(new_url: str):
    nodes = [Database(new_url) for _ in range(8)]
    await asyncio.gather(*(migrate(node) for node in nodes))
    assert await revisions(nodes[0]) == {"visitation_0007"}
    for node in nodes:
        await node.close()


async def test_another_room_brings_its_own_branch(new_database: Database, tmp_path: Path):
    folder = tmp_path / "100% ours"
    folder.mkdir()
    (folder / "other_0001.py").write_text(OTHER_ROOM)
    await migrate(new_database)
    await migrate(new_database, folder)
    await migrate(new_database, folder)
    assert await revisions(new_database) == {"visitation_0007", "other_0001"}


async def test_a_migration_that_fails_leaves_nothing_behind(new_database: Database, tmp_path: Path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "other_0001.py").write_text(OTHER_ROOM + "    raise RuntimeError('broken')\n")
    with pytest.raises(RuntimeError, match="broken"):
        await migrate(new_database, folder)
    async with new_database.engine.connect() as connection:
        assert await connection.run_sync(lambda one: inspect(one).get_table_names()) == []


@pytest.fixture
async def remaking(new_database: Database, tmp_path: Path) -> Path:
    """A folder with a migration that makes a table anew which others point at."""
    await migrate(new_database)
    await seed_demo(new_database, NOON)
    folder = tmp_path / "remaking"
    folder.mkdir()
    (folder / "other_0001.py").write_text(REMAKES_PRISONS)
    return folder


async def test_a_table_that_others_point_at_is_made_anew(new_database: Database, remaking: Path):
    await migrate(new_database, remaking)
    async with new_database.read() as session:
        assert (await session.execute(text("SELECT code, motto FROM prison"))).all() == [("KAI", None)]
    with pytest.raises(IntegrityError):
        async with new_database.write() as session:
            await session.execute(text("DELETE FROM prison"))


async def test_a_migration_leaves_no_row_that_points_at_nobody(new_database: Database, remaking: Path):
    path = remaking / "other_0001.py"
    path.write_text(REMAKES_PRISONS + "    op.execute('DELETE FROM prison')\n")
    with pytest.raises((RuntimeError, IntegrityError)):
        await migrate(new_database, remaking)
    async with new_database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM prison"))).scalar_one() == 1
