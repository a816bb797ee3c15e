"""A house of signaling in virtual time over the demo prison."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest

from tests.signaling.house import House
from tests.signaling.wires import VirtualClock
from tests.visitation.conftest import database, template
from tests.visitation.world import NOON, StillClock, World
from visitation.services.seed import seed_demo
from visitation.storage.database import Database

__all__ = ["database", "template"]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON + timedelta(minutes=2))


@pytest.fixture
async def world(database: Database, clock: VirtualClock) -> World:
    return World(database, cast("StillClock", clock), await seed_demo(database, clock.now()))


@pytest.fixture
async def house(world: World, clock: VirtualClock) -> AsyncIterator[House]:
    house = House(world, clock)
    await house.calls.start()
    yield house
    await house.calls.stop()
