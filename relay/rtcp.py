"""RTCP packets read from bytes (RFC 3550 section 6, RFC 4585, RFC 5104, RFC 5761)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relay.rtp import Data
from relay.twcc import MAX_STATUSES, Arrival, parse_feedback

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
FMT_NACK, FMT_TWCC = 1, 15
FMT_PLI, FMT_FIR = 1, 4

_HEAD = struct.Struct("!BBH")
_SSRC = struct.Struct("!I")
_PAIR = struct.Struct("!II")
_SENDER = struct.Struct("!IQIII")
_BLOCK = struct.Struct("!IIIIII")
_NACK = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """RFC 3550 section 6.4.1: fraction in 1/256, jitter in clock units, delay in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """`ntp` is the 64-bit NTP timestamp (seconds since 1900 in the upper half)."""

    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """(SSRC, CNAME) of each chunk that names one."""

    cnames: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    sender_ssrc: int
    media_ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Arrivals are microseconds on the sender's own clock, None where a packet has not come."""

    sender_ssrc: int
    media_ssrc: int
    count: int
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class PictureLoss:
    sender_ssrc: int
    media_ssrc: int


@dataclass(frozen=True, slots=True)
class FullIntra:
    """RFC 5104 section 4.3.1: (media SSRC, command sequence) of each entry."""

    sender_ssrc: int
    entries: tuple[tuple[int, int], ...]


RtcpPacket = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Goodbye
    | Nack
    | TransportFeedback
    | PictureLoss
    | FullIntra
)


def is_rtcp(data: Data) -> bool:
    """RFC 5761 section 4: with RTP and RTCP on one port the second byte tells them apart."""
    return len(data) >= 2 and data[0] >> 6 == 2 and 192 <= data[1] <= 223


def parse_rtcp(data: Data, may_ask: Callable[[int], bool] | None = None) -> list[RtcpPacket]:
    """Read a compound packet; types and formats unknown here are skipped, a wrong length is ValueError.

    A NACK is left out unread where `may_ask` says no to the SSRC that it is about.
    """
    packets: list[RtcpPacket] = []
    statuses = 0
    for kind, count, body in _split(data):
        asks = kind == RTPFB and count == FMT_NACK and len(body) >= _PAIR.size
        if asks and may_ask is not None and not may_ask(_PAIR.unpack_from(body)[1]):
            continue
        packet = _read(kind, count, body)
        if isinstance(packet, TransportFeedback):
            statuses += len(packet.arrivals)
            if statuses > MAX_STATUSES:
                raise ValueError("transport feedback for too many packets")
        if packet is not None:
            packets.append(packet)
    return packets


def _split(data: Data) -> Iterator[tuple[int, int, memoryview]]:
    view = memoryview(data)
    at = 0
    if not view:
        raise ValueError("RTCP packet is empty")
    while at < len(view):
        if len(view) - at < _HEAD.size:
            raise ValueError("RTCP header is cut off")
        first, kind, words = _HEAD.unpack_from(view, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(view):
            raise ValueError("RTCP version or length is wrong")
        padding = 0
        if first & 0x20:
            padding = view[end - 1] if words else 0
            if end != len(view) or not 1 <= padding <= 4 * words:
                raise ValueError("RTCP padding is wrong")
        yield kind, first & 0x1F, view[at + 4 : end - padding]
        at = end


def _read(kind: int, count: int, body: memoryview) -> RtcpPacket | None:
    try:
        if kind == SR:
            ssrc, ntp, rtp_timestamp, packets, octets = _SENDER.unpack_from(body)
            blocks = _blocks(body, _SENDER.size, count)
            return SenderReport(ssrc, ntp, rtp_timestamp, packets, octets, blocks)
        if kind == RR:
            return ReceiverReport(_SSRC.unpack_from(body)[0], _blocks(body, 4, count))
        if kind == SDES:
            return SourceDescription(tuple(_cnames(body, count)))
        if kind == BYE:
            return Goodbye(tuple(_SSRC.unpack_from(body, 4 * index)[0] for index in range(count)))
        if kind == RTPFB:
            return _transport_feedback(count, body)
        if kind == PSFB:
            return _payload_feedback(count, body)
    except struct.error:
        raise ValueError("RTCP packet is cut off") from None
    return None


def _blocks(body: memoryview, at: int, count: int) -> tuple[ReportBlock, ...]:
    return tuple(_block(body, at + _BLOCK.size * index) for index in range(count))


def _block(body: memoryview, at: int) -> ReportBlock:
    ssrc, loss, highest, jitter, last_sr, delay = _BLOCK.unpack_from(body, at)
    lost = loss & 0xFFFFFF
    lost -= 1 << 24 if lost & 0x800000 else 0
    return ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_sr, delay)


def _cnames(body: memoryview, count: int) -> Iterator[tuple[int, str]]:
    at = 0
    for _ in range(count):
        (ssrc,) = _SSRC.unpack_from(body, at)
        at += 4
        while True:
            if at >= len(body):
                raise ValueError("SDES chunk has no end")
            item = body[at]
            if item == 0:
                break
            if at + 2 > len(body) or at + 2 + body[at + 1] > len(body):
                raise ValueError("SDES item is cut off")
            end = at + 2 + body[at + 1]
            if item == 1:
                yield ssrc, bytes(body[at + 2 : end]).decode("utf-8", "replace")
            at = end
        at += 4 - at % 4


def _transport_feedback(fmt: int, body: memoryview) -> RtcpPacket | None:
    sender, media = _PAIR.unpack_from(body)
    if fmt == FMT_TWCC:
        count, arrivals = parse_feedback(body[8:])
        return TransportFeedback(sender, media, count, tuple(arrivals))
    if fmt != FMT_NACK:
        return None
    if len(body) % 4:
        raise ValueError("NACK is cut off")
    sequences: list[int] = []
    for at in range(8, len(body), 4):
        first, mask = _NACK.unpack_from(body, at)
        sequences.append(first)
        sequences.extend((first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1)
    return Nack(sender, media, tuple(sequences))


def _payload_feedback(fmt: int, body: memoryview) -> RtcpPacket | None:
    sender, media = _PAIR.unpack_from(body)
    if fmt == FMT_PLI:
        return PictureLoss(sender, media)
    if fmt != FMT_FIR:
        return None
    pairs = (_PAIR.unpack_from(body, at) for at in range(8, len(body), 8))
    return FullIntra(sender, tuple((ssrc, word >> 24) for ssrc, word in pairs))
