"""What the relay's tap would hand to a recorder: a picture of 1.2 Mbit/s and sound of each of two parties, in records."""

from __future__ import annotations

import random
import struct

from recording.wire import RTP, record

BEAT_NS = 20_000_000
FRAMES_A_SECOND, PACKETS_A_FRAME, PACKET = 30, 5, 1_000
KEYFRAME_EVERY, KEYFRAME_PACKETS = 300, 30  # ten seconds, as the tap asks for them
SOUND = 80  # bytes: 32 kbit/s
TRACKS = ((1, "video", 90_000, "one"), (2, "audio", 48_000, "one"), (3, "video", 90_000, "two"), (4, "audio", 48_000, "two"))  # fmt: skip
# One-byte extension with a transport-wide sequence, as browsers send it.
_HEADER = struct.Struct("!BBHIIHHBHx")


def _rtp(payload_type: int, sequence: int, timestamp: int, payload: bytes, *, marker: bool) -> bytes:
    second = marker << 7 | payload_type
    head = _HEADER.pack(0x90, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 7, 0xBEDE, 1, 0x51, sequence & 0xFFFF)  # fmt: skip
    return head + payload


def _pictures(track: int, seconds: int, chance: random.Random) -> list[tuple[int, bytes]]:
    found, sequence = [], chance.randrange(65_536)
    late = chance.randrange(33_000_000)
    noise = chance.randbytes(8_192)
    for number in range(seconds * FRAMES_A_SECOND):
        at, key = late + number * 1_000_000_000 // FRAMES_A_SECOND, number % KEYFRAME_EVERY == 0
        packets = KEYFRAME_PACKETS if key else PACKETS_A_FRAME
        for place in range(packets):
            begin = b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01" if key else b"\x11"
            ids = (0x8000 | number & 0x7FFF).to_bytes(2, "big")
            cut = chance.randrange(4_096)
            body = (b"\x90\x80" + ids + begin if place == 0 else b"\x80\x80" + ids) + noise[
                cut : cut + PACKET
            ]
            data = _rtp(96, sequence, number * 3_000, body, marker=place == packets - 1)
            found.append((at + place * 200_000, record(RTP, track, at, data)))
            sequence += 1
    return found


def _sound(track: int, seconds: int, chance: random.Random) -> list[tuple[int, bytes]]:
    late, sequence = chance.randrange(20_000_000), chance.randrange(65_536)
    found = []
    for number in range(seconds * 50):
        data = _rtp(111, sequence + number, number * 960, b"\xfc" + chance.randbytes(SOUND), marker=False)
        at = late + number * BEAT_NS
        found.append((at, record(RTP, track, at, data)))
    return found


def beats(seconds: int, seed: int) -> list[list[bytearray]]:
    """The records of one call, beat by beat; arrivals count from 0 (see `moved`)."""
    chance = random.Random(seed)
    everything: list[tuple[int, bytes]] = []
    for track, kind, _, _ in TRACKS:
        everything += (_pictures if kind == "video" else _sound)(track, seconds, chance)
    found: list[list[bytearray]] = [[] for _ in range(seconds * 50 + 3)]
    for at, data in sorted(everything, key=lambda each: each[0]):
        found[at // BEAT_NS].append(bytearray(data))
    return found


def moved(found: list[list[bytearray]], by_ns: int) -> list[bytes]:
    """One batch a beat, arriving from `by_ns` on."""
    for records in found:
        for each in records:
            (at,) = struct.unpack_from("<q", each, 8)
            struct.pack_into("<q", each, 8, at + by_ns)
    return [b"".join(records) for records in found]
