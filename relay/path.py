"""One leg's packets: its SRTP sessions, its address, what it may send, and what it was sent lately."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pylibsrtp import Session

from relay import leg
from relay.leg import Address
from relay.pacing import Waiting
from relay.packets import WRAP_US, Arrival, last_arrival, twcc_feedback
from relay.records import CALM_US, DEPARTURES, MAX_SPAN

if TYPE_CHECKING:
    from relay.table import Track


class Path:
    """One leg's packets: its SRTP sessions, its address, what it may send, and what it sent lately."""

    __slots__ = (
        "_calm_until",
        "_calm_us",
        "_feedback",
        "address",
        "arrivals",
        "bytes_in",
        "bytes_out",
        "congestion_tag",
        "control_ssrcs",
        "departures",
        "feedback_at",
        "heard",
        "leg_id",
        "needy",
        "octets_left",
        "pace_free_at",
        "pace_lost",
        "pace_rate",
        "packets_left",
        "resend_burst",
        "resend_octets_left",
        "rx",
        "sessions",
        "tracks",
        "tx",
        "waiting",
        "wide_sequence",
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
        self.feedback_at = 0  # when what had arrived was told last
        # Sender, source, ns between two (0: none), how many there were, where the next one starts.
        self._feedback = 0, 0, 0, 0, -1
        self._calm_until = self._calm_us = 0
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

    def report_arrivals(self, ssrc: int, media_ssrc: int, every: int, start: int = -1) -> None:
        """From now on its sender is told what arrived, by the packet that comes `every` ns after the last time (0: not
        so); `start` is the transport-wide sequence the first begins with, -1: what arrived first.
        """
        self._feedback = ssrc, media_ssrc, every, 0, start

    def arrived(self, sequence: int, now: int) -> bytes | None:
        """Note a transport-wide sequence; the feedback that is due with it, if it is."""
        self.arrivals.append((sequence, now))
        every = self._feedback[2]
        return self.take_feedback(now) if every and now - self.feedback_at >= every else None

    def take_feedback(self, now: int) -> bytes | None:
        """Transport-wide feedback on what arrived since the last (None: nothing that one packet can tell of)."""
        arrivals, self.arrivals = self.arrivals, []
        self.feedback_at = now
        if not arrivals:
            return None
        ssrc, media_ssrc, every, count, start = self._feedback
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
        count, start = count + 1 & 0xFF, (first + max(high, -1) + 1) & 0xFFFF
        self._feedback = ssrc, media_ssrc, every, count, start
        try:
            return twcc_feedback(ssrc, media_ssrc, count, statuses)
        except ValueError:  # too far apart
            return None

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

    def expect_calm(self, until: int, delay: int) -> None:
        """Before `until` (ns) feedback that tells of no loss and of no queue is no news; `delay` is the way of a packet
        that did not queue, on their clock (us) from ours.
        """
        self._calm_until, self._calm_us = until, delay

    def calm(self, data: bytes, now: int) -> bool:
        """Whether a compound of control that came `now` tells nothing new."""
        if now >= self._calm_until:
            return False
        last = last_arrival(data)
        if last is None:
            return False
        left = self.departed(last[0], 1)
        if not left:
            return False
        late = last[1] - left[0][1] // 1000 - self._calm_us
        return (late + WRAP_US // 2) % WRAP_US - WRAP_US // 2 < CALM_US

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
