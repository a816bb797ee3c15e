"""Writes a call's papers in order, beside the call: a slow or absent database never holds a call up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from signaling.timing import SECOND, Clock
from visitation.errors import Refused

Paper = Callable[[], Awaitable[object]]

log = structlog.get_logger(__name__)

RETRY_EVERY: Final = 5 * SECOND
TRIES: Final = 120


class Clerk:
    """Keeps what could not be written and tries again; above `size` the newest paper is dropped and counted."""

    def __init__(self, clock: Clock, size: int = 200) -> None:
        self._clock = clock
        self._size = size
        self._papers: deque[tuple[str, Paper]] = deque()
        self._more = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._closing = False
        self._hurry = False
        self.lost = 0

    def write(self, name: str, paper: Paper) -> None:
        """`name` is for the log; `paper` may be called several times until it succeeds."""
        if len(self._papers) >= self._size:
            self._lose(name)
            return
        self._papers.append((name, paper))
        self._empty.clear()
        self._more.set()

    def close(self, *, hurry: bool = False) -> None:
        """`run` returns once everything is written; in a hurry it stops at the first that cannot be."""
        self._closing = True
        self._hurry = self._hurry or hurry
        self._more.set()

    async def written(self) -> None:
        """Until nothing is left to write."""
        await self._empty.wait()

    async def run(self) -> None:
        while self._papers or not self._closing:
            if not self._papers:
                self._empty.set()
                self._more.clear()
                await self._more.wait()
                continue
            name, paper = self._papers[0]
            written = await self._written(name, paper)
            self._papers.popleft()
            if written:
                continue
            self._lose(name)
            while self._hurry and self._papers:  # each would wait as long for a database that is away
                self._lose(self._papers.popleft()[0])
        self._empty.set()

    @property
    def _most(self) -> int:
        return 1 if self._hurry else TRIES

    async def _written(self, name: str, paper: Paper) -> bool:
        attempt = 0
        while attempt < self._most:
            attempt += 1
            try:
                await paper()
                return True
            except Refused as refused:  # the house has answered; asking again would not change it
                log.warning("clerk.refused", paper=name, code=refused.code)
                return True
            except Exception:
                log.exception("clerk.not_written", paper=name, attempt=attempt)
                if attempt < self._most:
                    await self._clock.sleep(RETRY_EVERY)
        return False

    def _lose(self, name: str) -> None:
        self.lost += 1
        log.error("clerk.lost", paper=name, lost=self.lost)
