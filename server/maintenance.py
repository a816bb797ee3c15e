"""The commands that work on a node's data while no call is on: migrate, seed, verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server.bootstrap import open_database
from visitation.ports import SystemClock
from visitation.services.seed import seed_demo

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
