"""What people do and see on their pages, step by step."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.stories.words import said

LONG = 30_000.0  # ms


def phase(page: Page, *names: str) -> Locator:
    """The page's own word on where it is."""
    return page.locator(", ".join(f'[data-testid="phase"][data-phase="{name}"]' for name in names))


async def is_at(page: Page, *names: str, within: float = LONG) -> None:
    await expect(phase(page, *names)).to_be_visible(timeout=within)


def button(page: Page, message: str, language: str = "en") -> Locator:
    return page.get_by_role("button", name=said(message, language))


async def press(page: Page, message: str, language: str = "en") -> None:
    await button(page, message, language).first.click()


async def sees_words(page: Page, message: str, language: str = "en", within: float = LONG) -> None:
    await expect(page.get_by_text(said(message, language)).first).to_be_visible(timeout=within)


async def counts(page: Page) -> dict[str, Any]:
    return dict(await page.evaluate("senses.counts()"))


async def until(page: Page, condition: str, given: Any = None, *, within: float = LONG) -> None:
    """Waits in the page until `condition`, an async function of `given`, is true there."""
    met = await page.evaluate(
        """async ([condition, given, within]) => {
            const met = eval(condition);
            const end = performance.now() + within;
            while (performance.now() < end) {
                if (await met(given)) return true;
                await new Promise((done) => setTimeout(done, 50));
            }
            return false;
        }""",
        [condition, given, within],
    )
    assert met, f"not within {within:.0f} ms: {condition} of {given}; now {await counts(page)}"


async def sees_and_hears(page: Page, *, frames: int = 15, sound: int = 30) -> None:
    """New pictures and new sound arrive from now on."""
    before = await counts(page)
    await until(
        page,
        """async ([frames, sound]) => {
            const now = await senses.counts();
            return now.framesIn >= frames && now.soundIn >= sound;
        }""",
        [before["framesIn"] + frames, before["soundIn"] + sound],
    )


async def sees(page: Page, *, frames: int = 10) -> None:
    """New pictures arrive from now on."""
    before = await counts(page)
    await until(
        page, "async frames => (await senses.counts()).framesIn >= frames", before["framesIn"] + frames
    )


async def nothing_arrives(page: Page, seconds: float = 2.0) -> None:
    """What was on its way has arrived, and then no media do for `seconds`."""
    await until(
        page,
        """(() => {
            let last = { packetsIn: -1, since: 0 };
            return async (seconds) => {
                const { packetsIn } = await senses.counts();
                if (packetsIn !== last.packetsIn) last = { packetsIn, since: performance.now() };
                return performance.now() - last.since > seconds * 1000;
            };
        })()""",
        seconds,
    )


async def joins(visitor: Page, language: str = "en") -> None:
    """The relative has seen that camera and microphone work, and passes the lobby."""
    await is_at(visitor, "ready")
    await press(visitor, "visitor.join", language)
    await is_at(visitor, "ringing", "unanswered")


async def answers(terminal: Page, language: str = "en") -> None:
    await is_at(terminal, "ringing")
    await press(terminal, "terminal.answer", language)
    await is_at(terminal, "live")


async def talk(visitor: Page, terminal: Page) -> None:
    """From the lobby to a call in which both see and hear each other."""
    await is_at(terminal, "home")
    await joins(visitor)
    await answers(terminal)
    await is_at(visitor, "live")
    await sees_and_hears(visitor)
    await sees_and_hears(terminal)


async def leaves(page: Page, language: str = "en") -> None:
    await press(page, "call.leave", language)
    await press(page, "call.leave.yes", language)
    await is_at(page, "ended")


async def opens_the_call(officer: Page) -> None:
    """From the wall, where a live preview moves, to the call in full."""
    await is_at(officer, "wall")
    tile = officer.locator('[data-testid^="tile-"]').first
    await expect(tile).to_be_visible(timeout=LONG)
    await sees(officer)
    await tile.click()
    await is_at(officer, "live")


async def steps_in(officer: Page, step: str, language: str = "en") -> None:
    """Asks for one of warn, hold, end with the reason that is offered first, and does it."""
    await officer.keyboard.press({"warn": "w", "hold": "h", "end": "e"}[step])
    question = officer.get_by_role("dialog")
    await question.get_by_role("radio").first.check()
    await question.get_by_role("button", name=said(f"officer.{step}.go", language)).click()


async def opens_the_recording(officer: Page, house: str, language: str = "en") -> None:
    """From the list, with a reason, to both pictures side by side."""
    await officer.goto(house + "/officer/recordings")
    await is_at(officer, "recordings")
    await officer.get_by_role("main").get_by_role("link").first.click()
    await is_at(officer, "asking")
    await officer.get_by_role("radio").first.check()
    await press(officer, "review.ask.go", language)
    await is_at(officer, "open")


async def both_play(officer: Page) -> None:
    """Both pictures of the review move."""
    for party in ("prisoner", "visitor"):
        video = officer.get_by_test_id(f"picture-{party}").locator("video").first
        await expect(video).to_be_visible(timeout=LONG)
        await until(
            officer,
            """(() => {
                let before = null;
                return async (party) => {
                    const video = document.querySelector(`[data-testid="picture-${party}"] video`);
                    const shown = video.getVideoPlaybackQuality().totalVideoFrames;
                    before ??= shown;
                    return video.videoWidth > 0 && shown > before + 3;
                };
            })()""",
            party,
        )
