"""The one bounded queue of a call: everything that changes it comes through here, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from visitation.errors import NotNow

Deed = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """A deed, and the future that waits for its result (None: nobody waits)."""

    deed: Deed
    answer: asyncio.Future[Any] | None = None


class Mailbox:
    """Commands are refused from half-full on, so that the relay's and the clock's news still fit.

    News above the whole size are dropped and counted; the next look at the relay's figures makes up for them.
    """

    def __init__(self, size: int = 512) -> None:
        self._queue: asyncio.Queue[Job] = asyncio.Queue(size)
        self._commands = size // 2
        self.refused = 0
        self.dropped = 0

    def command(self, deed: Deed) -> asyncio.Future[Any] | None:
        """The future of its result; None when the call has too much to do."""
        if self._queue.qsize() >= self._commands:
            self.refused += 1
            return None
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(Job(deed, answer))
        return answer

    def news(self, deed: Deed) -> None:
        if self._queue.full():
            self.dropped += 1
            return
        self._queue.put_nowait(Job(deed))

    async def last(self, deed: Deed) -> None:
        """News that must not be dropped: waits for room."""
        await self._queue.put(Job(deed))

    async def take(self) -> Job:
        return await self._queue.get()

    def done(self) -> None:
        self._queue.task_done()

    async def idle(self) -> None:
        """Until everything that was posted has been carried out."""
        await self._queue.join()

    def close(self) -> None:
        """Whoever still waits is told that the call is over."""
        while not self._queue.empty():
            job = self._queue.get_nowait()
            if job.answer is not None and not job.answer.done():
                job.answer.set_exception(NotNow("call_ended"))
            self._queue.task_done()
