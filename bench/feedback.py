"""Transport-wide congestion feedback of a receiver: what arrived since the last one, gaps included."""

from __future__ import annotations

from relay.packets import Arrival, Unwrapper, twcc_feedback

MAX_ARRIVALS = 4000
MAX_SPAN = 1000


class Feedback:
    """Collects (transport sequence, arrival) and packs them; older than MAX_SPAN packets is left out."""

    def __init__(self) -> None:
        self._arrivals: dict[int, int] = {}
        self._order = Unwrapper(16)
        self._next: int | None = None
        self._count = 0

    def arrived(self, sequence: int, now_ns: int) -> None:
        if len(self._arrivals) < MAX_ARRIVALS:
            self._arrivals[self._order.unwrap(sequence)] = now_ns // 1000

    def packet(self, sender_ssrc: int, media_ssrc: int) -> bytes | None:
        """The RTCP packet, or None if nothing came."""
        if not self._arrivals:
            return None
        arrivals, self._arrivals = self._arrivals, {}
        last = max(arrivals)
        first = min(arrivals) if self._next is None else min(self._next, *arrivals)
        numbers = range(max(first, last - MAX_SPAN), last + 1)
        packets: list[Arrival] = [(number, arrivals.get(number)) for number in numbers]
        self._next = last + 1
        self._count = (self._count + 1) & 0xFF
        return twcc_feedback(sender_ssrc, media_ssrc, self._count, packets)
