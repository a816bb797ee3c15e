"""One outgoing track: which source fills it, its sender reports, its receiver's requests and losses."""

from __future__ import annotations

from relay import packets
from relay.packets import ReportBlock, SenderReport
from relay.publication import Publication
from relay.sender import MAX_RESENDS, Sender
from relay.table import Output

NTP_UNIX = 2_208_988_800  # seconds from 1900 to 1970
MAX_REMEMBERED = 256  # resent sequences
RESEND_RTT_MS = 40.0  # while no round trip is known
# A receiver that asks every 20 ms through a stall would use up the budget for copies.
LEAST_AGAIN_NS = 30_000_000
SOUND_CREDIT = 5_000  # bytes that lost sound may take when pictures have used up the budget
# libwebrtc asks ten times for a packet, every 20 ms where the round trip is short, and then waits 3 s for a frame
# that cannot come. What its sender repairs later than that goes out again unasked, in case it is lost once more.
VAIN_ASKS = 5
UNASKED_COPIES = 2
OWED_NS = 2_000_000_000
MAX_OWED = 64
MAX_EXPECTED = 1000  # packets that one report may speak for
# Sequences that one output's receiver may ask for in a second; what it asks beyond that is not read. A browser at
# 10 % loss asks for less than a hundred of a full picture's 250 packets, each some three times.
MAX_ASKS = 1000
LEAST_ASKS = 4  # that a NACK counts for: it costs its reading, however little it asks for
SECOND = 1_000_000_000


