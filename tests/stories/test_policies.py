"""What happens to a call, read by anybody; and a visit that nobody can decide: not started, and the office knows why."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.stories.access import barriers
from tests.stories.insider import insider
from tests.stories.ledger import audit
from tests.stories.people import is_at
from tests.stories.story import Story
from tests.stories.words import LANGUAGES, catalogue, said
from visitation.jurisdictions.pack import load_pack
from visitation.words import Lang

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}


async def no_wider_than_its_window(page: Page) -> None:
    wide, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window


@pytest.mark.parametrize("language", LANGUAGES)
async def test_anybody_can_read_what_happens_to_each_kind_of_call(tmp_path: Path, language: Lang):
    async with Story(tmp_path, language) as story:
        house = await story.begin()
        page = await story.page("visitor", await story.context("visitor"))
        await page.goto(house.url + "/")
        await page.get_by_role("link", name=said("door.policies", language)).click()
        await is_at(page, "policies")
        for size in (PHONE, DESK):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            await reads_every_kind(page, language)
            await no_wider_than_its_window(page)
        found = await barriers(page)
    assert not found, "\n".join(found)
    assert not story.complaints


async def reads_every_kind(page: Page, language: Lang) -> None:
    """Each kind with the banner its calls are held under, and with the answer to "why?"."""
    finland = load_pack("finland")
    for kind in finland.kinds():
        card = page.get_by_test_id(f"kind-{kind.kind}")
        rule = finland.rule_for(kind.kind)
        assert rule is not None
        banner, *others = rule.notices
        await expect(card.get_by_role("heading", name=kind.name[language])).to_be_visible()
        await expect(card.get_by_test_id("conditions").first).to_have_text(banner.words[language])
        why = card.get_by_text(banner.why[language])
        if not await why.is_visible():
            await card.locator("summary").first.press("Enter")
        await expect(why).to_be_visible()
        for notice in others:
            await expect(card.get_by_text(notice.words[language]).first).to_be_visible()


async def test_another_countrys_rules_are_shown_as_anothers(story: Story):
    house = await story.begin()
    page = await story.page("visitor", await story.context("visitor"))
    await page.goto(house.url + "/what-happens?pack=scotland#social")
    await is_at(page, "policies")
    await expect(page.get_by_text(said("policies.elsewhere"))).to_be_visible()
    card = page.get_by_test_id("kind-social")
    await expect(card.get_by_test_id("conditions")).to_contain_text("An officer watches the whole call")
    await expect(card).to_be_in_viewport()


def spoil(data: Path, statement: str) -> None:
    """What a hand in the database does while the server runs."""
    with closing(sqlite3.connect(data / "visitation.sqlite3", timeout=10)) as database:
        database.execute(statement)
        database.commit()


NOW = "where kind = 'social' and outcome is null"
SPOILT = {
    "kind_unknown": f"update visit set kind = 'seance' {NOW}",
    "policy_unreadable": "update prison set policy_pack = 'atlantis'",
    "decision_unreadable": f"update visit set listening_decision = 'spoilt' {NOW}",
}


@pytest.mark.parametrize("why", SPOILT)
async def test_what_nobody_can_decide_is_not_started_and_the_office_reads_why(story: Story, why: str):
    house = await story.begin()
    spoil(house.data, SPOILT[why])
    office = await story.enter("office", "kirsi")
    await is_at(office, "day")
    row = office.locator(f'tr[data-undecided="{why}"]').filter(has_text="A-12")
    await expect(row).to_contain_text(catalogue("en")["office.undecided"])
    await expect(row).to_contain_text(catalogue("en")[f"office.undecided.{why}"])
    await expect(office.get_by_test_id("undecided")).to_be_visible()
    assert await barriers(office) == []

    visitor = await story.enter("visitor", "anna")
    await is_at(visitor, "undecided")
    await expect(visitor.get_by_test_id("conditions")).to_have_count(0)
    await nothing_of_it_is_started(house.url)
    assert not [path for path in (house.data / "vault").glob("**/*") if path.is_file()]
    assert "recording.begun" not in {line.kind for line in audit(house.data)}


async def nothing_of_it_is_started(url: str) -> None:
    """Somebody who passes the page by finds the server's door shut too."""
    async with insider(url, "visitor", "/demo/visitor/anna") as anna:
        await anna.connect()
        assert await anna.refused("join") in ("visit_undecided", "not_permitted")
    async with insider(url, "officer", "/demo/officer") as officer:
        await officer.connect()
        await officer.send("sync")
        wall = await officer.told("wall_state", lambda _wall: True)
    assert wall["calls"] == []
