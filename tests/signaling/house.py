"""A prison on the table: real services and database, people who speak over the wires."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.pool import AsyncAdaptedQueuePool

from signaling import protocol as p
from signaling.call import Call
from signaling.calls import Calls
from signaling.message import Command
from signaling.ports import Relay
from signaling.sockets import Bucket, Socket
from tests.signaling.wires import Listener, VirtualClock, WireHub, WireRelay, WireServer
from tests.visitation.world import World
from visitation.conditions import Conditions
from visitation.policy.identity import App, Identity

CELLS = {"anna": "A-12", "maria": "A-17", "leena": "A-14"}


class House:
    """The signaling of one node over a real world; people speak through `say`."""

    def __init__(self, world: World, clock: VirtualClock, relay: Relay | None = None) -> None:
        self.world, self.clock = world, clock
        self.relay, self.server, self.listener = WireRelay(), WireServer(), Listener()
        self.calls = Calls(
            relay or self.relay,
            world.visits,
            world.outcomes,
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
        """Lets time pass, and no faster than the database answers: a busy machine must not end a call."""
        await self._answered()
        until = self.clock.moment + timedelta(seconds=seconds)
        while self.clock.fire_next(until):
            await self._answered()
        await self._answered()

    async def _answered(self) -> None:
        await self.settle()
        pool = self.world.database.engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        while pool.checkedout():
            # At rest: a loop that never waits keeps the database's thread from its turn.
            await asyncio.sleep(0.0005)
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
