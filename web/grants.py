"""Viewing grants: who may fetch which recording's bytes, bound to a session and for 15 minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(minutes=15)
LIMIT: Final = 1024


class ViewingGrants:
    """In memory: a restart asks for the reason again. Bounded; the oldest grant is dropped first."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], datetime] = {}
        self.dropped = 0

    def give(self, session_id: str, recording_id: str, now: datetime) -> datetime:
        """A fresh grant; returns when it ends."""
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until.pop((session_id, recording_id), None)
        while len(self._until) >= LIMIT:
            self._until.pop(next(iter(self._until)))
            self.dropped += 1
        self._until[session_id, recording_id] = now + LIFETIME
        return now + LIFETIME

    def holds(self, session_id: str, recording_id: str, now: datetime) -> bool:
        """Whether this session may fetch bytes of this recording now."""
        until = self._until.get((session_id, recording_id))
        return until is not None and now < until

    def end(self, session_id: str) -> None:
        """The session is over, and so is everything it had opened."""
        self._until = {key: until for key, until in self._until.items() if key[0] != session_id}
