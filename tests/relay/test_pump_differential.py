"""Both packet paths are fed the same: every byte that leaves, every fact and every count must be the same."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest
from pylibsrtp import Policy, Session

from relay import leg
from relay.forwarder import Forwarder
from relay.packet_path import NativeSender, NativeTable, why_not_native
from relay.packets import nack, pli, rr, sdes
from relay.sender import Sender
from relay.table import Table

pytestmark = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))

PROFILES = (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80)
KEYS = {PROFILES[0]: 44, PROFILES[1]: 30}
TYPES = {"audio": 111, "video": 96, "preview": 96}
KINDS = ("audio", "video", "preview")
RTX_TYPE = 97
LEGS = ("anna", "pekka", "officer")
START = 1_000_000_000_000
STEPS = 700

Address = tuple[str, int]


def session(profile: int, key: int, direction: int) -> Session:
    policy = Policy(key=bytes((key,)) * KEYS[profile], ssrc_type=direction, srtp_profile=profile)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


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
        self.now = START
        self.facts: list[tuple[object, ...]] = []
        self.port = FakePort()
        self.batches: tuple[list[bytes], list[bytes]] = ([], [])
        self.open()
        numbers = random.Random(seed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("secrets.randbelow", numbers.randrange)
            self._fill(profile)

    def open(self) -> None:
        raise NotImplementedError

    def feed(self, data: bytes, address: Address) -> None:
        raise NotImplementedError

    def taken(self) -> list[tuple[bytes, Address]]:
        sent, self.port.sent = self.port.sent, []
        return sent

    def news(self) -> list[tuple[object, ...]]:
        news, self.facts = self.facts, []
        return news

    def _fill(self, profile: int) -> None:
        self.paths, self.tracks, self.outputs = {}, {}, {}
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
                    self._publish(path, name, kind, 100 * number + at)  # type: ignore[arg-type]
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
                path.wide_sequence, path.address,
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


class PythonSide(Side):
    def open(self) -> None:
        port: Any = self.port
        self.table = Table()
        self.sender = Sender(port, self.table)
        self.forwarder = Forwarder(port, self.table, self.sender, self, lambda: self.now)

    def feed(self, data: bytes, address: Address) -> None:
        self.port.waiting.append((data, address))
        self.forwarder.drain()
        assert not self.forwarder.errors


class NativeSide(Side):
    def open(self) -> None:
        from relay.pump import Pump

        port: Any = self.port
        self.pump = Pump(socket.AF_INET, leg.native_functions(), self)
        self.pump.capture()
        self.table = NativeTable(self.pump)
        self.sender = NativeSender(self.pump, port, self.table)

    def feed(self, data: bytes, address: Address) -> None:
        self.pump.feed(data, address, self.now)

    def taken(self) -> list[tuple[bytes, Address]]:
        return self.pump.take_sent() + super().taken()

    def news(self) -> list[tuple[object, ...]]:
        self.pump.take_facts()
        return super().news()


def home_of(number: int) -> Address:
    return f"192.0.2.{number + 1}", 5000 + number


class Peer:
    """What one leg's browser would send: good packets first, then made odd."""

    def __init__(self, number: int, profile: int, odd: random.Random) -> None:
        self.number = number
        self.odd = odd
        self.keys = session(profile, 10 + number, Policy.SSRC_ANY_OUTBOUND)
        self.sequence = {kind: odd.choice((5, 65_500, 32_700, odd.randrange(65536))) for kind in KINDS}
        self.picture = dict.fromkeys(KINDS, odd.randrange(1 << 15))
        self.rtx = odd.randrange(65536)
        self.skipped: list[tuple[str, int]] = []
        self.kept_back: list[bytes] = []
        self.before: list[bytes] = []

    def ssrc(self, kind: str) -> int:
        return 100 * self.number + KINDS.index(kind)

    def payload(self, kind: str) -> bytes:
        odd = self.odd
        body = odd.randbytes(odd.choice((0, 1, 3, 40, 40, 900, 1150)))
        if kind == "audio" or odd.random() < 0.05:
            return body
        self.picture[kind] = picture = (self.picture[kind] + 1) & 0x7FFF
        tl0 = bytes((picture >> 2 & 0xFF,)) if (fields := odd.choice((0x80, 0xC0, 0xC0, 0x40, 0xF0, 0))) & 0x40 else b""
        number = b""
        if fields & 0x80:
            short = odd.random() < 0.3
            number = bytes((picture & 0x7F,)) if short else bytes((0x80 | picture >> 8, picture & 0xFF))
        extra = b"\x01" if fields & 0x30 else b""
        start = odd.random() < 0.8
        head = bytes((0x80 | 0x10 * start, fields)) + number + tl0 + extra if fields else bytes((0x10 * start,))
        if start and odd.random() < 0.3:
            frame = b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01"
            return head + (frame if odd.random() < 0.9 else frame[: odd.randrange(10)]) + body
        return head + b"\x31\x00\x00" + body if odd.random() < 0.95 else head

    def extension(self) -> bytes | None:
        odd = self.odd
        wide = odd.randbytes(2)
        if odd.random() < 0.8:
            return odd.choice((None, struct.pack("!HHB", 0xBEDE, 1, 0x31) + wide + b"\0"))
        return odd.choice((
            None, None,
            struct.pack("!HHB", 0xBEDE, 1, 0x31) + wide + b"\0",
            struct.pack("!HHB", 0xBEDE, 1, 0x31) + wide + b"\0",
            struct.pack("!HH", 0xBEDE, 2) + b"\x10\x05\x31" + wide + b"\0\0\0",
            struct.pack("!HH", 0xBEDE, 2) + b"\0\0\x10\x05\x30\x07\0\0",
            struct.pack("!HH", 0xBEDE, 2) + b"\x10\x05\xf0" + wide + b"\0\0\0",
            struct.pack("!HH", 0xBEDE, 1) + b"\x1f\0\0\0",
            struct.pack("!HH", 0x1000, 2) + b"\x01\x01\x05\x03\x02" + wide + b"\0",
            struct.pack("!HH", 0x1005, 1) + b"\x01\x09\0\0",
            struct.pack("!HH", 0x1000, 1) + b"\0\0\0\x03",
            struct.pack("!HH", 0x4242, 1) + odd.randbytes(4),
            struct.pack("!HH", 0xBEDE, 0),
            struct.pack("!HH", 0xBEDE, odd.choice((200, 65535))) + odd.randbytes(8),
        ))  # fmt: skip

    def packet(self, kind: str, sequence: int, payload: bytes, *, ssrc: int | None = None, pt: int | None = None) -> bytes:
        odd = self.odd
        extension = self.extension()
        first = 0x80 | (0x10 if extension is not None else 0)
        sources = odd.choice((0, 0, 0, 0, 2, 15)) if odd.random() < 0.2 else 0
        tail = b""
        if odd.random() < 0.1:
            first |= 0x20
            tail = odd.choice((b"\x01", b"\0\0\x03", b"\0", b"\xff", b"\0\x02"))
        second = (TYPES[kind] if pt is None else pt) | odd.choice((0, 128))
        stamp = (sequence * 960 if kind == "audio" else (sequence // 3) * 3000) & 0xFFFFFFFF
        head = struct.pack(
            "!BBHII", first | sources, second, sequence & 0xFFFF, stamp, self.ssrc(kind) if ssrc is None else ssrc
        )
        return head + odd.randbytes(4 * sources) + (extension or b"") + payload + tail

    def protect(self, packet: bytes) -> bytes:
        try:
            datagram = self.keys.protect(packet)
        except Exception:  # libsrtp refuses what is too broken: then it goes as it is
            return packet
        self.before.append(datagram)
        return datagram

    def media(self) -> list[bytes]:
        """The next datagrams of a stream: some missing, late, doubled, repaired, or not what they should be."""
        odd = self.odd
        kind = odd.choice(("audio", "audio", "video", "video", "video", "preview"))
        self.sequence[kind] = sequence = (self.sequence[kind] + 1) & 0xFFFF
        chance = odd.random()
        if chance < 0.06:
            self.skipped.append((kind, sequence))
            return []
        if chance < 0.08:
            self.sequence[kind] = (sequence + odd.choice((300, 200, 3100, 40_000, 65_000))) & 0xFFFF
        if chance < 0.11 and self.skipped:
            return [self.repair()]
        strange = {}
        if chance > 0.97:
            strange = {"ssrc": odd.choice((77, 4711, odd.getrandbits(32)))}
        elif chance > 0.94:
            strange = {"pt": odd.choice((0, 95, 112, RTX_TYPE))}
        datagram = self.protect(self.packet(kind, sequence, self.payload(kind), **strange))
        if 0.11 < chance < 0.17:
            self.kept_back.append(datagram)
            return []
        late = [self.kept_back.pop(odd.randrange(len(self.kept_back)))] if self.kept_back and chance < 0.3 else []
        return [datagram, *late] + ([datagram] if chance > 0.92 else [])

    def repair(self) -> bytes:
        odd = self.odd
        kind, sequence = self.skipped.pop(odd.randrange(len(self.skipped)))
        if kind == "audio" or odd.random() < 0.2:
            return self.protect(self.packet(kind, sequence, self.payload(kind)))
        self.rtx = (self.rtx + 1) & 0xFFFF
        number = sequence.to_bytes(2, "big") if odd.random() < 0.9 else b"\x01"[: odd.randrange(2)]
        packet = self.packet(kind, self.rtx, number + self.payload(kind), ssrc=self.ssrc(kind) + 50, pt=RTX_TYPE)
        return self.protect(packet)

    def control(self) -> bytes:
        odd = self.odd
        sender = odd.choice((1, 2, odd.randrange(200)))
        compound = odd.choice((
            rr(sender, []), rr(sender, []) + sdes(sender, "x"), nack(sender, 1001, [1, 2, 3]), pli(sender, 1001),
            struct.pack("!BBHI", 0x81, 201, 1, sender), struct.pack("!BBHI", 0x80, 204, 900, sender),
            struct.pack("!BBHII", 0x8F, 205, 2, sender, 1),
        ))  # fmt: skip
        return self.keys.protect_rtcp(compound)

    def hostile(self) -> bytes:
        odd = self.odd
        base = bytearray(odd.choice(self.before[-20:] or [bytes(40)]))
        for _ in range(odd.randrange(4)):
            base[odd.randrange(len(base))] = odd.randrange(256)
        return odd.choice((
            bytes(base), bytes(base[: odd.randrange(len(base))]), b"", odd.randbytes(odd.randrange(1, 60)),
            bytes((odd.randrange(128, 192),)) + odd.randbytes(odd.choice((10, 11, 12, 1499, 1500, 2047))),
            b"\x00\x01" + odd.randbytes(18), b"\x16\xfe\xfd" + odd.randbytes(40), bytes(base) + bytes(2100),
            self.before[0] if self.before else b"\x80",
        ))  # fmt: skip


class Pair:
    """The two sides, and what is done to both."""

    def __init__(self, seed: int) -> None:
        self.odd = odd = random.Random(seed)
        profile = PROFILES[seed % 2]
        self.sides: tuple[Side, Side] = (PythonSide(seed, profile), NativeSide(seed, profile))
        self.peers = [Peer(number, profile, odd) for number in range(3)]
        self.sent: list[bytes] = []
        self.kinds: set[object] = set()

    def both(self, do: Callable[[Side], object]) -> None:
        spec, native = (do(side) for side in self.sides)
        assert spec == native
        self.compare()

    def compare(self) -> None:
        spec, native = (side.taken() for side in self.sides)
        assert spec == native
        self.sent += [data for data, _ in spec]
        told, news = (side.news() for side in self.sides)
        assert told == news
        self.kinds |= {one[0] for one in told}

    def heal(self) -> None:
        """Gates open, homes known, every slot pointed at somebody."""
        for number, name in enumerate(LEGS):
            self.both(lambda side, n=number, name=name: side.table.paths.__setitem__(home_of(n), side.paths[name]))
            self.both(lambda side, n=number, name=name: setattr(side.paths[name], "address", home_of(n)))
        for track in self.sides[0].tracks:
            self.both(lambda side, track=track: setattr(side.tracks[track], "open", True))
        for place in self.sides[0].outputs:
            kinds = ("audio",) if place[2] == "audio" else ("video", "video", "preview")
            track = self.odd.choice(LEGS[:2]), self.odd.choice(kinds)
            self.both(lambda side, track=track, place=place: point(side, track, place))

    def step(self) -> None:
        odd = self.odd
        for side in self.sides:
            side.now += 3_000_000
        chance = odd.random()
        if chance < 0.80:
            self.packets()
        elif chance < 0.99:
            self.change()
        else:
            jump = odd.choice((1_000_000_000, 1))
            for side in self.sides:
                side.now += jump
        if odd.random() < 0.1:
            self.both(Side.figures)

    def packets(self) -> None:
        odd = self.odd
        peer = odd.choice(self.peers[:2]) if odd.random() < 0.97 else self.peers[2]
        chance = odd.random()
        datagrams = peer.media() if chance < 0.86 else [peer.control() if chance < 0.92 else peer.hostile()]
        address = home_of(peer.number) if odd.random() < 0.98 else odd.choice((home_of(1), ("198.51.100.7", 9)))
        for datagram in datagrams:
            self.both(lambda side, datagram=datagram: side.feed(datagram, address))

    def change(self) -> None:
        odd = self.odd
        name = odd.choice(LEGS)
        track = odd.choice(list(self.sides[0].tracks))
        place = odd.choice(list(self.sides[0].outputs))
        sink, number = odd.randrange(2), odd.randrange(256)
        sequence = odd.randrange(65536)
        if self.sent and odd.random() < 0.9:
            sequence = struct.unpack_from("!H", odd.choice(self.sent[-150:]), 2)[0]
        home, elsewhere = home_of(LEGS.index(name)), ("203.0.113.9", odd.randrange(1, 4))
        now, most = self.sides[0].now, odd.randrange(3)
        self.both(odd.choice((
            lambda side: side.tracks[track].shut(),
            lambda side: setattr(side.tracks[track], "open", True),
            lambda side: setattr(side.tracks[track], "open", True),
            lambda side: setattr(side.tracks[track], "open", True),
            *[lambda side: point(side, track, place)] * 4,
            lambda side: side.outputs[place].detach(),
            lambda side: side.tracks[track].unwait(side.outputs[place]),
            lambda side: (side.tracks[track].unfeed(side.sinks[sink]), side.tracks[track].feed(side.sinks[sink], number))[0],
            lambda side: side.tracks[track].unfeed(side.sinks[sink]),
            lambda side: side.tracks[track].note(2, bytes(12), now),
            lambda side: flushed(side, sink),
            *[lambda side: side.paths[name].refill((90, 200), (60_000, 150_000), 20_000)] * 4,
            lambda side: side.paths[name].take_arrivals(),
            lambda side: side.tracks[track].ask(now, 5_000_000, most),
            lambda side: side.tracks[track].forget_holes(),
            *[lambda side: side.sender.resend(side.outputs[place], sequence)] * 8,
            lambda side: side.sender.send_control(side.paths[name], rr(9, [])),
            lambda side: setattr(side.paths[name], "address", elsewhere),
            lambda side: setattr(side.paths[name], "address", home),
            lambda side: side.table.paths.pop(home, None) and None,
            lambda side: side.table.paths.__setitem__(home, side.paths[name]),
            lambda side: side.table.paths.__setitem__(home, side.paths[name]),
            lambda side: setattr(side.paths[name], "congestion_tag", odd_tag(sequence)),
            lambda side: setattr(side.outputs[place], "spliced", False),
        )))  # fmt: skip


def odd_tag(number: int) -> int:
    return (0x31, 0x31, 0x31, 0)[number & 3]


def point(side: Side, track: Any, place: Any) -> bool:
    """As Subscription.point does: an output waits in one place."""
    output, wanted = side.outputs[place], side.tracks[track]
    if (place[2] == "audio") != (track[1] == "audio"):
        return False
    for other in side.tracks.values():
        other.unwait(output)
    if output.shift_from(wanted) is None:
        wanted.wait(output)
    return output.filled


def flushed(side: Side, sink: int) -> bytes:
    side.sinks[sink].flush()
    batches = b"".join(side.batches[sink])
    side.batches[sink].clear()
    return batches


@pytest.mark.parametrize("seed", range(16))
def test_what_leaves_and_what_is_told_is_the_same_on_both_paths(seed: int):
    pair = Pair(seed)
    for number in range(STEPS):
        if number % 60 == 0:
            pair.heal()
        pair.step()
    pair.both(Side.figures)
    for sink in range(2):
        pair.both(lambda side, sink=sink: flushed(side, sink))
    assert len(pair.sent) > 400  # or the test compares nothing
    assert pair.kinds == {"datagram", "control", "stranger", "keyframe"}
