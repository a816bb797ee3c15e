"""A real Firefox on another machine of ours, spoken to by WebDriver BiDi."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.stories.namespaces import Machine

START_SECONDS = 60.0
ANSWER_SECONDS = 40.0
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES = {
    "media.navigator.streams.fake": True,  # its own camera and microphone: colours and a tone
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,  # no name service between the two machines
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "intl.accept_languages": "en",
    "intl.locale.requested": "en-GB",
}


class Firefox:
    """One page in one Firefox."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.page = ""

    async def listen(self) -> None:
        """Hands each answer to who waits for it, until the socket closes."""
        async for message in self._socket:
            told = json.loads(message.data)
            waiting = self._waiting.pop(told.get("id"), None)
            if waiting and not waiting.done():
                waiting.set_result(told)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One BiDi command; AssertionError with Firefox's words when it refuses."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWER_SECONDS):
            told = await answer
        assert told["type"] == "success", f"{method}: {told.get('message')}"
        return dict(told["result"])

    async def open(self, url: str) -> None:
        await self.ask("browsingContext.navigate", context=self.page, url=url, wait="complete")

    async def find_out(self, expression: str) -> Any:
        """The JSON value of an expression (promises are awaited) in the page, as a person's own act."""
        told = await self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self.page},
            awaitPromise=True,
            userActivation=True,
        )
        assert told["type"] == "success", f"{expression}: {told.get('exceptionDetails', {}).get('text')}"
        value = told["result"].get("value")
        return None if value is None else json.loads(value)

    async def wait_for(self, expression: str, seconds: float = 30.0) -> Any:
        """Asks the page, at each of its own ticks, until the expression is true; returns its value."""
        watch = f"""new Promise((done, late) => {{
            const end = Date.now() + {seconds * 1000};
            const look = async () => {{
                const value = await ({expression});
                if (value) done(value);
                else if (Date.now() > end) done(null);
                else setTimeout(look, 100);
            }};
            look();
        }})"""
        async with asyncio.timeout(seconds + ANSWER_SECONDS):
            value = await self.find_out(watch)
        assert value, f"not in {seconds} s: {expression}; the page says:\n{await self.text()}"
        return value

    async def press(self, words: re.Pattern[str]) -> None:
        """Presses the button that says this, when it is there and can be pressed."""
        button = f"[...document.querySelectorAll('button')].find(b => {_js(words)}.test(b.textContent) && !b.disabled)"
        await self.wait_for(f"!!({button})")
        await self.find_out(f"({button}).click()")

    async def see(self, words: re.Pattern[str], seconds: float = 30.0) -> None:
        await self.wait_for(f"{_js(words)}.test(document.body.innerText)", seconds)

    async def text(self) -> str:
        return str(await self.find_out("document.body.innerText"))


def _js(words: re.Pattern[str]) -> str:
    return f"new RegExp({json.dumps(words.pattern)}, 's')"


@asynccontextmanager
async def firefox(machine: Machine, profile: Path, preload: str) -> AsyncIterator[Firefox]:
    """A Firefox on `machine` with one empty page, in which `preload` runs before any page's own scripts."""
    profile.mkdir(parents=True)
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    process = await asyncio.create_subprocess_exec(
        *machine.prefix, "firefox-esr", "--headless", "--remote-debugging-port", "0", "--profile", str(profile),
        "--no-remote", env=os.environ | {"HOME": str(profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        limit=1 << 20, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_SECONDS):
            address = await _address(process)
        connector = aiohttp.TCPConnector(socket_factory=lambda info: machine.socket(*info[:3]))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.ws_connect(f"{address}/session", max_msg_size=0) as socket,
            asyncio.TaskGroup() as tasks,
        ):
            browser = Firefox(socket)
            tasks.create_task(browser.listen())
            tasks.create_task(_drain(process))
            await browser.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
            tree = await browser.ask("browsingContext.getTree")
            browser.page = tree["contexts"][0]["context"]
            await browser.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {preload} }}")
            try:
                yield browser
            finally:
                _end(process)
                await socket.close()
    finally:
        _end(process)
        await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr
    said = []
    async for line in process.stderr:
        said.append(line.decode(errors="replace"))
        if found := LISTENS.search(said[-1]):
            return found[1]
    raise AssertionError("Firefox ended while starting:\n" + "".join(said))


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stderr
    while await process.stderr.read(1 << 16):
        pass
