"""What happens to a call, read by anybody; and what the office is told when nobody can say."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from tests.visitation.world import NOON, held, listening
from visitation.conditions import Conditions, Undecided
from visitation.jurisdictions.pack import PolicyUnreadable, load_pack, pack_names
from visitation.model.contacts import ProfessionalStatus
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.services.demo_people import demo_id
from visitation.services.policies import Policies

KINDS = [(pack, kind.kind) for pack in pack_names() for kind in load_pack(pack).kinds()]


async def told(house, path: str, role: str | None = None) -> Any:
    answer = await house.ask("GET", path, role)
    assert answer.status == 200
    return await answer.json()


async def change(house, what: Any) -> None:
    async with house.database.write() as session:
        await session.execute(what)


async def test_the_packs_of_this_house_are_named_the_one_in_use_first(house):
    packs = await told(house, "/api/policies")
    assert [(pack["pack"], pack["in_use"]) for pack in packs["packs"]] == [
        ("finland", True),
        ("england_wales", False),
        ("scotland", False),
    ]
    assert packs["unreadable"] == []
    assert not any(pack["reviewed"] for pack in packs["packs"])


@pytest.mark.parametrize("pack", pack_names())
async def test_a_page_has_every_kind_of_its_pack_in_order(house, pack):
    page = await told(house, f"/api/policies/{pack}")
    assert [kind["kind"] for kind in page["kinds"]] == [kind.kind for kind in load_pack(pack).kinds()]
    assert page["head"]["version"] == load_pack(pack).version


def as_sent(found: Conditions) -> dict[str, Any]:
    return {
        "notices": [{"code": n.code, "words": n.words, "why": n.why} for n in found.notices],
        "closed": found.closed,
        "recorded": found.recorded,
        "rule": found.policy.rule,
        "legal_basis": found.policy.legal_basis,
    }


@pytest.mark.parametrize(("pack", "kind"), KINDS)
async def test_the_page_says_what_a_call_of_that_kind_is_held_under(house, pack, kind):
    """The same object writes the banner and this page: nothing on it can differ from what is done."""
    page = await told(house, f"/api/policies/{pack}")
    (shown,) = [each for each in page["kinds"] if each["kind"] == kind]
    found = as_sent(held(kind, pack))
    assert {name: shown["ordinary"][name] for name in found} == found
    heard = held(kind, pack, listening_decision=listening())
    if shown["decided"] is None:
        assert as_sent(heard) == found
    else:
        assert {name: shown["decided"][name] for name in found} == as_sent(heard) != found


async def test_only_a_social_visit_in_finland_can_change_by_a_decision(house):
    pages = {pack: await told(house, f"/api/policies/{pack}") for pack in pack_names()}
    changing = [(pack, k["kind"]) for pack, page in pages.items() for k in page["kinds"] if k["decided"]]
    assert changing == [("finland", "social")]


async def test_every_decision_about_people_has_its_way_to_appeal_on_the_page(house):
    for pack in pack_names():
        page = await told(house, f"/api/policies/{pack}")
        decisions = [decision for appeal in page["appeals"] for decision in appeal["decisions"]]
        assert sorted(decisions) == sorted(load_pack(pack).appeals)


@pytest.mark.parametrize("name", ["atlantis", "Finland", "..", "finland.json", "x" * 70])
async def test_a_pack_that_is_not_there_is_not_found(house, name):
    assert (await house.ask("GET", f"/api/policies/{name}")).status == 404


async def test_a_pack_nobody_can_read_has_no_page_and_is_named(make_house):
    def packs(name: str):
        if name == "finland":
            raise PolicyUnreadable("rules.0: spoilt")
        return load_pack(name)

    house = await make_house(packs=packs)
    answer = await house.ask("GET", "/api/policies/finland")
    assert answer.status == 503
    assert "spoilt" not in await answer.text()
    assert (await told(house, "/api/policies"))["unreadable"] == ["finland"]


async def test_a_prison_that_goes_by_a_pack_that_is_not_here_is_seen(house):
    await change(house, update(Prison).values(policy_pack="atlantis"))
    packs = await told(house, "/api/policies")
    assert packs["unreadable"] == ["atlantis"]
    assert not any(pack["in_use"] for pack in packs["packs"])
    assert await Policies(house.database).in_use() == ("atlantis",)


ANNA = demo_id("contact", "A-12")
MARIA = demo_id("contact", "A-17")


@pytest.mark.parametrize(
    ("cell", "what", "why"),
    [
        ("A-12", update(Prison).values(policy_pack="atlantis"), Undecided.POLICY_UNREADABLE),
        ("A-12", update(Visit).values(kind="seance"), Undecided.KIND_UNKNOWN),
        ("A-12", update(Visit).values(conditions="{}"), Undecided.CONDITIONS_UNREADABLE),
        ("A-12", update(Visit).values(conditions=None), Undecided.CONDITIONS_UNREADABLE),
        ("A-12", update(Visit).values(listening_decision="{"), Undecided.DECISION_UNREADABLE),
        ("A-12", update(Contact).values(kind="professional"), Undecided.CONTACT_UNFIT),
        ("A-12", update(Visit).values(kind="social_children"), Undecided.CHILD_MISSING),
        ("A-12", update(Prison).values(policy_pack="scotland"), None),
        ("A-17", update(ProfessionalStatus).values(ended_on=NOON.date()), Undecided.STANDING_MISSING),
        ("A-17", update(Visit).values(kind="oversight"), Undecided.STANDING_MISSING),
        (
            "A-17",
            update(Contact).where(Contact.id == MARIA).values(kind="social"),
            Undecided.CONTACT_UNFIT,
        ),
    ],
)
async def test_the_office_is_told_why_a_visit_cannot_be_held(house, cell, what, why):
    await change(house, what)
    day = await told(house, "/api/office/day", "office")
    (visit,) = [visit for visit in day["visits"] if visit["cell"] == cell]
    assert visit["undecided"] == why
    assert visit["closed"] == (why is not None or cell == "A-17")
    assert {v["undecided"] for v in day["visits"] if v["state"] == "done"} == {None}


async def test_what_would_be_refused_is_promised_to_nobody(house):
    await change(house, update(Visit).values(kind="seance"))
    visit = await told(house, "/api/visitor/visit", "visitor")
    assert (visit["state"], visit["notices"], visit["policy"]) == ("undecided", [], None)
    (cell,) = (await told(house, "/api/terminal/day", "terminal"))["visits"]
    assert (cell["state"], cell["notices"], cell["closed"]) == ("undecided", [], True)
