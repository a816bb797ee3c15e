"""Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from relay.rtp import Data

TICK_US = 250
REFERENCE_TICKS = 256  # 64 ms
# A run of "not received" costs two bytes for 8191 packets: without a limit one datagram asks for a million.
MAX_STATUSES = 8192
MAX_CALM = 400  # packets of a feedback that may be no news
WRAP_US = TICK_US * REFERENCE_TICKS << 24  # where arrivals begin anew

Arrival = tuple[int, int | None]  # sequence (16 bit), arrival in microseconds or None for "not received"

_HEAD = struct.Struct("!HHI")
_SHORT = struct.Struct("!H")
_SIGNED = struct.Struct("!h")


def parse_feedback(body: Data) -> tuple[int, list[Arrival]]:
    """(feedback count, arrivals) of the part after the two SSRCs; arrivals on the sender's own clock."""
    if len(body) < _HEAD.size:
        raise ValueError("transport feedback is cut off")
    base, count, rest = _HEAD.unpack_from(body)
    if not 1 <= count <= MAX_STATUSES:
        raise ValueError("transport feedback for too many packets")
    symbols, at = _symbols(body, count)
    reference = rest >> 8
    reference -= 1 << 24 if reference & 0x800000 else 0
    return rest & 0xFF, _arrivals(body, at, base, reference * REFERENCE_TICKS, symbols)


def last_arrival(packet: Data) -> tuple[int, int] | None:
    """(sequence, arrival in microseconds) of the last packet that one RTCP packet tells of; None where it is not one
    transport-wide feedback, or tells of a packet that was not received, or of more than MAX_CALM.

    None also for what parse_feedback() would refuse: its reader shall see it.
    """
    size = len(packet)
    if size < 20 or packet[0] != 0x8F or packet[1] != 205 or size != 4 * (packet[2] << 8 | packet[3]) + 4:
        return None
    if int.from_bytes(packet[14:16], "big") > MAX_CALM:
        return None
    try:
        _, arrivals = parse_feedback(packet[12:])
    except ValueError:
        return None
    if any(at is None for _, at in arrivals):
        return None
    sequence, at = arrivals[-1]
    assert at is not None
    return sequence, at


def _symbols(body: Data, count: int) -> tuple[list[int], int]:
    symbols: list[int] = []
    at = _HEAD.size
    while len(symbols) < count:
        if at + 2 > len(body):
            raise ValueError("transport feedback ends in its chunks")
        (chunk,) = _SHORT.unpack_from(body, at)
        at += 2
        if chunk < 0x8000:
            run = min(chunk & 0x1FFF, count - len(symbols))
            if run == 0:
                raise ValueError("transport feedback has an empty run")
            symbols.extend([chunk >> 13] * run)
        elif chunk < 0xC000:
            symbols.extend(chunk >> shift & 1 for shift in range(13, -1, -1))
        else:
            symbols.extend(chunk >> shift & 3 for shift in range(12, -1, -2))
    return symbols[:count], at


def _arrivals(body: Data, at: int, base: int, ticks: int, symbols: list[int]) -> list[Arrival]:
    arrivals: list[Arrival] = []
    end = len(body)
    for index, symbol in enumerate(symbols):
        sequence = (base + index) & 0xFFFF
        if symbol == 0:
            arrivals.append((sequence, None))
            continue
        if symbol == 3:
            raise ValueError("transport feedback has a reserved status")
        if at + symbol > end:
            raise ValueError("transport feedback ends in its deltas")
        ticks += body[at] if symbol == 1 else _SIGNED.unpack_from(body, at)[0]
        at += symbol
        arrivals.append((sequence, ticks * TICK_US))
    return arrivals


def build_feedback(count: int, packets: Sequence[Arrival]) -> bytes:
    """The part after the two SSRCs; `packets` are consecutive sequence numbers, one at least received.

    `count` numbers the feedback packets. ValueError where two arrivals lie more than 8.19 s apart.
    """
    received = [arrival for _, arrival in packets if arrival is not None]
    if not received or len(packets) > MAX_STATUSES:
        raise ValueError("transport feedback for no packet or too many")
    base = packets[0][0] & 0xFFFF
    reference = received[0] // TICK_US // REFERENCE_TICKS
    symbols, deltas = _deltas(base, reference * REFERENCE_TICKS, packets)
    head = _HEAD.pack(base, len(packets), (reference & 0xFFFFFF) << 8 | count & 0xFF)
    return head + _chunks(symbols) + b"".join(deltas)


def _deltas(base: int, ticks: int, packets: Sequence[Arrival]) -> tuple[list[int], list[bytes]]:
    symbols: list[int] = []
    deltas: list[bytes] = []
    for index, (sequence, arrival) in enumerate(packets):
        if sequence & 0xFFFF != (base + index) & 0xFFFF:
            raise ValueError("transport feedback needs consecutive sequence numbers")
        if arrival is None:
            symbols.append(0)
            continue
        now = arrival // TICK_US
        delta, ticks = now - ticks, now
        if not -0x8000 <= delta <= 0x7FFF:
            raise ValueError("arrivals too far apart for one transport feedback")
        small = 0 <= delta <= 0xFF
        symbols.append(1 if small else 2)
        deltas.append(bytes((delta,)) if small else _SIGNED.pack(delta))
    return symbols, deltas


def _chunks(symbols: list[int]) -> bytes:
    out = bytearray()
    at = 0
    while at < len(symbols):
        run = _run(symbols, at)
        if run >= 14:
            out += _SHORT.pack(symbols[at] << 13 | run)
            at += run
            continue
        wide = max(symbols[at : at + 14]) > 1
        width, number = (2, 7) if wide else (1, 14)
        chunk = 0xC000 if wide else 0x8000
        for index, symbol in enumerate(symbols[at : at + number]):
            chunk |= symbol << (14 - width * (index + 1))
        out += _SHORT.pack(chunk)
        at += number
    return bytes(out)


def _run(symbols: list[int], at: int) -> int:
    end = at + 1
    while end < len(symbols) and end - at < 0x1FFF and symbols[end] == symbols[at]:
        end += 1
    return end - at
