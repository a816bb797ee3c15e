"""One call: who hears whom. Gates start shut; every decision ends in the table that the forwarder reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from relay.congestion import Level
from relay.description import DescriptionRefused
from relay.member import Member, Parts, Seat
from relay.stats import LegStats
from relay.table import Kind, Path, Track
from relay.tap import Tap, Tapping
from relay.wiring import suit_lines, wire

__all__ = [
    "DescriptionRefused", "Hub", "HubClosed", "HubListener", "Kind", "LegStats", "Level", "ObserversRefused", "RelayFull", "Seat",
    "Tap",
]  # fmt: skip

logger = logging.getLogger(__name__)

SUIT_NS = 250_000_000  # between two looks at what the lines carry; it decides over seconds
MAX_STRANGERS = 8  # unknown SSRCs worth a look for the audit, per leg; later ones are dropped unread (T5)
UNANSWERED_FACTOR = 4  # an offer lives so many handshake times: people are asked for their camera meanwhile


class ObserversRefused(Exception):
    """This hub was opened without observers: no tap, no leg that only receives."""


class HubClosed(Exception):
    """The call is over."""


class RelayFull(Exception):
    """No more legs in this process."""


class HubListener(Protocol):
    """Called on the loop; must return at once."""

    def leg_connected(self, leg_id: str) -> None: ...
    def leg_silent(self, leg_id: str) -> None: ...
    def leg_heard(self, leg_id: str) -> None: ...
    def leg_failed(self, leg_id: str, reason: str) -> None: ...
    def intruded(self, leg_id: str, what: str) -> None: ...
    def level_changed(self, leg_id: str, slot: int, level: Level) -> None: ...


class Building(Protocol):
    """What a hub needs of the relay it stands in."""

    parts: Parts

    def spawn(self, work: Coroutine[Any, Any, None]) -> None: ...
    def enter(self, hub: Hub, leg_id: str) -> None: ...
    def claim(self, leg_id: str, fingerprint: tuple[str, str]) -> bool: ...
    def left(self, leg_id: str) -> None: ...
    def closed(self, hub: Hub) -> None: ...


class Hub:
    """Legs of one call; see the methods. Nothing is forwarded or tapped before release()."""

    def __init__(self, name: str, listener: HubListener, *, observers: bool, building: Building) -> None:
        self.name = name
        self._listener = listener
        self._observers = observers
        self._building = building
        self._members: dict[str, Member] = {}
        self._expiry: dict[str, asyncio.TimerHandle] = {}
        self._suited_at = 0
        self._strangers: dict[str, set[int]] = {}
        self._open = self._closed = False
        self._muted: dict[str, tuple[bool, bool]] = {}
        self._tappings: list[Tapping] = []

    # legs

    async def join(self, leg_id: str, seat: Seat) -> str:
        """The offer (SDP). A party that joins again replaces its old leg. Raises ObserversRefused, RelayFull, HubClosed."""
        await self._building.parts.turns.mine()
        if self._closed:
            raise HubClosed(self.name)
        if not seat.publishes and not self._observers:
            raise ObserversRefused(leg_id)
        self._building.enter(self, leg_id)
        for other in [one for one in self._members.values() if one.seat.party == seat.party]:
            self._drop(other, "replaced")
        member = self._members[leg_id] = Member(leg_id, seat, self._building.parts, self)
        seconds = self._building.parts.handshake_seconds * UNANSWERED_FACTOR
        loop = asyncio.get_running_loop()
        self._expiry[leg_id] = loop.call_later(seconds, self.failed, member, "handshake")
        return await member.offer()

    async def answer(self, leg_id: str, sdp: str) -> None:
        """The browser's one answer. Raises DescriptionRefused (nothing changes, it may answer again), KeyError."""
        await self._building.parts.turns.mine()
        member = self._members[leg_id]
        try:
            answer = member.read(sdp)
            if not self._building.claim(leg_id, answer.fingerprint):
                raise DescriptionRefused("answer_identity")
        except DescriptionRefused as refused:
            self._tell(self._listener.intruded, leg_id, f"description: {refused.code}")  # T9
            raise
        if member.answered:
            return
        member.answered = True
        self._expiry.pop(leg_id).cancel()
        self._building.spawn(member.run(answer))

    async def leave(self, leg_id: str) -> None:
        """Close a leg without a word to the listener; unknown ones are gone already."""
        member = self._members.get(leg_id)
        if member is not None:
            self._forget(member)
            await member.close()

    # who hears whom

    def seat(self, leg_id: str, slot: int, party: str | None, *, audio: bool, video: Level) -> None:
        """Who sits in a slot, from the next keyframe on; idempotent. Raises KeyError, IndexError."""
        wish = self._members[leg_id].wishes[slot]
        wish.party, wish.audio, wish.video = party, audio, video
        self._wire()

    def hold(self) -> None:
        """Shut every gate: from the next packet on nothing is forwarded or tapped."""
        self._open = False
        self._wire()

    def release(self) -> None:
        self._open = True
        self._wire()

    def mute(self, party: str, *, audio: bool, video: bool) -> None:
        """Nothing of the party's sound or picture (preview too) is forwarded or tapped while True."""
        self._muted[party] = (audio, video)
        self._wire()

    def tap(
        self, tap: Tap, *, parties: frozenset[str], audio: bool, video: bool, keyframe_seconds: float = 10.0
    ) -> None:
        """Copy these parties' packets to a tap. Raises ObserversRefused."""
        if not self._observers:
            raise ObserversRefused(self.name)
        choice: tuple[tuple[Kind, bool], ...] = (("audio", audio), ("video", video))
        kinds = frozenset(kind for kind, wanted in choice if wanted)
        self._tappings.append(Tapping(tap, self._building.parts.table, parties, kinds, keyframe_seconds))
        self._wire()

    def untap(self, tap: Tap) -> None:
        for tapping in [one for one in self._tappings if one.tap is tap]:
            tapping.end()
            self._tappings.remove(tapping)

    def _wire(self) -> None:
        wire(self._members.values(), opened=self._open, muted=self._muted)
        tracks = [one for member in self._members.values() for one in member.publications.values()]
        for tapping in self._tappings:
            tapping.attach(tracks)

    # news from the legs

    def connected(self, member: Member) -> None:
        self._wire()
        self._tell(self._listener.leg_connected, member.leg_id)

    def failed(self, member: Member, reason: str) -> None:
        if member.leg_id in self._members:
            self._drop(member, reason)

    def silence(self, member: Member, silent: bool) -> None:
        self._tell(self._listener.leg_silent if silent else self._listener.leg_heard, member.leg_id)

    def line_changed(self, member: Member) -> None:
        before = {index: slot.level for index, slot in member.slots.items()}
        self._wire()
        for index, slot in member.slots.items():
            if slot.level != before[index]:
                self._tell(self._listener.level_changed, member.leg_id, index, slot.level)

    def control(self, leg_id: str, data: bytes, now: int) -> None:
        member = self._members.get(leg_id)
        if member is not None:
            member.control(data, now)

    def stranger(self, path: Path, ssrc: int, authentic: Callable[[], bool]) -> None:
        """RTP that was never announced: from a watcher it ends the leg (T13), else it is told once (T5)."""
        member = self._members.get(path.leg_id)
        seen = self._strangers.setdefault(path.leg_id, set())
        if member is None or len(seen) >= MAX_STRANGERS or not authentic():
            return
        seen.add(ssrc)
        if not member.seat.publishes:
            self._tell(self._listener.intruded, member.leg_id, "a watcher sent media")
            self._drop(member, "intrusion")
        elif len(seen) == 1:
            self._tell(self._listener.intruded, member.leg_id, "media that was not announced")

    def keyframe(self, track: Track) -> None:
        for member in self._members.values():
            for publication in member.publications.values():
                if publication.track is track:
                    publication.keyframe_came()

    def beat(self, now: int) -> None:
        if now - self._suited_at >= SUIT_NS:
            self._suited_at = now
            suit_lines(self._members.values(), now)
        for member in list(self._members.values()):
            member.beat(now)
        for tapping in self._tappings:
            tapping.beat(now)

    def stats(self) -> dict[str, LegStats]:
        return {leg_id: member.stats() for leg_id, member in self._members.items()}

    # ends

    def _drop(self, member: Member, reason: str) -> None:
        """A leg is gone by itself: out of the table now, its goodbyes in a task, the listener told."""
        self._forget(member)
        self._building.spawn(member.close())
        self._tell(self._listener.leg_failed, member.leg_id, reason)

    def _forget(self, member: Member) -> None:
        del self._members[member.leg_id]
        self._strangers.pop(member.leg_id, None)
        expiry = self._expiry.pop(member.leg_id, None)
        if expiry is not None:
            expiry.cancel()
        self._building.left(member.leg_id)
        member.shut()
        self._wire()

    def _tell(self, what: Callable[..., None], *news: object) -> None:
        try:
            what(*news)
        except Exception:
            logger.exception("a listener of hub %s failed", self.name)

    async def close(self) -> None:
        """End every leg and tap; the hub cannot be used any more."""
        self._closed = True
        self.hold()
        for tapping in self._tappings:
            tapping.end()
        self._tappings.clear()
        for leg_id in list(self._members):
            await self.leave(leg_id)
        self._building.closed(self)
