"""Wire one node: the only place that sees every room."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

import recording
from recording.catalogue import Catalogue
from recording.host import RecorderHost
from recording.keys import Keys
from recording.playback import Playback
from relay.relay import Relay, RelaySettings
from server.addresses import Addresses, bind
from server.machine import place_media_thread
from server.recordings import CallRecorder, finish_interrupted
from server.tls import server_context
from server.version import packet_path
from signaling.calls import Calls
from signaling.engine import make_server
from visitation.events import Events, SessionClosed, VisitsChanged
from visitation.ports import SystemClock
from visitation.services.accounts import Accounts
from visitation.services.audit import Audit
from visitation.services.calls import Calls as CallLeases
from visitation.services.demo_people import SIGN_INS
from visitation.services.desk import Desk
from visitation.services.idempotency import Idempotency
from visitation.services.outcomes import Outcomes
from visitation.services.own_pages import open_own_pages
from visitation.services.policies import Policies
from visitation.services.seed import DemoLinks, seed_demo
from visitation.services.supervision import Supervision
from visitation.services.visits import Visits
from visitation.storage.database import READING, Database
from visitation.storage.migrate import migrate
from web.app import create_app
from web.runner import Runner
from web.services import Services, WebSettings

if TYPE_CHECKING:
    from server.settings import Settings

log = structlog.get_logger()

MIGRATIONS = Path(recording.__file__).resolve().parent / "migrations" / "versions"


async def open_database(settings: Settings) -> Database:
    """The node's database, in the shape of this version."""
    database = Database(settings.database)
    await migrate(database, MIGRATIONS)
    return database


class Node:
    """Everything one node runs. `stop()` ends it in the reverse order and waits for each end."""

    url: str
    media_port: int

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Raises OSError when an address is taken or the data folder cannot be written."""
        settings = self._settings
        database = await open_database(settings)
        self._stack.push_async_callback(database.close)
        events = Events()
        audit = Audit(database, self._clock)
        accounts = Accounts(database, self._clock, events)
        visits = Visits(database, self._clock, events)
        outcomes = Outcomes(database, self._clock, events)

        host = RecorderHost(
            settings.vault,
            settings.keys,
            self._clock.monotonic_ns,
            cpus=settings.recorder_cpus,
            path=settings.media_path,
        )
        keys = await asyncio.to_thread(Keys.load_or_create, settings.keys)
        await host.start()
        self._stack.push_async_callback(host.stop)
        relay = Relay(_relay_settings(settings), self._clock.monotonic_ns)
        await relay.start()
        self._stack.push_async_callback(relay.stop)
        self.media_port = relay.port
        self._say_how_media_goes(relay)

        catalogue = Catalogue(database.engine, database.engine.execution_options(**{READING: True}))
        playback = Playback(settings.vault, keys)
        leases = CallLeases(database, self._clock)
        await finish_interrupted(catalogue, playback, leases, settings.node)
        recorder = CallRecorder(host, catalogue, audit, self._clock)
        calls = Calls(
            relay=relay,
            visits=visits,
            outcomes=outcomes,
            leases=leases,
            supervision=Supervision(database, self._clock),
            audit=audit,
            listener=recorder,
            node=settings.node,
        )
        events.subscribe(VisitsChanged, calls.visits_changed)
        events.subscribe(SessionClosed, calls.session_closed)
        await calls.start()
        self._stack.push_async_callback(calls.stop)

        services = Services(
            accounts=accounts,
            visits=visits,
            outcomes=outcomes,
            policies=Policies(database),
            own=open_own_pages(Desk(database, self._clock, events)),
            audit=audit,
            idempotency=Idempotency(database, self._clock),
            catalogue=catalogue,
            playback=playback,
            live=calls,
            clock=self._clock,
            settings=WebSettings(static=settings.static, public_url=settings.public_url),
            demo=(lambda: self._seed(database)) if settings.demo else None,
        )
        if settings.demo:
            await self._seed(database)
        await self._listen(create_app(services), calls, accounts)

    def _say_how_media_goes(self, relay: Relay) -> None:
        settings = self._settings
        rank = place_media_thread(relay.media_thread, packet_path(settings.media_path), settings)
        receiving, sending = relay.buffers
        log.info(
            "media",
            packet_path=packet_path(settings.media_path),
            priority=rank,
            receive_buffer=receiving,
            send_buffer=sending,
        )
        if min(receiving, sending) < settings.media_buffer:
            log.warning("media.small_buffers", wanted=settings.media_buffer, remedy="visitation doctor")

    async def _seed(self, database: Database) -> DemoLinks:
        return await seed_demo(database, self._clock.now())

    async def _listen(self, app: web.Application, calls: Calls, accounts: Accounts) -> None:
        settings = self._settings
        # Bound first: the origins that sockets may come from hold the port.
        sock = await asyncio.to_thread(bind, settings.host, settings.port)
        self._stack.callback(sock.close)
        addresses = Addresses(settings, sock)
        self.url = addresses.url
        sio = make_server(addresses.origins)
        sio.attach(app)
        door = calls.attach(sio, accounts, addresses.origins)
        runner = Runner(app, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        context = None
        if settings.tls:
            folder = settings.data / "tls"
            context = await asyncio.to_thread(server_context, folder, settings.host, self._clock.now())
        # Ends before the server does: people are told that their call is over while they can still hear it.
        self._stack.push_async_callback(door.close)
        self._stack.push_async_callback(calls.stop)
        await web.SockSite(runner, sock, ssl_context=context).start()

    def demo_links(self) -> list[dict[str, Any]]:
        """The demo's sign-ins as {app, which, label, href}; none outside the demo."""
        if not self._settings.demo:
            return []
        return [
            {
                "app": each.app,
                "which": each.which,
                "label": each.label["en"],
                "href": f"/demo/{each.app}/{each.which}",
            }
            for each in SIGN_INS
        ]

    def disk_free(self) -> int:
        """Bytes left where the recordings go."""
        return shutil.disk_usage(self._settings.data).free

    async def stop(self) -> None:
        """Safe to call after a start that failed half-way."""
        await self._stack.aclose()


def _relay_settings(settings: Settings) -> RelaySettings:
    return RelaySettings(
        host=settings.media_host,
        port=settings.media_port,
        path=settings.media_path,
        buffer=settings.media_buffer,
        media_addresses=settings.media_addresses,
    )
