"""What waits is sent once, in order, by one process; what fails is tried again for as long as anybody wants it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.visitation.post import ANNA, AWAY, LATER, LEENA, MAILS, REFUSED, STARTS, Pigeon, Post
from tests.visitation.world import NOON
from visitation.model.notices import Notice
from visitation.model.people import Contact
from visitation.model.visits import Visit
from visitation.notices.carrying import Fate, NotCarried, Parcel
from visitation.notices.kinds import Channel, NoticeKind, Unsent
from visitation.services.tasks import Tasks


async def test_what_waits_is_sent_once(post: Post):
    await post.booked(ANNA, LEENA)
    pigeon = Pigeon()
    for _ in range(3):
        await post.delivery(pigeon).run()
    assert sorted(str(parcel.to) for parcel in pigeon.parcels) == sorted(MAILS.values())
    for row in await post.notices():
        assert (row.state, row.reason, row.attempts, row.settled_at) == ("sent", None, 1, NOON)


@pytest.mark.parametrize(
    ("carrier", "reason"),
    [(None, Unsent.NOT_CONFIGURED), (Pigeon(), Unsent.NO_ADDRESS)],
    ids=["channel", "address"],
)
async def test_what_has_no_way_to_go_fails_and_says_why(post: Post, carrier, reason: Unsent):
    await post.give_addresses(**({"email": None} if carrier else {}))
    async with post.office.database.write() as session:
        await session.execute(update(Contact).values(email=None if carrier else "anna@example.org"))
    await post.booked()
    await post.delivery(carrier).run()
    assert await post.states() == [("failed", reason.value)]
    tasks = await Tasks(post.desk).open_in((await post.notices())[0].prison_id)
    assert len(tasks) == (1 if carrier else 0)  # an installation without mail needs no task for each


async def test_what_is_refused_for_good_becomes_the_offices_task(post: Post):
    visit = await post.booked()
    await post.delivery(Pigeon([REFUSED])).run()
    assert await post.states() == [("failed", "address_refused")]
    (task,) = await Tasks(post.desk).open_in(visit.prison_id)
    assert (task.kind, task.visit_id, task.person_id, task.about_at) == ("not_told", visit.id, ANNA, STARTS)


async def test_who_may_be_told_otherwise_is_no_task(post: Post):
    await post.give_addresses(telephone="+358 40 000 0000")
    await post.choose(ANNA, email=True, sms=True)
    visit = await post.booked()
    await post.delivery(Pigeon([REFUSED])).run()
    assert await Tasks(post.desk).open_in(visit.prison_id) == ()
    await post.delivery(Pigeon([REFUSED]), Channel.SMS).run()
    assert len(await Tasks(post.desk).open_in(visit.prison_id)) == 1


async def test_one_that_is_put_off_waits_ever_longer_and_keeps_nobody_back(post: Post):
    await post.booked(ANNA, LEENA)
    pigeon = Pigeon([LATER])
    delivery = post.delivery(pigeon)
    await delivery.run()
    assert len(pigeon.parcels) == 2
    (first,) = [row for row in await post.notices() if row.state == "waiting"]
    assert (first.reason, first.attempts, first.due_at) == ("put_off", 1, NOON + timedelta(seconds=30))
    pigeon.fails = [LATER]
    await delivery.run()
    assert len(pigeon.parcels) == 2
    post.office.clock.forward(seconds=30)
    await delivery.run()
    (again,) = [row for row in await post.notices() if row.state == "waiting"]
    assert (again.attempts, again.due_at - post.office.clock.now()) == (2, timedelta(seconds=60))
    post.office.clock.forward(seconds=60)
    await delivery.run()
    assert {row.state for row in await post.notices()} == {"sent"}
    assert pigeon.ids.count(first.id) == 3


async def test_a_way_out_that_is_away_is_left_alone_ever_longer(post: Post):
    await post.booked(ANNA, LEENA)
    pigeon = Pigeon([AWAY, AWAY])
    delivery = post.delivery(pigeon)
    for tried, pause in ((1, 30), (2, 60)):
        await delivery.run()
        assert len(pigeon.parcels) == tried
        post.office.clock.forward(seconds=pause - 1)
        await delivery.run()
        assert len(pigeon.parcels) == tried
        post.office.clock.forward(seconds=1)
    await delivery.run()
    post.office.clock.forward(minutes=5)
    await delivery.run()
    assert {row.state for row in await post.notices()} == {"sent"}
    assert len(pigeon.parcels) == 4


async def test_a_way_out_that_asks_for_time_gets_it(post: Post):
    await post.booked()
    pigeon = Pigeon([NotCarried(Unsent.PUT_OFF, Fate.AWAY, timedelta(minutes=10))])
    delivery = post.delivery(pigeon)
    await delivery.run()
    post.office.clock.forward(minutes=9)
    await delivery.run()
    assert len(pigeon.parcels) == 1
    post.office.clock.forward(minutes=1)
    await delivery.run()
    assert await post.states() == [("sent", None)]


async def test_a_way_out_that_never_answers_is_given_up_in_time(post: Post):
    await post.booked()
    await post.delivery(Pigeon(silent=True), patience=timedelta(milliseconds=50)).run()
    assert await post.states() == [("waiting", "no_answer")]


async def test_it_is_tried_until_nobody_wants_it_any_more(post: Post):
    await post.booked()
    pigeon = Pigeon([LATER] * 1000)
    delivery = post.delivery(pigeon)
    while (await post.states())[0][0] == "waiting":
        await delivery.run()
        post.office.clock.moment = max((await post.notices())[0].due_at, post.office.clock.now())
    assert await post.states() == [("failed", "put_off")]
    assert post.office.clock.now() == STARTS - timedelta(minutes=1)  # one last try
    assert 30 < len(pigeon.parcels) < 60


async def test_what_nobody_could_try_in_time_is_too_late(post: Post):
    visit = await post.booked()
    post.office.clock.moment = STARTS
    pigeon = Pigeon()
    await post.delivery(pigeon).run()
    assert (pigeon.parcels, await post.states()) == ([], [("failed", "too_late")])
    assert await Tasks(post.desk).open_in(visit.prison_id) == ()  # it has begun: there is nobody to tell


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"starts_at": STARTS + timedelta(minutes=5)}])
async def test_nobody_is_reminded_of_what_is_not_so(post: Post, changes):
    visit = await post.book()
    await post.tell(NoticeKind.VISIT_REMINDER, visit)
    async with post.office.database.write() as session:
        await session.execute(update(Visit).where(Visit.id == visit.id).values(**changes))
    pigeon = Pigeon()
    await post.delivery(pigeon).run()
    assert (pigeon.parcels, await post.states()) == ([], [("overtaken", None)])


async def test_what_was_overtaken_while_it_left_has_been_sent(post: Post):
    visit = await post.booked()

    async def cancel(_parcel: Parcel) -> None:
        await post.tell(NoticeKind.VISIT_CANCELLED, visit, status="cancelled")
        pigeon.meanwhile = None

    pigeon = Pigeon(meanwhile=cancel)
    await post.delivery(pigeon).run()
    assert sorted((row.kind, row.state) for row in await post.notices()) == [
        ("visit_booked", "sent"),
        ("visit_cancelled", "sent"),
    ]


async def test_a_person_erased_while_it_left_stops_nothing(post: Post):
    await post.booked()

    async def erase(_parcel: Parcel) -> None:
        async with post.office.database.write() as session:
            for row in await session.scalars(select(Notice)):
                await session.delete(row)

    for fails in ([], [LATER]):
        await post.delivery(Pigeon(list(fails), meanwhile=erase)).run()
        assert await post.notices() == []
        await post.tell(NoticeKind.VISIT_BOOKED, await post.book(at=STARTS + timedelta(hours=len(fails) + 1)))
