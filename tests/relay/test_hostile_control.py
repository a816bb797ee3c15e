"""Anything that is authentic or has the form of a check: read or refused, never an exception, never much work."""

from __future__ import annotations

import random
import struct

from relay.packets import ReportBlock, SenderReport, fir, nack, pli, rr, sdes, sr, twcc_feedback
from tests.relay.peers import house, quiet

COOKIE = bytes.fromhex("2112a442")
SOUND = b"\x78opus"


def compound(odd: random.Random, ssrcs: list[int]) -> bytes:
    """Good control packets about the leg's own tracks, cut, joined and damaged."""
    ssrc = odd.choice([*ssrcs, odd.getrandbits(32)])
    block = ReportBlock(
        ssrc, *(odd.getrandbits(8) for _ in range(2)), *(odd.getrandbits(32) for _ in range(4))
    )
    parts = [
        rr(9, [block] * odd.randrange(32)),
        sr(SenderReport(ssrc, odd.getrandbits(64), odd.getrandbits(32), 1, 1, (block,))),
        sdes(ssrc, "x" * odd.randrange(255)),
        nack(9, ssrc, [odd.getrandbits(16) for _ in range(odd.choice((1, 10, 300)))]),
        pli(9, ssrc),
        fir(9, ssrc, 1),
        twcc_feedback(9, ssrc, 1, [(number, 250 * number) for number in range(odd.randrange(1, 200))]),
        struct.pack(
            "!BBHIIHHI", 0x8F, 205, 4, 9, ssrc, odd.getrandbits(16), odd.getrandbits(16), odd.getrandbits(32)
        ),
        struct.pack("!BBH", 0x80 | odd.randrange(32), odd.randrange(192, 224), odd.getrandbits(16)),
    ]
    data = bytearray(b"".join(odd.choice(parts) for _ in range(odd.randrange(1, 4))))
    for _ in range(odd.choice((0, 0, 1, 3))):
        data[odd.randrange(4, len(data))] = odd.randrange(256)
    del data[odd.choice((1400, odd.randrange(8, 1400))) :]
    data[:2] = 0x80 | data[0] & 0x3F, odd.choice((data[1], 200, 201, 205, 206))
    return bytes(data) + bytes(-len(data) % 4)


def check(odd: random.Random, ufrag: bytes) -> bytes:
    """A binding request or answer for this leg whose attributes are not what they say."""
    attributes = b"".join(
        struct.pack("!HH", odd.choice((6, 8, 0x20, 0x24, 0x25, 0x8028, 0x802A, odd.getrandbits(16))), odd.choice((4, 8, 20, 999)))
        + odd.randbytes(odd.randrange(24))
        for _ in range(odd.randrange(5))
    )  # fmt: skip
    name = ufrag + b":x"
    body = struct.pack("!HH", 6, len(name)) + name + bytes(-len(name) % 4) + attributes
    kind = odd.choice((b"\0\1", b"\0\1", b"\1\1", b"\1\x11", b"\0\2"))
    size = odd.choice((len(body), odd.getrandbits(16)))
    return kind + size.to_bytes(2, "big") + COOKIE + odd.randbytes(12) + body


async def test_odd_control_and_odd_checks_of_a_connected_leg_end_nothing():
    # Guards relay.rtcp, relay.twcc, Reports.read, Shield.datagram: bytes to values or ValueError, and nothing else.
    async with house() as home:
        anna, pekka = await home.pair()
        odd = random.Random(3)
        ours = [pekka.slot("a0"), pekka.slot("v0"), *pekka.ssrcs.values()]
        assert anna.offered is not None
        ufrag = anna.offered.remote.ufrag.encode()
        for number in range(1500):
            try:
                pekka.wire.send_rtcp(compound(odd, ours))
            except Exception:  # libsrtp refuses to protect what is too broken
                continue
            anna.wire.send_raw(check(odd, ufrag), home.address)
            if number % 25 == 0:
                await quiet(home, pekka)
        await quiet(home, pekka)
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.packets and pekka.packets[-1].payload == SOUND)
        assert home.drops("exception") == 0
        assert home.drops("malformed control") > 100
        assert (
            home.drops("checks too fast") + home.drops("malformed check") + home.drops("check not authentic")
            > 500
        )
        assert home.relay.stats().errors == 0
