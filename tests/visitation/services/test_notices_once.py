"""One process sends at a time, and one that dies leaves what it was at to the next."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from datetime import datetime, timedelta

import pytest

from tests.agreements.tracked import CHECKOUT
from tests.server.post_office import PostOffice
from tests.visitation.post import ANNA, LATER, LEENA, STARTS, Pigeon, Post
from tests.visitation.world import NOON
from visitation.notices.carrying import Parcel
from visitation.notices.kinds import NoticeKind
from visitation.services.notices_delivery import LEASE


async def test_two_processes_never_send_one_message_both(post: Post):
    for number in range(10):
        await post.tell(
            NoticeKind.VISIT_BOOKED, await post.book(ANNA, LEENA, at=STARTS + timedelta(hours=number))
        )
    pigeon, others = Pigeon(), [Post(post.office, holder) for holder in ("two", "three", "four")]
    await asyncio.gather(*(each.delivery(pigeon).run() for each in (post, *others)))
    assert len(pigeon.parcels) == len(set(pigeon.ids)) == 20
    assert {row.state for row in await post.notices()} == {"sent"}


async def test_while_one_sends_the_other_waits_for_its_lease(post: Post):
    visit = await post.booked()
    entered = asyncio.Event()

    async def meanwhile(_parcel: Parcel) -> None:
        entered.set()
        await asyncio.Event().wait()  # the process is stopped in the middle

    stuck = asyncio.create_task(post.delivery(Pigeon(meanwhile=meanwhile)).run())
    await entered.wait()
    pigeon, other = Pigeon(), Post(post.office, "two")
    await post.tell(NoticeKind.VISIT_CHANGED, visit)
    await other.delivery(pigeon).run()
    assert pigeon.parcels == []
    post.office.clock.forward(seconds=LEASE.total_seconds())
    await other.delivery(pigeon).run()
    assert len(pigeon.parcels) == 1
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck


async def test_whoever_leaves_lets_another_go_on_at_once(post: Post):
    await post.booked()
    delivery = post.delivery(Pigeon([LATER]))
    await delivery.run()
    post.office.clock.forward(seconds=30)
    pigeon, other = Pigeon(), Post(post.office, "two")
    await other.delivery(pigeon).leave()  # what is not one's own cannot be left
    await other.delivery(pigeon).run()
    assert pigeon.parcels == []
    await delivery.leave()
    await other.delivery(pigeon).run()
    assert len(pigeon.parcels) == 1


async def test_an_attempt_is_written_down_before_it_is_made(post: Post):
    """A process that dies in the middle leaves a message that waits, under the same id, and not at once."""
    await post.booked()

    async def die(_parcel: Parcel) -> None:
        raise SystemExit

    pigeon = Pigeon(meanwhile=die)
    with pytest.raises(SystemExit):
        await post.delivery(pigeon).run()
    (row,) = await post.notices()
    assert (row.state, row.attempts, row.due_at) == ("waiting", 1, NOON + timedelta(seconds=30))
    other = Post(post.office, "two")
    post.office.clock.forward(seconds=LEASE.total_seconds())
    pigeon.meanwhile = None
    await other.delivery(pigeon).run()
    assert pigeon.ids == [row.id, row.id]
    assert await post.states() == [("sent", None)]


async def sender(url: str, port: int, moment: datetime, holder: str) -> Process:
    program = [sys.executable, "-m", "tests.visitation.sending", url, str(port), moment.isoformat(), holder]
    return await asyncio.create_subprocess_exec(*program, cwd=CHECKOUT)


async def test_a_process_killed_between_sending_and_marking_sends_the_same_letter_again(
    post: Post, either_url: str
):
    await post.booked()
    office = PostOffice()
    async with office.open() as port:
        killed = await sender(either_url, port, NOON, "killed")
        office.taking = lambda _letter: killed.kill()
        assert await killed.wait() == -signal.SIGKILL
        assert await post.states() == [("waiting", None)]
        office.taking = None
        for holder, later in (("two", LEASE - timedelta(seconds=1)), ("three", LEASE)):
            process = await sender(either_url, port, NOON + later, holder)
            assert await process.wait() == 0
    assert await post.states() == [("sent", None)]
    (notice,) = await post.notices()
    assert [str(each.message["Message-ID"]) for each in office.letters] == [f"<{notice.id}@example.org>"] * 2


async def test_two_servers_over_one_database_send_each_letter_once(post: Post, either_url: str):
    for number in range(10):
        await post.booked(ANNA, LEENA, at=STARTS + timedelta(hours=number))
    office = PostOffice(gate=asyncio.Event())
    async with office.open() as port:
        one = await sender(either_url, port, NOON, "one")
        await office.asked.get()
        two = await sender(either_url, port, NOON, "two")
        assert await two.wait() == 0  # it sees that the other is at it
        assert office.gate is not None
        office.gate.set()
        assert await one.wait() == 0
    assert len(office.letters) == len({str(each.message["Message-ID"]) for each in office.letters}) == 20
    assert {row.state for row in await post.notices()} == {"sent"}
