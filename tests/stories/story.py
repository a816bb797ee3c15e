"""One story: a running server, a real browser, and people in front of pages of their own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.stories.chromium import CHROMIUM, FLAGS
from tests.stories.house import House, serving
from tests.stories.namespaces import Machine
from tests.stories.wire import Wire, wire_to

HERE = Path(__file__).parent
WAIT = 20_000.0  # ms; how long anything may take on a busy machine before the story fails
SCREEN = {"visitor": (1280, 800), "terminal": (1280, 800), "officer": (1440, 900), "office": (1280, 800)}
# What a browser says when a test cuts its wire on purpose, or when a door refuses as it should.
EXPECTED = (
    "ScriptProcessorNode",  # our own ears; a worklet would need a hole in the pages' Content-Security-Policy
    "Failed to load resource",
    "ERR_CONNECTION",
    "WebSocket connection to",
    "ERR_EMPTY_RESPONSE",
)

# What each element that plays has, is at and has shown.
MEDIA = """() => [...document.querySelectorAll("video, audio")].map((element) => {
    const buffered = Array.from({length: element.buffered.length}, (_, i) =>
        [element.buffered.start(i), element.buffered.end(i)]);
    const { paused, seeking, readyState, currentTime, playbackRate, videoWidth } = element;
    const shown = element.getVideoPlaybackQuality?.().totalVideoFrames;
    const error = element.error?.message;
    return JSON.stringify({ paused, seeking, readyState, currentTime, playbackRate, videoWidth, shown, buffered, error });
})"""


class Story:
    """Starts the parts on demand and puts all of them away, in the reverse order."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.folder = folder
        self.language = language
        self.complaints: list[str] = []
        self.pages: list[tuple[str, Page]] = []
        self.wires: dict[str, Wire] = {}
        self._house: House | None = None
        self._browsers: dict[tuple[str, ...], Browser] = {}
        self._away = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._away.__aenter__()
        self._playwright = await self._away.enter_async_context(async_playwright())
        return self

    async def __aexit__(self, *why: object) -> None:
        await self.tell()
        await self._away.aclose()

    @property
    def house(self) -> House:
        assert self._house, "the story has no server yet"
        return self._house

    async def begin(self, *options: str, machine: Machine | None = None) -> House:
        """The server, with further options of `serve`, on a machine of our own if asked."""
        prefix = machine.prefix if machine else ()
        self._house = await self._away.enter_async_context(serving(self.folder / "data", options, prefix))
        return self._house

    async def browser(self, flags: Sequence[str] = (), machine: Machine | None = None) -> Browser:
        """A Chromium; one for each set of flags, on a machine of our own if asked."""
        key = (*flags, machine.name if machine else "")
        if key not in self._browsers:
            path = self._chromium_on(machine) if machine else CHROMIUM
            browser = await self._playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
            self._away.push_async_callback(browser.close)
            self._browsers[key] = browser
        return self._browsers[key]

    async def close_browsers(self) -> None:
        """Before the machines go on which they run."""
        await self.tell()
        self.pages.clear()
        for browser in self._browsers.values():
            await browser.close()

    def _chromium_on(self, machine: Machine) -> Path:
        """A program that starts Chromium on the machine; Playwright speaks to it by a pipe."""
        program = self.folder / f"chromium-{machine.name}"
        program.write_text(f'#!/bin/sh\nexec {" ".join(machine.prefix)} "{CHROMIUM}" "$@"\n')
        program.chmod(0o755)
        return program

    async def context(
        self, app: str, flags: Sequence[str] = (), machine: Machine | None = None
    ) -> BrowserContext:
        """A browser profile of its own, that speaks the story's language and complains to us."""
        width, height = SCREEN[app]
        browser = await self.browser(flags, machine)
        context = await browser.new_context(
            locale={"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[self.language],
            viewport={"width": width, "height": height},
            permissions=["camera", "microphone"] if app in ("visitor", "terminal") else [],
            ignore_https_errors=True,
        )
        context.set_default_timeout(WAIT)
        await context.add_init_script(path=HERE / "senses.js")
        self._away.push_async_callback(context.close)
        return context

    async def page(self, app: str, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{app}: {error}"))
        page.on("console", lambda message: self._hear(app, message))
        self.pages.append((app, page))
        return page

    def _hear(self, app: str, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in EXPECTED):
            self.complaints.append(f"{app}: {message.text}")

    async def enter(
        self,
        app: str,
        which: str = "",
        *,
        wired: bool = False,
        flags: Sequence[str] = (),
        machine: Machine | None = None,
    ) -> Page:
        """A person's page after the demo's one click; in a browser behind a wire that can be cut, if asked."""
        if wired:
            flags = [*flags, await self._wire(app)]
        page = await self.page(app, await self.context(app, flags, machine))
        await page.goto(self.house.url + self.sign_in(app, which))
        return page

    async def _wire(self, app: str) -> str:
        """The flag that sends a browser's connections through a new wire, under the server's own name."""
        wire = await self._away.enter_async_context(
            wire_to("127.0.0.1", int(self.house.url.rsplit(":", 1)[1]))
        )
        self.wires[app] = wire
        return f"--host-resolver-rules=MAP localhost 127.0.0.1:{wire.port}"

    def sign_in(self, app: str, which: str) -> str:
        """The address of the demo's sign-in for one of an app's people, chosen by a part of it or of its label."""
        links = [link for link in self.house.links if link["app"] == app]
        found = [link for link in links if which.lower() in f"{link['href']} {link['label']}".lower()]
        assert found, f"no demo sign-in for {app} {which!r} among {links}"
        return str(found[0]["href"])

    async def tell(self) -> None:
        """For the reader of a failure: what the server said and what each page shows."""
        if self._house:
            print("\n".join(["--- the server:", *list(self._house.said)[-80:]]))
        for number, (app, page) in enumerate(self.pages):
            if page.is_closed():
                continue
            print(f"--- {app} shows {page.url}:\n{await page.locator('body').inner_text()}")
            print(*await page.evaluate(MEDIA), sep="\n")
            await page.screenshot(path=self.folder / f"{number}-{app}.png")
        print("--- complaints:", *self.complaints, sep="\n")
