"""The live namespace: authenticate, parse, hand over, acknowledge. No logic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import socketio
import structlog
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from signaling.protocol import COMMANDS, NAMESPACE, Hello, parse, refusal
from signaling.reading import Malformed, dump, read
from signaling.sockets import PATIENCE, STRIKES, Bucket, Socket
from visitation.errors import Refused
from visitation.services.accounts import Accounts

if TYPE_CHECKING:
    from signaling.calls import Calls

log = structlog.get_logger(__name__)

_PURPOSES: Final = {"visitor": "call", "prisoner": "call", "officer": "wall"}


class LiveNamespace(socketio.AsyncNamespace):  # type: ignore[misc] # untyped library
    """`counters` counts every refusal by its code, and what had no known event."""

    def __init__(self, calls: Calls, accounts: Accounts) -> None:
        super().__init__(NAMESPACE)
        self._calls = calls
        self._accounts = accounts
        self.counters: Counter[str] = Counter()

    async def trigger_event(self, event: Any, *args: Any) -> Any:
        """Everything Socket.IO has for this namespace.

        A browser may name an event "connect" or "disconnect" too: the library's own come while the socket is
        not connected yet, or not any more.
        """
        sid, *payload = args
        if not self.server.manager.is_connected(sid, NAMESPACE):
            if event == "connect":
                return await self._connect(sid, payload[-1] if payload else None)
            return self._calls.gone(sid) if event == "disconnect" else None
        return await self._event(sid, event, payload)

    async def _connect(self, sid: str, auth: Any) -> None:
        try:
            await self._welcome(sid, auth)
        except Refused as refused:
            self.counters[refused.code] += 1
            raise SocketRefused(
                refused.code, {"code": refused.code, "params": dict(refused.params)}
            ) from None
        except Exception:
            log.exception("socket.not_welcomed")
            raise SocketRefused("unavailable", {"code": "unavailable", "params": {}}) from None

    async def _welcome(self, sid: str, auth: Any) -> None:
        try:
            hello = read(Hello, auth)
        except Malformed as malformed:
            version = malformed.field == "version"
            raise Refused("version_unsupported" if version else "bad_message") from None
        redeemed = await self._accounts.redeem(hello.ticket)
        if redeemed is None or _PURPOSES.get(redeemed.identity.kind) != redeemed.purpose:
            raise Refused("ticket_refused")
        bucket = Bucket(self._calls.clock.monotonic_ns())
        await self._calls.hello(Socket(sid, redeemed.identity, hello.tab, bucket, redeemed.until))

    async def _event(self, sid: str, event: Any, payload: list[Any]) -> dict[str, Any] | None:
        socket = self._calls.sockets.get(sid)
        if socket is None:
            return self._refused("elsewhere")
        if not socket.bucket.take(self._calls.clock.monotonic_ns()):
            return await self._too_fast(socket)
        try:
            return await self._obeyed(socket, event, payload)
        except Refused as refused:
            return self._refused(refused.code, refused.params)
        except Malformed as malformed:
            return self._refused("bad_message", {"field": malformed.field, "why": malformed.why})
        except Exception:
            log.exception("socket.event_failed")
            return self._refused("internal")

    async def _obeyed(self, socket: Socket, event: Any, payload: list[Any]) -> dict[str, Any] | None:
        command = COMMANDS.get(event) if isinstance(event, str) else None
        if command is None:
            return await self._unknown(socket)
        if len(payload) > 1:
            raise Malformed("message", "one_argument")
        result = await self._calls.command(socket.sid, parse(command, payload[0] if payload else None))
        return {"ok": True, **dump(result)}

    async def _unknown(self, socket: Socket) -> dict[str, Any]:
        socket.strikes += 1
        self.counters["unknown_event"] += 1
        if socket.strikes >= STRIKES:
            await self._calls.courier.goodbye(socket.sid, "misbehaved")
        return self._refused("bad_message", {"field": "event", "why": "unknown"})

    async def _too_fast(self, socket: Socket) -> dict[str, Any]:
        socket.hasty += 1
        if socket.hasty >= PATIENCE:
            await self._calls.courier.goodbye(socket.sid, "misbehaved")
        return self._refused("too_many")

    def _refused(self, code: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.counters[code] += 1
        return refusal(code, params)
