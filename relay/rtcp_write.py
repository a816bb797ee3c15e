"""RTCP packets written to bytes (RFC 3550 section 6, RFC 4585, RFC 5104)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from relay.rtcp import (
    BYE,
    FMT_FIR,
    FMT_NACK,
    FMT_PLI,
    FMT_TWCC,
    PSFB,
    RR,
    RTPFB,
    SDES,
    SR,
    ReportBlock,
    SenderReport,
)
from relay.twcc import Arrival, build_feedback

MAX_BLOCKS = 31

_HEAD = struct.Struct("!BBH")
_SSRC = struct.Struct("!I")
_PAIR = struct.Struct("!II")
_SENDER = struct.Struct("!IQIII")
_BLOCK = struct.Struct("!IIIIII")
_NACK = struct.Struct("!HH")


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return _HEAD.pack(0x80 | count, kind, len(body) // 4) + body


def _pack_blocks(blocks: Sequence[ReportBlock]) -> bytes:
    if len(blocks) > MAX_BLOCKS:
        raise ValueError("a report holds at most 31 blocks")
    return b"".join(
        _BLOCK.pack(
            block.ssrc,
            (block.fraction_lost & 0xFF) << 24 | max(-0x800000, min(0x7FFFFF, block.lost)) & 0xFFFFFF,
            block.highest & 0xFFFFFFFF,
            block.jitter & 0xFFFFFFFF,
            block.last_sr & 0xFFFFFFFF,
            block.delay & 0xFFFFFFFF,
        )
        for block in blocks
    )


def sr(report: SenderReport) -> bytes:
    """A sender report of at most 31 blocks; its two counts wrap at 32 bits."""
    head = _SENDER.pack(
        report.ssrc,
        report.ntp,
        report.rtp_timestamp & 0xFFFFFFFF,
        report.packets & 0xFFFFFFFF,
        report.octets & 0xFFFFFFFF,
    )
    return _packet(len(report.blocks) & 0x1F, SR, head + _pack_blocks(report.blocks))


def rr(ssrc: int, blocks: Sequence[ReportBlock] = ()) -> bytes:
    """A receiver report of at most 31 blocks (more is ValueError: send several)."""
    return _packet(len(blocks) & 0x1F, RR, _SSRC.pack(ssrc) + _pack_blocks(blocks))


def sdes(ssrc: int, cname: str) -> bytes:
    """One chunk with one CNAME of at most 255 bytes."""
    text = cname.encode()
    chunk = _SSRC.pack(ssrc) + bytes((1, len(text))) + text
    return _packet(1, SDES, chunk + bytes(4 - len(chunk) % 4))


def bye(ssrcs: Sequence[int]) -> bytes:
    """A goodbye for at most 31 sources."""
    if len(ssrcs) > MAX_BLOCKS:
        raise ValueError("a goodbye holds at most 31 sources")
    return _packet(len(ssrcs), BYE, b"".join(map(_SSRC.pack, ssrcs)))


def nack(sender_ssrc: int, media_ssrc: int, sequences: Iterable[int]) -> bytes:
    """A generic NACK (RFC 4585 section 6.2.1) for 16-bit sequence numbers, best given in order."""
    pairs: list[tuple[int, int]] = []
    for sequence in sequences:
        ahead = (sequence - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and ahead == 0:
            continue
        if pairs and ahead <= 16:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] | 1 << (ahead - 1))
        else:
            pairs.append((sequence & 0xFFFF, 0))
    if not pairs:
        raise ValueError("a NACK names at least one packet")
    body = b"".join(_NACK.pack(first, mask) for first, mask in pairs)
    return _packet(FMT_NACK, RTPFB, _PAIR.pack(sender_ssrc, media_ssrc) + body)


def pli(sender_ssrc: int, media_ssrc: int) -> bytes:
    """A picture loss indication (RFC 4585 section 6.3.1)."""
    return _packet(FMT_PLI, PSFB, _PAIR.pack(sender_ssrc, media_ssrc))


def fir(sender_ssrc: int, media_ssrc: int, sequence: int) -> bytes:
    """A full intra request (RFC 5104 section 4.3.1)."""
    entry = _PAIR.pack(media_ssrc, (sequence & 0xFF) << 24)
    return _packet(FMT_FIR, PSFB, _PAIR.pack(sender_ssrc, 0) + entry)


def twcc_feedback(sender_ssrc: int, media_ssrc: int, count: int, packets: Sequence[Arrival]) -> bytes:
    """Transport-wide feedback for consecutive sequence numbers; see relay.twcc.build_feedback."""
    body = build_feedback(count, packets)
    # The padding belongs to the packet and carries no P bit: the status count says where the deltas end.
    body += bytes(-len(body) % 4)
    return _packet(FMT_TWCC, RTPFB, _PAIR.pack(sender_ssrc, media_ssrc) + body)
