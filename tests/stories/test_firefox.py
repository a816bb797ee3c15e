"""A relative in Firefox at home and a cell in Chromium at the prison, two machines joined by a cable, over TLS."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stories.firefox import firefox
from tests.stories.namespaces import two_machines
from tests.stories.people import answers, is_at, sees_and_hears
from tests.stories.words import said

SENSES = (Path(__file__).parent / "senses.js").read_text()


async def test_firefox_and_chromium_see_and_hear_each_other_over_tls(story, tmp_path):
    async with two_machines() as (prison, home):
        house = await story.begin("--tls", "--host", prison.address, machine=prison)
        assert house.url.startswith(f"https://{prison.address}:")
        terminal = await story.enter("terminal", "a-12", machine=prison)
        async with firefox(home, tmp_path / "firefox", SENSES) as visitor:
            await visitor.open(house.url + story.sign_in("visitor", "anna"))
            await visitor.press(said("visitor.join"))
            await is_at(terminal, "ringing")
            await answers(terminal)
            await visitor.wait_for(at("live"))
            await visitor.wait_for(flows(60, 100), 60)
            await sees_and_hears(terminal, frames=60, sound=100)
            await visitor.press(said("call.leave"))
            await visitor.press(whole("call.leave.yes"))
            await visitor.wait_for(at("ended"))
            await is_at(terminal, "ended")


def at(phase: str) -> str:
    return f"""!!document.querySelector('[data-testid="phase"][data-phase="{phase}"]')"""


def flows(frames: int, sound: int) -> str:
    return f"senses.counts().then(now => now.framesIn >= {frames} && now.soundIn >= {sound})"


def whole(message: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{said(message).pattern}")
