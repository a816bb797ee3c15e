"""The servers that are measured, as the bench sees them: started on a core of their own, joined, asked, ended."""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from bench.answering import Line
from bench.call import Call
from bench.control import Asker, asker
from bench.plain import session
from bench.shapes import Leg

CHECKOUT = Path(__file__).resolve().parent.parent
MEDIA = {"a": "audio", "v": "video", "p": "preview"}
KINDS = ("pump", "python", "janus", "naive", "floor")
ALWAYS_RECORD, NEVER_RECORD = {"naive"}, {"floor"}
JOIN_SECONDS = 60


class Server(Protocol):
    """`folder` holds what it recorded, until it is ended."""

    folder: Path

    async def join(self, call: Call) -> None:
        """Brings everybody of the call in and lets them see each other."""

    async def leave(self, call: Call) -> None:
        """The call is over; its clients close themselves."""

    async def mark(self) -> None:
        """The measured time begins now."""

    async def figures(self) -> dict[str, Any]:
        """drops by reason, errors, unrecorded; lag_p50 and lag_p99 of its event loop in ms if it has one."""

    async def processes(self) -> Mapping[str, int]:
        """Process ids by "relay" and "recorder"."""

    async def finish(self) -> None:
        """Ends it in an orderly way, so that what was recorded is whole."""


class OurServer:
    """One of bench.relay_server's kinds."""

    def __init__(self, folder: Path, server: Asker, process: asyncio.subprocess.Process) -> None:
        self.folder = folder
        self._server = server
        self._process = process

    async def join(self, call: Call) -> None:
        await asyncio.gather(*(self._leg(call, leg) for leg in call.shape.legs))
        await self._server.ask("begin", call=call.number, seatings=call.shape.seatings)
        call.listen_by_slots()

    async def _leg(self, call: Call, leg: Leg) -> None:
        client = call.client(leg)
        publishes = [MEDIA[mid] for mid in leg.publishes]
        joined = await self._server.ask(
            "join", call=call.number, leg=leg.name, publishes=publishes, slots=len(leg.sees)
        )

        async def deliver(sdp: str) -> None:
            await self._server.ask("answer", call=call.number, leg=leg.name, sdp=sdp)

        await asyncio.wait_for(client.join(joined["sdp"], deliver), JOIN_SECONDS)

    async def leave(self, call: Call) -> None:
        await self._server.ask("leave", call=call.number)

    async def mark(self) -> None:
        await self._server.ask("mark")

    async def figures(self) -> dict[str, Any]:
        return await self._server.ask("figures")

    async def processes(self) -> Mapping[str, int]:
        answer = await self._server.ask("figures")
        return {
            name: answer[key] for name, key in (("relay", "pid"), ("recorder", "recorder")) if answer[key]
        }

    async def finish(self) -> None:
        if self._process.returncode is not None:
            return
        self._server.close()
        try:
            await asyncio.wait_for(self._process.wait(), JOIN_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class FloorServer(OurServer):
    """Keys in clear instead of ICE and DTLS: its calls cost forwarding alone."""

    async def join(self, call: Call) -> None:
        """Its ways are laid before anybody plays: nobody could ask for the key frame that was missed."""
        given = {leg.name: await self._keys(call, leg) for leg in call.shape.legs}
        await self._server.ask("begin", call=call.number, seatings=call.shape.seatings)
        for leg in reversed(call.shape.legs):  # who only receives comes last in a shape
            client, keys = call.receivers[leg.name], given[leg.name]
            reading, sending = (bytes.fromhex(keys[way]) for way in ("down", "up"))
            client.begin(
                client.wire.hand_over(),
                ("127.0.0.1", keys["port"]),
                (session(reading, sending=False), session(sending, sending=True)),
                [
                    Line(mid, "audio" if mid[0] == "a" else "video", "", False, ssrc, None, ())
                    for mid, ssrc in keys["lines"].items()
                ],
            )
        call.listen_by_slots()

    async def _keys(self, call: Call, leg: Leg) -> dict[str, Any]:
        client = call.client(leg)
        sources = {mid: ssrc for mid, (ssrc, _) in client.sources.items()}
        return await self._server.ask(
            "plain",
            call=call.number,
            leg=leg.name,
            port=client.wire.local[1],
            slots=len(leg.sees),
            sources=sources,
        )


@asynccontextmanager
async def start(kind: str, core: int | None, *, record: bool) -> AsyncIterator[Server]:
    """A fresh server on this core; when the block ends, so has it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if kind == "janus":
            from bench.janus import JanusServer

            server: Server = await JanusServer.started(folder, core, record=record)
        else:
            server = await _our_server(kind, folder, core, record=record)
        try:
            yield server
        finally:
            await server.finish()


async def _our_server(kind: str, folder: Path, core: int | None, *, record: bool) -> OurServer:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "bench.relay_server", kind, "--fd", str(theirs.fileno())]
    command += ["--folder", str(folder), *(["--record"] if record else [])]
    command += ["--core", str(core)] if core is not None else []
    process = await asyncio.create_subprocess_exec(*command, pass_fds=(theirs.fileno(),), cwd=CHECKOUT)
    theirs.close()
    made = FloorServer if kind == "floor" else OurServer
    return made(folder, await asker(ours), process)


def recorded(kind: str, *, wanted: bool) -> bool:
    """Whether calls on this server are recorded if one wants so."""
    return kind in ALWAYS_RECORD or (wanted and kind not in NEVER_RECORD)
