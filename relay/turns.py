"""Spread the costly steps of joins over the turns of the event loop, so that a burst of them delays nothing else for long."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

MAX_WAITING = 4096  # steps; a full relay joining at once has fewer


class Turns:
    """One step in each turn of the loop, in order of arrival; between two, everything else that is due runs."""

    def __init__(self) -> None:
        self._steps: deque[Callable[[], object]] = deque()
        self._engaged = False
        self.refused = 0

    def later(self, step: Callable[[], object]) -> bool:
        """Run a step when its turn comes; it must not throw. False and counted in `refused`, where too many wait."""
        if len(self._steps) >= MAX_WAITING:
            self.refused += 1
            return False
        self._steps.append(step)
        if not self._engaged:
            self._engaged = True
            asyncio.get_running_loop().call_soon(self._turn)
        return True

    async def mine(self) -> None:
        """Returns when it is the caller's turn; at once where too many wait, for nobody is turned away here."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.later(lambda: self._wake(turn)):
            await turn

    def _wake(self, turn: asyncio.Future[None]) -> None:
        """Who waits runs in the next turn of the loop, so that one belongs to it too."""
        if not turn.done():
            turn.set_result(None)
            self._steps.appendleft(_nothing)

    def _turn(self) -> None:
        self._engaged = bool(self._steps)
        if self._engaged:
            asyncio.get_running_loop().call_soon(self._turn)
            self._steps.popleft()()


def _nothing() -> None:
    """The turn is somebody else's."""
