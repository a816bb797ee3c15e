"""Janus' HTTP API: one session, its handles, and the events that answer what was asked."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import Any

import aiohttp

ANSWER_SECONDS = 30


class JanusError(RuntimeError):
    """Janus said no; its own words."""


class JanusSession:
    """`start` when Janus listens; `stop` ends the polling."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/janus"
        self._http: aiohttp.ClientSession | None = None
        self._poller: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def start(self) -> None:
        """OSError while nobody listens yet."""
        http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90))
        try:
            async with http.post(self._url, json=_asked("create")) as answer:
                created = await answer.json()
        except BaseException:
            await http.close()
            raise
        self._http = http
        self._url += f"/{created['data']['id']}"
        self._poller = asyncio.create_task(self._poll(), name="janus events")

    async def stop(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._poller
        if self._http is not None:
            await self._http.close()

    async def _poll(self) -> None:
        assert self._http is not None
        while True:
            try:
                async with self._http.get(self._url, params={"maxev": 20}) as answer:
                    events = await answer.json(content_type=None)
            except aiohttp.ClientError:
                return  # it ended
            for event in events if isinstance(events, list) else [events]:
                waiter = self._waiting.pop(event.get("transaction", ""), None)
                if waiter is not None and not waiter.done():
                    waiter.set_result(event)

    async def attach(self) -> int:
        """A handle on the video room plugin."""
        answer = await self._post("", _asked("attach", plugin="janus.plugin.videoroom"))
        handle: int = answer["data"]["id"]
        return handle

    async def ask(
        self, handle: int, body: dict[str, Any], jsep: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer or the event to a message: {"plugindata": ..., "jsep": ...}. JanusError if it refuses."""
        asked = _asked("message", body=body) | ({"jsep": jsep} if jsep else {})
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[asked["transaction"]] = waiter
        answer = await self._post(f"/{handle}", asked)
        if answer["janus"] == "ack":
            answer = await asyncio.wait_for(waiter, ANSWER_SECONDS)
        else:
            self._waiting.pop(asked["transaction"], None)
        data = answer.get("plugindata", {}).get("data", {})
        if answer["janus"] == "error" or "error" in data:
            raise JanusError(str(answer.get("error") or data["error"]))
        return answer

    async def detach(self, handle: int) -> None:
        await self._post(f"/{handle}", _asked("detach"))

    async def _post(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        assert self._http is not None
        async with self._http.post(self._url + path, json=message) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
        if answer["janus"] == "error":
            raise JanusError(str(answer["error"]))
        return answer


def _asked(what: str, **values: Any) -> dict[str, Any]:
    return {"janus": what, "transaction": secrets.token_hex(8), **values}
