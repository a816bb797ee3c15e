"""Somebody with a session and bad intentions: speaks to the doors without our pages in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio
from yarl import URL

from signaling.protocol import NAMESPACE, PATH, VERSION

ANSWER_SECONDS = 20.0


class Insider:
    """One session of one app: HTTP with its cookie, and one socket."""

    def __init__(self, url: str, app: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.app = app
        self.session = session
        self.heard: dict[str, Any] = {}
        self._news = asyncio.Condition()
        self._socket = socketio.AsyncClient(reconnection=False, serializer="default")
        self._socket.on("*", self._hear, namespace=NAMESPACE)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON (or bytes) of one request, made as the app's own page would make it."""
        headers = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        async with self.session.request(method, self.url + path, json=body, headers=headers) as answer:
            if "json" in answer.content_type:
                return answer.status, await answer.json(content_type=None)
            return answer.status, await answer.read()

    async def ticket(self) -> str:
        status, body = await self.ask("POST", f"/api/{self.app}/ticket")
        assert status == 200, body
        return str(body["ticket"])

    async def connect(self) -> None:
        await self._socket.connect(
            self.url,
            auth={"ticket": await self.ticket(), "version": VERSION},
            headers={"Origin": self.url},
            namespaces=[NAMESPACE],
            socketio_path=PATH,
            transports=["websocket"],
            wait_timeout=ANSWER_SECONDS,
        )

    async def send(self, event: str, **fields: Any) -> dict[str, Any]:
        """The acknowledgement of one message."""
        return dict(await self._socket.call(event, fields, namespace=NAMESPACE, timeout=ANSWER_SECONDS))

    async def refused(self, event: str, **fields: Any) -> str:
        """The code of the refusal that must follow."""
        answer = await self.send(event, **fields)
        assert answer["ok"] is False, f"{event} {fields} was granted: {answer}"
        return str(answer["error"]["code"])

    async def _hear(self, event: str, told: Any = None) -> None:
        async with self._news:
            self.heard[event] = told
            self._news.notify_all()

    async def told(self, event: str, true: Any) -> Any:
        """Waits until the last news of this kind satisfies `true`."""
        async with asyncio.timeout(ANSWER_SECONDS), self._news:
            await self._news.wait_for(lambda: event in self.heard and true(self.heard[event]))
            return self.heard[event]

    async def close(self) -> None:
        await self._socket.disconnect()


@asynccontextmanager
async def insider(url: str, app: str, href: str) -> AsyncIterator[Insider]:
    """Signed in by the demo's click at `href`; connected on demand."""
    jar = aiohttp.CookieJar(treat_as_secure_origin=[URL(url)], unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(url + href) as answer:
            assert answer.status == 200, await answer.text()
            page = answer.url.path
        person = Insider(url, app, session)
        if app == "visitor":
            status, told = await person.ask(
                "POST", "/api/visitor/session", {"link": page.removeprefix("/v/")}
            )
            assert status == 204, told
        try:
            yield person
        finally:
            await person.close()
