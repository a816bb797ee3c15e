"""Who belongs to a call, and how present each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from signaling.shapes import Lang, Presence
from signaling.timing import ABSENT_AFTER, LOBBY_AFTER, LOST_AFTER

PartyName = Literal["prisoner", "visitor"]


@dataclass
class Member:
    """One party. `passed`: the visitor has passed the lobby's checks, the prisoner has answered.

    `gone_at`: since when nothing is heard of a member that should be heard (ms), None while it is.
    """

    party: PartyName
    name: str
    relation: dict[Lang, str] | None = None
    returns_by_lobby: bool = False
    socket: bool = False
    passed: bool = False
    leg: str | None = None
    connected: bool = False
    was_here: bool = False
    gone_at: int | None = None
    audio: bool = True
    video: bool = True
    line: int | None = None

    def presence(self, now: int, *, live: bool) -> Presence:
        """As everybody is told, see the table of absence."""
        away = now - self.gone_at if self.gone_at is not None else 0
        if live:
            return self._live_presence(away)
        if not self.passed:
            return "lobby" if self.socket and not self.returns_by_lobby else "absent"
        return "lost" if away >= LOST_AFTER else "lobby"

    def _live_presence(self, away: int) -> Presence:
        if self.gone_at is None:
            return "here" if self.connected else "lobby"
        if away < LOST_AFTER:
            return "here" if self.was_here else "lobby"
        return "lobby" if self.returns_by_lobby and away >= LOBBY_AFTER else "lost"


class Roster:
    """The members of one call, by party."""

    def __init__(self, *members: Member) -> None:
        self._members: dict[str, Member] = {member.party: member for member in members}

    def __getitem__(self, party: str) -> Member:
        return self._members[party]

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members.values())

    def by_leg(self, leg: str) -> Member | None:
        return next((member for member in self if member.leg == leg), None)

    def others(self, party: str) -> Iterator[Member]:
        return (member for member in self if member.party != party)

    @property
    def all_admitted(self) -> bool:
        return all(member.passed for member in self)

    def ends_for_absence_at(self, now: int) -> int | None:
        """When the call ends because somebody stays away; None while nobody is lost."""
        lost = [m.gone_at for m in self if m.gone_at is not None and now - m.gone_at >= LOST_AFTER]
        return min(lost) + ABSENT_AFTER if lost else None
