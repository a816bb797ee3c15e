"""Batches as a relay hands them over, ordinary and hostile, from one seed: both readers are fed the same."""

from __future__ import annotations

import random
import struct

from recording.wire import REPORT, RTP, SENDER_REPORT, record
from tests.recording.media import MS, SECOND, rtp

KEY = b"\x9d\x01\x2a"


class Sender:
    """One track's sender: mostly well behaved."""

    def __init__(self, odd: random.Random, number: int, kind: str) -> None:
        self.odd, self.number, self.kind = odd, number, kind
        self.sequence = odd.choice((0, 65_500, odd.randrange(65_536)))
        self.timestamp = odd.choice((0, 0xFFFFF000, odd.randrange(1 << 32)))
        self.picture = odd.choice((0, 120, 32_760, odd.randrange(32_768)))
        self.bits = odd.choice((0, 7, 15))
        self.size = (320, 240)
        self.held: list[tuple[int, bytes]] = []  # beats to wait, record

    def beat(self, now: int) -> list[bytes]:
        """The records of one beat."""
        if self.odd.random() < 0.03:
            self._upset()
        found = self._picture(now) if self.kind == "video" else self._sound(now)
        late = [each for beats, each in self.held if beats <= 0]
        self.held = [(beats - 1, each) for beats, each in self.held if beats > 0]
        if late and self.odd.random() < 0.5:  # they came now, or say that they came long ago
            late = [each[:8] + now.to_bytes(8, "little") + each[16:] for each in late]
        return found + late

    def _upset(self) -> None:
        odd = self.odd
        what = odd.randrange(5)
        if what == 0:
            self.sequence += odd.choice((1, 2, 40, 2_999, 3_000, 3_001, 20_000, 40_000, 65_535))
        elif what == 1:
            self.timestamp += odd.choice((90_000, 1 << 20, 1 << 31, (1 << 32) - 90_000, 12 * 90_000))
        elif what == 2:
            self.picture += odd.choice((1, 2, 100))
        elif what == 3:
            self.size = odd.choice(((320, 240), (640, 480), (0, 0), (0, 240), (16_383, 16_383)))
        else:
            self.bits = odd.choice((0, 7, 15))

    def _picture(self, now: int) -> list[bytes]:
        odd = self.odd
        self.timestamp += 3_000
        self.picture += 1
        key = odd.random() < 0.08
        pieces = odd.choice((1, 1, 2, 3, 6))
        found: list[bytes] = []
        for place in range(pieces):
            payload = self._descriptor(first=place == 0)
            if place == 0:
                payload += self._beginning(key=key)
            payload += odd.randbytes(odd.choice((0, 1, 9, 300)))
            found += self._send(now, payload, marker=place == pieces - 1 and odd.random() < 0.98)
        if odd.random() < 0.05:
            found += self._send(now, b"", marker=False)  # a probe
        return found

    def _beginning(self, *, key: bool) -> bytes:
        if not key:
            return b"\x11"
        width, height = self.size
        code = KEY if self.odd.random() < 0.97 else b"\x9d\x01\x2b"
        whole = b"\x10\x00\x00" + code + struct.pack("<HH", width | 0x4000, height)
        return whole if self.odd.random() < 0.97 else whole[: self.odd.randrange(10)]

    def _descriptor(self, *, first: bool) -> bytes:
        begin = 0x10 if first else 0
        if self.bits == 0 and self.odd.random() < 0.5:
            return bytes([begin])
        flags = self.odd.choice((0, 0x40, 0x20, 0x60, 0x10))
        more = b""
        if self.bits == 7:
            flags |= 0x80
            more = bytes([self.picture & 0x7F])
        elif self.bits == 15:
            flags |= 0x80
            more = (0x8000 | self.picture & 0x7FFF).to_bytes(2, "big")
        more += b"\x07" * (bool(flags & 0x40) + bool(flags & 0x30))
        whole = bytes([begin | 0x80, flags]) + more
        return whole if self.odd.random() < 0.99 else whole[: self.odd.randrange(len(whole))]

    def _sound(self, now: int) -> list[bytes]:
        self.timestamp += 960
        size = self.odd.choice((0, 1, 2, 40, 80))
        return self._send(now, self.odd.randbytes(size), marker=False)

    def _send(self, now: int, payload: bytes, *, marker: bool) -> list[bytes]:
        odd = self.odd
        data = rtp(96, self.sequence, self.timestamp, payload, marker=marker)
        self.sequence += 1
        chance = odd.random()
        if chance < 0.02:
            data = self._spoiled(data)
        elif chance < 0.12:
            data = self._extended(data)
        arrival = now + odd.randrange(MS)
        one = record(RTP, self.number, arrival, data)
        fate = odd.random()
        if fate < 0.02:
            return []
        if fate < 0.06:
            self.held.append((odd.choice((0, 1, 3, 10, 25)), one))
            return []
        return [one, one] if fate < 0.07 else [one]

    def _spoiled(self, data: bytes) -> bytes:
        odd = self.odd
        what = odd.randrange(4)
        if what == 0:
            return data[: odd.randrange(len(data) + 1)]
        if what == 1:
            return bytes([odd.randrange(256)]) + data[1:]
        if what == 2:
            return odd.randbytes(odd.randrange(60))
        return bytes([data[0] | 0x20]) + data[1:] + bytes([odd.choice((0, 1, 200))])

    def _extended(self, data: bytes) -> bytes:
        words = self.odd.choice((0, 1, 2, 300))
        there = words if words < 300 else 1
        head = bytes([data[0] | 0x10]) + data[1:12] + struct.pack("!HH", 0xBEDE, words) + bytes(4 * there)
        padding = self.odd.choice((b"", b"\x00\x00\x03"))
        return bytes([head[0] | (0x20 if padding else 0)]) + head[1:] + data[12:] + padding

    def report(self, now: int) -> bytes:
        ntp, size = self.odd.randrange(1 << 64), self.odd.choice((REPORT.size,) * 9 + (11,))
        near = (self.timestamp + self.odd.choice((0, -3_000, 1 << 31))) & 0xFFFFFFFF
        return record(SENDER_REPORT, self.number, now, REPORT.pack(ntp, near)[:size])


