"""Bring a database to the shape of this version, in process and at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from visitation.storage.database import Database

HERE: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x76697369  # any number, the same on every node: one migrates, the others wait


async def migrate(database: Database, *more: Path) -> None:
    """Runs what is missing, in one transaction; twice is as good as once.

    `more` are version folders of other rooms, each with its own branch label.
    """
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade, (HERE / "versions", *more))


def _upgrade(connection: Connection, folders: tuple[Path, ...]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(_config(connection, folders), "heads")


def _config(connection: Connection, folders: tuple[Path, ...]) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _plain(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_plain(folder) for folder in folders))
    return config


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")  # the configuration reader interpolates
