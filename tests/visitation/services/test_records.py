"""What the office edits: kept with its version, written down, told; and what is refused."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import ValidationError

from tests.visitation.office import KIRSI, STRANGER, Office, prisoner
from tests.visitation.world import PRISON
from visitation.commands.prisons import UnitData
from visitation.errors import BadInput, NotFound, NotNow, Refused
from visitation.services.demo_people import demo_id
from visitation.services.records import Kept
from visitation.storage.database import Database


@pytest.fixture
def office(either: Database) -> Office:
    return Office(either)


async def a_unit(office: Office, name: str = "C", parent: str | None = None) -> Kept[UnitData]:
    return await office.prisons.units.add(UnitData(prison_id=PRISON, name=name, parent_id=parent), KIRSI)


async def code_of(doing: object) -> str:
    with pytest.raises(Refused) as refused:
        await doing  # type: ignore[misc]
    return refused.value.code


async def test_what_is_added_is_kept_written_down_and_told(office: Office):
    unit = await a_unit(office)
    assert await office.prisons.units.get(unit.id) == unit
    assert (unit.version, unit.data.name) == (1, "C")
    assert await office.audit() == [("unit.added", unit.id, "{}")]
    assert office.told == [("unit", "added")]


async def test_a_change_raises_the_version_and_names_the_fields(office: Office):
    unit = await a_unit(office)
    changed = await office.prisons.units.change(unit.id, 1, unit.data.model_copy(update={"name": "D"}), KIRSI)
    assert (changed.version, changed.data.name) == (2, "D")
    assert (await office.audit())[-1] == ("unit.changed", unit.id, '{"fields":["name"]}')


async def test_what_is_the_same_already_is_no_change(office: Office):
    unit = await a_unit(office)
    assert await office.prisons.units.change(unit.id, 1, unit.data, KIRSI) == unit
    assert office.told == [("unit", "added")]


async def test_nobody_overwrites_what_they_have_not_seen(office: Office):
    unit = await a_unit(office)
    for name, told in (("D", None), ("E", "stale")):
        doing = office.prisons.units.change(unit.id, 1, unit.data.model_copy(update={"name": name}), KIRSI)
        if told is None:
            await doing
        else:
            assert await code_of(doing) == told
    assert await code_of(office.prisons.units.remove(unit.id, 1, KIRSI)) == "stale"


async def test_of_many_changes_of_one_version_one_is_kept(office: Office):
    unit = await a_unit(office)
    doing = [
        office.prisons.units.change(unit.id, 1, unit.data.model_copy(update={"name": f"D{number}"}), KIRSI)
        for number in range(6)
    ]
    done = await asyncio.gather(*doing, return_exceptions=True)
    assert sum(isinstance(one, Kept) for one in done) == 1
    assert {one.code for one in done if isinstance(one, NotNow)} == {"stale"}


async def test_what_is_removed_is_gone_and_what_is_used_stays(office: Office):
    unit = await a_unit(office)
    await office.prisons.units.remove(unit.id, 1, KIRSI)
    assert await code_of(office.prisons.units.get(unit.id)) == "not_found"
    assert (await office.audit())[-1] == ("unit.removed", unit.id, "{}")
    (used, _) = await office.prisons.units_of(PRISON)
    assert await code_of(office.prisons.units.remove(used.id, used.version, KIRSI)) == "in_use"


async def test_another_prisons_is_not_found(office: Office):
    unit = await a_unit(office)
    assert await code_of(office.prisons.units.change(unit.id, 1, unit.data, STRANGER)) == "not_found"
    assert (
        await code_of(office.prisons.units.add(UnitData(prison_id=PRISON, name="X"), STRANGER)) == "not_found"
    )
    assert await code_of(office.people.prisoners.add(prisoner(), STRANGER)) == "not_found"


async def test_a_row_never_changes_its_prison(office: Office):
    unit = await a_unit(office)
    elsewhere = unit.data.model_copy(update={"prison_id": await office.another_prison()})
    with pytest.raises(BadInput):
        await office.prisons.units.change(unit.id, 1, elsewhere, None)


async def test_the_same_twice_is_refused_and_nothing_is_written(office: Office):
    await a_unit(office)
    before = await office.audit()
    assert await code_of(a_unit(office)) == "already_there"
    assert await office.audit() == before


async def test_a_list_is_read_in_pages(office: Office):
    for number in range(7):
        await office.people.prisoners.add(prisoner(number=f"Z{number}"), KIRSI)
    pages: list[str] = []
    after = None
    while page := await office.people.prisoners_of(PRISON, after=after, limit=4):
        pages += [one.data.number for one in page]
        after = page[-1].id
    assert pages == sorted(pages)
    assert len(pages) == len(set(pages)) == 9 + 7


async def test_an_unknown_last_one_is_not_found(office: Office):
    with pytest.raises(NotFound):
        await office.people.prisoners_of(PRISON, after="nobody")


@pytest.mark.parametrize(
    "odd",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "a\nb"},
        {"name": "a\x00b"},
        {"number": "no blanks"},
        {"born_on": "1800-01-01"},
        {"languages": ["klingon!"]},
        {"status": "flown"},
        {"favourite_colour": "red"},
    ],
    ids=str,
)
def test_a_command_has_limits(odd: dict[str, object]):
    with pytest.raises(ValidationError):
        prisoner(**odd)


async def test_units_lie_in_each_other_three_deep_and_never_in_a_ring(office: Office):
    house = await a_unit(office, "House")
    wing = await a_unit(office, "Wing", house.id)
    landing = await a_unit(office, "Landing", wing.id)
    assert await code_of(a_unit(office, "Too deep", landing.id)) == "bad_input"
    ring = house.data.model_copy(update={"parent_id": landing.id})
    assert await code_of(office.prisons.units.change(house.id, 1, ring, KIRSI)) == "bad_input"
    top = await a_unit(office, "Top")
    deeper = house.data.model_copy(update={"parent_id": top.id})
    assert await code_of(office.prisons.units.change(house.id, 1, deeper, KIRSI)) == "bad_input"


async def test_a_prisoner_lives_in_the_prisons_own_unit_and_at_a_cells_terminal(office: Office):
    there = await office.another_prison()
    unit = (await office.prisons.units.add(UnitData(prison_id=there, name="A"), None)).id
    assert await code_of(office.people.prisoners.add(prisoner(unit_id=unit), KIRSI)) == "bad_input"
    taken = prisoner(terminal_id=demo_id("terminal", "A-12"))
    assert await code_of(office.people.prisoners.add(taken, KIRSI)) == "already_there"


async def test_a_prison_whose_policy_cannot_be_read_is_not_made_so(office: Office):
    kept = await office.prisons.prisons.get(PRISON)
    unread = kept.data.model_copy(update={"policy_pack": "atlantis"})
    assert await code_of(office.prisons.prisons.change(PRISON, kept.version, unread, KIRSI)) == "bad_input"


async def test_the_log_of_all_this_is_whole(office: Office, either: Database):
    from visitation.services.audit import Audit

    await a_unit(office)
    assert (await Audit(either, office.clock).verify()).whole
