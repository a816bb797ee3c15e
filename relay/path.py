"""One leg's packets: its SRTP sessions, its address, what it may send, and what it was sent lately."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pylibsrtp import Session

from relay import leg
from relay.leg import Address
from relay.pacing import Waiting
from relay.packets import Arrival, twcc_feedback
from relay.records import DEPARTURES, MAX_SPAN

if TYPE_CHECKING:
    from relay.table import Track


class Path:
    """One leg's packets: its SRTP sessions, its address, what it may send, and what it sent lately."""

    __slots__ = (
        "address", "arrivals", "bytes_in", "bytes_out", "congestion_tag", "control_ssrcs", "departures", "heard",
        "leg_id", "needy", "octets_left", "pace_free_at", "pace_lost", "pace_rate", "packets_left", "resend_burst",
        "resend_octets_left", "rx",
        "sessions", "tracks", "tx", "waiting", "wide_sequence",
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
        self.departures: list[
            tuple[int, int, int] | None
        ] = []  # (transport-wide sequence, ns, size) of what was sent
        self.pace_rate = 0  # bit/s for pictures, 0: as they come; see pacing.py
        self.pace_free_at = self.pace_lost = 0
        self.needy = False  # a hole, a waiting slot, a new source: its reports must not wait for their time
        self.waiting: deque[Waiting] = deque()
        self.packets_left = self.octets_left = 0  # T4: refilled by the shield
        # Resending may take this much beside the media: on a full line more of it would only push out the media.
        self.resend_octets_left = self.resend_burst = 0
        self.bytes_in = self.bytes_out = 0

    def announce(self, track: Track) -> None:
        """From now on its SSRC is expected from this leg."""
        self.tracks[track.ssrc] = track

    def take_needy(self) -> bool:
        needy, self.needy = self.needy, False
        return needy

    def take_feedback(self, ssrc: int, media_ssrc: int, count: int, start: int) -> tuple[bytes | None, int]:
        """Transport-wide feedback number `count` on what arrived since the last (None: nothing), and where the next
        one starts; `start` is what the last one returned, -1 before the first.
        """
        arrivals, self.arrivals = self.arrivals, []
        if not arrivals:
            return None, start
        times: dict[int, int] = {}
        for sequence, arrival in arrivals:
            times.setdefault(sequence, arrival)
        first = start = arrivals[0][0] if start < 0 else start
        ahead = [(sequence - start + 0x8000 & 0xFFFF) - 0x8000 for sequence in times]
        low, high = min(*ahead, 0), max(ahead)
        if high - low >= MAX_SPAN:
            first, low = start + min(ahead), 0
            high = min(high - min(ahead), MAX_SPAN - 1)
        statuses: list[Arrival] = []
        for sequence in range(first + low, first + high + 1):
            at = times.get(sequence & 0xFFFF)
            statuses.append((sequence & 0xFFFF, None if at is None else at // 1000))
        return twcc_feedback(ssrc, media_ssrc, count, statuses), (first + max(high, -1) + 1) & 0xFFFF

    def depart(self, now: int, size: int) -> int:
        """The transport-wide sequence of a packet that leaves now."""
        self.wide_sequence = wide = (self.wide_sequence + 1) & 0xFFFF
        if not self.departures:
            self.departures = [None] * DEPARTURES
        self.departures[wide % DEPARTURES] = wide, now, size
        return wide

    def departed(self, base: int, count: int) -> list[tuple[int, int, int]]:
        """(sequence, ns, size) of those among `count` transport-wide sequences from `base` on that are remembered."""
        found = []
        for sequence in range(base, base + min(count, DEPARTURES)):
            entry = self.departures[sequence % DEPARTURES] if self.departures else None
            if entry is not None and entry[0] == sequence & 0xFFFF:
                found.append(entry)
        return found

    @property
    def paced(self) -> int:
        """How many packets pacing holds back."""
        return len(self.waiting)

    def pace(self, rate: int) -> None:
        """Spread pictures to this rate (bit/s) from now on; 0 ends it, what waits leaves at the next occasion."""
        self.pace_rate = max(rate, 0)

    def grant(self, packets: int, octets: int, resend: int) -> None:
        self.packets_left, self.octets_left, self.resend_octets_left = packets, octets, resend
        self.resend_burst = resend

    def refill(self, packets: tuple[int, int], octets: tuple[int, int], most_resend: int) -> None:
        """T4: (earned, at most) of each."""
        self.packets_left = refilled(self.packets_left, *packets)
        self.octets_left = refilled(self.octets_left, *octets)
        self.resend_octets_left = min(self.resend_octets_left, most_resend)


def refilled(left: int, earned: int, burst: int) -> int:
    """An overdrawn bucket starts from empty: a flood must not be punished longer than it lasts."""
    return min(burst, max(left, 0) + earned)
