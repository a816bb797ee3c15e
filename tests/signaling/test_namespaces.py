"""The door itself: a real Socket.IO server and real clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import socketio
from aiohttp import web
from socketio.exceptions import ConnectionError as NotConnected

from signaling.engine import Door, make_server
from signaling.protocol import NAMESPACE
from signaling.sockets import EVENTS_AT_ONCE, PATIENCE
from tests.signaling.house import House
from visitation.policy.identity import App

ORIGIN = "https://visits.example"


@dataclass
class Street:
    """A server on a port of its own, and the clients that stand before it."""

    house: House
    door: Door
    sio: socketio.AsyncServer
    url: str
    clients: list[socketio.AsyncClient] = field(default_factory=list)

    async def ticket(self, app: App, which: str | None = None) -> str:
        _, identity = await self.house.world.sign_in(app, which)
        return await self.house.world.accounts.ticket(identity, "wall" if app == "officer" else "call")

    async def knock(self, auth: Any, origin: str | None = ORIGIN) -> Client:
        client = Client(socketio.AsyncClient(reconnection=False))
        self.clients.append(client.sio)
        headers = {"Origin": origin} if origin else {}
        await client.sio.connect(
            self.url, headers=headers, auth=auth, namespaces=[NAMESPACE], transports=["websocket"]
        )
        return client

    async def enter(self, app: App, which: str | None = None) -> Client:
        return await self.knock({"ticket": await self.ticket(app, which), "version": 1})


class Client:
    def __init__(self, sio: socketio.AsyncClient) -> None:
        self.sio = sio
        self.heard: list[tuple[str, Any]] = []
        self.gone = asyncio.Event()
        sio.on("*", self._hear, namespace=NAMESPACE)
        sio.on("disconnect", self._end, namespace=NAMESPACE)

    async def _hear(self, event: str, *data: Any) -> None:
        self.heard.append((event, data[0] if data else None))

    async def _end(self, *_reason: Any) -> None:
        self.gone.set()

    async def ask(self, event: str, *payload: Any) -> Any:
        return await self.sio.call(event, tuple(payload), namespace=NAMESPACE, timeout=10)

    def refused_with(self, event: str) -> Any:
        return next(data for name, data in self.heard if name == event)


@pytest.fixture
async def street(house: House) -> AsyncIterator[Street]:
    sio = make_server(frozenset({ORIGIN}))
    door = house.calls.attach(sio, house.world.accounts, frozenset({ORIGIN}))
    app = web.Application()
    sio.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    street = Street(house, door, sio, f"http://127.0.0.1:{port}")
    yield street
    for client in street.clients:
        await client.disconnect()
    await sio.shutdown()
    await runner.cleanup()


async def test_a_ticket_opens_one_connection_and_then_none(street: Street):
    ticket = await street.ticket("visitor", "anna")
    client = await street.knock({"ticket": ticket, "version": 1})
    assert (await client.ask("join", {})) == {"ok": True}
    with pytest.raises(NotConnected):
        await street.knock({"ticket": ticket, "version": 1})
    assert street.door.namespace.counters["ticket_refused"] == 1


@pytest.mark.parametrize(
    "auth",
    [None, {}, {"ticket": "x" * 43, "version": 1}, {"ticket": 7, "version": 1}, ["ticket"], "ticket"],
)
async def test_nobody_enters_without_a_good_ticket(street: Street, auth: Any):
    with pytest.raises(NotConnected):
        await street.knock(auth)
    assert len(street.house.calls.sockets) == 0


async def test_another_version_of_the_protocol_is_told_so(street: Street):
    with pytest.raises(NotConnected):
        await street.knock({"ticket": await street.ticket("visitor", "anna"), "version": 2})
    assert street.door.namespace.counters["version_unsupported"] == 1


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
async def test_a_foreign_or_missing_origin_is_refused(street: Street, origin: str | None):
    with pytest.raises(NotConnected):
        await street.knock({"ticket": await street.ticket("visitor", "anna"), "version": 1}, origin)
    assert len(street.house.calls.sockets) == 0


def test_an_open_list_of_origins_does_not_start():
    for origins in (frozenset[str](), frozenset({"*"})):
        with pytest.raises(ValueError, match="origins"):
            make_server(origins)


async def test_long_polling_is_no_way_in(street: Street):
    async with aiohttp.ClientSession() as session:
        address = f"{street.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(address, headers={"Origin": ORIGIN}) as answer:
            assert answer.status == 400


@pytest.mark.parametrize(
    "payload",
    [
        ({"visit": 1},),
        ({},),
        ([],),
        ("visit",),
        ({"visit": "x"}, "more"),
        ({"visit": "x", "more": 1},),
        ({"visit": "9" * 70},),
    ],
)
async def test_a_malformed_message_is_refused_counted_and_changes_nothing(street: Street, payload: Any):
    terminal = await street.enter("terminal", "a-12")
    answer = await terminal.ask("answer_ring", *payload)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "bad_message"
    assert street.door.namespace.counters["bad_message"] == 1
    assert street.house.calls.by_visit == {}
    assert (await terminal.ask("sync"))["ok"] is True


async def test_not_a_number_is_no_number(street: Street):
    terminal = await street.enter("terminal", "a-12")
    answer = await terminal.ask("set_media", {"audio": float("nan"), "video": True})
    assert answer["error"]["params"] == {"field": "audio", "why": "not_bool"}


async def test_the_third_unknown_event_ends_the_socket(street: Street):
    client = await street.enter("visitor", "anna")
    for event in ("nonsense", "disconnect"):
        assert (await client.ask(event, {}))["error"]["params"]["why"] == "unknown"
    await client.sio.emit("connect", {"ticket": "x" * 43, "version": 1}, namespace=NAMESPACE)
    await asyncio.wait_for(client.gone.wait(), 10)
    assert client.refused_with("goodbye") == {"code": "misbehaved"}
    assert street.door.namespace.counters["unknown_event"] == 3


async def test_a_flood_is_refused_and_then_shown_out(street: Street):
    client = await street.enter("visitor", "anna")
    for _ in range(EVENTS_AT_ONCE):
        assert (await client.ask("leave"))["error"]["code"] == "call_not_joined"
    assert (await client.ask("leave"))["error"]["code"] == "too_many"
    for _ in range(PATIENCE):
        await client.sio.emit("leave", {}, namespace=NAMESPACE)
    await asyncio.wait_for(client.gone.wait(), 10)
    assert client.refused_with("goodbye") == {"code": "misbehaved"}


async def test_a_message_that_is_too_large_ends_its_own_socket_only(street: Street):
    visitor = await street.enter("visitor", "anna")
    terminal = await street.enter("terminal", "a-12")
    await visitor.ask("join")
    await terminal.sio.emit("answer_leg", {"leg": "a", "sdp": "v" * 70_000}, namespace=NAMESPACE)
    await asyncio.wait_for(terminal.gone.wait(), 10)
    assert (await visitor.ask("sync"))["calls"][0]["phase"] == "ringing"


@pytest.mark.parametrize(
    "frame",
    [
        f'2{NAMESPACE},7["join",{"[" * 20_000}',
        f'2{NAMESPACE},7["watch",{{"visit":{"9" * 5_000}}}]',
        f'51000000000-{NAMESPACE},7["join",{{"_placeholder":true,"num":0}}]',
        f"2{NAMESPACE},7",
        b"not asked for",
    ],
)
async def test_what_is_no_socket_io_is_counted_and_ends_its_own_socket_only(
    street: Street, frame: str | bytes, caplog: pytest.LogCaptureFixture
):
    visitor = await street.enter("visitor", "anna")
    other = await street.enter("terminal", "a-12")
    await visitor.sio.eio.send(frame)
    await asyncio.wait_for(visitor.gone.wait(), 10)
    assert street.door.namespace.counters["bad_frame"] == 1
    assert caplog.records == []  # a flood of them must not fill the disk
    assert (await other.ask("sync"))["ok"] is True


async def test_a_door_that_closes_lets_the_last_words_out_first(street: Street):
    visitor, terminal = await street.enter("visitor", "anna"), await street.enter("terminal", "a-12")
    await visitor.ask("join")
    visit = (await terminal.ask("sync"))["calls"][0]["visit"]
    await terminal.ask("answer_ring", {"visit": visit})
    await street.house.calls.stop()
    await street.door.close()
    for client in (visitor, terminal):
        await asyncio.wait_for(client.gone.wait(), 10)
        assert client.heard[-1][1]["ended"]["reason"] == "node"
    assert len(street.house.calls.sockets) == 0


@pytest.mark.slow
async def test_whoever_brings_no_ticket_in_time_is_shown_out(street: Street):
    address = f"{street.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, headers={"Origin": ORIGIN}) as line,
    ):
        await line.receive()  # Engine.IO's greeting
        await street.house.advance(10)
        async for _message in line:
            pass
        assert line.closed
    assert street.door.namespace.counters["no_ticket"] == 1


async def test_two_people_and_an_officer_meet_over_real_sockets(street: Street):
    terminal = await street.enter("terminal", "a-12")
    visitor = await street.enter("visitor", "anna")
    officer = await street.enter("officer")
    assert (await visitor.ask("join"))["ok"] is True
    visit = (await terminal.ask("sync"))["calls"][0]["visit"]
    assert (await terminal.ask("answer_ring", {"visit": visit}))["ok"] is True
    offer = await visitor.ask("open_leg")
    assert offer["ok"] is True
    assert offer["ice"] == []
    watched = await officer.ask("watch", {"visit": visit})
    assert watched["ok"] is True
    held = await officer.ask("hold", {"visit": visit, "reason": "order", "text": "One moment."})
    assert held == {"ok": True}
    state = (await visitor.ask("sync"))["calls"][0]
    assert (state["phase"], state["hold"]["text"]) == ("held", "One moment.")
    assert (await visitor.ask("hold", {"visit": visit, "reason": "order"}))["error"][
        "code"
    ] == "not_permitted"


async def test_the_older_tab_is_told_and_closed(street: Street):
    older = await street.enter("visitor", "anna")
    newer = await street.enter("visitor", "anna")
    await asyncio.wait_for(older.gone.wait(), 10)
    assert older.refused_with("goodbye") == {"code": "elsewhere"}
    assert (await newer.ask("sync"))["ok"] is True


async def test_signing_out_over_http_closes_the_socket(street: Street):
    world = street.house.world
    token, identity = await world.sign_in("visitor", "anna")
    from visitation.events import SessionClosed

    world.events.subscribe(SessionClosed, street.house.calls.session_closed)
    client = await street.knock({"ticket": await world.accounts.ticket(identity, "call"), "version": 1})
    await world.accounts.close(token)
    await asyncio.wait_for(client.gone.wait(), 10)
    assert client.refused_with("goodbye") == {"code": "signed_out"}
