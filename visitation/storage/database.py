"""The database: one engine, short transactions, and on SQLite the rules that keep it from losing updates."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util import await_only

# Locked, full, read-only or gone: nothing was done, and later it may be.
DATABASE_AWAY: Final = (OperationalError, InterfaceError, PoolTimeout)
READING: Final = "visitation_reading"
_BUSY_MS: Final = 5000
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={_BUSY_MS}",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)


class Database:
    """`url` as SQLAlchemy writes it, with an async driver (sqlite+aiosqlite, postgresql+asyncpg).

    `engine` is for rooms with tables of their own: a transaction on it may write; one that only
    reads says so with `engine.execution_options(**{READING: True})`.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        reading = self.engine.execution_options(**{READING: True})
        self._readers = async_sessionmaker(reading, expire_on_commit=False, autoflush=False)
        self._writers = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One consistent view; nothing of it is kept."""
        async with self._readers() as session:
            yield session  # closing it undoes what anybody wrote, and keeps what was read

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction, committed at the end and rolled back by an exception.

        Keep it short: SQLite has one writer, and the others wait for it.
        """
        async with self._writers() as session, session.begin():
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database needs a file: each connection would have its own memory")
    # A failure is logged: the statement may be in it, what was to be written (names, reasons) may not.
    engine = create_async_engine(parsed, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: it does so late, and two readers that
    # both turn writers then lose an update or fail at once, whatever busy_timeout says.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Two that open a new file at once both want its only lock, and SQLite's own waiting leaves this out."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            await_only(asyncio.sleep(0.01))
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
