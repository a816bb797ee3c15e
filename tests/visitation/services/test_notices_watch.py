"""What nobody has acknowledged an hour before becomes the office's task, and people are reminded the day before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.visitation.office import KIRSI, STRANGER
from tests.visitation.post import ANNA, LEENA, PEKKA, STARTS, Pigeon, Post
from tests.visitation.services.test_agenda import MIKKO, PEKKA_SAYS, alter, visitor_from_a14
from tests.visitation.world import NOON, PRISON
from visitation.errors import NotFound, NotNow
from visitation.model.access import SignInCode
from visitation.model.agenda import OfficeTask, TaskKind
from visitation.model.notices import Notice
from visitation.model.people import Prisoner
from visitation.notices.kinds import NoticeKind
from visitation.services.agenda import Agenda
from visitation.services.notices_watch import KEPT, Watch
from visitation.services.tasks import Task, Tasks

HOUR = timedelta(hours=1)


@pytest.fixture
def watch(post: Post) -> Watch:
    return Watch(post.desk, post.leases)


async def tasks(post: Post, prison: str = PRISON) -> list[Task]:
    """Those about visits of ours; the demo has its own."""
    return [task for task in await Tasks(post.desk).open_in(prison) if task.about_at >= STARTS]


async def test_what_is_not_acknowledged_an_hour_before_is_a_task(post: Post, watch: Watch):
    visit = await post.book()
    post.office.clock.moment = STARTS - HOUR - timedelta(seconds=1)
    await watch.run()
    assert await tasks(post) == []
    post.office.clock.moment = STARTS - HOUR
    for _ in range(2):
        await watch.run()
    (task,) = await tasks(post)
    assert (task.kind, task.visit_id, task.person_id, task.about_at, task.made_at) == (
        TaskKind.NOT_ACKNOWLEDGED, visit.id, PEKKA, STARTS, STARTS - HOUR,
    )  # fmt: skip


async def test_what_was_acknowledged_is_none(post: Post, watch: Watch):
    visit = await post.book()
    await Agenda(post.desk).acknowledge(visit.id, PEKKA_SAYS)
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    assert await tasks(post) == []


@pytest.mark.parametrize(
    "values",
    [{"sub_status": "requested"}, {"status": "cancelled"}, {"outcome": "no_supervisor"}],
    ids=["asked for", "cancelled", "over"],
)
async def test_what_is_not_sure_is_none(post: Post, watch: Watch, values):
    await alter(post, await post.book(), **values)
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    assert await tasks(post) == []


async def test_saying_it_late_settles_the_task(post: Post, watch: Watch):
    visit = await post.book()
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    await Agenda(post.desk).acknowledge(visit.id, PEKKA_SAYS)
    assert await tasks(post) == []
    await watch.run()
    assert await tasks(post) == []


@pytest.mark.parametrize(
    ("values", "later", "left"),
    [
        ({"status": "cancelled"}, timedelta(), 0),
        ({"starts_at": STARTS + timedelta(minutes=5)}, timedelta(), 0),
        ({"starts_at": STARTS + timedelta(minutes=5)}, timedelta(minutes=5), 1),
        ({}, HOUR, 0),
    ],
    ids=["cancelled", "moved", "moved and near again", "begun"],
)
async def test_a_task_goes_when_there_is_nothing_left_to_do(post: Post, watch: Watch, values, later, left):
    visit = await post.book()
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    if values:
        await alter(post, visit, **values)
    post.office.clock.moment += later
    await watch.run()
    assert len(await tasks(post)) == left


async def test_a_task_is_done_once_by_its_own_office_and_not_asked_for_again(post: Post, watch: Watch):
    await post.book()
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    (task,) = await tasks(post)
    with pytest.raises(NotFound):
        await Tasks(post.desk).done(task.id, STRANGER)
    await Tasks(post.desk).done(task.id, KIRSI)
    with pytest.raises(NotNow, match="already_decided"):
        await Tasks(post.desk).done(task.id, KIRSI)
    with pytest.raises(NotFound):
        await Tasks(post.desk).done("no task", KIRSI)
    await watch.run()
    assert await tasks(post) == []
    assert ("task.done", task.id) in [line[:2] for line in await post.office.audit()]


async def test_each_prison_tells_its_own_prisoner(post: Post, watch: Watch):
    there = await post.office.another_prison()
    visit = await post.book(await visitor_from_a14(post))
    async with post.office.database.write() as session:
        await session.execute(update(Prisoner).where(Prisoner.id == MIKKO).values(prison_id=there))
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    for prison, who in ((PRISON, PEKKA), (there, MIKKO)):
        assert [(task.visit_id, task.person_id) for task in await tasks(post, prison)] == [(visit.id, who)]


async def reminded(post: Post) -> list[str]:
    return [row.contact_id for row in await post.notices(Notice.kind == NoticeKind.VISIT_REMINDER.value)]


async def test_people_are_reminded_the_day_before_and_once(post: Post, watch: Watch):
    await post.book(ANNA, LEENA, booked_at=NOON)
    post.office.clock.moment = STARTS - timedelta(days=1, seconds=1)
    await watch.run()
    assert await reminded(post) == []
    post.office.clock.forward(seconds=1)
    for _ in range(2):
        await watch.run()
    assert sorted(await reminded(post)) == sorted([ANNA, LEENA])
    pigeon = Pigeon()
    await post.delivery(pigeon).run()
    assert {parcel.message.subject for parcel in pigeon.parcels} == {"Muistutus videopuhelusta"}


@pytest.mark.parametrize(
    ("more", "before"),
    [
        ({"booked_at": STARTS - timedelta(hours=30)}, timedelta(hours=24)),
        ({"booked_at": NOON}, timedelta(hours=2)),
        ({"booked_at": NOON, "status": "cancelled"}, timedelta(hours=24)),
        ({"booked_at": NOON, "sub_status": "requested"}, timedelta(hours=24)),
    ],
    ids=["just booked", "about to begin", "cancelled", "asked for"],
)
async def test_nobody_is_reminded_who_need_not_be(post: Post, watch: Watch, more, before):
    await post.book(**more)
    post.office.clock.moment = STARTS - before
    await watch.run()
    assert await reminded(post) == []


async def test_only_one_process_watches(post: Post, watch: Watch):
    await post.book()
    post.office.clock.moment = STARTS - HOUR
    other = Post(post.office, "two")
    await other.leases.take(watch.name, HOUR)
    await watch.run()
    assert await tasks(post) == []
    await Watch(post.desk, other.leases).leave()
    await watch.run()
    assert len(await tasks(post)) == 1


async def test_what_is_old_is_forgotten_and_what_waits_is_not(post: Post, watch: Watch):
    visit = await post.booked()
    await post.delivery(Pigeon()).run()
    await post.tell(NoticeKind.DECISION_MADE, visit)
    post.office.clock.moment = NOON + KEPT
    await watch.run()
    assert len(await post.notices()) == 2
    post.office.clock.forward(hours=1)
    await watch.run()
    assert [row.kind for row in await post.notices()] == ["decision_made"]
    async with post.office.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(SignInCode)) == 0


async def test_done_tasks_are_forgotten_too(post: Post, watch: Watch):
    await post.book()
    post.office.clock.moment = STARTS - HOUR
    await watch.run()
    post.office.clock.moment = STARTS + KEPT
    await watch.run()
    async with post.office.database.read() as session:
        mine = select(func.count()).select_from(OfficeTask).where(OfficeTask.about_at == STARTS)
        assert await session.scalar(mine) == 0
