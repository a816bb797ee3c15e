"""Turns one track's RTP packets into whole, decodable frames: VP8 (RFC 7741) and Opus (RFC 7587).

Only what can be decoded comes out: after a hole nothing of a picture until the next key frame, and the
stretch that is missing is told as a Loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recording.made import Media
from recording.reorder import MS, Packet, Reorder
from relay.rtp import parse_rtp
from relay.vp8 import Vp8Start, vp8_payload

MOST_PIECES = 4_096  # packets of one picture
MOST_BYTES = 8 << 20  # of one picture
_JUMP_NS = 10_000 * MS


@dataclass(slots=True)
class Frame:
    """A decodable frame. `rtp` is the extended timestamp; `arrival_ns` that of its first packet.

    `duration` is in RTP ticks (sound only, else 0); width and height in pixels, of key frames only.
    """

    rtp: int
    arrival_ns: int
    data: bytes
    keyframe: bool
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """A stretch without frames, by arrival (monotonic ns); `packets` that never came."""

    from_ns: int
    to_ns: int
    packets: int


OnFrame = Callable[[Frame], None]
OnLoss = Callable[[Loss], None]


class RtpClock:
    """Extends 32-bit timestamps so that they never go round, and follow arrival over a jump of the sender."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last: int | None = None
        self._shift = 0
        self._anchor = (0, 0)
        self.jumps = 0

    def extend(self, timestamp: int, arrival_ns: int) -> int:
        """The extended timestamp of a packet delivered in order."""
        if self._last is None:
            self._last = timestamp
            self._anchor = (timestamp, arrival_ns)
            return timestamp
        extended = self.near(timestamp)
        self._last = extended - self._shift
        rtp, then = self._anchor
        early = (extended - rtp) * 1_000_000_000 // self._rate - (arrival_ns - then)
        if -_JUMP_NS < early < _JUMP_NS:
            return extended
        # More than ten seconds off is no network: another source began on the same line.
        self.jumps += 1
        self._shift -= early * self._rate // 1_000_000_000
        return self._last + self._shift

    def near(self, timestamp: int) -> int:
        """The extended value nearest to the last one: for a sender report's timestamp."""
        last = self._last or 0
        return last + ((timestamp - last + 0x80000000) & 0xFFFFFFFF) - 0x80000000 + self._shift


class Vp8:
    """Frames of a VP8 stream; ValueErrors of the descriptor are left to the caller."""

    def __init__(self, clock: RtpClock, on_frame: OnFrame, on_loss: OnLoss) -> None:
        self._clock, self._on_frame, self._on_loss = clock, on_frame, on_loss
        self._pieces: list[bytes] = []
        self._size = 0  # bytes of the pieces
        self._first: tuple[Packet, Vp8Start] | None = None
        self._whole = False  # everything since the last key frame has been handed out
        self._holed = False
        self._picture: tuple[int, int] | None = None  # id and its width in bits, of the last whole frame
        self._lost = 0
        self._lost_ns: int | None = None  # since when pictures are missing

    @property
    def wants_keyframe(self) -> bool:
        return not self._whole

    def packet(self, packet: Packet) -> None:
        start = vp8_payload(packet.payload)
        if start is None:
            return
        first = self._first
        if first is not None and first[0].timestamp != packet.timestamp:
            self._finish()  # its last packet had no marker
        if start.start and self._first is None:
            self._begin(packet, start)
        elif self._first is None:
            self._break(packet.arrival_ns)  # the middle of a frame whose beginning never came
        if self._first is not None:
            self._pieces.append(packet.payload[start.header_size :])
            self._size += len(packet.payload) - start.header_size
            if len(self._pieces) > MOST_PIECES or self._size > MOST_BYTES:
                self.hole(0, packet.arrival_ns)  # no picture is this large: nobody means to end it
            elif packet.marker:
                self._finish()

    def hole(self, packets: int, arrival_ns: int) -> None:
        self._lost += packets
        self._holed = True
        if self._first is not None:
            self._first, self._pieces = None, []
            self._break(arrival_ns)

    def end(self, arrival_ns: int) -> None:
        """Tells the loss that no key frame ended."""
        if self._lost_ns is not None:
            self._on_loss(Loss(self._lost_ns, arrival_ns, self._lost))
            self._lost_ns, self._lost = None, 0

    def _begin(self, packet: Packet, start: Vp8Start) -> None:
        if start.keyframe:
            self._whole = True
            self.end(packet.arrival_ns)
        elif self._holed and not self._continues(start):
            self._break(packet.arrival_ns)
        self._holed = False
        self._first, self._pieces, self._size = (packet, start), [], 0

    def _continues(self, start: Vp8Start) -> bool:
        """Only probes without payload were lost: the picture ids follow each other."""
        if self._picture is None or start.picture_id is None:
            return False
        last, bits = self._picture
        if bits == start.picture_id_bits and start.picture_id == (last + 1) & ((1 << bits) - 1):
            self._lost = 0
            return True
        return False

    def _break(self, arrival_ns: int) -> None:
        if self._whole:
            self._lost_ns = arrival_ns
        self._whole = False

    def _finish(self) -> None:
        assert self._first is not None
        packet, start = self._first
        data = b"".join(self._pieces)
        self._first, self._pieces = None, []
        self._picture = None if start.picture_id is None else (start.picture_id, start.picture_id_bits)
        rtp = self._clock.extend(packet.timestamp, packet.arrival_ns)
        if self._whole:
            width, height = start.width or 0, start.height or 0
            self._on_frame(Frame(rtp, packet.arrival_ns, data, start.keyframe, width, height))