class Odd:
    """A part's batches: senders that come and go, silences, and records that no relay writes."""

    def __init__(self, seed: int) -> None:
        self.odd = random.Random(seed)
        self.now = self.odd.choice((0, 5 * SECOND, 1 << 55))
        self.origin = self.now
        self.senders: dict[int, Sender] = {}

    def add(self) -> tuple[int, str, int]:
        """A new track: the relay's number, its kind and clock."""
        number, kind = self.odd.choice((0, 1, 2, 3, 255)), self.odd.choice(("audio", "video", "video"))
        self.senders[number] = Sender(self.odd, number, kind)
        return number, kind, 90_000 if kind == "video" else 48_000

    def batch(self) -> bytes:
        odd = self.odd
        self.now += odd.choice((0, 20 * MS, 20 * MS, 33 * MS, 33 * MS, 90 * MS))
        if odd.random() < 0.01:
            self.now += odd.choice((500 * MS, 2_100 * MS, 60 * SECOND, 40_000 * SECOND))
        found: list[bytes] = []
        for sender in self.senders.values():
            if odd.random() < 0.9:
                found += sender.beat(self.now)
            if odd.random() < 0.05:
                found.append(sender.report(self.now))
        if odd.random() < 0.2:
            odd.shuffle(found)
        if odd.random() < 0.03:
            found.insert(odd.randrange(len(found) + 1), self._hostile())
        return b"".join(found)

    def _hostile(self) -> bytes:
        odd = self.odd
        number = odd.choice((*self.senders, 77))
        arrival = odd.choice(
            (-1, -(1 << 63), (1 << 63) - 1, 1 << 60, -(1 << 60), 1 - (1 << 60), self.now, self.now - SECOND)
        )
        whole = record(odd.choice((0, 1, 2, 9)), number, arrival, odd.randbytes(odd.randrange(40)))
        what = odd.randrange(4)
        if what == 0:
            return whole[: odd.randrange(len(whole))]
        if what == 1:
            return odd.choice((0, 1, 15, 65_535)).to_bytes(2, "little") + whole[2:]
        return whole
