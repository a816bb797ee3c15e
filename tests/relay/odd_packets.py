"""What one leg's browser would send, made odd: loss, disorder, damage, strange headers, repairs, control."""

from __future__ import annotations

import random
import struct

from pylibsrtp import Policy, Session

from relay.packets import nack, pli, rr, sdes, twcc_feedback

PROFILES = (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80)
KEYS = {PROFILES[0]: 44, PROFILES[1]: 30}
TYPES = {"audio": 111, "video": 96, "preview": 96}
KINDS = ("audio", "video", "preview")
RTX_TYPE = 97
LEGS = ("anna", "pekka", "officer")
START = 1_000_000_000_000

Address = tuple[str, int]


def session(profile: int, key: int, direction: int) -> Session:
    policy = Policy(key=bytes((key,)) * KEYS[profile], ssrc_type=direction, srtp_profile=profile)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


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
        self.wide = 65_500
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
        tl0 = (
            bytes((picture >> 2 & 0xFF,))
            if (fields := odd.choice((0x80, 0xC0, 0xC0, 0x40, 0xF0, 0))) & 0x40
            else b""
        )
        number = b""
        if fields & 0x80:
            short = odd.random() < 0.3
            number = bytes((picture & 0x7F,)) if short else bytes((0x80 | picture >> 8, picture & 0xFF))
        extra = b"\x01" if fields & 0x30 else b""
        start = odd.random() < 0.8
        head = (
            bytes((0x80 | 0x10 * start, fields)) + number + tl0 + extra if fields else bytes((0x10 * start,))
        )
        if start and odd.random() < 0.3:
            frame = b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01"
            return head + (frame if odd.random() < 0.9 else frame[: odd.randrange(10)]) + body
        return head + b"\x31\x00\x00" + body if odd.random() < 0.95 else head

    def extension(self) -> bytes | None:
        odd = self.odd
        # Mostly the next one, as browsers count them: feedback speaks of runs.
        dice, far = odd.randbytes(2)
        self.wide = (self.wide + (1 if dice < 240 else (2, 3, 20, 0, -3, 97 * far)[far % 6])) & 0xFFFF
        wide = self.wide.to_bytes(2, "big")
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

    def packet(
        self, kind: str, sequence: int, payload: bytes, *, ssrc: int | None = None, pt: int | None = None
    ) -> bytes:
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
            "!BBHII",
            first | sources,
            second,
            sequence & 0xFFFF,
            stamp,
            self.ssrc(kind) if ssrc is None else ssrc,
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
        late = (
            [self.kept_back.pop(odd.randrange(len(self.kept_back)))]
            if self.kept_back and chance < 0.3
            else []
        )
        return [datagram, *late] + ([datagram] if chance > 0.92 else [])

    def repair(self) -> bytes:
        odd = self.odd
        kind, sequence = self.skipped.pop(odd.randrange(len(self.skipped)))
        if kind == "audio" or odd.random() < 0.2:
            return self.protect(self.packet(kind, sequence, self.payload(kind)))
        self.rtx = (self.rtx + 1) & 0xFFFF
        number = sequence.to_bytes(2, "big") if odd.random() < 0.9 else b"\x01"[: odd.randrange(2)]
        packet = self.packet(
            kind, self.rtx, number + self.payload(kind), ssrc=self.ssrc(kind) + 50, pt=RTX_TYPE
        )
        return self.protect(packet)

    def feedback(self, left: list[tuple[int, int, int]]) -> bytes:
        """Transport-wide, of packets that were sent (sequence, ns, bytes): 20 ms later, some not, some much later."""
        odd = self.odd
        late = odd.choice((20_000, 20_000, 45_000, 300_000))
        loss = odd.choice((0, 0, 0, 0.1))
        arrivals = [
            (sequence, None if n and odd.random() < loss else at // 1000 + late)
            for n, (sequence, at, _) in enumerate(left)
        ]
        whole = twcc_feedback(self.number, 1, 7, arrivals)
        if odd.random() < 0.1:
            place = odd.randrange(len(whole))
            whole = whole[:place] + odd.randbytes(1) + whole[place + 1 :]
        return self.keys.protect_rtcp(whole)

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
