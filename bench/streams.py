"""One stream out and one stream in of a light client: sequence numbers, history, loss, latency."""

from __future__ import annotations

import random
import struct
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any

from relay.packets import ReportBlock, SenderReport, Unwrapper

HEAD = struct.Struct("!BBHIIHHBHB")  # header, then one extension element: id 3, two bytes
HISTORY = 512
TAIL = 16  # the last bytes of a frame tell which one it was: the clip never repeats them
GIVE_UP_NS = 1_000_000_000
FIRST_NACK_NS = 10_000_000
NEXT_NACK_NS = 50_000_000
MAX_MISSING = 500


def ntp(wall_ns: int) -> int:
    """64-bit NTP timestamp of nanoseconds since 1970 (RFC 3550 section 4)."""
    seconds, rest = divmod(wall_ns, 1_000_000_000)
    return (seconds + 2_208_988_800) << 32 | (rest << 32) // 1_000_000_000


def matched_ns(sent: list[tuple[int, int]], arrived: list[tuple[int, int]]) -> list[int]:
    """Latencies of frames known by their timestamps alone: the offset most pairs agree on is the true one."""
    offsets = Counter((late - early) & 0xFFFFFFFF for late, _ in arrived for early, _ in sent)
    [(offset, agreed)] = offsets.most_common(1) or [(0, 0)]
    if agreed < max(3, len(arrived) // 3):  # what arrived was sent before the log began, or is no frame of it
        return []
    begun = {(timestamp + offset) & 0xFFFFFFFF: at for timestamp, at in sent}
    return [now - begun[timestamp] for timestamp, now in arrived if timestamp in begun]


class Outgoing:
    """A stream this client sends; `pack` makes a packet and keeps it for retransmission."""

    def __init__(self, mid: str, payload_type: int, clock_rate: int) -> None:
        self.mid, self.payload_type, self.clock_rate = mid, payload_type, clock_rate
        self.ssrc = random.getrandbits(31) | 1
        self.rtx_ssrc = random.getrandbits(31) | 1
        self.sequence, self.rtx_sequence = random.getrandbits(15), random.getrandbits(15)
        self.timestamp = random.getrandbits(32)
        self.packets = self.octets = 0
        self.frames = self.key_frames = 0
        self.retransmitted = 0
        self.plis = 0
        self.last = (0, 0)  # wall clock (ns) and timestamp of the last frame, for sender reports
        self.sent_at: dict[bytes, int] = {}  # tail of a frame -> monotonic ns
        self.jitter = (
            0  # timestamps wander by so many ticks: who re-encodes frames is still recognised by them
        )
        self.sent: list[tuple[int, int]] | None = None  # (timestamp, monotonic ns) of each frame, if wanted
        self._history: OrderedDict[int, bytes] = OrderedDict()

    def pack(self, payload: bytes, marker: bool, transport_sequence: int) -> bytes:
        self.sequence = (self.sequence + 1) & 0xFFFF
        packet = self._head(marker, self.payload_type, self.sequence, self.ssrc, transport_sequence) + payload
        self._history[self.sequence] = packet
        if len(self._history) > HISTORY:
            self._history.popitem(last=False)
        self.packets += 1
        self.octets += len(payload)
        return packet

    def _head(
        self, marker: bool, payload_type: int, sequence: int, ssrc: int, transport_sequence: int
    ) -> bytes:
        second = marker << 7 | payload_type
        return HEAD.pack(
            0x90, second, sequence, self.timestamp & 0xFFFFFFFF, ssrc, 0xBEDE, 1, 0x31, transport_sequence, 0
        )

    def again(self, sequence: int, transport_sequence: int, rtx_type: int | None) -> bytes | None:
        """The packet once more, as RTX (RFC 4588) where `rtx_type` says so; None when long gone."""
        packet = self._history.get(sequence)
        if packet is None:
            return None
        self.retransmitted += 1
        fresh = bytearray(packet)
        fresh[17:19] = transport_sequence.to_bytes(2, "big")
        if rtx_type is None:
            return bytes(fresh)
        self.rtx_sequence = (self.rtx_sequence + 1) & 0xFFFF
        fresh[1] = fresh[1] & 0x80 | rtx_type
        fresh[2:4] = self.rtx_sequence.to_bytes(2, "big")
        fresh[8:12] = self.rtx_ssrc.to_bytes(4, "big")
        return bytes(fresh[:20]) + sequence.to_bytes(2, "big") + bytes(fresh[20:])

    def report(self, wall_ns: int) -> SenderReport:
        """A sender report for this moment, on the line through the last frame."""
        at, timestamp = self.last
        now = timestamp + (wall_ns - at) * self.clock_rate // 1_000_000_000
        return SenderReport(self.ssrc, ntp(wall_ns), now & 0xFFFFFFFF, self.packets, self.octets)


@dataclass(slots=True)
class Incoming:
    """A stream this client receives on a slot, with everything counted."""

    mid: str
    ssrc: int
    rtx_ssrc: int | None
    clock_rate: int
    source: Outgoing | None = None
    packets: int = 0
    octets: int = 0
    frames: int = 0
    key_frames: int = 0
    recovered: int = 0
    lost: int = 0
    repeated: int = 0
    nacks: int = 0
    reports: list[SenderReport] = field(default_factory=list)
    latencies_ns: list[int] = field(default_factory=list)
    arrived: list[tuple[int, int]] | None = None  # as Outgoing.sent
    missing: dict[int, tuple[int, int]] = field(default_factory=dict)  # sequence -> (since, next request)
    _order: Unwrapper = field(default_factory=lambda: Unwrapper(16))
    _reported_at: int = 0
    _first: int | None = None
    _interval: tuple[int, int] = (0, 0)

    def saw(self, sequence: int, now: int, *, again: bool = False) -> None:
        """Count a packet by its sequence number and note what is missing before it."""
        before = self._order.highest
        extended = self._order.unwrap(sequence)
        if before is None:
            self._first = extended
        elif extended > before + 1:
            for lost in range(max(before + 1, extended - MAX_MISSING), extended):
                self.missing[lost] = (now, now + FIRST_NACK_NS)
        elif extended <= before:
            if self.missing.pop(extended, None) is None:
                self.repeated += 1
                return
            self.recovered += again
        self.packets += 1

    def to_ask(self, now: int) -> list[int]:
        """Sequence numbers (16 bit) to ask for now; what is a second late is given up as lost."""
        asked = []
        for sequence, (since, due) in list(self.missing.items()):
            if now - since > GIVE_UP_NS:
                del self.missing[sequence]
                self.lost += 1
            elif now >= due:
                self.missing[sequence] = (since, now + NEXT_NACK_NS)
                asked.append(sequence & 0xFFFF)
        self.nacks += len(asked)
        return asked

    def reported(self, report: SenderReport, now: int) -> None:
        self.reports = [*self.reports[-9:], report]
        self._reported_at = now

    def block(self, now: int) -> ReportBlock | None:
        """This stream's block of a receiver report; None before the first packet."""
        if self._order.highest is None or self._first is None:
            return None
        expected = self._order.highest - self._first + 1
        gone, came = expected - self._interval[0], self.packets - self._interval[1]
        self._interval = expected, self.packets
        fraction = max(0, min(255, (gone - came) * 256 // gone)) if gone > 0 else 0
        middle = self.reports[-1].ntp >> 16 & 0xFFFFFFFF if self.reports else 0
        delay = (now - self._reported_at) * 65536 // 1_000_000_000 if self.reports else 0
        return ReportBlock(
            self.ssrc, fraction, expected - self.packets, self._order.highest, 0, middle, delay
        )

    def came(self, tail: Any, timestamp: int, now: int) -> None:
        """The last packet of a frame: how long it was on its way, if the sender is known."""
        self.frames += 1
        if self.arrived is not None:
            self.arrived.append((timestamp, now))
        sent = self.source.sent_at.get(bytes(tail)) if self.source is not None else None
        if sent is not None:
            self.latencies_ns.append(now - sent)
