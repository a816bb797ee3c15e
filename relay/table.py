"""What the per-packet function reads: legs, incoming tracks, outgoing tracks, gates, offsets and header templates.

The parts that decide (hub, publication, subscription, shield) change these records; the forwarder obeys them.
Sequence numbers are 16 bits, timestamps 32 bits in the codec's clock, times monotonic nanoseconds.
"""

from __future__ import annotations

import secrets
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pylibsrtp import Session

from relay import leg
from relay.leg import Address
from relay.vp8 import Vp8Start, vp8_payload

Kind = Literal["audio", "video", "preview"]

CLOCK_RATES: dict[str, int] = {"audio": 48000, "video": 90000, "preview": 90000}
# Packets kept for retransmission: 3 s of video at 1.2 Mbit/s, 2.5 s of sound. A power of two; the oldest goes.
HISTORY: dict[str, int] = {"audio": 128, "video": 512, "preview": 128}
MAX_MISSING = 256  # holes asked for upstream; beyond that a keyframe is cheaper
MAX_DROPOUT = 3000  # RFC 3550 appendix A.1: a larger jump is a restart
EPOCHS = 4
SENT = 64  # datagrams kept of an outgoing track without RTX (sound): 1.3 s

# Fixed header, then one extension word: one-byte form with one element (transport-wide sequence) and a pad byte.
PLAIN_HEADER = struct.Struct("!BBHII")
WIDE_HEADER = struct.Struct("!BBHIIII")
WIDE_PROFILE = 0xBEDE0001

IN_ORDER, LATE, DUPLICATE = 0, 1, 2

# (sequence, timestamp, marker and payload type, payload) as received
Kept = tuple[int, int, int, bytes]


def picture_start(payload: bytes) -> Vp8Start | None:
    """What a VP8 payload says of itself; None also where it is damaged: a publisher's rubbish must stop no gate."""
    try:
        return vp8_payload(payload)
    except ValueError:
        return None


class Path:
    """One leg's packets: its SRTP sessions, its address, what it may send, and what it sent lately."""

    __slots__ = (
        "address", "arrivals", "bytes_in", "bytes_out", "congestion_tag", "control_ssrcs", "heard", "leg_id",
        "octets_left", "packets_left", "resend_octets_left", "rx", "sessions", "tracks", "tx", "wide_sequence",
    )  # fmt: skip

    def __init__(self, leg_id: str, sessions: tuple[Session, Session], address: Address, now: int) -> None:
        self.leg_id = leg_id
        self.sessions = sessions  # what rx and tx point into
        self.rx, self.tx = map(leg.pointer, sessions)
        self.address = address
        self.heard = now
        self.tracks: dict[int, Track] = {}  # by SSRC, also those of retransmissions
        self.control_ssrcs: set[int] = set()
        # First byte of the transport-wide element (RFC 8285 one-byte form: id and length - 1); 0: not negotiated.
        self.congestion_tag = 0
        self.arrivals: list[tuple[int, int]] = []  # (transport-wide sequence, ns) since the last feedback
        self.wide_sequence = 0
        self.packets_left = self.octets_left = 0  # T4: refilled by the shield
        # Resending may take this much beside the media: on a full line more of it would only push out the media.
        self.resend_octets_left = 0
        self.bytes_in = self.bytes_out = 0

    def announce(self, track: Track) -> None:
        """From now on its SSRC is expected from this leg."""
        self.tracks[track.ssrc] = track

    def take_arrivals(self) -> list[tuple[int, int]]:
        arrivals, self.arrivals = self.arrivals, []
        return arrivals

    def grant(self, packets: int, octets: int, resend: int) -> None:
        self.packets_left, self.octets_left, self.resend_octets_left = packets, octets, resend

    def refill(self, packets: tuple[int, int], octets: tuple[int, int], most_resend: int) -> None:
        """T4: (earned, at most) of each."""
        self.packets_left = refilled(self.packets_left, *packets)
        self.octets_left = refilled(self.octets_left, *octets)
        self.resend_octets_left = min(self.resend_octets_left, most_resend)


def refilled(left: int, earned: int, burst: int) -> int:
    """An overdrawn bucket starts from empty: a flood must not be punished longer than it lasts."""
    return min(burst, max(left, 0) + earned)


