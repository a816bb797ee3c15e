"""Janus (Debian's package) as a measured server: video rooms, recorded as .mjr, driven over its HTTP API."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bench import namespace
from bench.call import Call
from bench.janus_http import JanusSession
from bench.shapes import Leg
from visitation._setup import system

PLUGINS, TRANSPORTS = "libjanus_videoroom.so", "libjanus_http.so"
START_SECONDS, START_TRIES = 0.1, 100
JOIN_SECONDS = 60
MAX_BITRATE = 4_000_000  # above what the clients send: its REMB must not be what is measured

JANUS = """
general: {{ configs_folder = "{folder}", plugins_folder = "{plugins}", transports_folder = "{transports}"
  log_to_stdout = false, log_to_file = "{folder}/janus.log", debug_level = 3, session_timeout = 0
  server_name = "bench" }}
nat: {{ nice_debug = false, full_trickle = false, ice_enforce_list = "{address}" }}
media: {{ ipv6 = false }}
plugins: {{ }}
transports: {{ }}
"""
HTTP = """
general: {{ json = "compact", base_path = "/janus", http = true, port = {port}, ip = "127.0.0.1", https = false }}
admin: {{ admin_http = false, admin_https = false }}
"""
ROOMS = "general: { }\n"


def find() -> str:
    """The program, installed if need be and possible; `Stop` with the line to type otherwise."""
    program = shutil.which("janus")
    if program is None:
        system.install(["janus"], "The bench compares with Janus.")
        program = shutil.which("janus")
    assert program is not None
    return program


def _libraries(kind: str) -> Path:
    """Where Debian has the plugins or transports."""
    listed = subprocess.run(["dpkg", "-L", "janus"], capture_output=True, text=True, check=True).stdout
    return next(Path(line) for line in listed.splitlines() if line.endswith(f"/janus/{kind}"))


def _only(folder: Path, source: Path, library: str) -> Path:
    """A folder with this one library: Janus loads all that it finds."""
    folder.mkdir()
    (folder / library).symlink_to(source / library)
    return folder


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class JanusServer:
    """See bench.servers.Server: each party is a publisher and a subscriber, each watcher a subscriber."""

    def __init__(
        self, folder: Path, process: asyncio.subprocess.Process, session: JanusSession, *, record: bool
    ) -> None:
        self.folder = folder
        self._process = process
        self._session = session
        self._record = record
        self._control = 0
        self._handles: dict[int, list[int]] = {}
        self._feeds: dict[tuple[int, str], int] = {}

    @classmethod
    async def started(cls, folder: Path, core: int | None, *, record: bool) -> JanusServer:
        program = await asyncio.to_thread(find)
        port = _free_port()
        plugins = _only(folder / "plugins", _libraries("plugins"), PLUGINS)
        transports = _only(folder / "transports", _libraries("transports"), TRANSPORTS)
        names = {"folder": folder, "plugins": plugins, "transports": transports, "address": namespace.ADDRESS}
        (folder / "janus.jcfg").write_text(JANUS.format(**names))
        (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=port))
        (folder / "janus.plugin.videoroom.jcfg").write_text(ROOMS)
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        process = await asyncio.create_subprocess_exec(
            *pinned, program, "-F", str(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        session = JanusSession(port)
        server = cls(folder, process, session, record=record)
        await server._begin()
        return server

    async def _begin(self) -> None:
        for _ in range(START_TRIES):
            try:
                await self._session.start()
            except (OSError, aiohttp.ClientError):
                await asyncio.sleep(START_SECONDS)
            else:
                self._control = await self._session.attach()
                return
        self._process.kill()
        raise RuntimeError(
            f"Janus does not answer; its log: {(self.folder / 'janus.log').read_text()[-2000:]}"
        )

    async def join(self, call: Call) -> None:
        """Every publisher first: who subscribes names what is there."""
        room = call.number + 1
        call.host = namespace.ADDRESS
        body = {"request": "create", "room": room, "publishers": 64, "bitrate": MAX_BITRATE, "fir_freq": 10}
        body |= {"audiolevel_ext": False, "videoorient_ext": False, "playoutdelay_ext": False}
        body |= {"audiocodec": "opus", "videocodec": "vp8"}
        body |= {"record": self._record, "rec_dir": str(self.folder)}
        await self._session.ask(self._control, body)
        self._handles[call.number] = []
        await asyncio.gather(*(self._publish(call, leg, room) for leg in call.shape.legs if leg.publishes))
        await asyncio.gather(*(self._subscribe(call, leg, room) for leg in call.shape.legs if leg.sees))

    async def _handle(self, call: Call) -> int:
        handle = await self._session.attach()
        self._handles[call.number].append(handle)
        return handle

    async def _publish(self, call: Call, leg: Leg, room: int) -> None:
        client, handle = call.publisher(leg), await self._handle(call)
        joined = await self._session.ask(handle, {"request": "join", "ptype": "publisher", "room": room})
        self._feeds[call.number, leg.name] = joined["plugindata"]["data"]["id"]
        jsep = {"type": "offer", "sdp": client.offer()}
        answer = await self._session.ask(handle, {"request": "publish"}, jsep)
        client.accept(answer["jsep"]["sdp"])
        await asyncio.wait_for(client.connect(), JOIN_SECONDS)

    async def _subscribe(self, call: Call, leg: Leg, room: int) -> None:
        client, handle = call.receiver(leg), await self._handle(call)
        feeds = {self._feeds[call.number, party]: party for party in leg.sees}
        body = {"request": "join", "ptype": "subscriber", "room": room}
        attached = await self._session.ask(handle, body | {"streams": [{"feed": feed} for feed in feeds]})

        async def deliver(sdp: str) -> None:
            await self._session.ask(handle, {"request": "start"}, {"type": "answer", "sdp": sdp})

        await asyncio.wait_for(client.join(attached["jsep"]["sdp"], deliver), JOIN_SECONDS)
        for stream in attached["plugindata"]["data"]["streams"]:
            call.listen(client, stream["mid"], feeds[stream["feed_id"]], stream["type"][0])

    async def leave(self, call: Call) -> None:
        for handle in self._handles.pop(call.number):
            await self._session.detach(handle)
        await self._session.ask(self._control, {"request": "destroy", "room": call.number + 1})

    async def mark(self) -> None:
        """Nothing of it waits for a mark."""

    async def figures(self) -> dict[str, Any]:
        return {"drops": {}, "errors": 0, "unrecorded": 0}

    async def processes(self) -> Mapping[str, int]:
        return {"relay": self._process.pid}

    async def finish(self) -> None:
        await self._session.stop()
        if self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGINT)
            try:
                await asyncio.wait_for(self._process.wait(), JOIN_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
