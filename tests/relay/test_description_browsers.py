"""The offer as the installed browsers understand it: Chromium and Firefox answer it, and the answer is read."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from relay.description import read_answer
from tests.relay.answers_corpus import OFFERS, offer_text, slot_lines

pytestmark = pytest.mark.slow

PAGE = Path(__file__).with_name("answer_page.html")
FIREFOX_SETTINGS = """
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.permission.disabled", true);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""


def command(browser: str, profile: Path, url: str) -> list[str]:
    program = shutil.which(browser)
    assert program is not None, f"{browser} is not installed"
    if browser == "chromium":
        fakes = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        return [program, "--headless=new", "--no-sandbox", *fakes, f"--user-data-dir={profile}", url]
    (profile / "user.js").write_text(FIREFOX_SETTINGS)
    return [program, "--headless", "--no-remote", "--profile", str(profile), url]


def offers() -> dict[str, Any]:
    return {
        name: {
            "sdp": offer_text(publishes, slots),
            "media": bool(publishes) and "devices" not in name,
            "audioNack": "nack" in name,
        }
        for name, (publishes, slots) in OFFERS.items()
    }


async def answers_of(browser: str, profile: Path) -> dict[str, Any]:
    """Serve the page to the browser and wait for what it posts."""
    posted: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(text=PAGE.read_text(), content_type="text/html")

    async def ask(_: web.Request) -> web.StreamResponse:
        return web.json_response(offers())

    async def take(request: web.Request) -> web.StreamResponse:
        posted.set_result(await request.json())
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/offers", ask), web.post("/answers", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    quiet = asyncio.subprocess.DEVNULL
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    process = await asyncio.create_subprocess_exec(
        *command(browser, profile, url), stdout=quiet, stderr=quiet
    )
    try:
        return await asyncio.wait_for(posted, 60)
    finally:
        process.terminate()
        await process.wait()
        await runner.cleanup()


@pytest.mark.parametrize("browser", ["chromium", "firefox-esr"])
async def test_a_browser_answers_every_offer_and_keeps_what_it_must(browser: str, tmp_path: Path) -> None:
    answers = await answers_of(browser, tmp_path)
    for name, (publishes, count) in OFFERS.items():
        assert "error" not in answers[name], (name, answers[name])
        slots = slot_lines(count)
        answer = read_answer(answers[name]["sdp"], publishes=publishes, slots=slots)
        assert set(answer.sources) == set(publishes), name
        assert answer.slots == {slot.index for slot in slots}
        assert len(answer.transport_cc) == len(publishes) + 2 * count
        assert answers[name]["streams"] == {
            f"{kind}{slot.index}": [slot.msid] for slot in slots for kind in "av"
        }
        for line in ("a=rtcp-fb:96 nack\r\n", "a=rtcp-fb:96 nack pli\r\n", "a=rtcp-fb:96 transport-cc\r\n"):
            assert answers[name]["sdp"].count(line) == count + len(set(publishes) - {"audio"}), (name, line)
        assert answers[name]["sdp"].count("useinbandfec=1") == count + ("audio" in publishes)
