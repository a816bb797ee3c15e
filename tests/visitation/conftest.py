"""A migrated database file, a clock that stands still, and the demo prison, fresh for every test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.visitation.world import NOON, StillClock, World, url_of
from visitation.services.seed import seed_demo
from visitation.storage.database import Database
from visitation.storage.migrate import migrate


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; each test works on a copy."""
    path = tmp_path_factory.mktemp("template") / "visitation.sqlite3"
    asyncio.run(_migrated(path))
    return path


async def _migrated(path: Path) -> None:
    database = Database(url_of(path))
    await migrate(database)
    await database.close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOON + timedelta(minutes=2))


@pytest.fixture
async def database(template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "visitation.sqlite3"
    shutil.copyfile(template, path)
    database = Database(url_of(path))
    yield database
    await database.close()


@pytest.fixture
async def world(database: Database, clock: StillClock) -> World:
    return World(database, clock, await seed_demo(database, clock.now()))
