"""What the per-packet function reads: legs, incoming tracks, outgoing tracks, gates, offsets and header templates.

The parts that decide (hub, publication, subscription, shield) change these records; the forwarder obeys them.
Sequence numbers are 16 bits, timestamps 32 bits in the codec's clock, times monotonic nanoseconds.
"""

from __future__ import annotations

from collections.abc import Callable

from pylibsrtp import Session

from relay.leg import Address
from relay.outputs import Epoch, Output
from relay.path import Path, refilled
from relay.records import (
    CLOCK_RATES,
    DUPLICATE,
    EPOCH_REACH,
    HISTORY,
    IN_ORDER,
    LATE,
    MAX_DROPOUT,
    MAX_MISSING,
    PLAIN_HEADER,
    RECORD,
    RECORD_REPORT,
    RECORD_RTP,
    REPORT,
    SENT,
    WIDE_HEADER,
    WIDE_PROFILE,
    Kept,
    Kind,
    Sink,
    picture_start,
)  # fmt: skip

__all__ = [
    "DUPLICATE", "EPOCH_REACH", "IN_ORDER", "LATE", "PLAIN_HEADER", "RECORD", "RECORD_REPORT", "RECORD_RTP", "REPORT", "SENT",
    "WIDE_HEADER", "WIDE_PROFILE", "Epoch", "Kept", "Kind", "Output", "Path", "Sink", "Table", "Track", "picture_start",
    "refilled",
]  # fmt: skip


class Track:
    """One incoming SSRC; `primary` is set where it carries another's retransmissions (RFC 4588)."""

    __slots__ = (
        "base", "bytes", "clock_rate", "cycles", "expected", "highest_timestamp", "history", "jitter", "kind",
        "last_arrival", "mask", "missing", "open", "outputs", "payload_type", "primary", "received", "repaired",
        "sinks", "ssrc", "started", "transit", "waiting",
    )  # fmt: skip

    def __init__(self, ssrc: int, kind: Kind, payload_type: int, primary: Track | None = None) -> None:
        self.ssrc = ssrc
        self.kind = kind
        self.payload_type = payload_type
        self.primary = primary
        self.clock_rate = CLOCK_RATES[kind]
        self.open = False  # the gate: hold and mute
        self.outputs: list[Output] = []
        self.waiting: list[Output] = []  # spliced in at the next keyframe (video) or packet (sound)
        self.sinks: list[tuple[Sink, int]] = []
        size = 0 if primary else HISTORY[kind]
        self.history: list[Kept | None] = [None] * size
        self.mask = size - 1
        self.started = False
        self.expected = -1
        self.base = self.cycles = self.received = self.bytes = 0
        self.highest_timestamp = self.last_arrival = 0
        self.transit = self.jitter = 0.0
        self.missing: dict[int, list[int]] = {}  # sequence -> [when to ask next (ns), times asked]
        self.repaired = 0  # came as a retransmission

    def misordered(self, sequence: int) -> int:
        """A sequence that is not the next one: IN_ORDER after a hole, LATE for a hole filled, else DUPLICATE."""
        ahead = (sequence - self.expected) & 0xFFFF
        if not self.started or MAX_DROPOUT <= ahead < 0x10000 - MAX_DROPOUT:
            self._restart(sequence)
            return IN_ORDER
        if ahead >= 0x8000:
            return LATE if self.missing.pop(sequence, None) is not None else DUPLICATE
        if ahead + len(self.missing) <= MAX_MISSING:
            for hole in range(self.expected, self.expected + ahead):
                self.missing[hole & 0xFFFF] = [0, 0]
        else:
            self._begin_anew()
        self._advance(sequence)
        return IN_ORDER

    def _restart(self, sequence: int) -> None:
        self._begin_anew()
        self.started = True
        self.base = self.expected = sequence
        self.cycles = self.received = self.repaired = 0
        self._advance(sequence)

    def _begin_anew(self) -> None:
        """Let all wait again, before the numbers move: from the new ones a sender could steer an output's back to
        those it has used (a retransmission names any number), and one SRTP index would protect two packets."""
        for output in list(self.outputs):
            output.leave()
            if output.awaited is None:  # else it is on its way to another
                self.wait(output)
        self.missing.clear()

    def _advance(self, sequence: int) -> None:
        if sequence + 1 < self.expected:
            self.cycles += 0x10000
        self.expected = (sequence + 1) & 0xFFFF
        if self.expected == 0:
            self.cycles += 0x10000

    @property
    def extended_highest(self) -> int:
        """RFC 3550 section 6.4.1; meaningless before the first packet."""
        return self.cycles + self.expected - 1

    @property
    def holes(self) -> int:
        return len(self.missing)

    def forget_holes(self) -> None:
        self.missing.clear()

    def ask(self, now: int, again: int, most: int) -> tuple[list[int], bool]:
        """Holes to ask for now, and whether any was asked for too often and is given up."""
        due, given_up = [], False
        for sequence, ask in list(self.missing.items()):
            if ask[0] > now:
                continue
            if ask[1] >= most:
                del self.missing[sequence]
                given_up = True
                continue
            ask[0], ask[1] = now + again, ask[1] + 1
            due.append(sequence)
        return due, given_up

    def wait(self, output: Output) -> None:
        """Splice it in where a decoder can start; it waits nowhere else any more."""
        if output.awaited is not None:
            output.awaited.unwait(output)
        output.awaited = self
        self.waiting.append(output)

    def unwait(self, output: Output) -> None:
        if output.awaited is self:
            output.awaited = None
            self.waiting.remove(output)

    def awaits(self, output: Output) -> bool:
        return output.awaited is self

    def feed(self, sink: Sink, number: int) -> None:
        self.sinks.append((sink, number))

    def unfeed(self, sink: Sink) -> None:
        self.sinks = [pair for pair in self.sinks if pair[0] is not sink]

    def note(self, kind: int, body: bytes, now: int) -> None:
        """A record beside the packets, to every sink."""
        for sink, number in self.sinks:
            sink.parts.append(RECORD.pack(RECORD.size + len(body), kind, number, 0, now) + body)
            sink.size += RECORD.size + len(body)

    def kept(self, sequence: int) -> Kept | None:
        entry = self.history[sequence & self.mask]
        return entry if entry is not None and entry[0] == sequence else None

    def shut(self) -> None:
        """Close the gate: nobody takes from it, and nothing kept may leave any more."""
        self.open = False
        for output in list(self.outputs):
            output.leave()
        for output in list(self.waiting):
            self.unwait(output)
        self.history = [None] * len(self.history)


class Table:
    """Everything the forwarder may look at."""

    def __init__(self) -> None:
        self.paths: dict[Address, Path] = {}  # validated addresses of connected legs
        self.drops: dict[str, int] = {}

    def drop(self, why: str) -> None:
        """Count one refused or lost datagram."""
        self.drops[why] = self.drops.get(why, 0) + 1

    def dropped(self) -> dict[str, int]:
        """By reason, since start."""
        return dict(self.drops)

    # what stands in it; another packet path brings records of its own

    def path(self, leg_id: str, sessions: tuple[Session, Session], address: Address, now: int) -> Path:
        return Path(leg_id, sessions, address, now)

    def track(self, ssrc: int, kind: Kind, payload_type: int, primary: Track | None = None) -> Track:
        return Track(ssrc, kind, payload_type, primary)

    def output(
        self, path: Path, kind: Kind, ssrc: int, payload_type: int, rtx: tuple[int, int] | None
    ) -> Output:
        return Output(path, kind, ssrc, payload_type, rtx)

    def sink(self, push: Callable[[bytes], None]) -> Sink:
        return Sink(push)
