"""At 5 % loss each way what is lost comes again, also where the receiver has stopped asking before it could."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bench.impairment import Impairment, Line
from relay.hub import Kind, Seat
from relay.packets import Nack, PictureLoss, nack, parse_rtcp, parse_rtp
from tests.relay.peers import House, Peer, Waiting, house, picture

pytestmark = pytest.mark.slow

PACKETS, FPS, PER_FRAME = 400, 30, 4
ASKS, ASK_AGAIN = 10, 0.02  # as libwebrtc where the round trip is short


class Camera:
    """Sends frames and, when asked, key frames and any packet again."""

    def __init__(self, peer: Peer) -> None:
        self._frames = 0
        self._key = True
        self._peer = peer
        self._kept: list[tuple[bytes, int]] = []
        self._again = 0
        self._loop = asyncio.get_running_loop()
        peer.wire._on_rtcp = self._control

    def run(self) -> None:
        for number in range(PER_FRAME):
            start = number == 0
            payload = picture(self._frames, bytes(700), key=start and self._key, start=start)
            self._kept.append((payload, self._frames * 3000))
            self._peer.send(
                "video", len(self._kept) - 1, payload, timestamp=self._frames * 3000, marker=number == 3
            )
        self._frames += 1
        self._key = False
        if self._peer.wire.connected:
            self._loop.call_later(1 / FPS, self.run)

    def _control(self, view: memoryview, size: int) -> None:
        for packet in parse_rtcp(bytes(view[:size])):
            self._key = self._key or isinstance(packet, PictureLoss)
            if isinstance(packet, Nack) and packet.media_ssrc == self._peer.ssrcs["video"]:
                for sequence in packet.sequences:
                    payload, timestamp = self._kept[sequence]
                    self._again += 1
                    self._peer.send_rtx("video", self._again & 0xFFFF, sequence, payload, timestamp)


class Screen(Waiting):
    """Asks for each hole at once, then every ASK_AGAIN, and no more after ASKS times."""

    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self.came: set[int] = set()
        self._peer = peer
        self._media, self._rtx = peer.slot("v0"), peer.slot_rtx("v0")
        self._first: int | None = None
        self.highest = 0
        self._asked: dict[int, int] = {}
        self._loop = asyncio.get_running_loop()
        peer.wire._on_rtp = self._packet

    def is_done(self) -> bool:
        return self.highest > PACKETS + PER_FRAME * FPS

    def _packet(self, view: memoryview, size: int) -> None:
        raw = bytes(view[:size])
        header = parse_rtp(raw)
        if header.ssrc == self._media:
            sequence = header.sequence
        elif header.ssrc == self._rtx:
            sequence = int.from_bytes(raw[header.header_size : header.header_size + 2], "big")
        else:
            return
        if self._first is None:
            self._first = sequence
        number = (sequence - self._first) & 0xFFFF
        self._asked.pop(number, None)
        self.came.add(number)
        fresh = dict.fromkeys(range(self.highest + 1, number), 0)
        self.highest = max(self.highest, number)
        if fresh:
            self._asked |= fresh
            self._ask(list(fresh))
        self.changed()

    def _ask(self, holes: list[int]) -> None:
        holes = [hole for hole in holes if hole in self._asked]
        if not holes or not self._peer.wire.connected:
            return
        assert self._first is not None
        numbers = [(hole + self._first) & 0xFFFF for hole in holes]
        self._peer.wire.send_rtcp(nack(7, self._media, numbers))
        for hole in holes:
            self._asked[hole] += 1
            if self._asked[hole] == ASKS:
                del self._asked[hole]
        self._loop.call_later(ASK_AGAIN, self._ask, holes)

    def missing(self) -> list[int]:
        return [number for number in range(PACKETS) if number not in self.came]


class Field:
    """A house whose senders come through one line and whose receivers through another."""

    def __init__(self, home: House, far: Impairment, near: Impairment) -> None:
        self.home, self.far, self.near = home, far, near

    async def pair(self, name: str) -> tuple[Camera, Screen]:
        sender = await self._peer(name, frozenset({"audio", "video"}), 0, self.far)
        receiver = await self._peer(f"{name}'s friend", frozenset({"audio"}), 1, self.near)
        self.home.hub.seat(receiver.leg, 0, name, audio=False, video="main")
        return Camera(sender), Screen(receiver)

    async def _peer(self, party: str, publishes: frozenset[Kind], slots: int, line: Impairment) -> Peer:
        peer = Peer(party, publishes, slots)
        self.home.peers.append(peer)
        await self.home.hub.answer(
            peer.leg, peer.answer(await self.home.hub.join(peer.leg, Seat(party, publishes, slots)))
        )
        assert peer.offered is not None
        host, port = line.address.split(":")
        await peer.wire.connect(replace(peer.offered.remote, address=(host, int(port))))
        await self.home.heard.until(("connected", peer.leg))
        return peer


@asynccontextmanager
async def a_field() -> AsyncIterator[Field]:
    async with house() as home:
        lines = [Impairment(up=Line(), down=Line(), target=home.address) for _ in range(2)]
        for line in lines:
            await line.start()
        try:
            yield Field(home, *lines)
        finally:
            for line in lines:
                await line.stop()


@pytest.mark.parametrize("delay", [0.0, 0.3], ids=["near", "far away"])
async def test_what_is_lost_on_its_way_in_or_out_comes_again_from_senders(delay: float):
    async with a_field() as field:
        pairs = [await field.pair(f"sender {number}") for number in range(4)]
        field.home.hub.release()
        field.far.change(up=Line(loss=0.05, delay=delay), down=Line(loss=0.05))
        field.near.change(up=Line(loss=0.05), down=Line(loss=0.05))
        for camera, _ in pairs:
            camera.run()
        for _, screen in pairs:
            await screen.when(screen.is_done, 60)
        assert field.far.up_counts.lost > 100
        assert field.near.down_counts.lost > 100
        # A second and more later; one of two thousand may be lost four times in a row.
        assert sum(len(screen.missing()) for _, screen in pairs) <= 1
