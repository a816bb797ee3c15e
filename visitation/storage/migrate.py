"""Bring a database to the shape of this version, in process and at every start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from visitation.storage.database import Database

HERE: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x76697369  # any number, the same on every node: one migrates, the others wait


async def migrate(database: Database, *more: Path) -> None:
    """Runs what is missing, in one transaction; twice is as good as once.

    `more` are version folders of other rooms, each with its own branch label.
    """
    async with database.engine.connect() as connection, _keys_unwatched(connection), connection.begin():
        await connection.run_sync(_upgrade, (HERE / "versions", *more))


@asynccontextmanager
async def _keys_unwatched(connection: AsyncConnection) -> AsyncIterator[None]:
    """SQLite changes a table by making it anew: dropping the old one must not count as deleting its rows."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.execute("PRAGMA foreign_keys=OFF")  # does nothing inside a transaction
    try:
        yield
    finally:
        await driver.execute("PRAGMA foreign_keys=ON")


def _upgrade(connection: Connection, folders: tuple[Path, ...]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    before = _heads(connection)
    command.upgrade(_config(connection, folders), "heads")
    if connection.dialect.name == "sqlite" and _heads(connection) != before:
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if astray is not None:
            raise RuntimeError(f"a migration left rows of {astray[0]} that point at nothing in {astray[2]}")


def _heads(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _config(connection: Connection, folders: tuple[Path, ...]) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _plain(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_plain(folder) for folder in folders))
    return config


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")  # the configuration reader interpolates
