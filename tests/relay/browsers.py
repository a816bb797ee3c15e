"""Real Chromium on one relay: a page per leg, offers over HTTP, everything in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from bench.impairment import Impairment
from relay.hub import Hub, Seat
from relay.relay import Relay, RelaySettings
from tests.relay.peers import Heard

PAGE = Path(__file__).parent / "browser" / "page.html"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox", "--disable-gpu",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns",
]  # fmt: skip


class Stage:
    """A relay, a hub, and browser pages that join it."""

    def __init__(self, relay: Relay, hub: Hub, heard: Heard, browser: Browser, address: str) -> None:
        self.relay, self.hub, self.heard = relay, hub, heard
        self._browser = browser
        self._address = address

    async def enter(self, party: str, publishes: list[str], slots: int) -> tuple[Page, str]:
        """A page of its own whose leg is connected; (page, leg id)."""
        context = await self._browser.new_context(permissions=["camera", "microphone"])
        page = await context.new_page()
        await page.goto(self._address)
        leg: str = await page.evaluate("a => join(a[0], a[1], a[2])", [party, publishes, slots])
        await self.heard.until(("connected", leg))
        return page, leg


async def report(page: Page) -> dict[str, Any]:
    return await page.evaluate("report()")


async def until(
    page: Page, condition: Callable[[dict[str, Any]], bool], seconds: float = 20, every: float = 0.2
) -> dict[str, Any]:
    """The page's first report for which the condition holds."""
    last: dict[str, Any] = {}
    try:
        async with asyncio.timeout(seconds):
            while True:
                last = await report(page)
                if condition(last):
                    return last
                await asyncio.sleep(every)  # the browser has no event for its own statistics
    except TimeoutError:
        raise AssertionError(f"never: {json.dumps(last)[:2000]}") from None


@contextlib.asynccontextmanager
async def stage(line: Impairment | None = None, *, observers: bool = True) -> AsyncIterator[Stage]:
    """A running relay with one hub (gates shut) and a Chromium, all legs through a line if one is given."""
    if line is not None:
        await line.start()
    relay = Relay(RelaySettings(host="127.0.0.1", media_addresses=(line.address,) if line else ()))
    await relay.start()
    if line is not None:
        line.target = ("127.0.0.1", relay.port)
    heard = Heard()
    hub = relay.open_hub("test", heard, observers=observers)
    runner = web.AppRunner(_app(hub))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                yield Stage(relay, hub, heard, browser, f"http://127.0.0.1:{port}/")
            finally:
                await browser.close()
    finally:
        await runner.cleanup()
        await relay.stop()
        if line is not None:
            await line.stop()


def _app(hub: Hub) -> web.Application:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(text=PAGE.read_text(), content_type="text/html")

    async def join(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        leg = secrets.token_hex(8)
        sdp = await hub.join(leg, Seat(body["party"], frozenset(body["publishes"]), body["slots"]))
        return web.json_response({"leg": leg, "sdp": sdp})

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        await hub.answer(body["leg"], body["sdp"])
        return web.json_response({})

    app = web.Application()
    routes: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
        ("GET", "/", page), ("POST", "/join", join), ("POST", "/answer", answer),
    ]  # fmt: skip
    for method, path, handler in routes:
        app.router.add_route(method, path, handler)
    return app
