"""Rows T1-T3, T10, T11: what may reach a leg's transport at all."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from typing import cast

import pytest
from aioice import stun

from bench.answering import read_offer
from relay.hub import Seat
from tests.relay.peers import House, Peer, Waiting, check, house, quiet

SOUND = b"\x78opus"


class Outsider(Waiting, asyncio.DatagramProtocol):
    """A socket that belongs to nobody's leg."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[bytes] = []
        self.transport: asyncio.DatagramTransport | None = None
        self.closed: asyncio.Future[None] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self.closed is not None:
            self.closed.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.append(data)
        self.changed()

    def send(self, data: bytes, address: tuple[str, int]) -> None:
        assert self.transport is not None
        self.transport.sendto(data, address)


@pytest.fixture
async def stranger() -> AsyncIterator[Outsider]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Outsider, local_addr=("127.0.0.1", 0))
    yield protocol
    closed = protocol.closed = loop.create_future()
    transport.close()
    await closed


async def still_talking(home: House, anna: Peer, pekka: Peer) -> None:
    count = len(pekka.packets)
    anna.send("audio", 1000 + count, SOUND)
    await pekka.when(lambda: len(pekka.packets) > count)


async def handled(home: House, stranger: Outsider) -> None:
    """All that the outsider sent was looked at."""
    before = home.drops("unknown protocol")
    stranger.send(b"\xff", home.address)
    async with asyncio.timeout(10):
        while home.drops("unknown protocol") == before:  # noqa: ASYNC110 - the counter has no event
            await asyncio.sleep(0)


async def test_t1_empty_and_odd_datagrams_end_nothing(stranger):
    # Guards Shield.datagram's first lines and Forwarder.drain's guard.
    async with house() as home:
        anna, pekka = await home.pair()
        odd = random.Random(1)
        for _ in range(3000):
            data = odd.randbytes(odd.choice((0, 1, 2, 12, 20, 40, 200)))
            anna.wire.send_raw(data, home.address)
            stranger.send(data, home.address)
            if odd.random() < 0.05:
                await asyncio.sleep(0)
        await quiet(home, anna)
        await still_talking(home, anna, pekka)
        assert home.drops("exception") == 0
        assert not stranger.got


async def test_t1_damaged_media_of_a_connected_leg_ends_nothing():
    # Guards the length checks of Forwarder._media and the two excepts of Forwarder.drain.
    async with house() as home:
        anna, pekka = await home.pair()
        odd = random.Random(2)
        for number in range(2000):
            packet = bytearray(struct.pack("!BBHII", 0x80, 111, number, 0, anna.ssrcs["audio"]) + bytes(40))
            for _ in range(odd.randrange(1, 6)):
                packet[odd.randrange(len(packet))] = odd.randrange(256)
            packet[0] = 0x80 | packet[0] & 0x3F
            anna.wire.send_rtp(bytes(packet[: odd.randrange(12, 52)]))
            if number % 50 == 0:
                await asyncio.sleep(0)
        await quiet(home, anna)
        pekka.packets.clear()
        for start in (1000, 22_000, 44_000):  # whatever number the damage left: one of them begins anew
            anna.send("audio", start, SOUND)
        await pekka.got_any()


async def test_t2_a_handshake_from_an_address_without_a_check_is_dropped(stranger):
    # Guards "handshake from elsewhere": the DTLS race of an outsider who knows the port.
    async with house() as home:
        anna = Peer("anna")
        home.peers.append(anna)
        joining = asyncio.ensure_future(anna.join(home.hub))
        alert = bytes((21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40))
        hello = bytes((22, 254, 253)) + bytes(40)
        while not joining.done():
            stranger.send(alert, home.address)
            stranger.send(hello, home.address)
            await asyncio.sleep(0.001)
        await joining
        await home.heard.until(("connected", anna.leg))
        assert home.drops("handshake from elsewhere") > 0
        assert not stranger.got


async def test_t3_forged_media_changes_nothing_and_nothing_is_sent_to_its_sender(stranger):
    # Guards the "media from elsewhere" line of Shield.datagram and "not authentic" of Forwarder._media.
    async with house() as home:
        anna, pekka = await home.pair()
        forged = struct.pack("!BBHII", 0x80, 111, 5, 5, anna.ssrcs["audio"]) + bytes(60)
        for _ in range(200):
            stranger.send(forged, home.address)
            anna.wire.send_raw(forged, home.address)
        await handled(home, stranger)
        await quiet(home, anna)
        await still_talking(home, anna, pekka)
        assert len(pekka.packets) == 1
        assert not stranger.got
        assert home.drops("media from elsewhere") == 200
        assert home.drops("not authentic") == 200


async def test_t10_candidates_in_an_answer_are_never_called():
    # Guards answer.py (candidates are never read) and Leg.connect (none is ever added).
    async with house() as home:
        victim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        victim.bind(("127.0.0.1", 0))
        victim.setblocking(False)
        anna = Peer("anna")
        home.peers.append(anna)
        offer = await home.hub.join(anna.leg, Seat("anna", anna.publishes, 1))
        candidate = f"a=candidate:1 1 udp 2130706431 127.0.0.1 {victim.getsockname()[1]} typ host\r\n"
        answer = anna.answer(offer)
        at = answer.index("a=mid:a\r\n")
        await home.hub.answer(anna.leg, answer[:at] + candidate * 3 + answer[at:])
        assert anna.offered is not None
        await anna.wire.connect(anna.offered.remote)
        await home.heard.until(("connected", anna.leg))
        with pytest.raises(BlockingIOError):
            victim.recvfrom(2000)
        victim.close()


async def test_t11_a_check_without_the_legs_password_gets_no_answer(stranger):
    # Guards `guarded.leg.authentic(message)` and "check for nobody" in Shield._request.
    async with house() as home:
        offer = await home.hub.join("leg", Seat("anna", frozenset({"audio"}), 1))
        remote = read_offer(offer).remote
        stranger.send(bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST)), home.address)
        stranger.send(check(f"{remote.ufrag}:x", None), home.address)
        stranger.send(check(f"{remote.ufrag}:x", b"w" * 22), home.address)
        stranger.send(check("somebody:x", remote.pwd.encode()), home.address)
        await handled(home, stranger)
        assert (home.drops("check for nobody"), home.drops("check not authentic")) == (2, 2)
        assert not stranger.got
        stranger.send(check(f"{remote.ufrag}:x", remote.pwd.encode()), home.address)
        await stranger.when(lambda: stranger.got)


async def test_t11_checks_faster_than_any_browser_are_dropped(stranger):
    # Guards checks_left in Shield._request.
    async with house() as home:
        remote = read_offer(await home.hub.join("leg", Seat("anna", frozenset({"audio"}), 1))).remote
        for _ in range(300):
            stranger.send(check(f"{remote.ufrag}:x", b"w" * 22), home.address)
        await handled(home, stranger)
        assert home.drops("checks too fast") >= 200


async def test_an_address_in_use_cannot_be_taken_by_another_legs_check():
    # Guards CLAIM_NS in Shield._validate.
    # An insider who spoofs Anna's address with his own leg's password must not cut her off.
    async with house() as home:
        anna, pekka = await home.pair()
        remote = read_offer(await home.hub.join("mallory", Seat("mallory", frozenset({"audio"}), 1))).remote
        anna.wire.send_raw(check(f"{remote.ufrag}:x", remote.pwd.encode()), home.address)
        await quiet(home, anna)
        await still_talking(home, anna, pekka)
        assert home.drops("address refused") == 1
