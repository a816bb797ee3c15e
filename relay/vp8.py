"""The VP8 payload descriptor and the first bytes of a VP8 frame (RFC 7741, RFC 6386 section 9.1)."""

from __future__ import annotations

from dataclasses import dataclass

from relay.rtp import Data


@dataclass(slots=True, frozen=True)
class Vp8Start:
    """What one VP8 payload says of itself; the frame's bytes begin at `header_size`.

    `start`: this packet begins a frame (S bit, partition 0). `keyframe`, `width` and `height` (pixels)
    are known only there. `picture_id_bits` is 7 or 15, or 0 where there is no picture id.
    """

    start: bool
    keyframe: bool
    width: int | None
    height: int | None
    picture_id: int | None
    picture_id_bits: int
    tl0: int | None
    header_size: int


def vp8_payload(payload: Data) -> Vp8Start | None:
    """Read the descriptor (RFC 7741 section 4.2); None for an empty payload (a padding probe)."""
    if len(payload) == 0:
        return None
    try:
        return _read(payload)
    except IndexError:
        raise ValueError("VP8 payload is cut off") from None


def _read(payload: Data) -> Vp8Start:
    first = payload[0]
    at = 1
    picture_id = tl0 = None
    bits = 0
    if first & 0x80:
        extended = payload[1]
        at = 2
        if extended & 0x80:
            picture_id, bits = _picture_id(payload)
            at += 2 if bits == 15 else 1
        if extended & 0x40:
            tl0 = payload[at]
            at += 1
        if extended & 0x30:
            at += 1
    if at >= len(payload):
        raise ValueError("VP8 payload holds no frame")
    start = first & 0x17 == 0x10
    keyframe = start and not payload[at] & 0x01
    width, height = _size(payload, at) if keyframe else (None, None)
    return Vp8Start(start, keyframe, width, height, picture_id, bits, tl0, at)


def _picture_id(payload: Data) -> tuple[int, int]:
    value = payload[2]
    if value & 0x80:
        return (value & 0x7F) << 8 | payload[3], 15
    return value, 7


def _size(payload: Data, at: int) -> tuple[int, int]:
    """Width and height of a key frame; its ten first bytes stay clear under end-to-end encryption."""
    if bytes(payload[at + 3 : at + 6]) != b"\x9d\x01\x2a":
        raise ValueError("VP8 key frame has no start code")
    width = payload[at + 6] | (payload[at + 7] & 0x3F) << 8
    height = payload[at + 8] | (payload[at + 9] & 0x3F) << 8
    return width, height


def set_vp8_ids(packet: bytearray, offset: int, start: Vp8Start, *, picture_id: int, tl0: int) -> None:
    """Write other ids over those a payload at `offset` has; what it has not is left out.

    A slot that changes its source must continue both counters, or the browser's decoder waits.
    """
    at = offset + 2
    if start.picture_id_bits == 15:
        packet[at] = 0x80 | picture_id >> 8 & 0x7F
        packet[at + 1] = picture_id & 0xFF
        at += 2
    elif start.picture_id_bits == 7:
        packet[at] = picture_id & 0x7F
        at += 1
    if start.tl0 is not None:
        packet[at] = tl0 & 0xFF
