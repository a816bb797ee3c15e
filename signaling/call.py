"""One live call: a task with one mailbox, the only one that changes the call's state."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import structlog

from relay.hub import Hub
from signaling import phases, recorder, view
from signaling.alarms import alarm
from signaling.clerk import Clerk
from signaling.control import Control
from signaling.interventions import Holds, Warnings
from signaling.mailbox import Deed, Job, Mailbox
from signaling.ports import CallEvent, CallListener, Courier, Relay, terminal_seat, visitor_seat
from signaling.protocol import CallStateNews
from signaling.quality import Smoothed
from signaling.relay_news import LegNews
from signaling.roster import Member, PartyName, Roster
from signaling.shapes import By, CallState, EndedState, EventKind, Level, Phase
from signaling.timing import QUALITY_EVERY, Alarm, Clock, TimeLine, Timers, millis
from signaling.watchers import Watchers
from visitation.conditions import Conditions
from visitation.errors import NotNow, Refused, Unavailable
from visitation.policy.subjects import VisitSubject
from visitation.services.audit import Audit
from visitation.services.calls import CallLease
from visitation.services.calls import Calls as CallLeases
from visitation.services.outcomes import Outcomes
from visitation.services.supervision import Supervision
from visitation.services.visits import VisitFacts, Visits

log = structlog.get_logger(__name__)

# Real seconds: a listener that hangs must not hold the call up. It decides nothing about the call.
LISTENER_SECONDS: Final = 5.0
MOST_EVENTS: Final = 500


@dataclass(frozen=True)
class House:
    """Everything around a call that it may ask."""

    clock: Clock
    relay: Relay
    courier: Courier
    listener: CallListener
    visits: Visits
    outcomes: Outcomes
    leases: CallLeases
    supervision: Supervision
    audit: Audit
    changed: Callable[[Call], None] = lambda _call: None


class Call:
    """`facts` have conditions: they were decided at the first join, and stay what they are."""

    def __init__(self, house: House, facts: VisitFacts, conditions: Conditions, lease: CallLease) -> None:
        self.house, self.facts, self.conditions, self.lease = house, facts, conditions, lease
        self.call_id = lease.call_id
        self.starts_at = millis(facts.starts_at)
        self.time = TimeLine(house.clock)
        self.timers = Timers()
        self.phase: Phase = "waiting"
        self.roster = Roster(
            Member("prisoner", facts.prisoner_name),
            Member("visitor", facts.visitor_name, dict(facts.relation), returns_by_lobby=True),
        )
        self.seats: dict[PartyName, str] = {
            "visitor": visitor_seat(facts.visit_id, facts.contact_id),
            "prisoner": terminal_seat(facts.terminal_id, facts.prisoner_id),
        }
        self.holds, self.warnings, self.watchers = Holds(), Warnings(), Watchers()
        self.recorder = recorder.RecorderState()
        self.levels: dict[tuple[str, int], Level] = {}
        self.ringing_since: int | None = None
        self.declined_at: int | None = None
        self.ring_not_before = self.starts_at
        self.minutes_notice: Literal[5, 1] | None = None
        self.ended: EndedState | None = None
        self.was_live = False
        self.events: deque[CallEvent] = deque(maxlen=MOST_EVENTS)
        self.clerk = Clerk(house.clock)
        self.quality = Smoothed()
        self.over = False
        self._began = False
        self._group: asyncio.TaskGroup | None = None
        self._untold: list[CallEvent] = []
        self._mailbox = Mailbox()
        self._alarm: Alarm | None = None
        self._sent: dict[str, CallState] = {}
        observers = conditions.recorded or conditions.watchable or conditions.audible
        self.hub: Hub = house.relay.open_hub(self.call_id, LegNews(self), observers=observers)
        phases.prepare(self)

    # What others may ask at any time.

    @property
    def now(self) -> int:
        return self.time.now()

    @property
    def live(self) -> bool:
        return self.phase in ("live", "held")

    @property
    def subject(self) -> VisitSubject:
        """With the conditions the call was begun under, whatever the database says later."""
        return replace(self.facts.subject(), conditions=self.conditions)

    async def ask(self, deed: Deed) -> Any:
        """Carries a deed out in the call's own task; raises Refused."""
        if self.over:
            raise NotNow("call_ended")
        answer = self._mailbox.command(deed)
        if answer is None:
            raise NotNow("too_many")
        return await answer

    def post(self, deed: Callable[[], Awaitable[None]]) -> None:
        """The same without an answer; never waits."""
        if not self.over:
            self._mailbox.news(deed)

    async def stop(self, deed: Deed) -> None:
        """Carries out a last deed, and then nobody lingers. Waits for room in the mailbox, not for the end."""

        async def last() -> None:
            await deed()
            self.over = True
            self.clerk.close(hurry=True)

        await self._mailbox.last(last)

    async def idle(self) -> None:
        await self._mailbox.idle()

    # The task.

    async def run(self) -> None:
        """Until the call is over and has been so for a while."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self.clerk.run(), name=f"clerk {self.call_id}")
                await self._work()
                self.clerk.close()
        finally:
            self.over = True
            self._mailbox.close()
            if self._alarm is not None:
                self._alarm.cancel()
            await self.guarded("hub.close", self.hub.close())

    async def _work(self) -> None:
        await self._settle()
        while not self.over:
            job = await self._mailbox.take()
            try:
                await self._carry_out(job)
            finally:
                self._mailbox.done()

    async def _carry_out(self, job: Job) -> None:
        """One deed; whatever goes wrong in it is its asker's news, never the call's end."""
        failure: Exception | None = None
        result: Any = None
        try:
            result = await job.deed()
        except Refused as refused:
            failure = refused
        except Exception:
            log.exception("call.deed_failed", call=self.call_id)
            failure = Unavailable("internal")
        await self._settle()
        if job.answer is None or job.answer.done():
            return
        if failure is not None:
            job.answer.set_exception(failure)
        else:
            job.answer.set_result(result)

    async def _settle(self) -> None:
        """After every deed: alarms that are due, the whole state to everybody it changed for, news to listeners."""
        while (name := self.timers.take_due(self.now)) is not None:
            await self.guarded(f"alarm {name}", alarm(self, name))
        await self.guarded("publish", self._publish())
        await self._tell_listener()
        self._arm()

    def _arm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.timers.next is not None and not self.over:
            delay = max(0, self.timers.next - self.now)
            self._alarm = self.house.clock.call_later(delay, lambda: self.post(_nothing))

    # News.

    def note(
        self,
        kind: EventKind,
        party: str | None = None,
        text: str | None = None,
        code: str | None = None,
        by: By | None = None,
    ) -> None:
        """One line of the time line, for officers and the listener."""
        event = CallEvent(kind, self.now, self.house.clock.monotonic_ns(), party, text, code, by)
        self.events.append(event)
        if self._began:
            self._untold.append(event)

    async def begin_listening(self) -> None:
        """Tells the listener that the call goes live; returns when it is ready for what comes."""
        self._began = True
        control = Control(self)
        await self.brief(
            "listener.began", self.house.listener.began(self.facts, self.call_id, self.hub, control)
        )

    async def _tell_listener(self) -> None:
        untold, self._untold = self._untold, []
        for event in untold:
            await self.brief("listener.happened", self.house.listener.happened(self.call_id, event))
        if self.ended is not None and self._began and self._group is not None:
            self._began = False
            ending = self.house.listener.ended(self.call_id, self.ended.reason)
            # Beside the call: what is closed and signed here may take its time, and must not be cut short.
            self._group.create_task(self.guarded("listener.ended", ending))

    async def guarded(self, name: str, deed: Awaitable[None]) -> None:
        """One step whose failure is logged and is not the call's end."""
        try:
            await deed
        except Exception:
            log.exception("call.step_failed", call=self.call_id, step=name)

    async def brief(self, name: str, deed: Awaitable[None]) -> None:
        """The same for others' work that the call waits for, which it does for a while only."""

        async def bounded() -> None:
            async with asyncio.timeout(LISTENER_SECONDS):
                await deed

        await self.guarded(name, bounded())

    async def _publish(self) -> None:
        receivers = view.receivers(self)
        for gone in self._sent.keys() - receivers.keys():
            del self._sent[gone]
        for sid, you in receivers.items():
            state = view.call_state(self, you, sid)
            if replace(state, now=0) != self._sent.get(sid):
                self._sent[sid] = replace(state, now=0)
                await self.house.courier.tell(sid, CallStateNews(**vars(state)))
        self.house.changed(self)

    def measure(self) -> None:
        """Looks at the relay's figures, and again in a moment."""
        self.timers.set("quality", self.now + QUALITY_EVERY)
        lines = self.quality.measure(self.hub.stats())
        for member in self.roster:
            member.line = lines.get(member.party, 0 if self.live and member.gone_at is not None else None)


async def _nothing() -> None:
    """The alarm's deed: settling afterwards does what is due."""
