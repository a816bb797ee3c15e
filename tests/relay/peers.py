"""A listener that remembers, for tests that wait for news instead of sleeping."""

from __future__ import annotations

import asyncio


class Heard:
    """Everything a hub told, as tuples; `until` waits for one."""

    def __init__(self) -> None:
        self.news: list[tuple[object, ...]] = []
        self._changed = asyncio.Event()

    def _add(self, *news: object) -> None:
        self.news.append(news)
        self._changed.set()

    async def until(self, *wanted: tuple[object, ...], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not all(one in self.news for one in wanted):
                self._changed.clear()
                await self._changed.wait()

    def leg_connected(self, leg_id: str) -> None:
        self._add("connected", leg_id)

    def leg_silent(self, leg_id: str) -> None:
        self._add("silent", leg_id)

    def leg_heard(self, leg_id: str) -> None:
        self._add("heard", leg_id)

    def leg_failed(self, leg_id: str, reason: str) -> None:
        self._add("failed", leg_id, reason)

    def intruded(self, leg_id: str, what: str) -> None:
        self._add("intruded", leg_id, what)

    def level_changed(self, leg_id: str, slot: int, level: str) -> None:
        self._add("level", leg_id, slot, level)
