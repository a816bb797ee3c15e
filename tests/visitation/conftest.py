"""Migrated databases of both engines, a clock that stands still, and the demo prison, fresh for every test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.visitation.office import Office
from tests.visitation.post import Post
from tests.visitation.postgresql import Server
from tests.visitation.world import NOON, StillClock, World, url_of
from visitation.services.seed import DemoLinks, seed_demo
from visitation.storage.database import Database
from visitation.storage.migrate import migrate

SEEDED = NOON + timedelta(minutes=2)


@dataclass(frozen=True)
class Template:
    """A migrated file, and the sign-ins of the demo where it is seeded."""

    path: Path
    links: DemoLinks | None = None


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Migrated once; each test works on a copy."""
    return asyncio.run(_template(tmp_path_factory.mktemp("template"), seeded=False))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Migrated and seeded once; each test that has a `world` works on a copy."""
    return asyncio.run(_template(tmp_path_factory.mktemp("seeded"), seeded=True))


async def _template(folder: Path, *, seeded: bool) -> Template:
    path = folder / "visitation.sqlite3"
    database = Database(url_of(path))
    await migrate(database)
    links = await seed_demo(database, SEEDED) if seeded else None
    await database.close()
    return Template(path, links)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(SEEDED)


@pytest.fixture
def copied(request: pytest.FixtureRequest) -> Template:
    found: Template = request.getfixturevalue("seeded" if "world" in request.fixturenames else "template")
    return found


@pytest.fixture
async def database(copied: Template, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "visitation.sqlite3"
    shutil.copyfile(copied.path, path)
    database = Database(url_of(path))
    yield database
    await database.close()


@pytest.fixture
def world(copied: Template, database: Database, clock: StillClock) -> World:
    assert copied.links is not None
    return World(database, clock, copied.links)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def seeded_there(postgresql: Server) -> str:
    """The name of a database with the demo in it, to be copied."""

    async def seed() -> str:
        name = await postgresql.create()
        database = Database(postgresql.url(name))
        await migrate(database)
        await seed_demo(database, SEEDED)
        await database.close()
        return name

    return asyncio.run(seed())


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the demo in it, once of each engine."""
    if request.param == "sqlite":
        template: Template = request.getfixturevalue("seeded")
        shutil.copyfile(template.path, tmp_path / "seeded.sqlite3")
        return url_of(tmp_path / "seeded.sqlite3")
    server: Server = request.getfixturevalue("postgresql")
    return server.url(asyncio.run(server.create(request.getfixturevalue("seeded_there"))))


@pytest.fixture
async def either(either_url: str) -> AsyncIterator[Database]:
    """A database with the demo in it, once of each engine."""
    database = Database(either_url)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each engine."""
    if request.param == "sqlite":
        return url_of(tmp_path / "new.sqlite3")
    server: Server = request.getfixturevalue("postgresql")
    return server.url(asyncio.run(server.create()))


@pytest.fixture
async def new_database(new_url: str) -> AsyncIterator[Database]:
    """An empty database, once of each engine."""
    database = Database(new_url)
    yield database
    await database.close()


@pytest.fixture
async def post(either: Database) -> Post:
    """The outbox of the demo's office, whose people have addresses; once of each engine."""
    post = Post(Office(either))
    await post.give_addresses()
    return post
