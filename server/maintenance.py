"""The commands that work on a node's data beside the server: migrate, seed, verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from server.bootstrap import open_database
from visitation.audit_chain import Head
from visitation.ports import SystemClock
from visitation.services.audit import Audit
from visitation.services.seed import seed_demo
from visitation.storage.database import Database

if TYPE_CHECKING:
    from server.settings import Settings


async def migrate_database(settings: Settings) -> int:
    """Brings the database to this version's shape, and says so."""
    database = await open_database(settings)
    await database.close()
    print("The database is up to date.")  # noqa: T201  words for a person
    return 0


async def seed_database(settings: Settings) -> int:
    """Adds the fictional prison, or fresh visits to it."""
    database = await open_database(settings)
    await seed_demo(database, SystemClock().now())
    await database.close()
    print("The fictional prison is in the database.")  # noqa: T201
    return 0


def verify_recording(settings: Settings, name: str) -> int:
    """Checks one recording. Exit code 0 = whole, 1 = something is wrong, 2 = not found."""
    from recording.verify import main

    folder = Path(name) if "/" in name else settings.vault / name
    if not folder.is_dir():
        print(f"No recording at {folder}.", file=sys.stderr)  # noqa: T201
        return 2
    return main([str(folder), "--keys", str(settings.keys)])


async def verify_audit(settings: Settings, anchor: str | None) -> int:
    """Checks the audit log; only reads. Exit code 0 = whole, 1 = a line cannot be trusted, 2 = no log or anchor."""
    known = _head(anchor)
    file = make_url(settings.database).database
    if (anchor and known is None) or (not settings.database_url and not Path(file or "").exists()):
        print("No such log, or the anchor is not number:hash.", file=sys.stderr)  # noqa: T201
        return 2
    database = Database(settings.database)
    try:
        verdict = await Audit(database, SystemClock()).verify(known)
    except DBAPIError as error:
        print(f"The log cannot be read ({error.orig}).", file=sys.stderr)  # noqa: T201
        return 2
    finally:
        await database.close()
    if verdict.fault is None:
        head = f"{verdict.head.number}:{verdict.head.hash}"
        print(f"Whole: {verdict.head.number} lines. Keep this head elsewhere: {head}")  # noqa: T201
        return 0
    print(f"Line {verdict.fault.number}: {verdict.fault.what}.")  # noqa: T201
    return 1


def _head(anchor: str | None) -> Head | None:
    number, _, digest = (anchor or "").partition(":")
    return Head(int(number), digest) if number.isdecimal() and len(digest) == 64 else None
