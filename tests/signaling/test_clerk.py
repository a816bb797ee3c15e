"""The clerk at the end: a database that is away does not hold a stopping server up."""

from __future__ import annotations

from signaling.clerk import Clerk
from tests.signaling.wires import VirtualClock


async def test_in_a_hurry_the_first_paper_that_cannot_be_written_is_the_last_one_tried(clock: VirtualClock):
    tried: list[str] = []

    async def away() -> None:
        tried.append("away")
        raise OSError

    clerk = Clerk(clock)
    for name in ("hold", "resume", "end"):
        clerk.write(name, away)
    clerk.close(hurry=True)
    await clerk.run()
    assert (tried, clerk.lost) == (["away"], 3)


async def test_in_a_hurry_everything_that_can_be_written_is(clock: VirtualClock):
    written: list[str] = []

    async def there() -> None:
        written.append("there")

    clerk = Clerk(clock)
    for name in ("hold", "end"):
        clerk.write(name, there)
    clerk.close(hurry=True)
    await clerk.run()
    assert (written, clerk.lost) == (["there", "there"], 0)
