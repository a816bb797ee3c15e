"""Who is connected on which socket, as detached values; the newest of a seat counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from signaling.ports import terminal_seat, visitor_seat
from visitation.errors import NotNow
from visitation.policy.identity import Identity

MOST_OF_AN_OFFICER: Final = 5

EVENTS_A_SECOND: Final = 10
EVENTS_AT_ONCE: Final = 40
STRIKES: Final = 3
# Messages thrown away for haste before the socket goes as well.
PATIENCE: Final = 200


class Bucket:
    """So many messages at once, and so many a second after that."""

    def __init__(self, now_ns: int) -> None:
        self._left = float(EVENTS_AT_ONCE)
        self._at = now_ns

    def take(self, now_ns: int) -> bool:
        self._left = min(EVENTS_AT_ONCE, self._left + (now_ns - self._at) / 1e9 * EVENTS_A_SECOND)
        self._at = now_ns
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass
class Socket:
    """One connection. `tab` tells a page that comes back from a second page; `until` is the session's last
    moment, None in a test that has none."""

    sid: str
    identity: Identity
    tab: str | None
    bucket: Bucket
    until: datetime | None = None
    strikes: int = 0
    hasty: int = 0
    seat: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.seat = seat_of(self.identity)


def seat_of(identity: Identity) -> str | None:
    """A participant's seat; None for officers, who sit in none."""
    if identity.kind == "visitor" and identity.visit_id:
        return visitor_seat(identity.visit_id, identity.person_id)
    if identity.kind == "prisoner" and identity.terminal_id:
        return terminal_seat(identity.terminal_id, identity.person_id)
    return None


class Sockets:
    """By id, and of each seat the newest."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Socket] = {}
        self._by_seat: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, socket: Socket) -> Socket | None:
        """The socket that had the seat until now, if any; it is no longer known. Raises NotNow."""
        if socket.seat is None:
            if len(self._of_person(socket.identity.person_id)) >= MOST_OF_AN_OFFICER:
                raise NotNow("too_many")
            self._by_sid[socket.sid] = socket
            return None
        older = self._by_sid.pop(self._by_seat.get(socket.seat, ""), None)
        self._by_sid[socket.sid] = socket
        self._by_seat[socket.seat] = socket.sid
        return older

    def remove(self, sid: str) -> Socket | None:
        """The socket, if it was still the one that counts."""
        socket = self._by_sid.pop(sid, None)
        if socket is not None and socket.seat is not None:
            self._by_seat.pop(socket.seat, None)
        return socket

    def get(self, sid: str) -> Socket | None:
        return self._by_sid.get(sid)

    def in_seat(self, seat: str) -> str | None:
        return self._by_seat.get(seat)

    def officers(self, prison_id: str) -> list[Socket]:
        return [s for s in self._by_sid.values() if s.seat is None and s.identity.prison_id == prison_id]

    def officers_prisons(self) -> set[str]:
        return {s.identity.prison_id for s in self._by_sid.values() if s.seat is None}

    def of_session(self, session_id: str) -> list[Socket]:
        return [s for s in self._by_sid.values() if s.identity.session_id == session_id]

    def outlived(self, now: datetime) -> list[Socket]:
        """Officers whose session is over. Whoever is in a visit stays to its end, which is soon enough."""
        return [s for s in self._by_sid.values() if s.seat is None and s.until is not None and s.until <= now]

    def at_terminal(self, terminal_id: str) -> list[Socket]:
        return [s for s in self._by_sid.values() if s.identity.terminal_id == terminal_id]

    def _of_person(self, person_id: str) -> list[Socket]:
        return [s for s in self._by_sid.values() if s.identity.person_id == person_id]
