"""A client's ICE, DTLS and SRTP on a socket of its own; media goes past aiortc, straight to and from libsrtp."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aioice import Candidate, ice
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceParameters

from relay.leg import packet_buffer, protect_rtcp, protect_rtp, unprotect_rtcp, unprotect_rtp

BURST = 64  # datagrams read in one turn of the loop
SOCKET_BUFFER = 4 << 20

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Remote:
    """Where and whom to call, as an offer says it."""

    address: Address
    ufrag: str
    pwd: str
    fingerprint: tuple[str, str]
    active: bool = False  # it begins DTLS


class _Wire(asyncio.DatagramTransport):
    """The socket as aioice sees it."""

    def __init__(self, wire: ClientWire) -> None:
        super().__init__()
        self.wire = wire
        self.protocol: ice.StunProtocol | None = None

    def sendto(self, data: Any, addr: Any = None) -> None:
        self.wire.send_raw(data, addr)

    def close(self) -> None:
        if self.protocol is not None:
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
            self.protocol = None


class _Connection(ice.Connection):
    def __init__(self, wire: _Wire, local: Address, *, controlling: bool) -> None:
        super().__init__(ice_controlling=controlling)
        self._wire = wire
        self._local = local

    async def gather_candidates(self) -> None:
        protocol = ice.StunProtocol(self)
        protocol.connection_made(self._wire)
        protocol.local_candidate = Candidate("1", 1, "udp", 2130706431, *self._local, "host")
        self._wire.protocol = protocol
        self._protocols.append(protocol)
        self._local_candidates.append(protocol.local_candidate)
        self._local_candidates_start = self._local_candidates_end = True


class _Gatherer(RTCIceGatherer):
    def __init__(self, connection: _Connection) -> None:
        super().__init__(iceServers=[])
        self._connection = connection


Received = Callable[[memoryview, int], None]  # (decrypted packet in a buffer used again, its size)


class ClientWire:
    """One client's transport. `on_rtp` and `on_rtcp` are called on the loop with each decrypted packet."""

    def __init__(
        self,
        on_rtp: Received,
        on_rtcp: Received,
        after_burst: Callable[[], None],
        *,
        controlling: bool = False,
        host: str = "127.0.0.1",
    ) -> None:
        self._on_rtp, self._on_rtcp, self._after_burst = on_rtp, on_rtcp, after_burst
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER)
        self._socket.bind((host, 0))
        self.local: Address = self._socket.getsockname()
        self.ufrag, self.pwd = secrets.token_hex(4), secrets.token_hex(12)
        certificate = RTCCertificate.generateCertificate()
        self.fingerprint = next(f.value for f in certificate.getFingerprints() if f.algorithm == "sha-256")
        self._transport = _Wire(self)
        self._connection = _Connection(self._transport, self.local, controlling=controlling)
        self._connection._local_username, self._connection._local_password = self.ufrag, self.pwd
        self._ice = RTCIceTransport(_Gatherer(self._connection))
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._input, self._in_view, self._length = packet_buffer()
        self._output, self._out_view, _ = packet_buffer()
        self._receiving: Any = None
        self._sending: Any = None
        self._remote: Address | None = None
        self._open = True
        self.early = 0  # media that came before this side had read the handshake's last flight
        self.unreadable = 0
        self.unsent = 0
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    @property
    def connected(self) -> bool:
        return self._dtls.state == "connected"

    @property
    def state(self) -> str:
        """DTLS: new, connecting, connected, closed or failed."""
        return self._dtls.state

    async def connect(self, remote: Remote) -> None:
        """Check, shake hands, take the keys; ConnectionError where it does not come about."""
        await self._ice.iceGatherer.gather()
        host, port = remote.address
        await self._connection.add_remote_candidate(Candidate("1", 1, "udp", 2130706431, host, port, "host"))
        await self._connection.add_remote_candidate(None)
        await self._ice.start(RTCIceParameters(usernameFragment=remote.ufrag, password=remote.pwd))
        if self._ice.state != "completed":
            raise ConnectionError("ICE")
        self._dtls._set_role("server" if remote.active else "client")
        fingerprint = RTCDtlsFingerprint(*remote.fingerprint)
        await self._dtls.start(RTCDtlsParameters(fingerprints=[fingerprint]))
        if self._dtls.state != "connected":
            raise ConnectionError("DTLS")
        self._remote = remote.address
        self._receiving, self._sending = self._dtls._rx_srtp._srtp[0], self._dtls._tx_srtp._srtp[0]

    @property
    def sessions(self) -> tuple[Any, Any]:
        """(receiving, sending), once connected."""
        return self._dtls._rx_srtp, self._dtls._tx_srtp

    def hand_over(self) -> int:
        """The socket's number; from now on somebody else reads it, and calls received() with what is not media."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._receiving = self._sending = None
        return self._socket.fileno()

    def received(self, datagram: bytes) -> None:
        """STUN or DTLS that the new reader found."""
        if self._open:
            self._received(memoryview(datagram), len(datagram), self._remote or self.local)

    def send_raw(self, data: bytes | memoryview, address: Address) -> None:
        """Any bytes to anywhere from this client's socket."""
        if not self._open:
            return
        try:
            self._socket.sendto(data, address)
        except OSError:
            self.unsent += 1

    def send_rtp(self, packet: bytes) -> None:
        self._send(packet, protect_rtp)

    def send_rtcp(self, packet: bytes) -> None:
        self._send(packet, protect_rtcp)

    def _send(self, packet: bytes, protect: Callable[[Any, Any, Any], int]) -> None:
        if self._sending is None or self._remote is None:
            return
        size = len(packet)
        self._out_view[:size] = packet
        self._length[0] = size
        if protect(self._sending, self._output, self._length):
            self.unsent += 1
        else:
            self.send_raw(self._out_view[: self._length[0]], self._remote)

    def _read(self) -> None:
        view = self._in_view
        for _ in range(BURST):
            try:
                size, address = self._socket.recvfrom_into(view)
            except OSError:
                break
            if size:
                self._received(view, size, address)
        self._after_burst()

    def _received(self, view: memoryview, size: int, address: Address) -> None:
        first = view[0]
        if 127 < first < 192:
            self._media(view, size)
        elif first < 4 and self._transport.protocol is not None:
            self._transport.protocol.datagram_received(bytes(view[:size]), address)
        elif 19 < first < 64:
            self._connection.data_received(bytes(view[:size]), 1)

    def _media(self, view: memoryview, size: int) -> None:
        if self._receiving is None:
            self.early += 1
            return
        control = 191 < view[1] < 224
        self._length[0] = size
        unprotect = unprotect_rtcp if control else unprotect_rtp
        if unprotect(self._receiving, self._input, self._length):
            self.unreadable += 1
        elif control:
            self._on_rtcp(view, self._length[0])
        else:
            self._on_rtp(view, self._length[0])

    def vanish(self) -> None:
        """Neither send nor receive from now on, as a browser that was killed; close() still has to follow."""
        if self._open:
            self._open = False
            asyncio.get_running_loop().remove_reader(self._socket)

    async def close(self) -> None:
        """Say goodbye, unless vanished, and free everything."""
        self._sending = self._receiving = None
        await self._dtls.stop()
        await self._ice.stop()
        self.vanish()
        self._socket.close()
