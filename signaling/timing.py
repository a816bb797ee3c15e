"""When things happen in a call: its own time line, its named alarms, and the house's lengths of time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND

# Absence, counted from the last authenticated packet (or from the socket's end before the call is live).
LOST_AFTER: Final = 5 * SECOND
LOBBY_AFTER: Final = 30 * SECOND
ABSENT_AFTER: Final = 3 * MINUTE
# A first leg asks for camera and microphone and shakes hands: that much is not yet an absence.
FIRST_LEG_GRACE: Final = 10 * SECOND

RING_FOR: Final = 90 * SECOND
RING_REST: Final = 30 * SECOND
DECLINED_REST: Final = 20 * SECOND

NOTICES: Final = (5, 1)

RECORDER_GRACE: Final = 10 * SECOND
RECORDER_PATIENCE: Final = 60 * SECOND
SUPERVISOR_GRACE: Final = 30 * SECOND

QUALITY_EVERY: Final = 2 * SECOND
# An ended call answers for a while: somebody may come back just to be told why it is over.
LINGER: Final = 2 * MINUTE


class Alarm(Protocol):
    """A call that will come unless cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Wall time for people, monotonic time for lengths, and the one way to be called later."""

    def now(self) -> datetime: ...

    def monotonic_ns(self) -> int: ...

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Alarm: ...

    async def sleep(self, delay_ms: int) -> None: ...


class LoopClock:
    """The machine's clock and the running event loop."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Alarm:
        return asyncio.get_running_loop().call_later(delay_ms / 1000, callback)

    async def sleep(self, delay_ms: int) -> None:
        await asyncio.sleep(delay_ms / 1000)


def millis(at: datetime) -> int:
    """Milliseconds since the epoch of an aware time."""
    return int(at.timestamp() * 1000)


class TimeLine:
    """Milliseconds since the epoch that only go forward: wall time once, monotonic time from then on.

    A wall clock that is stepped or set wrong ends no call early.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = millis(clock.now())
        self._start = clock.monotonic_ns()

    def now(self) -> int:
        return self._wall + (self._clock.monotonic_ns() - self._start) // 1_000_000


class Timers:
    """Named moments; setting one again moves it."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def set(self, name: str, at: int) -> None:
        self._at[name] = at

    def drop(self, *names: str) -> None:
        for name in names:
            self._at.pop(name, None)

    def clear(self) -> None:
        self._at.clear()

    def take_due(self, now: int) -> str | None:
        """The earliest moment that has come, taken away; None when none has."""
        due = min(((at, name) for name, at in self._at.items() if at <= now), default=None)
        if due is None:
            return None
        del self._at[due[1]]
        return due[1]

    @property
    def next(self) -> int | None:
        return min(self._at.values(), default=None)
