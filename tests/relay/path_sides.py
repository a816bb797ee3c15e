"""One packet path with three legs in its table, without socket or thread, as the differential test drives it."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from typing import Any

import pytest
from pylibsrtp import Policy

from relay import leg
from relay.forwarder import Forwarder
from relay.packet_path import NativeSender, NativeTable
from relay.sender import Sender
from relay.table import Table
from tests.relay.odd_packets import KINDS, LEGS, RTX_TYPE, START, TYPES, Address, home_of, session


class FakePort:
    """A socket that gives what a test put in and keeps what is sent."""

    family = socket.AF_INET

    def __init__(self) -> None:
        self.waiting: list[tuple[bytes, Address]] = []
        self.sent: list[tuple[bytes, Address]] = []

    def recvfrom_into(self, view: memoryview) -> tuple[int, Address]:
        if not self.waiting:
            raise BlockingIOError
        data, address = self.waiting.pop(0)
        size = min(len(data), len(view))
        view[:size] = data[:size]
        return size, address

    def sendto(self, data: bytes | memoryview, *rest: Any) -> None:
        self.sent.append((bytes(data), rest[-1]))


class Side:
    """One packet path with three legs in its table; the other side is made in the very same order."""

    table: Table
    sender: Sender

    def __init__(self, seed: int, profile: int) -> None:
        self.facts: list[tuple[object, ...]] = []
        self.port = FakePort()
        self.batches: tuple[list[bytes], list[bytes]] = ([], [])
        self.open()
        self.turn(START)
        numbers = random.Random(seed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("secrets.randbelow", numbers.randrange)
            self._fill(profile)

    def open(self) -> None:
        raise NotImplementedError

    def turn(self, now: int) -> None:
        self.now = now

    def feed(self, data: bytes, address: Address) -> None:
        raise NotImplementedError

    def taken(self) -> list[tuple[bytes, Address]]:
        sent, self.port.sent = self.port.sent, []
        return sent

    def news(self) -> list[tuple[object, ...]]:
        news, self.facts = self.facts, []
        return news

    def _fill(self, profile: int) -> None:
        self.paths: dict[str, Any] = {}
        self.tracks: dict[tuple[str, str], Any] = {}
        self.outputs: dict[tuple[str, int, str], Any] = {}
        for number, name in enumerate(LEGS):
            keys = (
                session(profile, 10 + number, Policy.SSRC_ANY_INBOUND),
                session(profile, 20 + number, Policy.SSRC_ANY_OUTBOUND),
            )
            path = self.paths[name] = self.table.path(name, keys, home_of(number), self.now)
            path.congestion_tag = 0x31
            path.grant(200, 150_000, 20_000)
            if name != "officer":
                for at, kind in enumerate(KINDS):
                    self._publish(path, name, kind, 100 * number + at)
            for slot in range(2):
                ssrc = 1000 * (number + 1) + 10 * slot
                sound = self.table.output(path, "audio", ssrc, 111, None)
                video = self.table.output(path, "video", ssrc + 1, 96, (ssrc + 2, RTX_TYPE))
                sound.wide, video.wide = (0x31, 0x31) if slot == 0 else (0, 0x41)
                self.outputs[name, slot, "audio"], self.outputs[name, slot, "video"] = sound, video
            self.table.paths[home_of(number)] = path
        self.sinks = [self.table.sink(batches.append) for batches in self.batches]

    def _publish(self, path: Any, name: str, kind: Any, ssrc: int) -> None:
        track = self.tracks[name, kind] = self.table.track(ssrc, kind, TYPES[kind])
        path.announce(track)
        if kind != "audio":
            path.announce(self.table.track(ssrc + 50, kind, RTX_TYPE, track))

    # facts

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        self.facts.append(("datagram", data, address, now))

    def control(self, path: Any, data: bytes, now: int) -> None:
        self.facts.append(("control", path.leg_id, data, now))

    def stranger(self, path: Any, ssrc: int, authentic: Callable[[], bool], now: int) -> None:
        self.facts.append(("stranger", path.leg_id, ssrc, authentic(), now))

    def keyframe(self, track: Any, now: int) -> None:
        self.facts.append(("keyframe", track.ssrc, now))

    def figures(self) -> dict[str, object]:
        """All that can be read of the table."""
        figures: dict[str, object] = {"drops": self.table.dropped()}
        for name, path in self.paths.items():
            figures[name] = (
                path.heard, path.packets_left, path.octets_left, path.resend_octets_left, path.bytes_in, path.bytes_out,
                path.wide_sequence, path.address, path.take_needy(), path.pace_rate, path.pace_lost, path.paced,
            )  # fmt: skip
        for key, track in self.tracks.items():
            figures[str(key)] = (
                track.open, track.started, track.base, track.received, track.repaired, track.bytes, track.jitter,
                track.highest_timestamp, track.last_arrival, track.extended_highest, track.holes, bool(track.waiting),
            )  # fmt: skip
        for place, output in self.outputs.items():
            figures[str(place)] = (
                output.filled, output.spliced, output.packets, output.octets, output.resent,
                [output.shift_from(track) for track in self.tracks.values()],
                [track.awaits(output) for track in self.tracks.values()],
            )  # fmt: skip
        return figures

    def release(self) -> int | None:
        raise NotImplementedError


class PythonSide(Side):
    def open(self) -> None:
        port: Any = self.port
        self.table = Table()
        self.sender = Sender(port, self.table, lambda: self.now)
        self.forwarder = Forwarder(port, self.table, self.sender, self, lambda: self.now)

    def feed(self, data: bytes, address: Address) -> None:
        self.port.waiting.append((data, address))
        self.forwarder.drain()
        assert not self.forwarder.errors

    def release(self) -> int | None:
        return self.sender.release(self.now)


class NativeSide(Side):
    def open(self) -> None:
        from relay.pump import Pump

        port: Any = self.port
        self.pump = Pump(socket.AF_INET, leg.native_functions(), self)
        self.pump.capture()
        self.table = NativeTable(self.pump)
        self.sender = NativeSender(self.pump, port, self.table, lambda: self.now)

    def feed(self, data: bytes, address: Address) -> None:
        self.pump.feed(data, address, self.now)

    def release(self) -> int | None:
        due: int | None = self.pump.release()
        return due

    def turn(self, now: int) -> None:
        super().turn(now)
        self.pump.ahead = now

    def taken(self) -> list[tuple[bytes, Address]]:
        return self.pump.take_sent() + super().taken()

    def news(self) -> list[tuple[object, ...]]:
        self.pump.take_facts()
        return super().news()
