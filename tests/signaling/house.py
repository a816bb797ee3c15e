"""A prison on the table: real services and database, the relay and the sockets as wires that remember."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from relay.description import DescriptionRefused
from relay.hub import Hub, HubListener, ObserversRefused
from relay.member import Seat
from relay.stats import LegStats
from signaling import protocol as p
from signaling.call import Call
from signaling.calls import Calls
from signaling.message import Command
from signaling.ports import CallControl, CallEvent, Relay
from signaling.sockets import Bucket, Socket
from tests.visitation.world import World
from visitation.conditions import Conditions
from visitation.policy.identity import App, Identity
from visitation.services.visits import VisitFacts

CELLS = {"anna": "A-12", "maria": "A-17", "leena": "A-14"}


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


class House:
    """The signaling of one node over a real world; people speak through `say`."""

    def __init__(self, world: World, clock: VirtualClock, relay: Relay | None = None) -> None:
        self.world, self.clock = world, clock
        self.relay, self.server, self.listener = WireRelay(), WireServer(), Listener()
        self.calls = Calls(
            relay or self.relay,
            world.visits,
            world.calls,
            world.supervision,
            world.audit,
            self.listener,
            clock,
            "here",
        )
        self.calls.courier.attach(self.server)
        self.server.calls = self.calls
        self.identities: dict[str, Identity] = {}
        self._numbers = itertools.count()

    async def enter(self, app: App, which: str | None = None, *, tab: str | None = None) -> str:
        """Signs somebody in and connects a socket; its id."""
        name = f"{app}/{which}"
        if name not in self.identities:
            _, self.identities[name] = await self.world.sign_in(app, which)
        return await self.connect(self.identities[name], tab=tab)

    async def connect(self, identity: Identity, *, tab: str | None = None) -> str:
        sid = f"{identity.kind}-{next(self._numbers)}"
        await self.calls.hello(Socket(sid, identity, tab, Bucket(self.clock.monotonic_ns())))
        await self.settle()
        return sid

    async def say(self, sid: str, command: Command) -> Any:
        try:
            return await self.calls.command(sid, command)
        finally:
            await self.settle()

    async def settle(self) -> None:
        for _ in range(3):
            for call in tuple(self.calls.by_visit.values()):
                await call.idle()
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        await self.settle()
        until = self.clock.moment + timedelta(seconds=seconds)
        while self.clock.fire_next(until):
            await self.settle()
        await self.settle()

    async def written(self) -> None:
        for call in tuple(self.calls.by_visit.values()):
            await call.clerk.written()

    def hub(self, call: Call) -> WireHub:
        return self.relay.hubs[call.call_id]

    def last(self, sid: str, event: str = "call_state") -> Any:
        return [data for name, data in self.server.sent.get(sid, []) if name == event][-1]

    async def hears(self, sid: str, event: str, fits: Callable[[Any], bool] = lambda _data: True) -> Any:
        """The first news of the kind that fits, once it has come: what the database has a part in."""
        async with asyncio.timeout(10):
            while True:
                for name, data in self.server.sent.get(sid, []):
                    if name == event and fits(data):
                        return data
                self.server.news.clear()
                await self.server.news.wait()

    def events(self, sid: str) -> list[str]:
        return [name for name, _ in self.server.sent.get(sid, [])]

    # Whole steps, for tests that begin later.

    async def ringing(self, visitor: str = "anna") -> Talk:
        cell = CELLS[visitor].lower()
        terminal = await self.enter("terminal", cell)
        socket = await self.enter("visitor", visitor)
        await self.say(socket, p.Join())
        call = self.calls.by_visit[self.identities[f"visitor/{visitor}"].visit_id or ""]
        return Talk(self, call, socket, terminal)

    async def live(self, visitor: str = "anna") -> Talk:
        talk = await self.ringing(visitor)
        await self.say(talk.terminal, p.AnswerRing(talk.visit))
        await talk.come("visitor")
        await talk.come("prisoner")
        return talk


@dataclass
class Talk:
    """A call with its two sockets."""

    house: House
    call: Call
    visitor: str
    terminal: str

    @property
    def visit(self) -> str:
        return self.call.facts.visit_id

    @property
    def phase(self) -> str:
        return self.call.phase

    @property
    def hub(self) -> WireHub:
        return self.house.hub(self.call)

    def sid(self, party: str) -> str:
        return self.visitor if party == "visitor" else self.terminal

    async def come(self, party: str) -> str:
        """Opens a leg and connects it."""
        offer = await self.house.say(self.sid(party), p.OpenLeg())
        await self.house.say(self.sid(party), p.AnswerLeg(offer.leg, "answer"))
        self.hub.listener.leg_connected(offer.leg)
        await self.house.settle()
        return str(offer.leg)

    async def silence(self, party: str) -> None:
        """What the relay says 5 s after the last packet; the clock stands at that moment."""
        self.hub.listener.leg_silent(self.hub.leg_of(party))
        await self.house.settle()

    def state(self, party: str = "visitor") -> Any:
        return self.house.last(self.sid(party))

    def presence(self, of: str, seen_by: str = "visitor") -> str:
        return next(str(one["presence"]) for one in self.state(seen_by)["parties"] if one["party"] == of)


def with_rules(call: Call, **changes: Any) -> Conditions:
    """The call under other conditions, for rules that no pack of the house has yet."""
    call.conditions = replace(call.conditions, **changes)
    return call.conditions
