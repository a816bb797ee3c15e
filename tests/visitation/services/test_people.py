"""Prisoners move and take their people along; children have adults of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.visitation.office import KIRSI, Office, prisoner
from tests.visitation.world import NOON, PRISON
from visitation.commands.contacts import LinkData
from visitation.commands.people import ContactData
from visitation.eligibility import LinkState
from visitation.errors import BadInput, NotFound, NotNow
from visitation.services.demo_people import demo_id
from visitation.storage.database import Database

PEKKA = demo_id("prisoner", "A-12")
ANNA = demo_id("contact", "A-12")


@pytest.fixture
def office(either: Database) -> Office:
    return Office(either)


async def a_contact(office: Office, name: str, **more: object) -> str:
    data = ContactData.model_validate({"kind": "social", "name": name, **more})
    return (await office.people.contacts.add(data, KIRSI)).id


async def test_a_transfer_takes_the_links_along_and_leaves_the_cell(office: Office):
    there = await office.another_prison()
    before = await office.people.prisoners.get(PEKKA)
    kept = await office.people.transfer(PEKKA, before.version, there, KIRSI)
    assert (kept.data.prison_id, kept.data.unit_id, kept.data.cell, kept.data.terminal_id) == (
        there,
        None,
        None,
        None,
    )
    (link,) = await office.contacts.of_prisoner(PEKKA)
    assert (link.state, link.objections_until) == (LinkState.APPROVED, NOON + timedelta(hours=24))


async def test_both_prisons_hear_of_a_transfer_and_it_is_written_down(office: Office):
    there = await office.another_prison()
    office.news.clear()
    await office.people.transfer(PEKKA, 1, there, KIRSI)
    assert {(event.id, event.prison_id) for event in office.news} == {(PEKKA, PRISON), (PEKKA, there)}
    kind, subject, facts = (await office.audit())[-1]
    assert (kind, subject) == ("prisoner.changed", PEKKA)
    assert '"prison_id"' in facts


async def test_a_transfer_goes_to_another_prison_that_is_there(office: Office):
    for to in (PRISON, "nowhere"):
        with pytest.raises(BadInput):
            await office.people.transfer(PEKKA, 1, to, KIRSI)
    with pytest.raises(NotNow, match="stale"):
        await office.people.transfer(PEKKA, 7, await office.another_prison(), KIRSI)


async def test_a_prisoner_is_found_by_number(office: Office):
    kept = await office.people.prisoners.add(prisoner(number="X-1"), KIRSI)
    assert await office.people.prisoner_numbered("X-1") == kept
    assert await office.people.prisoner_numbered("X-2") is None


async def test_those_who_are_gone_are_not_listed(office: Office):
    kept = await office.people.prisoners.add(prisoner(number="X-1"), KIRSI)
    here = len(await office.people.prisoners_of(PRISON))
    gone = kept.data.model_copy(update={"status": "released"})
    await office.people.prisoners.change(kept.id, kept.version, gone, KIRSI)
    assert len(await office.people.prisoners_of(PRISON)) == here - 1


async def test_contacts_are_found_by_the_beginning_of_their_family_name(office: Office):
    for name in ("Kuvitelma", "Kuvitelmala", "Kuusela", "100%"):
        await a_contact(office, "Aino", family_name=name)
    found = await office.people.contacts_named("Kuvit")
    assert [one.data.family_name for one in found] == ["Kuvitelma", "Kuvitelmala"]
    assert [one.data.family_name for one in await office.people.contacts_named("100%")] == ["100%"]


async def test_a_child_has_the_adults_that_were_named_last(office: Office):
    child, one, two = [await a_contact(office, name) for name in ("Lapsi", "Yksi", "Kaksi")]
    await office.people.set_responsible_adults(child, [one], KIRSI)
    await office.people.set_responsible_adults(child, [one, two], KIRSI)
    assert set(await office.people.responsible_adults(child)) == {one, two}
    await office.people.set_responsible_adults(child, [], KIRSI)
    assert await office.people.responsible_adults(child) == ()


async def test_nobody_is_responsible_for_themselves_and_nobody_unknown_for_anybody(office: Office):
    child = await a_contact(office, "Lapsi")
    for adults in ([child], ["nobody"]):
        with pytest.raises(BadInput):
            await office.people.set_responsible_adults(child, adults, KIRSI)
    with pytest.raises(NotFound):
        await office.people.set_responsible_adults("nobody", [child], KIRSI)


async def test_a_prisoner_can_be_somebodys_contact_once(office: Office):
    mikko = demo_id("prisoner", "A-14")
    contact = await a_contact(office, "Mikko", kind="prisoner", prisoner_id=mikko)
    link = await office.contacts.link(
        LinkData(prisoner_id=PEKKA, contact_id=contact, relation="brother"), KIRSI
    )
    assert link.state is LinkState.APPROVED
    with pytest.raises(NotNow, match="already_there"):
        await a_contact(office, "Mikko", kind="prisoner", prisoner_id=mikko)
