"""The Socket.IO server as this house runs it: websocket only, small messages, known origins, no idle strangers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import socketio
import structlog

from signaling.namespaces import LiveNamespace
from signaling.protocol import NAMESPACE
from signaling.timing import SECOND
from visitation.services.accounts import Accounts

if TYPE_CHECKING:
    from signaling.calls import Calls

log = structlog.get_logger(__name__)

BIGGEST_MESSAGE: Final = 64_000
PING_EVERY: Final = 5
PING_PATIENCE: Final = 5
TICKET_WITHIN: Final = 10 * SECOND
_BINARY: Final = ("5", "6")  # Socket.IO protocol 5: BINARY_EVENT, BINARY_ACK
# Real seconds for the last words to leave; a socket that takes none of them is cut.
LAST_WORDS: Final = 2.0


def make_server(origins: frozenset[str]) -> socketio.AsyncServer:
    """Raises ValueError for an empty or open list of origins: a cookie session must know its pages."""
    if not origins or "*" in origins:
        raise ValueError("name the origins that may connect")
    return socketio.AsyncServer(
        async_mode="aiohttp",
        async_handlers=False,
        transports=["websocket"],
        cors_allowed_origins=sorted(origins),
        max_http_buffer_size=BIGGEST_MESSAGE,
        ping_interval=PING_EVERY,
        ping_timeout=PING_PATIENCE,
        http_compression=False,
        logger=False,
        engineio_logger=False,
    )


class Door:
    """Registers the namespace, refuses who names no origin or speaks no Socket.IO, and closes who brings no
    ticket in time."""

    def __init__(
        self, calls: Calls, sio: socketio.AsyncServer, accounts: Accounts, origins: frozenset[str]
    ) -> None:
        self._calls, self._sio, self._origins = calls, sio, origins
        self.namespace = LiveNamespace(calls, accounts)
        sio.register_namespace(self.namespace)
        # Engine.IO lets a missing Origin pass; browsers always send one, so whoever does not is none of ours.
        self._connect = sio.eio.handlers["connect"]
        sio.eio.on("connect", self._knock)
        self._message = sio.eio.handlers["message"]
        sio.eio.on("message", self._hear)

    async def close(self) -> None:
        """Closes every socket, once what was said to it has left; browsers come back when a server is there."""
        lines = tuple(self._sio.eio.sockets.values())
        closing = [asyncio.wait_for(line.close(), LAST_WORDS) for line in lines]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _knock(self, eio_sid: str, environ: dict[str, Any]) -> bool | None:
        if environ.get("HTTP_ORIGIN") not in self._origins:
            self.namespace.counters["bad_origin"] += 1
            return False
        await self._connect(eio_sid, environ)
        self._calls.clock.call_later(TICKET_WITHIN, lambda: self._waited(eio_sid))
        return None

    async def _hear(self, eio_sid: str, data: Any) -> None:
        """What Socket.IO cannot read was not sent by a page of ours. Engine.IO would log each one at length.

        Nor have our messages binary parts: Socket.IO would gather them for as long as more are promised.
        """
        try:
            if not isinstance(data, str) or data[:1] in _BINARY:
                raise ValueError("binary")
            await self._message(eio_sid, data)
        except Exception:
            self.namespace.counters["bad_frame"] += 1
            line = self._sio.eio.sockets.get(eio_sid)
            if line is not None:
                self._calls.later(line.close(wait=False))

    def _waited(self, eio_sid: str) -> None:
        known = self._sio.eio.sockets.get(eio_sid)
        if known is None or self._sio.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is not None:
            return
        self.namespace.counters["no_ticket"] += 1
        self._calls.later(known.close(wait=False))
