"""The live calls of this node: visit id -> Call, by lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

import socketio
import structlog

from signaling import officers, participants, routing
from signaling.call import Call, House
from signaling.courier import SocketCourier
from signaling.ending import end
from signaling.engine import Door
from signaling.message import Command
from signaling.ports import CallListener, Relay
from signaling.protocol import AgendaNews, Now, WallStateNews
from signaling.shapes import Phase
from signaling.sockets import Socket, Sockets
from signaling.timing import SECOND, Clock, LoopClock
from signaling.wall import COMING_EVERY, Wall
from visitation.errors import NotNow, Refused, Unavailable
from visitation.events import SessionClosed, VisitsChanged
from visitation.services.accounts import Accounts
from visitation.services.audit import Audit
from visitation.services.calls import Calls as CallLeases
from visitation.services.outcomes import Outcomes
from visitation.services.supervision import Supervision
from visitation.services.visits import VisitFacts, Visits

log = structlog.get_logger(__name__)

RENEW_EVERY: Final = 10 * SECOND


class Calls:
    """start() and stop(); `attach` gives it a Socket.IO server; `visits_changed` and `session_closed` are
    subscribers of visitation.events.

    `node` names this process among others: a call of another node is not taken while its lease lasts.
    """

    def __init__(
        self,
        relay: Relay,
        visits: Visits,
        outcomes: Outcomes,
        leases: CallLeases,
        supervision: Supervision,
        audit: Audit,
        listener: CallListener,
        clock: Clock | None = None,
        node: str = "node",
    ) -> None:
        self.clock: Clock = clock or LoopClock()
        self.sockets = Sockets()
        self.courier = SocketCourier(self.sockets)
        self.visits, self.audit = visits, audit
        self.draining = False
        self.by_visit: dict[str, Call] = {}
        self._leases, self._node = leases, node
        self.wall = Wall(self.clock, visits, self._of_prison, self.sockets.officers_prisons, self._send_wall)
        self._house = House(
            self.clock,
            relay,
            self.courier,
            listener,
            visits,
            outcomes,
            leases,
            supervision,
            audit,
            self._changed,
        )
        self._opening: dict[str, asyncio.Lock] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._main: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    # Its life.

    async def start(self) -> None:
        """Ends the calls this node left open when it was last stopped: their legs are gone."""
        await self._end_left_open()
        ready = asyncio.Event()
        self._main = asyncio.create_task(self._run(ready), name="calls")
        await ready.wait()

    async def stop(self) -> None:
        """Ends every call and waits until that is written down, for as long as a listener may take."""
        self.draining = True
        for call in tuple(self.by_visit.values()):
            await call.stop(partial(end, call, "node"))
        self._stopping.set()
        if self._main is not None:
            await self._main

    async def _run(self, ready: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            background = [tasks.create_task(self.wall.run()), tasks.create_task(self._beat())]
            ready.set()
            await self._stopping.wait()
            for task in background:
                task.cancel()
        self._tasks = None

    async def _beat(self) -> None:
        """Renews the leases, sees sessions end, and lets the wall see time pass."""
        passed = 0
        while True:
            await self.clock.sleep(RENEW_EVERY)
            passed += RENEW_EVERY
            for call in tuple(self.by_visit.values()):
                await self._renew(call)
            await self.end_outlived()
            if passed % COMING_EVERY == 0:
                self.wall.refresh()

    async def end_outlived(self) -> None:
        """Officers whose session has passed its limit are signed out, however long their wall stays open."""
        for socket in self.sockets.outlived(self.clock.now()):
            await self.courier.goodbye(socket.sid, "signed_out")

    async def _renew(self, call: Call) -> None:
        """Only a higher epoch, read, makes this node drop a call; a database that is away does not."""
        if call.phase == "ended":
            return
        try:
            call.lease = await self._leases.renew(call.lease)
        except NotNow:
            log.warning("call.fenced", call=call.call_id)
            call.post(partial(end, call, "node"))
        except Exception:
            log.exception("call.lease_not_renewed", call=call.call_id)

    async def _end_left_open(self) -> None:
        for lease in await self._leases.left_open(self._node):
            try:
                await self._leases.ended(lease, "node", self.clock.now())
            except Refused as refused:
                log.warning("call.left_open", call=lease.call_id, code=refused.code)

    def later(self, deed: Coroutine[Any, Any, None]) -> None:
        """Does something that nobody waits for, in this object's own tasks; its failure is logged."""
        if self._tasks is None:
            deed.close()
        else:
            self._tasks.create_task(_logged(deed))

    # Its calls.

    def call_of(self, visit_id: str | None) -> Call | None:
        return self.by_visit.get(visit_id or "")

    def phase(self, visit_id: str) -> Phase | None:
        """For the office's list; None when no call of the visit lives here."""
        call = self.by_visit.get(visit_id)
        return call.phase if call else None

    def at_seat(self, seat: str | None) -> list[Call]:
        return [call for call in self.by_visit.values() if seat in call.seats.values()]

    def _of_prison(self, prison_id: str) -> list[Call]:
        return [call for call in self.by_visit.values() if call.facts.prison_id == prison_id]

    async def open(self, visit_id: str, check: Callable[[VisitFacts], None]) -> Call:
        """The visit's call, made at its first join. Raises Refused; whatever else fails is "unavailable"."""
        lock = self._opening.setdefault(visit_id, asyncio.Lock())
        try:
            async with lock:
                return self.by_visit.get(visit_id) or await self._make(visit_id, check)
        except Refused:
            raise
        except Exception:
            log.exception("call.not_opened")
            raise Unavailable from None
        finally:
            if not lock.locked():
                self._opening.pop(visit_id, None)

    async def _make(self, visit_id: str, check: Callable[[VisitFacts], None]) -> Call:
        if self.draining or self._tasks is None:
            raise Unavailable("draining")
        facts = await self.visits.decide_at_first_join(visit_id, self.clock.now())
        check(facts)
        if facts.conditions is None:
            raise Unavailable("visit_undecided")
        call = Call(self._house, facts, facts.conditions, await self._leases.take(visit_id, self._node))
        self.by_visit[visit_id] = call
        self._tasks.create_task(self._lead(call), name=f"call {call.call_id}")
        for party, seat in call.seats.items():
            if self.courier.socket_of(seat):
                call.post(partial(participants.arrived, call, party))
        return call

    async def _lead(self, call: Call) -> None:
        """A call that breaks is one call less, and nobody else's end."""
        try:
            await call.run()
        except Exception:
            log.exception("call.broke", call=call.call_id)
        finally:
            if self.by_visit.get(call.facts.visit_id) is call:
                del self.by_visit[call.facts.visit_id]
            self.wall.mark(call.facts.prison_id, visits_changed=True)

    def _changed(self, call: Call) -> None:
        self.wall.mark(call.facts.prison_id, visits_changed=call.phase == "ended")

    # Its sockets.

    def attach(self, sio: socketio.AsyncServer, accounts: Accounts, origins: frozenset[str]) -> Door:
        """Serves the live namespace on this server to pages of these origins."""
        self.courier.attach(sio)
        return Door(self, sio, accounts, origins)

    async def hello(self, socket: Socket) -> None:
        """A ticket was good. The newest socket of a seat wins. Raises NotNow for an officer's sixth."""
        older = self.sockets.add(socket)
        if socket.seat is None:
            self.wall.mark(socket.identity.prison_id, anew=True)
            return
        same_page = older is not None and older.tab is not None and older.tab == socket.tab
        for call in self.at_seat(socket.seat):
            party = routing.party_of(socket.identity)
            if older is not None and not same_page:
                call.post(partial(participants.moved, call, party))
            call.post(partial(participants.arrived, call, party))
        if older is not None and same_page:
            await self.courier.close(older.sid)
        elif older is not None:
            await self.courier.goodbye(older.sid, "elsewhere")

    def gone(self, sid: str) -> None:
        """The socket is closed, by whomever."""
        socket = self.sockets.remove(sid)
        if socket is None:
            return
        for call in tuple(self.by_visit.values()):
            if socket.seat is None:
                call.post(partial(officers.stop_watching, call, sid))
            elif socket.seat in call.seats.values():
                party = routing.party_of(socket.identity)
                call.post(partial(participants.went, call, party))

    async def command(self, sid: str, command: Command) -> Any:
        """Carries a parsed command out; raises Refused."""
        socket = self.sockets.get(sid)
        if socket is None:
            raise NotNow("elsewhere")
        return await routing.route(self, socket, command)

    async def now_of(self, socket: Socket) -> Now:
        return await routing.now_of(self, socket)

    async def _send_wall(self, prison_id: str, news: WallStateNews) -> None:
        for socket in self.sockets.officers(prison_id):
            await self.courier.tell(socket.sid, news)

    # What the prison's world tells.

    async def visits_changed(self, event: VisitsChanged) -> None:
        self.wall.mark(event.prison_id, visits_changed=True)
        for terminal_id in event.terminal_ids:
            for socket in self.sockets.at_terminal(terminal_id):
                await self.courier.tell(socket.sid, AgendaNews())

    async def session_closed(self, event: SessionClosed) -> None:
        """Signed out, or signed out by somebody: sockets and legs go at once."""
        for socket in self.sockets.of_session(event.session_id):
            for call in self.at_seat(socket.seat):
                party = routing.party_of(socket.identity)
                call.post(partial(participants.moved, call, party))
            await self.courier.goodbye(socket.sid, "signed_out")


async def _logged(deed: Coroutine[Any, Any, None]) -> None:
    try:
        await deed
    except Exception:
        log.exception("calls.deed_failed")
