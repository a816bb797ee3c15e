"""Which viewings have been written down lately: a page that asks again for what it shows is one viewing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

# As long as a grant for a recording: who looks for longer has a line for each quarter of an hour.
LASTS: Final = timedelta(minutes=15)
LIMIT: Final = 4096


Viewing = tuple[str, str]  # the session, and what is seen


class Viewings:
    """In memory: after a restart a viewing is written anew. Bounded; the oldest is dropped first."""

    def __init__(self) -> None:
        self._until: dict[Viewing, datetime] = {}
        self.dropped = 0

    def going(self, viewing: Viewing, now: datetime) -> bool:
        """Whether it has been written down, and not too long ago."""
        return now < self._until.get(viewing, now)

    def begin(self, viewing: Viewing, now: datetime) -> None:
        """It has been written down; to be called after the line is in the log, never before."""
        self._until = {each: until for each, until in self._until.items() if until > now}
        while len(self._until) >= LIMIT:
            self._until.pop(next(iter(self._until)))
            self.dropped += 1
        self._until[viewing] = now + LASTS