class Opus:
    """Opus packets are frames by themselves (RFC 7587 section 4.2); a hole breaks nothing after it."""

    wants_keyframe = False

    def __init__(self, clock: RtpClock, on_frame: OnFrame, on_loss: OnLoss) -> None:
        self._clock, self._on_frame, self._on_loss = clock, on_frame, on_loss
        self._last_ns: int | None = None

    def packet(self, packet: Packet) -> None:
        if not packet.payload:
            return
        rtp = self._clock.extend(packet.timestamp, packet.arrival_ns)
        duration = opus_duration(packet.payload)
        self._on_frame(Frame(rtp, packet.arrival_ns, packet.payload, keyframe=True, duration=duration))
        self._last_ns = packet.arrival_ns

    def hole(self, packets: int, arrival_ns: int) -> None:
        if packets and self._last_ns is not None:
            self._on_loss(Loss(self._last_ns, arrival_ns, packets))

    def end(self, arrival_ns: int) -> None:
        """Nothing is owed at the end."""


def opus_duration(payload: bytes) -> int:
    """Length of an Opus packet in 48 kHz samples, from its TOC (RFC 6716 section 3.1)."""
    toc = payload[0]
    config = toc >> 3
    if config < 12:
        size = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        size = (480, 960)[config & 1]
    else:
        size = (120, 240, 480, 960)[config & 3]
    code = toc & 3
    if code == 3:
        return min(size * (payload[1] & 0x3F), 5760) if len(payload) > 1 else 0
    return size if code == 0 else 2 * size


class Depacketizer:
    """One track: packets in any order in, frames and losses out as they come. Bad bytes are counted in `refused`."""

    def __init__(self, kind: Media, rate: int, on_frame: OnFrame, on_loss: OnLoss) -> None:
        self.clock = RtpClock(rate)
        assembler = Vp8 if kind == "video" else Opus
        self._assembler: Vp8 | Opus = assembler(self.clock, on_frame, on_loss)
        self._reorder = Reorder(self._deliver, self._assembler.hole)
        self.refused = 0
        self.packets = 0

    @property
    def late(self) -> int:
        return self._reorder.late

    @property
    def wants_keyframe(self) -> bool:
        return self._assembler.wants_keyframe

    def push(self, arrival_ns: int, data: bytes) -> None:
        """One RTP packet as received."""
        self.packets += 1
        try:
            header = parse_rtp(data)
        except ValueError:
            self.refused += 1
            return
        payload = data[header.header_size : len(data) - header.padding]
        self._reorder.push(header.sequence, Packet(arrival_ns, header.timestamp, header.marker, payload))

    def tick(self, now_ns: int) -> None:
        self._reorder.tick(now_ns)

    def end(self, now_ns: int) -> None:
        self._reorder.flush()
        self._assembler.end(now_ns)

    def _deliver(self, packet: Packet) -> None:
        try:
            self._assembler.packet(packet)
        except ValueError:
            self.refused += 1
            self._assembler.hole(1, packet.arrival_ns)
