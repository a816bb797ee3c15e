"""One participant's transport: ICE, DTLS and SRTP keys, and (but for identity.py's one) all private names of their libraries.

aiortc and aioice do the handshakes; media never passes through them. THEIRS lists every name that they do not
promise; self_test.py looks for each before a node serves.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import random
import secrets
from collections.abc import Callable
from typing import Any

from aioice import Candidate, ice, stun
from aiortc import InvalidStateError, RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceParameters
from pylibsrtp import Session, _binding
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from relay.identity import Identity
from relay.turns import Turns

logger = logging.getLogger(__name__)

Address = tuple[str, int]
Srtp = Any  # srtp_t of libsrtp, opaque

# In place over a packet buffer: (session, buffer, length box) -> 0 or a libsrtp error.
protect_rtp: Callable[[Srtp, Any, Any], int] = lib.srtp_protect
unprotect_rtp: Callable[[Srtp, Any, Any], int] = lib.srtp_unprotect
protect_rtcp: Callable[[Srtp, Any, Any], int] = lib.srtp_protect_rtcp
unprotect_rtcp: Callable[[Srtp, Any, Any], int] = lib.srtp_unprotect_rtcp

# Names that their makers do not promise, by class; self_test.py looks for each on a fresh instance.
THEIRS: dict[type, tuple[str, ...]] = {
    ice.Connection: (
        *(
            "_nominated",
            "_protocols",
            "_local_candidates",
            "_local_candidates_start",
            "_local_candidates_end",
        ),
        *("_queue", "_query_consent_task", "remote_password", "request_received", "build_request"),
        *("data_received", "query_consent", "gather_candidates"),
    ),
    ice.StunProtocol: ("transactions", "request", "local_candidate"),
    stun.Transaction: ("response_received",),
    stun.Message: ("check_message_integrity",),
    RTCIceGatherer: ("_connection",),
    RTCIceTransport: ("_connection",),
    RTCDtlsTransport: ("_rx_srtp", "_tx_srtp", "_set_role", "_validate_peer_identity"),
    RTCCertificate: ("_create_ssl_context",),
    Session: ("_srtp",),
}

BUFFER_SIZE = 2048  # any datagram we accept, plus libsrtp's longest trailer (148 bytes)
CONSENT_SECONDS = 2.0  # well inside the silence limit, so a quiet watcher is still heard
CONSENT_LOST_SECONDS = 30.0  # RFC 7675 section 5.1
MAX_QUEUED_DTLS = 32  # datagrams waiting for aiortc's handshake; the newest are dropped


class RelayBroken(RuntimeError):
    """A library changed under us; the message names what moved."""


class LegFailed(Exception):
    """The transport could not be made: `reason` is "fingerprint" or "handshake"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def pointer(session: Session) -> Srtp:
    """libsrtp's own session inside pylibsrtp's; it lives as long as that."""
    return session._srtp[0]


def native_pointer(session: Session) -> int:
    """The same as a machine address, for native code."""
    return int(ffi.cast("uintptr_t", session._srtp[0]))


def native_functions() -> tuple[int, int, int, int]:
    """Machine addresses of libsrtp's protect and unprotect for RTP, then for RTCP; AttributeError if one is gone."""
    names = ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")
    protect, unprotect, protect_control, unprotect_control = (
        int(ffi.cast("uintptr_t", ffi.addressof(lib, name))) for name in names
    )
    return protect, unprotect, protect_control, unprotect_control


def libsrtp_version() -> str:
    """As libsrtp says it itself: pylibsrtp carries one of its own, and does not declare this function."""
    say = ctypes.CDLL(_binding.__file__).srtp_get_version_string
    say.restype = ctypes.c_char_p
    return str(say().decode())


def packet_buffer() -> tuple[Any, memoryview, Any]:
    """(C buffer for libsrtp, the same bytes as a memoryview, length box)."""
    data = ffi.new("char[]", BUFFER_SIZE)
    return data, memoryview(ffi.buffer(data)).cast("B"), ffi.new("int *")


class _Wire(asyncio.DatagramTransport):
    """What aioice and aiortc believe is their socket: the process' one port."""

    def __init__(self, send: Callable[[bytes, Address], None]) -> None:
        super().__init__()
        self._send = send
        self.protocol: asyncio.DatagramProtocol | None = None

    def sendto(self, data: Any, addr: Any = None) -> None:
        self._send(bytes(data), addr)

    def close(self) -> None:
        if self.protocol is not None:
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
            self.protocol = None


