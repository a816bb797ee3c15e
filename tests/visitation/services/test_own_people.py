"""Somebody outside asks to visit a prisoner: once, and without learning whether there is one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from tests.visitation.office import KIRSI, Office, prisoner
from tests.visitation.world import NOON, PRISON
from visitation.commands.contacts import AskForPrisoner, LinkData
from visitation.commands.people import ContactData
from visitation.errors import NotFound, NotNow
from visitation.policy.identity import Identity
from visitation.services.contacts import ANSWER_WITHIN, WAITING, Link
from visitation.services.own_people import ASKED_A_DAY, OwnPeople, OwnPerson, PersonState
from visitation.storage.database import Database

BORN = date(1987, 3, 14)
TODAY = NOON.date()
FITS = {
    "prisoner_number": "D999",
    "prisoner_name": "Onni Kuvitelma",
    "prisoner_born_on": BORN,
    "relation": "sister",
}


class Asking(Office):
    """The office, and Aino who asks."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.own = OwnPeople(self.desk, self.contacts)
        self.aino = Identity("visitor", "", "", "session", "Aino")

    async def open(self) -> None:
        self.onni = (await self.people.prisoners.add(prisoner(born_on=BORN), KIRSI)).id
        contact = await self.people.contacts.add(ContactData(kind="social", name="Aino"), KIRSI)
        self.aino = replace(self.aino, person_id=contact.id)

    async def ask(self, **changes: object) -> OwnPerson:
        return await self.own.ask(AskForPrisoner.model_validate(FITS | changes), self.aino)

    async def mine(self) -> tuple[OwnPerson, ...]:
        return await self.own.of(self.aino.person_id)

    async def waiting(self) -> tuple[Link, ...]:
        return await self.contacts.waiting_in(PRISON)


@pytest.fixture
async def asking(either: Database) -> Asking:
    asking = Asking(either)
    await asking.open()
    return asking


async def test_a_request_that_fits_waits_for_the_office_with_a_date(asking):
    told = await asking.ask()
    assert (told.state, told.name, told.number) == (PersonState.REQUESTED, "Onni Kuvitelma", "D999")
    assert (told.asked_at, told.expected_by) == (NOON, TODAY + ANSWER_WITHIN)
    assert await asking.mine() == (told,)
    (link,) = await asking.waiting()
    assert (link.prisoner_id, link.contact_id, link.relation_code) == (
        asking.onni, asking.aino.person_id, "sister",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"prisoner_name": "kuvitelma ONNI"},
        {"prisoner_name": "Onni Olavi Kuvitelma"},
        {"prisoner_number": " d999 "},
    ],
)
async def test_names_come_in_any_order_and_letters_in_any_size(asking, changes):
    await asking.ask(**changes)
    assert len(await asking.waiting()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"prisoner_number": "D998"},
        {"prisoner_name": "Onni"},
        {"prisoner_name": "Onni Kuvitelmala"},
        {"prisoner_born_on": BORN + timedelta(days=1)},
    ],
)
async def test_whether_somebody_fits_cannot_be_told(asking, changes):
    typed = FITS | changes
    told = await asking.ask(**changes)
    fits = await asking.own.ask(
        AskForPrisoner.model_validate(FITS), replace(asking.aino, person_id=await another(asking))
    )
    assert told == replace(fits, id=told.id, name=typed["prisoner_name"], number=typed["prisoner_number"])
    assert len(await asking.waiting()) == 1
    asking.clock.forward(days=ANSWER_WITHIN.days)
    assert [each.state for each in await asking.mine()] == [PersonState.REQUESTED]
    asking.clock.forward(days=1)
    assert [each.state for each in await asking.mine()] == [PersonState.OVERDUE]
    with pytest.raises(NotNow, match="already_there"):
        await asking.ask(**changes)
    await asking.own.withdraw(told.id, asking.aino)
    assert await asking.mine() == ()


async def another(asking: Asking) -> str:
    return (await asking.people.contacts.add(ContactData(kind="social", name="Saimi"), KIRSI)).id


async def test_a_request_that_fits_and_is_not_answered_looks_the_same_as_one_that_does_not(asking):
    fits, does_not = await asking.ask(), await asking.ask(prisoner_number="D998")
    for days in (ANSWER_WITHIN.days, 1):
        asking.clock.forward(days=days)
        one, other = [await one_of(asking, each.id) for each in (fits, does_not)]
        assert replace(one, id="", number="") == replace(other, id="", number="")
    for each in (fits, does_not):
        with pytest.raises(NotNow, match="already_there"):
            await asking.ask(prisoner_number=each.number)


async def one_of(asking: Asking, id_: str) -> OwnPerson:
    return next(each for each in await asking.mine() if each.id == id_)


