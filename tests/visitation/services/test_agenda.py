"""A prisoner sees what is to come and says that they know about it; of another time they have not said it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.visitation.post import ANNA, LEENA, PEKKA, STARTS, Post
from tests.visitation.world import NOON, PRISON
from visitation.errors import NotFound, NotNow
from visitation.model.people import Contact
from visitation.model.prisons import Terminal
from visitation.model.visits import Visit
from visitation.policy.identity import Identity
from visitation.services.agenda import Agenda, Entry
from visitation.services.demo_people import demo_id

A12 = demo_id("terminal", "A-12")
MIKKO = demo_id("prisoner", "A-14")
PEKKA_SAYS = Identity("prisoner", PEKKA, PRISON, "session", "Pekka", terminal_id=A12)
MIKKO_SAYS = Identity("prisoner", MIKKO, PRISON, "session", "Mikko", terminal_id=demo_id("terminal", "A-14"))


async def of_pekka(post: Post, visit: Visit) -> Entry | None:
    found = await Agenda(post.desk).of_prisoner(PEKKA)
    return next((entry for entry in found if entry.visit_id == visit.id), None)


async def alter(post: Post, visit: Visit, **values) -> None:
    async with post.office.database.write() as session:
        await session.execute(update(Visit).where(Visit.id == visit.id).values(**values))


async def visitor_from_a14(post: Post) -> str:
    """Mikko as a visitor of another's visit."""
    contact = Contact(id=str(uuid.uuid4()), kind="prisoner", prisoner_id=MIKKO, name="Mikko")
    async with post.office.database.write() as session:
        session.add(contact)
    return contact.id


async def test_the_agenda_says_who_when_and_where(post: Post):
    visit = await post.book(ANNA, LEENA)
    entry = await of_pekka(post, visit)
    assert entry == Entry(
        visit_id=visit.id,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(minutes=30),
        standing="booked",
        people=("Anna", "Leena"),
        place="A-12",
        acknowledged_at=None,
    )


async def test_a_visit_in_a_room_is_in_its_prisoners_agenda(post: Post):
    async with post.office.database.write() as session:
        terminal = await session.get_one(Terminal, A12)
        room = Terminal(
            id=str(uuid.uuid4()), prison_id=PRISON, unit_id=terminal.unit_id, place="Room 1", use="shared"
        )
        session.add(room)
    visit = await post.book()
    await alter(post, visit, terminal_id=room.id)
    entry = await of_pekka(post, visit)
    assert entry is not None
    assert entry.place == "Room 1"


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"sub_status": "requested"}, "asked"),
        ({"sub_status": "approved"}, "booked"),
        ({"status": "cancelled", "sub_status": "cancelled"}, "cancelled"),
    ],
)
async def test_the_agenda_says_what_is_sure(post: Post, values, standing):
    visit = await post.book()
    await alter(post, visit, **values)
    entry = await of_pekka(post, visit)
    assert entry is not None
    assert entry.standing == standing


async def test_what_is_over_or_far_away_is_not_in_it(post: Post):
    far, now = await post.book(at=NOON + timedelta(days=28)), await post.book()
    assert await of_pekka(post, far) is None
    assert await of_pekka(post, now) is not None
    post.office.clock.moment = STARTS + timedelta(minutes=30)
    assert await of_pekka(post, now) is None


async def test_what_was_acknowledged_stays_so(post: Post):
    visit = await post.book()
    entry = await Agenda(post.desk).acknowledge(visit.id, PEKKA_SAYS)
    assert entry.acknowledged_at == NOON
    post.office.clock.forward(minutes=5)
    again = await Agenda(post.desk).acknowledge(visit.id, PEKKA_SAYS)
    assert again == entry == await of_pekka(post, visit)
    lines = [line for line in await post.office.audit() if line[0] == "visit.acknowledged"]
    assert [line[1] for line in lines] == [visit.id]


async def test_of_another_time_they_have_not_said_it(post: Post):
    visit = await post.book()
    agenda = Agenda(post.desk)
    await agenda.acknowledge(visit.id, PEKKA_SAYS)
    await alter(post, visit, starts_at=STARTS + timedelta(minutes=5))
    moved = await of_pekka(post, visit)
    assert moved is not None
    assert moved.acknowledged_at is None
    assert (await agenda.acknowledge(visit.id, PEKKA_SAYS)).acknowledged_at == NOON


async def test_both_prisoners_of_a_visit_between_prisons_say_it(post: Post):
    visit = await post.book(await visitor_from_a14(post))
    await alter(post, visit, other_terminal_id=demo_id("terminal", "A-14"))
    agenda = Agenda(post.desk)
    await agenda.acknowledge(visit.id, MIKKO_SAYS)
    (mikkos,) = [entry for entry in await agenda.of_prisoner(MIKKO) if entry.visit_id == visit.id]
    assert (mikkos.people, mikkos.place, mikkos.acknowledged_at) == (("Pekka",), "A-14", NOON)
    pekkas = await of_pekka(post, visit)
    assert pekkas is not None
    assert (pekkas.people, pekkas.place, pekkas.acknowledged_at) == (("Mikko",), "A-12", None)


async def test_nobody_says_it_for_somebody_else(post: Post):
    visit = await post.book()
    for who, which in ((MIKKO_SAYS, visit.id), (PEKKA_SAYS, "no visit")):
        with pytest.raises(NotFound):
            await Agenda(post.desk).acknowledge(which, who)


@pytest.mark.parametrize(
    ("values", "code"),
    [({"status": "cancelled"}, "visit_cancelled"), ({"outcome": "no_supervisor"}, "visit_over")],
)
async def test_what_is_not_to_be_cannot_be_acknowledged(post: Post, values, code):
    visit = await post.book()
    await alter(post, visit, **values)
    with pytest.raises(NotNow, match=code):
        await Agenda(post.desk).acknowledge(visit.id, PEKKA_SAYS)