def to_ntp(ns: int) -> int:
    """Nanoseconds as 64-bit NTP fixed point; any epoch, all reports of the relay use the same."""
    return ((ns // 1_000_000_000 + NTP_UNIX) << 32 | (ns % 1_000_000_000 << 32) // 1_000_000_000) & (
        1 << 64
    ) - 1


def ntp_to_ns(ntp: int) -> int:
    return (ntp >> 32) * 1_000_000_000 + ((ntp & 0xFFFFFFFF) * 1_000_000_000 >> 32)


class Clock:
    """One publisher's NTP clock against ours; the same for all its tracks, so that they stay together."""

    def __init__(self) -> None:
        self._ahead: int | None = None

    def heard(self, ntp: int, now: int) -> None:
        """Its report arrived now. A jump of its clock moves the mapping; drift does not, it hits all alike."""
        ahead = now - ntp_to_ns(ntp)
        if self._ahead is None or abs(ahead - self._ahead) > 2_000_000_000:
            self._ahead = ahead

    def ours(self, ntp: int) -> int:
        """When that was on our monotonic clock, give or take one network delay."""
        return ntp_to_ns(ntp) + (self._ahead or 0)


class Subscription:
    """A slot's sound or picture; `point` changes who fills it, the forwarder carries the packets."""

    def __init__(self, output: Output, cname: str) -> None:
        self.output = output
        self.cname = cname
        self.source: Publication | None = None
        self.clock: Clock | None = None
        self.loss = 0.0
        self.expected = 0  # packets that the last report was about, 0: unknown
        self._highest: int | None = None
        self.reports = 0
        self._asks = self._asks_since = 0
        self._vain: dict[int, int] = {}  # sequence -> how often it was asked for before it came to us
        self._owed: dict[int, tuple[int, int]] = {}  # sequence -> copies to send once it is here, until when

    def point(self, source: Publication | None, clock: Clock | None) -> None:
        """From the source's next keyframe on; until then the old one goes on. None ends it at once."""
        if source is self.source:
            if source is None or self.output.filled or source.track.awaits(self.output):
                return
        elif self.source is not None:
            self.source.track.unwait(self.output)
        self.source, self.clock = source, clock
        if source is None:
            self.output.detach()
            return
        if self.output.shift_from(source.track) is not None:
            return  # came back before the switch happened
        source.track.wait(self.output)
        source.request_keyframe()

    def report(self, now: int) -> bytes | None:
        """A sender report for this SSRC on our own clock (RFC 3550 section 6.4.1); None while nothing is known."""
        source, clock = self.source, self.clock
        if source is None or clock is None or source.report_ntp is None:
            return None
        shift = self.output.shift_from(source.track)
        if shift is None:
            return None
        age = now - clock.ours(source.report_ntp)
        timestamp = source.report_timestamp + age * self.output.clock_rate // 1_000_000_000 + shift
        output = self.output
        return packets.sr(
            SenderReport(output.ssrc, to_ntp(now), timestamp & 0xFFFFFFFF, output.packets, output.octets)
        )

    def received(self, block: ReportBlock, now: int) -> float | None:
        """The receiver's report about this track; returns the round trip in ms if it tells one."""
        self.loss = block.fraction_lost / 256
        before, self._highest = self._highest, block.highest
        self.expected = min(max(block.highest - before, 0), MAX_EXPECTED) if before is not None else 0
        self.reports += 1
        if not block.last_sr:
            return None
        middle = to_ntp(now) >> 16 & 0xFFFFFFFF
        trip = (middle - block.last_sr - block.delay) & 0xFFFFFFFF
        return trip / 65.536 if trip < 10 * 65536 else None

    def may_ask(self, now: int) -> bool:
        """Whether its receiver has not used up what it may ask for in this second."""
        if now - self._asks_since >= SECOND:
            self._asks_since, self._asks = now, 0
        return self._asks < MAX_ASKS

    def nacked(self, sequences: tuple[int, ...], sender: Sender, now: int, rtt_ms: float | None) -> None:
        """Send again what is kept, once per round trip and within the leg's budget; sound comes first."""
        self._asks += max(LEAST_ASKS, len(sequences))
        output = self.output
        if output.path.resend_octets_left <= self._least:  # when all ask at once it mostly is
            return
        before = now - max(LEAST_AGAIN_NS, int((rtt_ms or RESEND_RTT_MS) * 900_000))
        asked = dict.fromkeys(sequences)  # MAX_ASKS bounds them
        due = [sequence for sequence in asked if output.resent_at.get(sequence, before) <= before]
        if not due:
            return
        due = due[:MAX_RESENDS]
        for sequence, size in zip(due, sender.resend(output, due, self._least), strict=False):
            if size:
                self._resent(sequence, now)
            else:
                self._asked_in_vain(sequence, now)

    @property
    def _least(self) -> int:
        """How far the leg's allowance for copies may go down for this output, in bytes."""
        return -SOUND_CREDIT if self.output.kind == "audio" else 0

    def _resent(self, sequence: int, now: int) -> None:
        resent_at = self.output.resent_at
        resent_at.pop(sequence, None)
        if len(resent_at) >= MAX_REMEMBERED:
            del resent_at[next(iter(resent_at))]  # the oldest
        resent_at[sequence] = now

    def _asked_in_vain(self, sequence: int, now: int) -> None:
        if len(self._vain) >= MAX_REMEMBERED:
            self._vain.clear()
        self._vain[sequence] = asks = self._vain.get(sequence, 0) + 1
        if asks >= VAIN_ASKS and len(self._owed) < MAX_OWED:
            self._owed[sequence] = UNASKED_COPIES, now + OWED_NS

    @property
    def owing(self) -> bool:
        return bool(self._owed)

    def beat(self, sender: Sender, now: int) -> None:
        """What was asked for too early and has come meanwhile; called every few tens of milliseconds."""
        if not self._owed:
            return
        sizes = sender.resend(self.output, list(self._owed), self._least)
        for (sequence, (copies, until)), size in zip(list(self._owed.items()), sizes, strict=False):
            sent = size > 0
            if sent:
                self._resent(sequence, now)
            if copies > sent and now < until:
                self._owed[sequence] = copies - sent, until
            else:
                del self._owed[sequence]
                self._vain.pop(sequence, None)

    def keyframe_wanted(self) -> None:
        if self.source is not None:
            self.source.request_keyframe()
