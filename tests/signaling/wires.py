"""The clock that is moved by hand, and doubles at the wire that remember what they were told."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from relay.description import DescriptionRefused
from relay.hub import Hub, HubListener, ObserversRefused
from relay.member import Seat
from relay.stats import LegStats
from signaling.calls import Calls
from signaling.ports import CallControl, CallEvent
from visitation.services.visits import VisitFacts


class VirtualClock:
    """Time that moves only when told to, and then calls whoever asked to be called."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self._begin = moment
        self._count = itertools.count()
        self._alarms: list[tuple[datetime, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()

    def now(self) -> datetime:
        return self.moment

    def monotonic_ns(self) -> int:
        return int((self.moment - self._begin) / timedelta(microseconds=1)) * 1000

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Any:
        number = next(self._count)
        heapq.heappush(self._alarms, (self.moment + timedelta(milliseconds=delay_ms), number, callback))
        return Cancel(self._cancelled, number)

    async def sleep(self, delay_ms: int) -> None:
        woken = asyncio.get_running_loop().create_future()
        self.call_later(delay_ms, lambda: None if woken.done() else woken.set_result(None))
        await woken

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)

    def fire_next(self, until: datetime) -> bool:
        """Moves to the next alarm and fires it; False when there is none up to `until`."""
        while self._alarms and self._alarms[0][0] <= until:
            at, number, callback = heapq.heappop(self._alarms)
            if number in self._cancelled:
                continue
            self.moment = max(self.moment, at)
            callback()
            return True
        self.moment = max(self.moment, until)
        return False


@dataclass
class Cancel:
    cancelled: set[int]
    number: int

    def cancel(self) -> None:
        self.cancelled.add(self.number)


class WireHub:
    """Stands for relay.hub.Hub: remembers what it was told, and refuses what the real one refuses."""

    def __init__(self, listener: HubListener, *, observers: bool) -> None:
        self.listener, self.observers = listener, observers
        self.open, self.closed = False, False
        self.gates: list[str] = []
        self.legs: dict[str, Seat] = {}
        self.answered: list[str] = []
        self.seats: dict[tuple[str, int], tuple[str | None, bool, str]] = {}
        self.muted: dict[str, tuple[bool, bool]] = {}
        self.taps: list[Any] = []
        self.lines: dict[str, int] = {}

    async def join(self, leg_id: str, seat: Seat) -> str:
        if not seat.publishes and not self.observers:
            raise ObserversRefused(leg_id)
        for old, other in list(self.legs.items()):
            if other.party == seat.party:
                del self.legs[old]
                self.listener.leg_failed(old, "replaced")
        self.legs[leg_id] = seat
        return f"v=0 {leg_id}"

    async def answer(self, leg_id: str, sdp: str) -> None:
        if leg_id not in self.legs:
            raise KeyError(leg_id)
        if sdp.startswith("bad"):
            raise DescriptionRefused("answer_grammar")
        self.answered.append(leg_id)

    async def leave(self, leg_id: str) -> None:
        self.legs.pop(leg_id, None)

    def seat(self, leg_id: str, slot: int, party: str | None, *, audio: bool, video: str) -> None:
        if leg_id not in self.legs:
            raise KeyError(leg_id)
        self.seats[leg_id, slot] = (party, audio, video)

    def hold(self) -> None:
        self.open = False
        self.gates.append("hold")

    def release(self) -> None:
        self.open = True
        self.gates.append("release")

    def mute(self, party: str, *, audio: bool, video: bool) -> None:
        self.muted[party] = (audio, video)

    def tap(self, tap: Any, **_: Any) -> None:
        if not self.observers:
            raise ObserversRefused("tap")
        self.taps.append(tap)

    def stats(self) -> dict[str, LegStats]:
        return {
            leg: LegStats(seat.party, connected=True, rtt_ms=1.0, loss_up=0, loss_down=0, bitrate_up=0,
                          bitrate_down=0, line=self.lines.get(seat.party, 4))
            for leg, seat in self.legs.items()
        }  # fmt: skip

    async def close(self) -> None:
        self.closed, self.open = True, False
        self.legs.clear()

    def leg_of(self, party: str) -> str:
        return next(leg for leg, seat in self.legs.items() if seat.party == party)


@dataclass
class WireRelay:
    hubs: dict[str, WireHub] = field(default_factory=dict)

    def open_hub(self, name: str, listener: HubListener, *, observers: bool) -> Hub:
        self.hubs[name] = WireHub(listener, observers=observers)
        return cast("Hub", self.hubs[name])


class WireServer:
    """Stands for Socket.IO's server: what was sent to whom, and who was shown out."""

    def __init__(self) -> None:
        self.sent: dict[str, list[tuple[str, Any]]] = {}
        self.shown_out: list[str] = []
        self.news = asyncio.Event()
        self.calls: Calls | None = None
        self.manager = self
        self.eio = self
        self.sockets: dict[str, Any] = {}

    async def emit(self, event: str, data: Any, *, to: str, namespace: str) -> None:
        self.sent.setdefault(to, []).append((event, data))
        self.news.set()

    async def disconnect(self, sid: str, *, namespace: str) -> None:
        self.shown_out.append(sid)
        assert self.calls is not None
        self.calls.gone(sid)

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str:
        return sid


@dataclass
class Listener:
    """Stands for the recorder: says it is ready when `records` is set."""

    records: bool = True
    breaks: bool = False
    began_with: list[str] = field(default_factory=list)
    events: list[CallEvent] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    control: CallControl | None = None

    async def began(self, facts: VisitFacts, call_id: str, hub: Hub, control: CallControl) -> None:
        self.began_with.append(call_id)
        self.control = control
        if self.breaks:
            raise RuntimeError("the listener breaks")
        if self.records:
            control.recorder_ready()

    async def happened(self, call_id: str, event: CallEvent) -> None:
        self.events.append(event)
        if self.breaks:
            raise RuntimeError("the listener breaks")

    async def ended(self, call_id: str, reason: str) -> None:
        self.endings.append(reason)
        if self.breaks:
            raise RuntimeError("the listener breaks")
