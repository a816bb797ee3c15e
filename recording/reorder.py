"""Puts the packets of one track in order again, waiting a bounded time for late ones and retransmissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MS = 1_000_000
LONGEST_JUMP = 3_000  # packets; a larger step is a new beginning, not a loss (RFC 3550 appendix A.1)


@dataclass(slots=True)
class Packet:
    """One RTP packet: `arrival_ns` monotonic, `timestamp` as on the wire."""

    arrival_ns: int
    timestamp: int
    marker: bool
    payload: bytes


class Reorder:
    """Calls `deliver` in sequence order and `hole(packets, arrival_ns)` where packets never came.

    `window_ns`: how long a hole may stay open. `settle_ns`: how long the first packets are held, because
    the very first may come second. After `silence_ns` without a packet (a hold, a mute) counting begins
    anew: the sender's 16-bit sequence may have gone round meanwhile; that is `hole(0, ...)`. About `largest` packets
    wait at most; beyond that the first hole is given up.
    """

    def __init__(
        self,
        deliver: Callable[[Packet], None],
        hole: Callable[[int, int], None],
        *,
        window_ns: int = 400 * MS,
        settle_ns: int = 100 * MS,
        silence_ns: int = 2_000 * MS,
        largest: int = 2_048,
    ) -> None:
        self._deliver = deliver
        self._hole = hole
        self._window_ns = window_ns
        self._settle_ns = settle_ns
        self._silence_ns = silence_ns
        self._largest = largest
        self._waiting: dict[int, Packet] = {}  # in order of arrival
        self._next: int | None = None  # extended sequence; None while the beginning settles
        self._base = 0
        self._last_arrival = 0
        self._begun = False
        self.late = 0  # came after its place was given up, or twice

    def push(self, sequence: int, packet: Packet) -> None:
        arrival = packet.arrival_ns
        if self._begun and arrival - self._last_arrival > self._silence_ns:
            self._restart(arrival)
        self._last_arrival = arrival
        expected = self._next
        if expected is None:
            self._settle(sequence, packet)
            return
        ahead = (sequence - expected) & 0xFFFF
        if ahead == 0:
            self._deliver(packet)
            self._next = expected + 1
            if self._waiting:
                self._drain()
                self.tick(arrival)
        elif ahead >= 0x8000:
            self._behind(0x10000 - ahead, sequence, packet)
        elif ahead > LONGEST_JUMP:
            self._restart(arrival)
            self._settle(sequence, packet)
        else:
            self._ahead(expected + ahead, packet)

    def tick(self, now_ns: int) -> None:
        """Gives up what has waited too long."""
        if self._next is None:
            first = next(iter(self._waiting.values()), None)
            if first is not None and now_ns - first.arrival_ns >= self._settle_ns:
                self._begin()
        while self._waiting:
            if now_ns - next(iter(self._waiting.values())).arrival_ns < self._window_ns:
                return
            self._skip()

    def flush(self) -> None:
        """Delivers everything that waits: nothing more will come."""
        if self._next is None and self._waiting:
            self._begin()
        while self._waiting:
            self._skip()

    def _settle(self, sequence: int, packet: Packet) -> None:
        if not self._waiting:
            self._base = sequence
            self._begun = True
        distance = ((sequence - self._base + 0x8000) & 0xFFFF) - 0x8000
        if self._waiting.setdefault(self._base + distance, packet) is not packet:
            self.late += 1
        waited_ns = packet.arrival_ns - next(iter(self._waiting.values())).arrival_ns
        if waited_ns >= self._settle_ns or len(self._waiting) > self._largest:
            self._begin()
            self.tick(packet.arrival_ns)

    def _begin(self) -> None:
        self._next = min(self._waiting)
        self._drain()

    def _restart(self, arrival_ns: int) -> None:
        self.flush()
        self._next = None
        self._hole(0, arrival_ns)

    def _behind(self, distance: int, sequence: int, packet: Packet) -> None:
        if distance <= LONGEST_JUMP:
            self.late += 1
            return
        self._restart(packet.arrival_ns)
        self._settle(sequence, packet)

    def _ahead(self, sequence: int, packet: Packet) -> None:
        if sequence in self._waiting:
            self.late += 1
            return
        self._waiting[sequence] = packet
        if len(self._waiting) > self._largest:
            self._skip()
        self.tick(packet.arrival_ns)

    def _drain(self) -> None:
        assert self._next is not None
        while (packet := self._waiting.pop(self._next, None)) is not None:
            self._deliver(packet)
            self._next += 1

    def _skip(self) -> None:
        assert self._next is not None
        found = min(self._waiting)
        if found > self._next:
            self._hole(found - self._next, self._waiting[found].arrival_ns)
        self._next = found
        self._drain()
