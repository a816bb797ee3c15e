"""The officers' wall: every call and coming visit of a prison, whole, at most once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from signaling import recorder
from signaling.protocol import WallStateNews
from signaling.shapes import Need, WallCall, WallComing, WallState
from signaling.timing import MINUTE, SECOND, Clock, millis
from visitation.conditions import Watching
from visitation.services.visits import VisitFacts, Visits

if TYPE_CHECKING:
    from signaling.call import Call

log = structlog.get_logger(__name__)

EVERY: Final = 1 * SECOND
COMING_EVERY: Final = MINUTE // 2


def wall_call(call: Call) -> WallCall:
    """A closed call shows its cell and times, and nothing of who or how."""
    facts, closed, now = call.facts, call.conditions.closed, call.now
    return WallCall(
        visit=facts.visit_id,
        call=call.call_id,
        cell=facts.cell,
        prisoner=None if closed else facts.prisoner_name,
        visitor=None if closed else facts.visitor_name,
        relation=None if closed else dict(facts.relation),
        phase=call.phase,
        starts_at=millis(facts.starts_at),
        ends_at=millis(facts.ends_at),
        closed=closed,
        watchable=call.conditions.watchable,
        audible=call.conditions.audible,
        recording=recorder.shown(call),
        lines={member.party: member.line for member in call.roster},
        presence={member.party: member.presence(now, live=call.live) for member in call.roster},
        hold=call.holds.shown if call.phase == "held" else None,
        needs=() if closed else needs(call),
    )


def needs(call: Call) -> tuple[Need, ...]:
    """What asks for an officer's eyes."""
    unwatched = call.conditions.watch_picture is Watching.CONTINUOUS and not call.watchers.people
    found: list[tuple[Need, bool]] = [
        ("unwatched", call.live and unwatched),
        ("recorder", call.live and call.conditions.recorded and not call.recorder.running),
        ("lost", call.live and any(m.presence(call.now, live=True) == "lost" for m in call.roster)),
        ("held", call.phase == "held"),
    ]
    return tuple(need for need, there in found if there)


def wall_coming(facts: VisitFacts) -> WallComing:
    return WallComing(
        visit=facts.visit_id,
        cell=facts.cell,
        prisoner=None if facts.closed else facts.prisoner_name,
        visitor=None if facts.closed else facts.visitor_name,
        starts_at=millis(facts.starts_at),
        closed=facts.closed,
    )


class Wall:
    """Builds the wall of a prison and sends it to its officers when it has changed."""

    def __init__(
        self,
        clock: Clock,
        visits: Visits,
        calls_of: Callable[[str], Iterable[Call]],
        prisons: Callable[[], set[str]],
        send: Callable[[str, WallStateNews], Awaitable[None]],
    ) -> None:
        self._clock, self._visits = clock, visits
        self._calls_of, self._prisons, self._send = calls_of, prisons, send
        self._marked: set[str] = set()
        self._wake = asyncio.Event()
        self._coming: dict[str, tuple[datetime, tuple[VisitFacts, ...]]] = {}
        self._sent: dict[str, WallState] = {}

    def mark(self, prison_id: str, *, visits_changed: bool = False, anew: bool = False) -> None:
        """Something of the prison changed; `anew` = somebody has seen nothing yet."""
        if visits_changed:
            self._coming.pop(prison_id, None)
        if anew:
            self._sent.pop(prison_id, None)
        self._marked.add(prison_id)
        self._wake.set()

    def refresh(self) -> None:
        """Time passes: visits come near and go by."""
        for prison_id in self._prisons():
            self.mark(prison_id)

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            marked, self._marked = self._marked, set()
            for prison_id in marked & self._prisons():
                await self._publish(prison_id)
            await self._clock.sleep(EVERY)

    async def _publish(self, prison_id: str) -> None:
        try:
            state = await self.state(prison_id)
            if replace(state, now=0) != self._sent.get(prison_id):
                self._sent[prison_id] = replace(state, now=0)
                await self._send(prison_id, WallStateNews(**vars(state)))
        except Exception:
            log.exception("wall.not_published")

    async def state(self, prison_id: str) -> WallState:
        """The wall as it is now. A database that is away leaves the list of coming visits as it was known."""
        now = self._clock.now()
        calls = [call for call in self._calls_of(prison_id) if call.phase != "ended"]
        busy = {call.facts.visit_id for call in calls}
        coming = [
            facts
            for facts in await self._coming_of(prison_id, now)
            if facts.state(now) in ("early", "open") and facts.visit_id not in busy
        ]
        return WallState(
            now=millis(now),
            calls=tuple(wall_call(call) for call in sorted(calls, key=lambda call: call.facts.cell)),
            coming=tuple(wall_coming(facts) for facts in coming),
        )

    async def _coming_of(self, prison_id: str, now: datetime) -> tuple[VisitFacts, ...]:
        read_at, known = self._coming.get(prison_id, (None, ()))
        if read_at is not None and millis(now) - millis(read_at) < COMING_EVERY:
            return known
        try:
            day = await self._visits.local_date(prison_id, now)
            known = await self._visits.of_prison_today(prison_id, day)
        except Exception:
            log.exception("wall.visits_unknown")
        self._coming[prison_id] = (now, known)
        return known
