"""Every screen of a visit, in every language: axe finds nothing, and no word is missing."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.stories.access import barriers
from tests.stories.people import (
    answers,
    button,
    is_at,
    joins,
    leaves,
    opens_the_call,
    opens_the_recording,
    press,
    sees_and_hears,
    sees_words,
    steps_in,
)
from tests.stories.story import Story
from tests.stories.words import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_can_use_every_screen(tmp_path, language):
    found: dict[str, list[str]] = {}

    async def look(page, screen):
        assert await page.locator("html").get_attribute("lang") == language
        found[screen] = await barriers(page)

    async with Story(tmp_path, language) as story:
        house = await story.begin()
        await through_the_visit(story, house, look, language)
    broken = {screen: rules for screen, rules in found.items() if rules}
    assert not broken, "\n".join(f"{screen}: {rule}" for screen, rules in broken.items() for rule in rules)
    assert not story.complaints


async def through_the_visit(story, house, look, language):
    door = await story.page("visitor", await story.context("visitor"))
    await door.goto(house.url + "/")
    await door.get_by_role("heading", level=1).wait_for()
    await look(door, "the door")
    await door.goto(house.url + "/terminal")
    await is_at(door, "sign_in")
    await look(door, "the terminal before it is in use")
    await door.goto(house.url + "/v/no-such-link-anywhere-in-the-house")
    await is_at(door, "link")
    await look(door, "a link that is not valid")
    await door.close()

    terminal = await story.enter("terminal", "a-12")
    await is_at(terminal, "home")
    await look(terminal, "the terminal's day")
    early = await story.enter("visitor", "tuula")
    await is_at(early, "early")
    await look(early, "the lobby before its time")
    await early.close()

    visitor = await story.enter("visitor", "anna")
    await is_at(visitor, "ready")
    await expect(button(visitor, "visitor.join", language)).to_be_enabled()
    await look(visitor, "the lobby")
    await press(visitor, "call.why.title", language)
    await look(visitor, "what happens to this call")
    await visitor.keyboard.press("Escape")
    await joins(visitor, language)
    await look(visitor, "the lobby while it rings")
    await is_at(terminal, "ringing")
    await look(terminal, "the terminal rings")
    await answers(terminal, language)
    await is_at(visitor, "live")
    await sees_and_hears(visitor)
    await look(visitor, "the relative's call")
    await look(terminal, "the prisoner's call")

    officer = await story.enter("officer", "sari")
    await is_at(officer, "wall")
    await look(officer, "the wall")
    await opens_the_call(officer)
    await look(officer, "the officer's call")
    await officer.keyboard.press("w")
    await look(officer, "the officer's question")
    await officer.keyboard.press("Escape")
    await steps_in(officer, "warn", language)
    for page, name in ((visitor, "relative"), (terminal, "prisoner")):
        await sees_words(page, "call.warning.read", language)
        await look(page, f"a warning to the {name}")
        await press(page, "call.warning.read", language)
    await steps_in(officer, "hold", language)
    for page, name in ((visitor, "relative"), (terminal, "prisoner")):
        await is_at(page, "held")
        await look(page, f"a hold for the {name}")
    await is_at(officer, "held")
    await look(officer, "the officer's hold")
    await officer.keyboard.press("h")
    await is_at(visitor, "live")

    await press(visitor, "call.leave", language)
    await look(visitor, "do you want to leave")
    await visitor.keyboard.press("Escape")
    await leaves(visitor, language)
    await look(visitor, "the end for the relative")
    await is_at(terminal, "ended")
    await look(terminal, "the end for the prisoner")
    await is_at(officer, "ended")
    await look(officer, "the end for the officer")

    await officer.goto(house.url + "/officer/recordings")
    await is_at(officer, "recordings")
    await look(officer, "the recordings")
    await opens_the_recording(officer, house.url, language)
    await look(officer, "a recording")
    office = await story.enter("office", "kirsi")
    await is_at(office, "day")
    await look(office, "the office's day")