class Track:
    """One incoming SSRC; `primary` is set where it carries another's retransmissions (RFC 4588)."""

    __slots__ = (
        "base", "bytes", "clock_rate", "cycles", "expected", "highest_timestamp", "history", "jitter", "kind",
        "last_arrival", "mask", "missing", "open", "outputs", "payload_type", "primary", "received", "repaired", "restarted",
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
        self.started = self.restarted = False
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
            self.missing.clear()
            self.restarted = True
        self._advance(sequence)
        return IN_ORDER

    def _restart(self, sequence: int) -> None:
        self.restarted = self.started
        self.started = True
        self.missing.clear()
        self.base = self.expected = sequence
        self.cycles = self.received = self.repaired = 0
        self._advance(sequence)

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
        """Splice it in where a decoder can start."""
        self.waiting.append(output)

    def unwait(self, output: Output) -> None:
        if output in self.waiting:
            self.waiting.remove(output)

    def awaits(self, output: Output) -> bool:
        return output in self.waiting

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
            output.detach()
        self.waiting.clear()
        self.history = [None] * len(self.history)


@dataclass(slots=True)
class Epoch:
    """From which source, and shifted by what, an outgoing track was filled from `first` (source sequence) on."""

    source: Track
    first: int
    first_out: int
    sequence: int
    timestamp: int
    picture: int
    tl0: int
    rewrites: bool  # whether picture ids are shifted at all


class Output:
    """One outgoing SSRC: a slot's sound or picture, whoever fills it."""

    __slots__ = (
        "clock_rate", "current", "epochs", "kind", "last_arrival", "last_picture", "last_sequence",
        "last_timestamp", "last_tl0", "octets", "packets", "path", "payload_type", "resent", "resent_at", "rtx_payload_type",
        "rtx_sequence", "rtx_ssrc", "sent", "spliced", "ssrc", "started", "wide",
    )  # fmt: skip

    def __init__(
        self, path: Path, kind: Kind, ssrc: int, payload_type: int, rtx: tuple[int, int] | None
    ) -> None:
        self.path = path
        self.kind = kind
        self.clock_rate = CLOCK_RATES[kind]
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.rtx_ssrc, self.rtx_payload_type = rtx or (0, 0)
        self.rtx_sequence = secrets.randbelow(0x7000)
        self.wide = 0  # transport-wide element's first byte, 0: header without extension
        self.current: Epoch | None = None
        self.epochs: deque[Epoch] = deque(maxlen=EPOCHS)
        self.started = False
        # Small first numbers: a receiver that loses the first packets must not miss the SRTP rollover.
        self.last_sequence = secrets.randbelow(0x7000)
        self.last_timestamp = self.last_arrival = 0
        self.last_picture = self.last_tl0 = 0
        self.packets = self.octets = self.resent = 0
        self.resent_at: dict[int, int] = {}  # sequence -> when; bounded by subscription
        # Without RTX a lost packet goes out again as the very same bytes: the same SRTP index must never protect
        # other bytes, under AES-GCM that gives the authentication key away (RFC 7714 section 8.1).
        self.sent: list[tuple[int, bytes] | None] = [] if rtx else [None] * SENT
        self.spliced = False  # told to the subscription: a fresh sender report is due

    @property
    def filled(self) -> bool:
        return self.current is not None

    def shift_from(self, source: Track) -> int | None:
        """What is added to this source's timestamps; None while it does not fill the slot."""
        current = self.current
        return current.timestamp if current is not None and current.source is source else None

    def splice(self, source: Track, kept: Kept, now: int) -> None:
        """Let this packet and what follows it continue what was sent before, from another source."""
        sequence, timestamp, _, payload = kept
        first_out = (self.last_sequence + 1) & 0xFFFF
        shift = self._timestamp_shift(source, timestamp, now)
        picture, tl0 = self._picture_shift(source, payload)
        self.current = Epoch(
            source,
            sequence,
            first_out,
            (first_out - sequence) & 0xFFFF,
            shift,
            picture,
            tl0,
            bool(picture or tl0),
        )
        self.epochs.append(self.current)
        self.started = self.spliced = True

    def _timestamp_shift(self, source: Track, timestamp: int, now: int) -> int:
        if not self.started:
            return 0
        previous = self.epochs[-1]
        if previous.source is source:  # its own clock went on meanwhile
            return previous.timestamp
        elapsed = (now - self.last_arrival) * self.clock_rate // 1_000_000_000
        return (self.last_timestamp + max(1, elapsed) - timestamp) & 0xFFFFFFFF

    def _picture_shift(self, source: Track, payload: bytes) -> tuple[int, int]:
        """VP8 picture id and TL0PICIDX must go on as if one encoder had made them, or the decoder waits."""
        if source.kind == "audio" or not self.started:
            return 0, 0
        start = picture_start(payload)
        if start is None or start.picture_id is None:
            return 0, 0
        picture = (self.last_picture + 1 - start.picture_id) & 0x7FFF
        return picture, (self.last_tl0 + 1 - start.tl0) & 0xFF if start.tl0 is not None else 0

    def detach(self) -> None:
        """Stop taking from the current source, remembering where the numbers stood."""
        epoch, self.current = self.current, None
        if epoch is None:
            return
        source = epoch.source
        if self in source.outputs:
            source.outputs.remove(self)
        self.last_sequence = (source.expected - 1 + epoch.sequence) & 0xFFFF
        self.last_timestamp = (source.highest_timestamp + epoch.timestamp) & 0xFFFFFFFF
        self.last_arrival = source.last_arrival
        kept = source.kept((source.expected - 1) & 0xFFFF)
        start = picture_start(kept[3]) if kept and source.kind != "audio" else None
        if start is not None:
            self.last_picture = ((start.picture_id or 0) + epoch.picture) & 0x7FFF
            self.last_tl0 = ((start.tl0 or 0) + epoch.tl0) & 0xFF


class Sink:
    """Records on their way to one tap: flushed when full, and by the relay's beat."""

    __slots__ = ("parts", "push", "size")
    FULL = 32 << 10

    def __init__(self, push: Callable[[bytes], None]) -> None:
        self.push = push
        self.parts: list[bytes] = []
        self.size = 0

    def flush(self) -> None:
        """Hand over one batch of whole records."""
        if self.parts:
            batch, self.parts, self.size = b"".join(self.parts), [], 0
            self.push(batch)


RECORD = struct.Struct("<HBBIq")  # size of the whole record, kind, track number, 0, arrival (monotonic ns)
RECORD_RTP, RECORD_REPORT = 1, 2
REPORT = struct.Struct("<QI")  # NTP timestamp, RTP timestamp


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
