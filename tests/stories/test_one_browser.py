"""A newcomer opens the relative, the cell, the officer and the office in four tabs of one browser."""

from __future__ import annotations

from playwright.async_api import expect

from tests.stories.people import is_at, sees, sees_and_hears, sees_words, talk


async def test_the_four_apps_work_in_four_tabs_of_one_browser_and_a_second_tab_takes_over(story):
    house = await story.begin()
    context = await story.context("visitor")
    tabs = {}
    for app in ("terminal", "visitor", "officer", "office"):
        tabs[app] = await story.page(app, context)
        await tabs[app].goto(house.url + story.sign_in(app, ""))
    await talk(tabs["visitor"], tabs["terminal"])
    await is_at(tabs["officer"], "wall")
    await sees(tabs["officer"])
    await is_at(tabs["office"], "day")
    await expect(tabs["office"].get_by_text("Pekka").first).to_be_visible()
    cookies = {cookie["name"] for cookie in await context.cookies()}
    assert cookies == {"__Host-visitor", "__Host-terminal", "__Host-officer", "__Host-office"}

    second = await story.page("visitor", context)
    await second.goto(tabs["visitor"].url)
    await is_at(second, "live")
    await sees_and_hears(second)
    await sees_words(tabs["visitor"], "visitor.elsewhere.title")
    await sees_and_hears(tabs["terminal"])
