"""Prove before a node serves that its libraries are the ones it was made for: every name, a handshake, one packet."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable

from aioice import ice, stun
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from pylibsrtp import Policy, Session

from relay.identity import Identity
from relay.leg import THEIRS, Address, Leg, LegFailed, RelayBroken
from relay.packet_path import Choice, PacketPath, choose
from relay.shield import Limits, Shield
from relay.table import Path, Table, Track
from relay.turns import Turns

PATIENCE = 10.0  # seconds, for what takes some hundredths
SERVER: Address = ("192.0.2.1", 1)  # RFC 5737: nothing is ever sent there
CLIENT: Address = ("192.0.2.2", 2)

Sessions = tuple[Session, Session]


class Unheard:
    """Facts of a packet path that nobody wants."""

    def datagram(self, data: bytes, address: Address, now: int) -> None: ...
    def control(self, path: Path, data: bytes, now: int) -> None: ...
    def stranger(self, path: Path, ssrc: int, authentic: Callable[[], bool], now: int) -> None: ...
    def keyframe(self, track: Track, now: int) -> None: ...


async def self_test(choice: Choice) -> str:
    """The name of the packet path that will serve; RelayBroken says which name moved or what did not come through."""
    look_for_names()
    path = choose(choice, socket.AF_INET, Unheard(), time.monotonic_ns)
    server, client = await _connected_pair()
    try:
        async with asyncio.timeout(PATIENCE):
            await _one_packet(path, server.sessions, client.sessions)
    except RelayBroken:
        raise
    except Exception as error:
        raise RelayBroken(
            f"one packet did not come through the {path.name} packet path: {error!r}"
        ) from error
    finally:
        await client.close()
        await server.close()
    return path.name


def look_for_names() -> None:
    """RelayBroken names the first one that is gone."""
    try:
        probes = _probes()
    except Exception as error:  # its own message names what is missing
        raise RelayBroken(f"{type(error).__name__}: {error}") from error
    for owner, names in THEIRS.items():
        known = {*dir(probes.get(owner, owner)), *getattr(owner, "__annotations__", ())}
        for name in names:
            if name not in known:
                raise RelayBroken(f"{owner.__module__}.{owner.__qualname__}.{name} is gone")


def _probes() -> dict[type, object]:
    """Fresh instances: what a class sets when it is made cannot be seen on the class."""
    gatherer = RTCIceGatherer(iceServers=[])
    transport = RTCIceTransport(gatherer)
    certificate = RTCCertificate.generateCertificate()
    connection = ice.Connection(ice_controlling=True)
    return {
        ice.Connection: connection,
        ice.StunProtocol: ice.StunProtocol(connection),
        RTCIceGatherer: gatherer,
        RTCIceTransport: transport,
        RTCCertificate: certificate,
        RTCDtlsTransport: RTCDtlsTransport(transport, [certificate]),
        Session: Session(Policy(key=bytes(30), ssrc_type=Policy.SSRC_ANY_INBOUND)),
    }


async def _connected_pair() -> tuple[Leg, Leg]:
    """Two legs that checked each other and shook hands, in memory."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _connect()
    except RelayBroken:
        raise
    except LegFailed as failed:
        raise RelayBroken(f"two legs of one process cannot connect: {failed.reason}") from failed
    except Exception as error:
        raise RelayBroken(f"two legs of one process cannot connect: {error!r}") from error


async def _connect() -> tuple[Leg, Leg]:
    loop = asyncio.get_running_loop()
    table = Table()
    at_server, at_client = Shield(table, Limits()), Shield(table, Limits())

    def to(shield: Shield, source: Address) -> Callable[[bytes, Address], None]:
        return lambda data, _: void(loop.call_soon(shield.datagram, data, source, time.monotonic_ns()))

    turns = Turns()
    server = Leg("server", SERVER, to(at_client, SERVER), Identity(), turns)
    client = Leg("client", CLIENT, to(at_server, CLIENT), Identity(), turns, controlling=False)
    at_server.guard(server)
    at_client.guard(client)
    await server.open()
    await client.open()
    # A leg waits to be checked, as by a browser that read its offer: this is that browser's first check.
    check = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    check.attributes["USERNAME"] = f"{server.ufrag}:{client.ufrag}"
    check.attributes["PRIORITY"] = 1
    check.attributes["ICE-CONTROLLED"] = 1
    check.add_message_integrity(server.pwd.encode())
    at_server.datagram(bytes(check), CLIENT, time.monotonic_ns())
    async with asyncio.TaskGroup() as group:
        for leg, other, begins in ((server, client, False), (client, server, True)):
            group.create_task(
                leg.connect(
                    ufrag=other.ufrag,
                    pwd=other.pwd,
                    fingerprint=("sha-256", other.fingerprint),
                    client=begins,
                )
            )
    return server, client


def void(_: object) -> None:
    """Drops a handle that its caller's signature has no room for."""


async def _one_packet(path: PacketPath, ours: Sessions, browsers: Sessions) -> None:
    """One packet through a started path on a loopback pair, under keys of a real handshake."""
    loop = asyncio.get_running_loop()
    heard, sent = browsers
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer,
    ):
        for one in (port, peer):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        address = peer.getsockname()
        path.start(port)
        try:
            leg = path.table.path("self-test", ours, address, time.monotonic_ns())
            leg.grant(10, 10_000, 0)
            track = path.table.track(1, "audio", 111)
            leg.announce(track)
            output = path.table.output(leg, "audio", 2, 111, None)
            track.wait(output)
            track.open = True
            path.table.paths[address] = leg
            peer.sendto(sent.protect(_rtp(1)), port.getsockname())
            packet = heard.unprotect(await loop.sock_recv(peer, 2048))
            path.table.paths.pop(address)
        finally:
            path.stop()
    if packet != _rtp(2, packet[2:4], packet[4:8]):
        raise RelayBroken(f"one packet came wrong through the {path.name} packet path")


def _rtp(ssrc: int, sequence: bytes = b"\0\1", timestamp: bytes = bytes(4)) -> bytes:
    return bytes((0x80, 111)) + sequence + timestamp + ssrc.to_bytes(4, "big") + b"self-test"
