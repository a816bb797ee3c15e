"""The server's end of one load client, by hand: real sockets and real SRTP, and nobody who forwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.answering import Line
from bench.client import LoadClient, Studio
from bench.plain import KEY_OCTETS, session
from relay.packets import parse_rtcp

UP, DOWN = bytes(range(KEY_OCTETS)), bytes(range(1, KEY_OCTETS + 1))
SOUND, PICTURE, RTX = 1001, 1002, 1003
LINES = [Line("a0", "audio", "", False, SOUND, None, ()), Line("v0", "video", "", False, PICTURE, RTX, ())]


@dataclass
class Wire(asyncio.DatagramProtocol):
    """The server's end of one client, by hand: packets come decrypted, what is sent is encrypted."""

    port: int = 0
    packets: list[bytes] = field(default_factory=list)
    control: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reading, self._sending = session(UP, sending=False), session(DOWN, sending=True)
        self._client: tuple[str, int] | None = None
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._client = addr
        if 191 < data[1] < 224:
            self.control += parse_rtcp(memoryview(self._reading.unprotect_rtcp(data)))
        else:
            self.packets.append(self._reading.unprotect(data))
        for condition, waiter in self._waiters:
            if not waiter.done() and condition():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], bool]) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((condition, waiter))
        await asyncio.wait_for(waiter, 20)

    def of(self, ssrc: int) -> list[bytes]:
        return [packet for packet in self.packets if int.from_bytes(packet[8:12], "big") == ssrc]

    def send(self, packet: bytes) -> None:
        self.transport.sendto(self._sending.protect(packet), self._client)

    def send_control(self, packet: bytes) -> None:
        self.transport.sendto(self._sending.protect_rtcp(packet), self._client)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]


async def joined(
    studio: Studio, publishes: tuple[str, ...], lines: list[Line], *, compound: bool = False
) -> tuple[LoadClient, Wire]:
    """A client whose server is a Wire."""
    _, wire = await asyncio.get_running_loop().create_datagram_endpoint(Wire, local_addr=("127.0.0.1", 0))
    client = LoadClient(studio, publishes)
    client.begin(
        client.wire.hand_over(),
        ("127.0.0.1", wire.port),
        (session(DOWN, sending=False), session(UP, sending=True)),
        lines,
        wide_out=3,
        wide_in=3,
        compound=compound,
    )
    return client, wire


async def gone(client: LoadClient, wire: Wire) -> None:
    await client.close()
    wire.transport.close()


def rtp(
    ssrc: int, number: int, payload: bytes, wide: int, payload_type: int = 96, *, marker: bool = True
) -> bytes:
    second = marker << 7 | payload_type
    head = bytes((0x90, second)) + number.to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big")
    return head + b"\xbe\xde\0\1\x31" + wide.to_bytes(2, "big") + b"\0" + payload
