"""Links are asked for once and answered; a professional's standing comes from a register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.visitation.office import KIRSI, STRANGER, Office, prisoner
from tests.visitation.world import NOON, PRISON
from visitation.commands.contacts import AskToBeLinked, LinkData, StandingData
from visitation.commands.people import ContactData
from visitation.eligibility import LinkState
from visitation.errors import BadInput, NotFound, NotNow
from visitation.policy.identity import Identity
from visitation.services.contacts import WAITING, Link
from visitation.services.demo_people import demo_id
from visitation.storage.database import Database

TODAY = NOON.date()
MARIA = demo_id("contact", "A-17")


@pytest.fixture
async def office(either: Database) -> Office:
    office = Office(either)
    await office.people.prisoners.add(prisoner(), KIRSI)
    return office


async def a_contact(office: Office, name: str = "Aino") -> str:
    return (await office.people.contacts.add(ContactData(kind="social", name=name), KIRSI)).id


async def ask(office: Office, contact: str, number: str = "D999", family: str = "kuvitelma") -> Link:
    who = Identity("visitor", contact, PRISON, "session", "Aino")
    data = AskToBeLinked(
        contact_id=contact, prisoner_number=number, prisoner_family_name=family, relation="sister"
    )
    return await office.contacts.ask(data, who)


async def test_a_request_waits_for_the_office_with_a_date(office: Office):
    link = await ask(office, await a_contact(office))
    assert (link.state, link.expected_by, link.asked_at) == (
        LinkState.REQUESTED,
        TODAY + timedelta(days=7),
        NOON,
    )
    assert link.relation["fi"] == "sisko"
    assert await office.contacts.waiting_in(PRISON) == (link,)
    assert await office.contacts.waiting_in("another prison") == ()


async def test_who_knows_number_and_name_only_in_part_learns_nothing(office: Office):
    contact = await a_contact(office)
    for number, family in (("D998", "Kuvitelma"), ("D999", "Kuvitelmala")):
        with pytest.raises(NotFound):
            await ask(office, contact, number, family)


async def test_the_office_answers_once_and_with_a_reason(office: Office):
    link = await ask(office, await a_contact(office))
    with pytest.raises(BadInput, match="reason_required"):
        await office.contacts.reject(link.id, link.version, " ", KIRSI)
    with pytest.raises(NotFound):
        await office.contacts.approve(link.id, link.version, "", STRANGER)
    approved = await office.contacts.approve(link.id, link.version, "", KIRSI)
    assert (approved.state, approved.decided_by, approved.decided_at) == (
        LinkState.APPROVED, KIRSI.person_id, NOON,
    )  # fmt: skip
    with pytest.raises(NotNow, match="already_decided"):
        await office.contacts.reject(link.id, approved.version, "Too late", KIRSI)
    with pytest.raises(NotNow, match="stale"):
        await office.contacts.end(link.id, link.version, "Objects", KIRSI)
    ended = await office.contacts.end(link.id, approved.version, "Objects", KIRSI)
    assert (ended.state, ended.reason) == (LinkState.ENDED, "Objects")


async def test_what_waits_or_stands_is_not_asked_for_again_but_what_was_refused_is(office: Office):
    contact = await a_contact(office)
    link = await ask(office, contact)
    with pytest.raises(NotNow, match="already_there"):
        await ask(office, contact)
    await office.contacts.reject(link.id, link.version, "Not now", KIRSI)
    again = await ask(office, contact)
    assert (again.id, again.state, again.decided_at) == (link.id, LinkState.REQUESTED, None)


async def test_one_person_has_a_bounded_number_of_requests_waiting(office: Office):
    contact = await a_contact(office)
    for number in range(WAITING + 1):
        await office.people.prisoners.add(prisoner(number=f"Q{number}"), KIRSI)
    for number in range(WAITING):
        await ask(office, contact, f"Q{number}")
    with pytest.raises(NotNow, match="too_many_waiting"):
        await ask(office, contact, f"Q{WAITING}")


async def test_the_office_may_say_when_it_answers(office: Office):
    link = await ask(office, await a_contact(office))
    later = await office.contacts.expect(link.id, link.version, TODAY + timedelta(days=20), KIRSI)
    assert later.expected_by == TODAY + timedelta(days=20)


async def test_links_are_written_down_with_both_people_and_told(office: Office):
    contact = await a_contact(office)
    link = await ask(office, contact)
    await office.contacts.reject(link.id, link.version, "Not now", KIRSI)
    (asked, answered) = (await office.audit())[-2:]
    assert [one[0] for one in (asked, answered)] == ["link.added", "link.changed"]
    assert all(contact in one[2] and link.prisoner_id in one[2] for one in (asked, answered))
    assert office.told[-2:] == [("link", "added"), ("link", "changed")]


async def test_the_office_links_at_once(office: Office):
    contact = await a_contact(office)
    data = LinkData(prisoner_id=demo_id("prisoner", "A-12"), contact_id=contact, relation="lawyer")
    link = await office.contacts.link(data, KIRSI)
    assert (link.state, link.type.value) == (LinkState.APPROVED, "O")
    with pytest.raises(NotNow, match="already_there"):
        await office.contacts.link(data, KIRSI)
    with pytest.raises(BadInput):
        await office.contacts.link(data.model_copy(update={"prisoner_id": "nobody"}), KIRSI)
    assert link in await office.contacts.of_contact(contact)


def a_check(day: date = TODAY, **more: object) -> StandingData:
    given = {
        "contact_id": MARIA, "standing": "legal", "register_name": "Asianajajaluettelo",
        "number": "1", "checked_on": day, "recheck_on": day + timedelta(days=365),
    }  # fmt: skip
    return StandingData.model_validate(given | more)


async def test_a_newer_look_in_the_register_takes_the_place_of_the_older(office: Office):
    kept = await office.contacts.verify(a_check(number="2"), KIRSI)
    assert await office.contacts.standings_of(MARIA) == (kept,)


async def test_several_standings_are_held_at_once_and_each_ends_once(office: Office):
    kept = await office.contacts.verify(a_check(standing="clergy"), KIRSI)
    assert [one.data.standing for one in await office.contacts.standings_of(MARIA)] == ["clergy", "legal"]
    await office.contacts.end_standing(kept.id, kept.version, KIRSI)
    with pytest.raises(NotNow):
        await office.contacts.end_standing(kept.id, kept.version + 1, KIRSI)
    assert [one.data.standing for one in await office.contacts.standings_of(MARIA)] == ["legal"]
    assert ("standing", "changed") in office.told


async def test_nobody_unknown_is_verified(office: Office):
    with pytest.raises(BadInput):
        await office.contacts.verify(a_check(contact_id="nobody"), KIRSI)
