"""People outside are told in the transaction of what they are told, each their own way and in their language."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.visitation.post import ANNA, LEENA, PEKKA, STARTS, Post
from tests.visitation.world import NOON, PRISON
from visitation.events import Event, NoticesWritten
from visitation.model.notices import PushDevice
from visitation.model.people import Contact, ResponsibleAdult
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.notices.kinds import Channel, NoticeKind, NoticeState
from visitation.services.notices import Notices, remind, tell_contact, tell_of_visit


async def test_everybody_who_comes_is_told_of_the_time_as_it_is(post: Post):
    visit = await post.book(ANNA, LEENA)
    await post.tell(NoticeKind.VISIT_BOOKED, visit)
    told = await post.notices()
    assert {row.contact_id for row in told} == {ANNA, LEENA}
    for row in told:
        assert (row.kind, row.channel, row.lang, row.state) == ("visit_booked", "email", "fi", "waiting")
        assert (row.starts_at, row.changes, row.due_at, row.worth_until) == (STARTS, 1, NOON, STARTS)


async def test_what_is_undone_was_never_told(post: Post):
    visit = await post.book()
    with pytest.raises(LookupError):
        async with post.desk.work(None) as work:
            row = await work.session.get_one(Visit, visit.id)
            row.starts_at += timedelta(minutes=5)
            await tell_of_visit(work, NoticeKind.VISIT_CHANGED, row)
            raise LookupError
    assert await post.notices() == []


async def test_the_calendar_counts_the_change_that_is_told(post: Post):
    visit = await post.book()
    for number in (1, 2):
        moved = STARTS + timedelta(minutes=5 * number)
        await post.tell(NoticeKind.VISIT_CHANGED, visit, starts_at=moved)
    assert [row.changes for row in await post.notices()] == [2, 3]


async def test_that_messages_wait_is_told_once_and_after_the_transaction(post: Post):
    heard: list[Event] = []

    async def hear(event: NoticesWritten) -> None:
        heard.append(event)
        assert len(await post.notices()) == 2

    post.office.events.subscribe(NoticesWritten, hear)
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book(ANNA, LEENA))
    assert heard == [NoticesWritten()]


async def test_a_newer_message_takes_the_place_of_what_still_waits(post: Post):
    visit = await post.book(ANNA)
    other = await post.book(ANNA, at=STARTS + timedelta(days=1))
    await post.tell(NoticeKind.VISIT_BOOKED, other)
    await post.tell(NoticeKind.VISIT_BOOKED, visit)
    await post.tell(NoticeKind.VISIT_CANCELLED, visit, status="cancelled")
    kept = {(row.kind, row.visit_id): row.state for row in await post.notices()}
    assert kept == {
        ("visit_booked", other.id): "waiting",
        ("visit_booked", visit.id): "overtaken",
        ("visit_cancelled", visit.id): "waiting",
    }


async def test_a_child_is_told_by_the_adult_who_brings_it(post: Post):
    async with post.office.database.write() as session:
        session.add(ResponsibleAdult(child_id=LEENA, adult_id=ANNA))
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book(ANNA, LEENA))
    assert [row.contact_id for row in await post.notices()] == [ANNA]
    alone = await post.book(LEENA, at=STARTS + timedelta(days=1))
    await post.tell(NoticeKind.VISIT_BOOKED, alone)
    assert [row.contact_id for row in await post.notices() if row.visit_id == alone.id] == [LEENA]


async def test_a_prisoner_who_visits_has_the_terminal(post: Post):
    async with post.office.database.write() as session:
        there = Contact(
            id=str(uuid.uuid4()), kind="prisoner", prisoner_id=PEKKA, name="Pekka", email="p@example.org"
        )
        session.add(there)
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book(ANNA, there.id))
    async with post.desk.work(None) as work:
        await tell_contact(work, NoticeKind.DECISION_MADE, there.id, PRISON)
    assert [row.contact_id for row in await post.notices()] == [ANNA]


async def test_whoever_asked_for_it_is_told_too(post: Post):
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book(ANNA, booked_by=LEENA))
    assert {row.contact_id for row in await post.notices()} == {ANNA, LEENA}


async def test_each_is_told_the_way_they_chose(post: Post):
    await post.give_addresses(telephone="+358 40 000 0000")
    await post.choose(ANNA, email=False, sms=True)
    async with post.office.database.write() as session:
        session.add(
            PushDevice(
                id="device",
                contact_id=ANNA,
                endpoint="https://push.example",
                p256dh="B",
                auth="s",
                made_at=NOON,
            )
        )
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book(ANNA, LEENA))
    told = {(row.contact_id, row.channel, row.device_id) for row in await post.notices()}
    assert told == {(ANNA, "sms", ""), (ANNA, "web_push", "device"), (LEENA, "email", "")}


@pytest.mark.parametrize(
    ("own", "country", "expected"), [("sv", "FI", "sv"), (None, "FI", "fi"), (None, "GB", "en")]
)
async def test_each_is_told_in_their_language_or_the_prisons(post: Post, own, country, expected):
    async with post.office.database.write() as session:
        await session.execute(update(Contact).where(Contact.id == ANNA).values(language=own))
        await session.execute(update(Prison).values(country=country))
    await post.tell(NoticeKind.VISIT_BOOKED, await post.book())
    assert [row.lang for row in await post.notices()] == [expected]


async def test_a_reminder_of_one_time_is_written_once(post: Post):
    visit = await post.book(ANNA, LEENA)
    await post.tell(NoticeKind.VISIT_BOOKED, visit)

    async def once_more(**changes) -> int:
        async with post.desk.work(None) as work:
            row = await work.session.get_one(Visit, visit.id)
            for name, value in changes.items():
                setattr(row, name, value)
            await work.session.flush()
            await remind(work, row)
        return len([row for row in await post.notices() if row.kind == NoticeKind.VISIT_REMINDER])

    assert [await once_more(), await once_more()] == [2, 2]
    later = STARTS + timedelta(hours=1)
    assert await once_more(starts_at=later, ends_at=later + timedelta(minutes=30)) == 4
    booked = [row.state for row in await post.notices() if row.kind == NoticeKind.VISIT_BOOKED]
    assert booked == ["waiting", "waiting"]


async def test_the_office_sees_what_became_of_each_message(post: Post):
    visit = await post.book()
    await post.tell(NoticeKind.VISIT_BOOKED, visit)
    (sent,) = await Notices(post.desk).of_visit(visit.id)
    assert (sent.name, sent.kind, sent.channel, sent.state) == (
        "Anna", NoticeKind.VISIT_BOOKED, Channel.EMAIL, NoticeState.WAITING,
    )  # fmt: skip
    assert (sent.reason, sent.attempts, sent.settled_at) == (None, 0, None)
    assert await Notices(post.desk).of_visit("another") == ()


async def test_a_person_who_is_erased_leaves_no_message_behind(post: Post):
    async with post.desk.work(None) as work:
        erased = Contact(id=str(uuid.uuid4()), kind="friend", name="Aino", email="aino@example.org")
        work.session.add(erased)
        await work.session.flush()
        await tell_contact(work, NoticeKind.REQUEST_ANSWERED, erased.id, PRISON)
    assert len(await post.notices()) == 1
    async with post.desk.work(None) as work:
        await work.session.delete(await work.session.get_one(Contact, erased.id))
    assert await post.notices() == []
    async with post.office.database.read() as session:
        assert (await session.scalars(select(Contact.id).where(Contact.id == erased.id))).all() == []
