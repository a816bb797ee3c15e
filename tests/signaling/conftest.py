"""A house of signaling in virtual time over the demo prison."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from tests.signaling.house import House
from tests.signaling.wires import VirtualClock
from tests.visitation.conftest import SEEDED, Template, copied, database, seeded, template
from tests.visitation.world import StillClock, World
from visitation.storage.database import Database

__all__ = ["copied", "database", "seeded", "template"]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(SEEDED)


@pytest.fixture
def world(copied: Template, database: Database, clock: VirtualClock) -> World:
    assert copied.links is not None
    return World(database, cast("StillClock", clock), copied.links)


@pytest.fixture
async def house(world: World, clock: VirtualClock) -> AsyncIterator[House]:
    house = House(world, clock)
    await house.calls.start()
    yield house
    await house.calls.stop()
