"""The officers who watch a call, each through one leg of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from visitation.policy.identity import Identity


@dataclass
class Watcher:
    """`sid` is the officer's socket; `full` = full pictures, `sound` = and what is said."""

    sid: str
    identity: Identity
    leg: str
    full: bool = False
    sound: bool = False


class Watchers:
    """By socket: a second watch of the same socket replaces the first."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Watcher] = {}

    def __iter__(self) -> Iterator[Watcher]:
        return iter(tuple(self._by_sid.values()))

    def put(self, watcher: Watcher) -> None:
        self._by_sid[watcher.sid] = watcher

    def of(self, sid: str) -> Watcher | None:
        return self._by_sid.get(sid)

    def by_leg(self, leg: str) -> Watcher | None:
        return next((watcher for watcher in self if watcher.leg == leg), None)

    def take(self, sid: str) -> Watcher | None:
        return self._by_sid.pop(sid, None)

    @property
    def people(self) -> int:
        """How many officers, however many windows each has open."""
        return len({watcher.identity.person_id for watcher in self})
