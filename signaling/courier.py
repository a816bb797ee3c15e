"""Brings news to sockets, and closes those that are to go."""

from __future__ import annotations

from typing import Any, Final, cast

import socketio
import structlog

from signaling.message import News
from signaling.protocol import NAMESPACE, GoodbyeCode, GoodbyeNews
from signaling.reading import dump
from signaling.sockets import Sockets

log = structlog.get_logger(__name__)

# Engine.IO queues what a slow socket has not taken yet, without limit. State is sent whole, so a socket that
# is so far behind loses nothing by coming back: it is closed, and counted.
BACKLOG: Final = 200


class SocketCourier:
    """Sending never waits for the receiver and never raises."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._sio: socketio.AsyncServer | None = None
        self.closed_for_backlog = 0

    def attach(self, sio: socketio.AsyncServer) -> None:
        self._sio = sio

    def socket_of(self, seat: str) -> str | None:
        return self._sockets.in_seat(seat)

    async def tell(self, sid: str, news: News) -> None:
        if self._sio is None:
            return
        try:
            if self._behind(sid):
                self.closed_for_backlog += 1
                log.warning("socket.backlog", closed=self.closed_for_backlog)
                await self.close(sid)
            else:
                await self._sio.emit(news.event, dump(news), to=sid, namespace=NAMESPACE)
        except Exception:
            log.exception("socket.not_told", news=news.event)

    async def goodbye(self, sid: str, code: GoodbyeCode) -> None:
        """The last word, and the end of the socket."""
        await self.tell(sid, GoodbyeNews(code))
        await self.close(sid)

    async def close(self, sid: str) -> None:
        if self._sio is None:
            return
        try:
            await self._sio.disconnect(sid, namespace=NAMESPACE)
        except Exception:
            log.exception("socket.not_closed")

    def _behind(self, sid: str) -> bool:
        sio = cast("Any", self._sio)
        line = sio.eio.sockets.get(sio.manager.eio_sid_from_sid(sid, NAMESPACE))
        return line is not None and line.queue.qsize() > BACKLOG
