"""What a packet costs the native path, in numbers that no busy machine changes: system calls, memory, copies, objects."""

from __future__ import annotations

import gc
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pylibsrtp import Policy

from relay import leg
from relay.packet_path import NativeTable, why_not_native
from tests.relay.odd_packets import PROFILES, TYPES, session

pytestmark = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))

BATCH = 64  # of pump.pyx
SO_NO_CHECK = 11  # asm-generic/socket.h
RECEIVERS = 3


class Line:
    """One browser sends, three others receive; the thread starts when a test says so."""

    def __init__(self) -> None:
        from relay import pump

        self.pump = pump.Pump(socket.AF_INET, leg.native_functions(), self)
        self.blocks = pump.blocks
        self.table = NativeTable(self.pump)
        self.sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2 + RECEIVERS)]
        for sock in self.sockets:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            sock.bind(("127.0.0.1", 0))
        self.port, self.browser, *self.receivers = self.sockets
        self.keys = session(PROFILES[0], 10, Policy.SSRC_ANY_OUTBOUND)
        self.paths = [self._path(sock) for sock in (self.browser, *self.receivers)]
        self.tracks: list[Any] = []
        self.outputs: list[Any] = []
        self.sent = 0
        self.sequence = {"audio": 0, "video": 0}
        for ssrc, kind in ((1, "audio"), (2, "video")):
            track: Any = self.table.track(ssrc, kind, TYPES[kind])  # type: ignore[arg-type]
            self.paths[0].announce(track)
            track.open = True
            self.tracks.append(track)
            for at, path in enumerate(self.paths[1:]):
                rtx = (100 * ssrc + at, 97) if kind == "video" else None
                self.outputs.append(self.table.output(path, kind, 10 * ssrc + at, TYPES[kind], rtx))  # type: ignore[arg-type]
                track.wait(self.outputs[-1])

    def _path(self, sock: socket.socket) -> Any:
        keys = (
            session(PROFILES[0], 10, Policy.SSRC_ANY_INBOUND),
            session(PROFILES[0], 20 + len(self.sockets), Policy.SSRC_ANY_OUTBOUND),
        )
        address = sock.getsockname()
        path: Any = self.table.path("leg", keys, address, 0)
        path.grant(1_000_000, 1_000_000_000, 0)
        self.pump.paths[address] = path
        return path

    def datagrams(self, kind: str, sizes: list[int]) -> list[bytes]:
        made = []
        for size in sizes:
            self.sequence[kind] = number = self.sequence[kind] + 1
            head = struct.pack("!BBHII", 0x80, TYPES[kind], number, number, 1 + (kind == "video"))
            start = b"\x10\x00\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01" if number == 1 else b"\x00\x01"
            made.append(self.keys.protect(head + start[:size] + bytes(max(0, size - len(start)))))
        return made

    def send(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self.browser.sendto(datagram, self.port.getsockname())
        self.sent += len(datagrams)

    def start(self) -> None:
        self.pump.start(self.port.fileno())

    def handled(self) -> None:
        """All was taken, and all made of it was sent: every receiver has its last."""
        while self.pump.datagrams_in < self.sent:
            pass
        for sock in self.receivers:
            sock.settimeout(10)
            for _ in range(self.sent - self.read):
                sock.recv(2048)
        self.read = self.sent

    read = 0

    def through(self, datagrams: list[bytes]) -> None:
        """In portions that no socket's buffer overflows by."""
        for at in range(0, len(datagrams), BATCH):
            self.send(datagrams[at : at + BATCH])
            self.handled()

    def stop(self) -> None:
        self.pump.stop_soon()
        self.browser.sendto(b"", self.port.getsockname())
        self.pump.stop()
        for sock in self.sockets:
            sock.close()

    def keyframe(self, *news: object) -> None:
        pass


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.stop()


def test_a_full_batch_costs_one_system_call_to_receive_and_one_to_send(line):
    line.send(line.datagrams("audio", [80] * BATCH))
    line.start()
    line.handled()
    assert line.pump.datagrams_out == RECEIVERS * BATCH
    assert line.pump.system_calls == (1, 1)


def test_what_goes_to_one_address_goes_through_the_kernel_as_one(line):
    """A picture of equal packets and a smaller last, and the next picture: two groups for each receiver."""
    line.send(line.datagrams("video", [1100, 1100, 1100, 700, 900, 900]))
    line.start()
    line.handled()
    assert line.pump.groups == 2 * RECEIVERS
    assert line.pump.system_calls == (1, 1)
    assert not line.pump.dropped()


def test_a_road_that_takes_no_group_gets_packets_one_by_one_and_is_remembered(line):
    """The kernel refuses a group where nobody would sum its datagrams."""
    line.port.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
    line.start()
    for _ in range(2):
        line.through(line.datagrams("video", [900] * 8))
    line.port.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 0)
    before = line.pump.groups
    line.through(line.datagrams("video", [900] * 8))
    assert line.pump.groups == before + 8 * RECEIVERS
    assert not line.pump.dropped()


def test_a_packet_costs_no_memory_once_the_caches_are_full(line):
    line.start()
    line.through(line.datagrams("audio", [80] * 200) + line.datagrams("video", [1100] * 520))
    before = line.blocks()
    line.through(line.datagrams("audio", [80] * 200) + line.datagrams("video", [1100] * 600))
    assert line.blocks() == before


def test_a_packet_of_another_size_costs_one_piece_of_memory_at_most(line):
    """A slot of the cache is given back only where it is far too large: a call's memory follows what is sent."""
    line.start()
    sizes = [1100 if number % 5 else 200 for number in range(1200)]
    line.through(line.datagrams("video", sizes[:600]))
    made, kept = line.blocks()
    line.through(line.datagrams("video", sizes[600:]))
    again, still_kept = line.blocks()
    assert again - made <= 600
    assert still_kept == kept


def test_a_payload_is_copied_once_into_the_cache_and_once_for_each_receiver(line):
    line.start()
    line.through(line.datagrams("video", [1000] * 10))
    assert line.pump.copied == 10 * 1000 * (1 + RECEIVERS)
    line.through(line.datagrams("audio", [80] * 10))
    kept = 12 + 80 + 16  # sound has no RTX: the very datagram is kept, for each
    assert line.pump.copied == 10 * 1000 * (1 + RECEIVERS) + 10 * (80 + RECEIVERS * (80 + kept))


def test_a_packet_makes_no_python_object(line):
    line.start()
    line.through(line.datagrams("audio", [80] * BATCH))
    for count in (BATCH, 20 * BATCH):
        datagrams = line.datagrams("audio", [80] * count)
        gc.collect()
        gc.disable()
        before = sys.getallocatedblocks()
        line.through(datagrams)
        made = sys.getallocatedblocks() - before
        gc.enable()
        assert abs(made) < 30, f"{made} objects for {count} packets"
    line.pump.take_facts()
    assert not line.table.dropped()