async def test_the_same_is_written_down_whether_somebody_fits_or_not(asking):
    for number in ("D999", "D998"):
        await asking.ask(prisoner_number=number)
    kinds = [kind for kind, _, _ in await asking.audit()]
    assert kinds[-3:] == ["link.added", "link.asked", "link.asked"]


async def test_what_is_on_the_file_is_told_with_the_approval(asking):
    asked = await asking.ask(prisoner_name="Onni Olavi Kuvitelma", relation="friend")
    (link,) = await asking.waiting()
    await asking.contacts.approve(link.id, link.version, "", KIRSI)
    (told,) = await asking.mine()
    assert (told.id, told.state, told.name, told.number) == (
        asked.id, PersonState.APPROVED, "Onni", "D999",
    )  # fmt: skip
    assert (told.prisoner_id, told.prison, told.relation["en"]) == (asking.onni, "Kaislaranta", "friend")


async def test_a_refusal_is_told_with_its_reason_and_nothing_of_the_file(asking):
    asked = await asking.ask(prisoner_name="Onni Olavi Kuvitelma")
    (link,) = await asking.waiting()
    await asking.contacts.reject(link.id, link.version, "Not now", KIRSI)
    (told,) = await asking.mine()
    assert (told.id, told.state, told.reason, told.name) == (
        asked.id, PersonState.REJECTED, "Not now", "Onni Olavi Kuvitelma",
    )  # fmt: skip
    assert (told.prisoner_id, told.prison) == (None, None)
    asking.clock.forward(days=1)
    again = await asking.ask()
    assert [each.id for each in await asking.mine()] == [again.id]


async def test_the_day_the_office_promises_is_the_day_that_is_told(asking):
    await asking.ask()
    (link,) = await asking.waiting()
    await asking.contacts.expect(link.id, link.version, TODAY + timedelta(days=30), KIRSI)
    asking.clock.forward(days=20)
    (told,) = await asking.mine()
    assert (told.state, told.expected_by) == (PersonState.REQUESTED, TODAY + timedelta(days=30))


async def test_a_link_that_the_office_made_is_told_without_having_been_asked_for(asking):
    data = LinkData(prisoner_id=asking.onni, contact_id=asking.aino.person_id, relation="sister")
    link = await asking.contacts.link(data, KIRSI)
    (told,) = await asking.mine()
    assert (told.id, told.state, told.name, told.number) == (link.id, PersonState.APPROVED, "Onni", None)
    with pytest.raises(NotNow, match="already_there"):
        await asking.ask()


async def test_a_request_is_withdrawn_by_whoever_asked_until_it_is_answered(asking):
    asked = await asking.ask()
    with pytest.raises(NotFound):
        await asking.own.withdraw(asked.id, replace(asking.aino, person_id="another"))
    assert await asking.own.asker_of(asked.id) == asking.aino.person_id
    await asking.own.withdraw(asked.id, asking.aino)
    assert await asking.own.asker_of(asked.id) is None
    assert (await asking.mine(), await asking.waiting()) == ((), ())
    with pytest.raises(NotFound):
        await asking.own.withdraw(asked.id, asking.aino)
    asked = await asking.ask()
    (link,) = await asking.waiting()
    await asking.contacts.approve(link.id, link.version, "", KIRSI)
    with pytest.raises(NotNow, match="already_decided"):
        await asking.own.withdraw(asked.id, asking.aino)


async def test_nobody_asks_for_two_at_once_or_without_end(asking):
    numbers = [f"D{number}" for number in range(100, 100 + WAITING)]
    asked = [await asking.ask(prisoner_number=number) for number in numbers]
    with pytest.raises(NotNow, match="already_there"):
        await asking.ask(prisoner_number="d100")
    with pytest.raises(NotNow, match="too_many_waiting"):
        await asking.ask()
    for _ in range(ASKED_A_DAY - WAITING):
        await asking.own.withdraw(asked[0].id, asking.aino)
        asked[0] = await asking.ask(prisoner_number="D100")
    await asking.own.withdraw(asked[0].id, asking.aino)
    with pytest.raises(NotNow, match=r"too_many$"):
        await asking.ask()
    asking.clock.forward(days=1)
    await asking.ask()


async def test_of_two_who_ask_the_same_at_once_one_has_asked(asking):
    done = await asyncio.gather(asking.ask(), asking.ask(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NotNow", "OwnPerson"]
    assert len(await asking.mine()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"prisoner_number": ""},
        {"prisoner_number": "D 999"},
        {"prisoner_name": "x" * 101},
        {"prisoner_name": "a\nb"},
        {"prisoner_born_on": date(1899, 12, 31)},
        {"relation": "neighbour's cat"},
        {"contact_id": "somebody else"},
    ],
)
def test_what_is_typed_has_its_limits(changes):
    with pytest.raises(ValidationError):
        AskForPrisoner.model_validate(FITS | changes)
