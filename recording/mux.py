"""Writes WebM by hand: an initialization segment, and clusters of one VP8 or Opus track (no decoding).

A file is the initialization segment (a Segment of unknown size, as live WebM has) followed by clusters, so
any run of whole clusters plays. Sources: the WebM byte stream format for Media Source Extensions, RFC 8794
(EBML), RFC 9559 (Matroska), RFC 7845 section 5.1 (OpusHead).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

TRACK_NUMBER = 1
OPUS_RATE = 48_000
_PRE_SKIP = 312  # samples at 48 kHz: libopus' lookahead, what every WebRTC sender has
_SEEK_PRE_ROLL_NS = 80_000_000  # RFC 7845 section 4.6
_UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_CLUSTER = struct.Struct(">4sQ2sQ")  # Cluster id, 8-byte size, Timecode id and size, timecode
_CLUSTER_ID = b"\x1f\x43\xb6\x75"
_TIMECODE = b"\xe7\x88"
_TIMECODE_AT = 14
_BLOCK = struct.Struct(">BhB")  # track number as a 1-byte vint, relative timecode, flags
LONGEST_CLUSTER_MS = 32_767  # a block's relative timecode is a signed 16-bit number


def _vint(size: int) -> bytes:
    """An element size in as few bytes as it needs (RFC 8794 section 4)."""
    for length in range(1, 9):
        if size < (1 << (7 * length)) - 1:
            return (size | 1 << (7 * length)).to_bytes(length, "big")
    raise ValueError("element too large")


def _element(element_id: str, body: bytes) -> bytes:
    return bytes.fromhex(element_id) + _vint(len(body)) + body


def _uint(element_id: str, value: int) -> bytes:
    return _element(element_id, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _text(element_id: str, value: str) -> bytes:
    return _element(element_id, value.encode())


def opus_head(channels: int) -> bytes:
    """The identification header of RFC 7845 section 5.1, mapping family 0."""
    return b"OpusHead" + struct.pack("<BBHIhB", 1, channels, _PRE_SKIP, OPUS_RATE, 0, 0)


def video_init(width: int, height: int) -> bytes:
    """The initialization segment of a VP8 track; later key frames may have another size (pixels)."""
    size = _uint("b0", width) + _uint("ba", height)
    return _init(_uint("83", 1) + _text("86", "V_VP8") + _element("e0", size))


def audio_init(channels: int = 2) -> bytes:
    """The initialization segment of an Opus track."""
    shape = _element("b5", struct.pack(">d", float(OPUS_RATE))) + _uint("9f", channels)
    return _init(
        _uint("83", 2)
        + _text("86", "A_OPUS")
        + _element("63a2", opus_head(channels))
        + _uint("56aa", _PRE_SKIP * 1_000_000_000 // OPUS_RATE)
        + _uint("56bb", _SEEK_PRE_ROLL_NS)
        + _element("e1", shape)
    )


def _init(track: bytes) -> bytes:
    header = b"".join((
        _uint("4286", 1), _uint("42f7", 1), _uint("42f2", 4), _uint("42f3", 8),
        _text("4282", "webm"), _uint("4287", 4), _uint("4285", 2),
    ))  # fmt: skip
    info = _uint("2ad7b1", 1_000_000) + _text("4d80", "visitation") + _text("5741", "visitation")
    entry = _uint("d7", TRACK_NUMBER) + _uint("73c5", TRACK_NUMBER) + _uint("9c", 0) + track
    return b"".join((
        _element("1a45dfa3", header),
        bytes.fromhex("18538067"), _UNKNOWN_SIZE,
        _element("1549a966", info),
        _element("1654ae6b", _element("ae", entry)),
    ))  # fmt: skip


def cluster(timecode_ms: int, blocks: Sequence[tuple[int, bool, bytes]]) -> bytes:
    """One cluster of (ms after the timecode, keyframe, frame) blocks, timecode >= 0."""
    pieces = [b""]
    for relative, keyframe, frame in blocks:
        pieces.append(b"\xa3" + _vint(len(frame) + _BLOCK.size))
        pieces.append(_BLOCK.pack(0x80 | TRACK_NUMBER, relative, 0x80 if keyframe else 0))
        pieces.append(frame)
    body = sum(map(len, pieces)) + 10  # the timecode element is ten bytes long
    pieces[0] = _CLUSTER.pack(_CLUSTER_ID, body | 1 << 56, _TIMECODE, timecode_ms)
    return b"".join(pieces)


def retimed(data: bytes, timecode_ms: int) -> bytes:
    """A cluster of `cluster()` with another timecode."""
    if data[:4] != _CLUSTER_ID or data[12:14] != _TIMECODE:
        raise ValueError("not a cluster of ours")
    return data[:_TIMECODE_AT] + timecode_ms.to_bytes(8, "big") + data[_TIMECODE_AT + 8 :]