class _Connection(ice.Connection):
    """aioice's agent on a socket of ours, with faster consent checks."""

    def __init__(
        self, wire: _Wire, local: Address, username: str, password: str, *, controlling: bool
    ) -> None:
        super().__init__(ice_controlling=controlling, local_username=username, local_password=password)
        self._wire = wire
        self._local = local

    async def gather_candidates(self) -> None:
        protocol = ice.StunProtocol(self)
        protocol.connection_made(self._wire)
        self._wire.protocol = protocol
        host, port = self._local
        protocol.local_candidate = Candidate("1", 1, "udp", 2130706431, host, port, "host")
        self._protocols.append(protocol)
        self._local_candidates.append(protocol.local_candidate)
        self._local_candidates_start = self._local_candidates_end = True

    async def query_consent(self) -> None:
        assert self.remote_password is not None
        key = self.remote_password.encode()
        loop = asyncio.get_running_loop()
        heard = loop.time()
        while loop.time() - heard < CONSENT_LOST_SECONDS:
            await asyncio.sleep(CONSENT_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 - spread (RFC 7675), not secret
            for pair in list(self._nominated.values()):
                request = self.build_request(pair, nominate=False)
                try:
                    await pair.protocol.request(request, pair.remote_addr, key, retransmissions=0)
                    heard = loop.time()
                except stun.TransactionError:
                    pass
        self._query_consent_task = None  # close() would wait for this very task
        await self.close()


class _Gatherer(RTCIceGatherer):
    def __init__(self, connection: _Connection) -> None:
        super().__init__(iceServers=[])
        self._connection = connection


class _Dtls(RTCDtlsTransport):
    """Notes why an identity was refused (T14); decrypted media is not its business."""

    wrong_identity = False

    def _validate_peer_identity(self, remoteParameters: RTCDtlsParameters) -> None:  # noqa: N803 - theirs
        super()._validate_peer_identity(remoteParameters)
        self.wrong_identity = self.state == "failed"


class Leg:
    """ICE, DTLS and SRTP sessions of one participant; `send` puts one datagram on the process' port."""

    def __init__(
        self,
        leg_id: str,
        local: Address,
        send: Callable[[bytes, Address], None],
        identity: Identity,
        turns: Turns,
        *,
        controlling: bool = True,
    ) -> None:
        self.leg_id = leg_id
        self.ufrag = secrets.token_hex(8)
        self.pwd = secrets.token_hex(16)
        self._key = self.pwd.encode()
        self.fingerprint = identity.fingerprint
        self._connection = _Connection(_Wire(send), local, self.ufrag, self.pwd, controlling=controlling)
        self._ice = RTCIceTransport(_Gatherer(self._connection))
        self._dtls = _Dtls(self._ice, [identity.certificate])
        self._turns = turns
        self._waiting = 0
        self._on_closed: Callable[[], None] | None = None
        self._closing = False

    async def open(self) -> None:
        """Ready to be checked by the browser; sends nothing yet."""
        await self._ice.iceGatherer.gather()

    async def connect(self, *, ufrag: str, pwd: str, fingerprint: tuple[str, str], client: bool) -> None:
        """Wait for the browser's checks, then shake hands; `client`: we begin DTLS. Raises LegFailed."""
        try:
            await self._ice.start(RTCIceParameters(usernameFragment=ufrag, password=pwd))
        except InvalidStateError:  # closed meanwhile
            raise LegFailed("handshake") from None
        if self._ice.state != "completed":
            raise LegFailed("handshake")
        self._dtls._set_role("client" if client else "server")
        algorithm, value = fingerprint
        await self._dtls.start(RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint(algorithm, value)]))
        if self._dtls.state != "connected":
            raise LegFailed("fingerprint" if self._dtls.wrong_identity else "handshake")
        self._dtls.on("statechange", self._state_changed)

    def when_closed(self, callback: Callable[[], None]) -> None:
        """Called once if the other side closes or its consent runs out, not after close()."""
        self._on_closed = callback

    def _state_changed(self) -> None:
        if self._dtls.state in ("closed", "failed") and self._on_closed and not self._closing:
            callback, self._on_closed = self._on_closed, None
            callback()

    @property
    def sessions(self) -> tuple[Session, Session]:
        """(receiving, sending) SRTP sessions; who uses their pointers keeps them."""
        return self._dtls._rx_srtp, self._dtls._tx_srtp

    @property
    def address(self) -> Address | None:
        """Where the nominated candidate pair leads; moves with the browser."""
        pair = self._connection._nominated.get(1)
        return pair.remote_addr if pair else None

    def authentic(self, message: stun.Message) -> bool:
        """Whether a binding request was made with this leg's password (RFC 8489 section 9.1.3)."""
        return message.check_message_integrity(self._key)

    def checked(self, message: stun.Message, address: Address) -> None:
        """An authentic binding request; aioice answers it and makes its own check."""
        if self._connection._protocols:
            self._connection.request_received(message, address, self._connection._protocols[0])

    def asked(self, transaction_id: bytes) -> bool:
        """Whether a binding request of ours waits for this answer."""
        return any(transaction_id in protocol.transactions for protocol in self._connection._protocols)

    def answered(self, message: stun.Message, address: Address) -> bool:
        """A binding response; False where we asked nothing or it is not authentic."""
        for protocol in self._connection._protocols:
            transaction = protocol.transactions.get(message.transaction_id)
            key = (self._connection.remote_password or "").encode()
            if transaction is not None and message.check_message_integrity(key):
                transaction.response_received(message, address)
                return True
        return False

    def handshake(self, datagram: bytes) -> bool:
        """A DTLS record from a validated address, answered when its turn comes; False where too many wait."""
        if self._waiting + self._connection._queue.qsize() >= MAX_QUEUED_DTLS:
            return False
        taken = self._turns.later(lambda: self._shake(datagram))
        self._waiting += taken
        return taken

    def _shake(self, datagram: bytes) -> None:
        self._waiting -= 1
        self._connection.data_received(datagram, 1)

    async def close(self) -> None:
        """Say goodbye (DTLS close_notify) and end; the SRTP sessions must not be used any more."""
        if self._closing:
            return
        self._closing = True
        try:
            await self._dtls.stop()
            await self._ice.stop()
        finally:  # no cycle is left, in which TLS and keys would wait for a garbage collection
            self._on_closed = None
            self._dtls.remove_all_listeners()
