"""RTP packets and their header extensions as bytes (RFC 3550, RFC 8285, RFC 4588).

Every function raises ValueError on bytes that are not what they should be, and nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

Data = bytes | bytearray | memoryview

_FIXED = struct.Struct("!BBHII")
_WORD = struct.Struct("!HH")
FIXED_SIZE = _FIXED.size
ONE_BYTE_PROFILE = 0xBEDE
TWO_BYTE_PROFILE = 0x1000


@dataclass(slots=True)
class RtpHeader:
    """RFC 3550 section 5.1; sizes and offsets in bytes from the start of the packet.

    The payload is `data[header_size:len(data) - padding]`. `extension_size` is 0 where there is none.
    """

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    header_size: int
    padding: int
    extension_profile: int
    extension_start: int
    extension_size: int


def parse_rtp(data: Data) -> RtpHeader:
    """Read the header of one RTP packet; ValueError where a length points outside the packet."""
    size = len(data)
    if size < FIXED_SIZE:
        raise ValueError("RTP packet is shorter than its header")
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != 2:
        raise ValueError("RTP version is not 2")
    offset = FIXED_SIZE + 4 * (first & 0x0F)
    profile = start = extension = 0
    if first & 0x10:
        if size < offset + 4:
            raise ValueError("RTP header extension is cut off")
        profile, words = _WORD.unpack_from(data, offset)
        start, extension = offset + 4, words * 4
        offset = start + extension
    if offset > size:
        raise ValueError("RTP header is cut off")
    padding = _padding(data, offset) if first & 0x20 else 0
    return RtpHeader(
        second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, offset, padding, profile, start, extension
    )


def _padding(data: Data, offset: int) -> int:
    padding = data[-1]
    if not 1 <= padding <= len(data) - offset:
        raise ValueError("RTP padding is longer than the payload")
    return padding


def header_extension(data: Data, header: RtpHeader, ext_id: int) -> bytes | None:
    """The value of one element in the one-byte or two-byte form (RFC 8285 sections 4.2, 4.3), or None."""
    if header.extension_size == 0:
        return None
    if header.extension_profile == ONE_BYTE_PROFILE:
        return _one_byte_element(data, header, ext_id)
    if header.extension_profile & 0xFFF0 == TWO_BYTE_PROFILE:
        return _two_byte_element(data, header, ext_id)
    return None


def _one_byte_element(data: Data, header: RtpHeader, ext_id: int) -> bytes | None:
    at = header.extension_start
    end = at + header.extension_size
    while at < end:
        first = data[at]
        at += 1
        if first == 0:  # padding byte
            continue
        found = first >> 4
        if found == 15:  # RFC 8285 section 4.2: stop here
            return None
        size = (first & 0x0F) + 1
        if at + size > end:
            raise ValueError("RTP header extension element is cut off")
        if found == ext_id:
            return bytes(data[at : at + size])
        at += size
    return None


def _two_byte_element(data: Data, header: RtpHeader, ext_id: int) -> bytes | None:
    at = header.extension_start
    end = at + header.extension_size
    while at < end:
        found = data[at]
        at += 1
        if found == 0:  # padding byte
            continue
        if at >= end or at + 1 + data[at] > end:
            raise ValueError("RTP header extension element is cut off")
        size = data[at]
        at += 1
        if found == ext_id:
            return bytes(data[at : at + size])
        at += size
    return None


def unwrap_rtx(data: Data, header: RtpHeader, *, ssrc: int, payload_type: int) -> bytes | None:
    """The original packet inside a retransmission (RFC 4588 section 4); None for a probe without payload."""
    start = header.header_size
    payload = len(data) - header.padding - start
    if payload == 0:
        return None
    if payload < 2:
        raise ValueError("RTX payload is shorter than its sequence number")
    return b"".join(
        (
            bytes((data[0], header.marker << 7 | payload_type & 0x7F)),
            bytes(data[start : start + 2]),
            bytes(data[4:8]),
            ssrc.to_bytes(4, "big"),
            data[FIXED_SIZE:start],
            data[start + 2 :],
        )
    )


def wrap_rtx(data: Data, header: RtpHeader, *, ssrc: int, payload_type: int, sequence: int) -> bytes:
    """A retransmission of a packet (RFC 4588 section 4): its own sequence, the original's before the payload."""
    start = header.header_size
    return b"".join(
        (
            bytes((data[0], header.marker << 7 | payload_type & 0x7F)),
            sequence.to_bytes(2, "big"),
            bytes(data[4:8]),
            ssrc.to_bytes(4, "big"),
            data[FIXED_SIZE:start],
            header.sequence.to_bytes(2, "big"),
            data[start:],
        )
    )


def sequence_newer(a: int, b: int) -> bool:
    """Whether 16-bit sequence number a comes after b, over the wrap (RFC 3550 appendix A.1)."""
    return 0 < (a - b) & 0xFFFF < 0x8000


class Unwrapper:
    """Extends a wrapping counter of `bits` bits to an ever wider one; the nearest value is meant.

    The first value stands for itself; values older than it may come out negative.
    """

    __slots__ = ("_half", "_mask", "highest")

    def __init__(self, bits: int) -> None:
        self._mask = (1 << bits) - 1
        self._half = 1 << (bits - 1)
        self.highest: int | None = None

    def unwrap(self, value: int) -> int:
        """The extended value; `highest` follows the largest seen."""
        if self.highest is None:
            self.highest = value
            return value
        ahead = (value - self.highest) & self._mask
        if ahead < self._half:
            self.highest += ahead
            return self.highest
        return self.highest + ahead - self._mask - 1
