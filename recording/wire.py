"""The framing between the server and the recorder process, and of the relay's tap batches.

A message is `<IBI` = u32 size of the body, u8 kind, u32 number of the recording (0 = the process), then
the body: JSON, or for MEDIA one tap batch. A tap batch is whole records, each
`<HBBIq` = u16 size of the whole record, u8 kind (1 RTP, 2 sender report), u8 track, u32 0,
i64 arrival in monotonic ns, then the payload.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

MESSAGE = struct.Struct("<IBI")
RECORD = struct.Struct("<HBBIq")
REPORT = struct.Struct("<QI")
LARGEST = 4 << 20
MOST_NS = 1 << 60  # an arrival beyond, or as far before 0, is nobody's clock
RTP, SENDER_REPORT = 1, 2


class Kind(IntEnum):
    # server -> recorder
    OPEN = 1
    TRACK = 2
    MEDIA = 3
    EVENT = 4
    CLOSE = 5
    PING = 6
    # recorder -> server
    READY = 16
    OPENED = 17
    LOST = 18
    CLOSED = 19
    STORED = 20
    PONG = 21
    KEYFRAME = 22


_KINDS = {int(kind): kind for kind in Kind}  # Kind(number) takes some microseconds


class WireBroken(ValueError):
    """The other end does not speak this framing."""


def message(kind: Kind, number: int, body: bytes) -> bytes:
    return MESSAGE.pack(len(body), kind, number) + body


def message_json(kind: Kind, number: int, value: dict[str, Any]) -> bytes:
    return message(kind, number, json.dumps(value, separators=(",", ":")).encode())


def body_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise WireBroken("body is not JSON") from error
    if not isinstance(value, dict):
        raise WireBroken("body is not an object")
    return value


class Framer:
    """Cuts a byte stream into messages."""

    def __init__(self) -> None:
        self._rest = b""  # the beginning of a message whose end has not come

    def feed(self, data: bytes | memoryview) -> Iterator[tuple[Kind, int, bytes]]:
        """Whole messages so far as (kind, number, body); `data` is not looked at again later. Raises WireBroken."""
        if self._rest:
            data = b"".join((self._rest, data))
        view = memoryview(data)
        start, last = 0, len(view) - MESSAGE.size
        while start <= last:
            size, kind, number = MESSAGE.unpack_from(view, start)
            if size > LARGEST:
                raise WireBroken("message too large")
            end = start + MESSAGE.size + size
            if len(view) < end:
                break
            if kind not in _KINDS:
                raise WireBroken("unknown kind of message")
            yield _KINDS[kind], number, bytes(view[start + MESSAGE.size : end])
            start = end
        self._rest = bytes(view[start:])


def records(batch: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """(kind, track, arrival ns, payload) of each record. Raises WireBroken at the first bad one."""
    at, end, header = 0, len(batch), RECORD.size
    unpack = RECORD.unpack_from
    while at < end:
        if end - at < header:
            raise WireBroken("cut record")
        size, kind, track, _, arrival = unpack(batch, at)
        if size < header or at + size > end:
            raise WireBroken("bad record size")
        yield kind, track, arrival, batch[at + header : at + size]
        at += size


def record(kind: int, track: int, arrival_ns: int, payload: bytes) -> bytes:
    return RECORD.pack(RECORD.size + len(payload), kind, track, 0, arrival_ns) + payload


def without_tracks(batch: bytes, unwanted: set[int]) -> tuple[bytes, int]:
    """The batch without the RTP of these tracks, and how many packets that took."""
    kept, dropped = [], 0
    for kind, track, arrival, payload in records(batch):
        if kind == RTP and track in unwanted:
            dropped += 1
        else:
            kept.append(record(kind, track, arrival, payload))
    return b"".join(kept), dropped
