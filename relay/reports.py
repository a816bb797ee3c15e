"""RTCP of one connected leg: what it reports and asks, and what it is told by time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from relay import packets
from relay.congestion import FEEDBACK_NS, Downlink, Level
from relay.estimate import Estimate
from relay.packets import (
    FullIntra,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    TransportFeedback,
)
from relay.publication import Publication
from relay.sender import Sender
from relay.shield import RESEND_BURST
from relay.subscription import Clock, Subscription
from relay.table import Kind, Path

REPORT_NS = 1_000_000_000
# After a splice: a receiver needs two reports of each track to put sound and picture together (RFC 6051 section 2).
HURRIED_NS = 250_000_000
HURRIED = 4
MAX_FEEDBACKS = 60  # read in a second; browsers send 20
CALM_NS = 1_000_000_000  # between two that are read of a line that loses nothing and has no queue
MAX_STATUSES = 1024  # of one feedback that is read: what the packet path remembers
SILENT_NS = 3_000_000_000  # without feedback the receiver's reports tell of losses
PACE = 2.5  # times the line's estimate: the rate at which a key frame leaves
PACE_STEP = 0.1  # a change that is worth a command to the packet path
RESEND_SECONDS = 0.25  # of the line's estimate may be packets sent again at once
LEAST_RESEND = 5_000  # bytes
# Where the loop is so far behind, its receiver has asked again meanwhile. Answering all of it would keep the loop
# behind for ever: less is answered in time, so more is asked for.
LATE_ASK_NS = 100_000_000

WATCH_NS = 250_000_000  # the longest between two beats of a leg that nothing happened to
MAX_BLOCKS = 31  # RFC 3550 section 6.4.1: the count has five bits (T5)


@dataclass(slots=True)
class Slot:
    """One receiving slot of a connected leg; `level` is what it may show now."""

    audio: Subscription
    video: Subscription
    level: Level = "none"


class Reports:
    """Reads a leg's control packets and writes ours; `line_changed` is called when the line's level moved."""

    def __init__(
        self,
        path: Path,
        publications: Mapping[Kind, Publication],
        slots: Mapping[int, Slot],
        *,
        sender: Sender,
        control_ssrc: int,
        line_changed: Callable[[], None],
    ) -> None:
        self._path = path
        self._publications = publications
        self._slots = slots
        self._sender = sender
        self._control_ssrc = control_ssrc
        self._line_changed = line_changed
        if publications:
            path.report_arrivals(control_ssrc, next(iter(path.tracks)), FEEDBACK_NS)
        self._report_at = self._due = 0
        self._bytes = (0, 0)
        self.clock = Clock()
        self.downlink = Downlink()
        self.estimate = Estimate()
        self._feedbacks = self._pace = self._pace_lost = 0
        self._feedbacks_since = self._hurried = self._hurried_at = 0
        self._by_ssrc = {one.output.ssrc: one for one in self.subscriptions()}
        self.rates = (0, 0)  # bit/s up, down over the last report's time
        for publication in publications.values():
            publication.hurry = self._hurry

    def subscriptions(self) -> Iterator[Subscription]:
        for slot in self._slots.values():
            yield slot.audio
            yield slot.video

    def read(self, data: bytes, now: int) -> None:
        """One authentic compound packet; ValueError if it is malformed."""
        if data[1] == 205 and data[0] & 31 == 15 and (len(data) < 20 or self._excessive(data, now)):
            return
        blocks: list[ReportBlock] = []
        for packet in packets.parse_rtcp(data, lambda ssrc: self._may_ask(ssrc, now)):
            self._packet(packet, blocks, now)
        if blocks:
            self._blocks(blocks, now)

    def _packet(self, packet: RtcpPacket, blocks: list[ReportBlock], now: int) -> None:
        if isinstance(packet, SenderReport):
            blocks.extend(packet.blocks)
            self._sender_report(packet, now)
        elif isinstance(packet, ReceiverReport):
            blocks.extend(packet.blocks)
        elif isinstance(packet, Nack):
            for subscription in self._about(packet.media_ssrc):
                subscription.nacked(packet.sequences, self._sender, now, self.downlink.shortest_rtt_ms)
        elif isinstance(packet, PictureLoss):
            for subscription in self._about(packet.media_ssrc):
                subscription.keyframe_wanted()
        elif isinstance(packet, FullIntra):
            for ssrc, _ in packet.entries:
                for subscription in self._about(ssrc):
                    subscription.keyframe_wanted()
        elif isinstance(packet, TransportFeedback):
            self._arrivals(packet, now)

    def _may_ask(self, ssrc: int, now: int) -> bool:
        """Whether a NACK that came at `now` is read: refusing must cost little when all receivers ask at once."""
        subscription = self._by_ssrc.get(ssrc)
        if subscription is None:
            return False
        if self._sender.clock() - now > LATE_ASK_NS:
            self._sender.refuse("asks too late")
            return False
        if not subscription.may_ask(now):
            self._sender.refuse("asks too fast")
            return False
        return True

    def _excessive(self, feedback: bytes, now: int) -> bool:
        """Its statuses cost two bytes for 8191: who sends much of it must not keep the loop busy."""
        if int.from_bytes(feedback[14:16], "big") > MAX_STATUSES:
            return True
        if now - self._feedbacks_since >= REPORT_NS:
            self._feedbacks_since, self._feedbacks = now, 0
        self._feedbacks += 1
        return self._feedbacks > MAX_FEEDBACKS

    def _arrivals(self, feedback: TransportFeedback, now: int) -> None:
        """What the receiver says of what it was sent; packets no longer remembered are left out."""
        arrivals = feedback.arrivals
        left = {
            sequence: (at, size) for sequence, at, size in self._path.departed(arrivals[0][0], len(arrivals))
        }
        self.estimate.feedback(
            [
                (left[sequence][0], arrived, left[sequence][1])
                for sequence, arrived in arrivals
                if sequence in left
            ],
            now,
        )
        ways = [
            at - left[sequence][0] // 1000 for sequence, at in arrivals if at is not None and sequence in left
        ]
        self._path.expect_calm(0 if self.estimate.alert or not ways else now + CALM_NS, min(ways, default=0))
        self._spread()

    def _spread(self) -> None:
        """Key frames and packets sent again suit the line once it is known."""
        limit = self.estimate.limit
        pace = int(PACE * limit) if limit is not None else 0
        if abs(pace - self._pace) > PACE_STEP * self._pace:
            self._pace = pace
            self._path.pace(pace)
            octets = RESEND_BURST if limit is None else int(limit / 8 * RESEND_SECONDS)
            self._path.resend_burst = min(max(octets, LEAST_RESEND), RESEND_BURST)

    def _about(self, ssrc: int) -> list[Subscription]:
        subscription = self._by_ssrc.get(ssrc)
        return [] if subscription is None else [subscription]

    def _sender_report(self, report: SenderReport, now: int) -> None:
        for publication in self._publications.values():
            if publication.track.ssrc == report.ssrc:
                self.clock.heard(report.ntp, now)
                publication.reported(report, now)

    def _blocks(self, blocks: list[ReportBlock], now: int) -> None:
        lost = expected = 0.0
        worst: float | None = None
        for block in blocks:
            for subscription in self._about(block.ssrc):
                trip = subscription.received(block, now)
                if trip is not None:
                    self.downlink.measured(trip)
                worst = max(worst or 0.0, subscription.loss)
                lost += subscription.loss * subscription.expected
                expected += subscription.expected
        if worst is None:
            return
        cap = self.downlink.cap
        if expected:
            self.downlink.report(lost / expected, now, int(expected))
        else:  # its first report, or one that does not say of how many packets
            self.downlink.report(worst, now)
        if self.estimate.heard is None or now - self.estimate.heard > SILENT_NS:
            self.estimate.losses.report(worst, self.rates[1], now)
        if self.downlink.cap != "main" or cap != "main":
            self._line_changed()

    def judge(self, need: int, now: int) -> None:
        """Whether the line carries the full pictures its slots want, which cost `need` bit/s; with every beat."""
        cap = self.downlink.cap
        self.downlink.carries(self.estimate.limit, need, now)
        if self.downlink.cap != cap:
            self._line_changed()

    def _hurry(self) -> None:
        self._due = 0

    def due(self, now: int) -> bool:
        """Whether `beat` has something to do: its time has come, or the packet path met something meanwhile."""
        return self._path.take_needy() or now >= self._due

    def beat(self, now: int) -> None:
        """Everything due by time: NACK, PLI, transport-wide feedback, reports."""
        self._due = now + WATCH_NS
        path = self._path
        for publication in self._publications.values():
            for ask in publication.beat(now, self.downlink.rtt_ms):
                self._sender.send_control(path, ask)
        for subscription in self.subscriptions():
            subscription.beat(self._sender, now)
        if path.pace_lost != self._pace_lost:
            self._pace_lost = path.pace_lost
            for slot in self._slots.values():
                slot.video.keyframe_wanted()
        if path.arrivals and now - path.feedback_at >= FEEDBACK_NS:  # no packet came to bring it
            feedback = path.take_feedback(now)
            if feedback is not None:
                self._sender.send_control(path, feedback)
        spliced = any(one.output.spliced for one in self.subscriptions())
        if spliced:
            self._hurried = HURRIED
        if now - self._report_at >= REPORT_NS:
            self._report(now)
        elif spliced or (self._hurried and now - self._hurried_at >= HURRIED_NS):
            self._report_sooner(now, spliced=spliced)
        if self._hurried:
            self._due = min(self._due, now + HURRIED_NS)
        if any(one.pressing for one in self._publications.values()) or any(
            one.owing for one in self.subscriptions()
        ):
            self._due = now

    def _report(self, now: int) -> None:
        compound = [part for one in self.subscriptions() for part in self._sender_parts(one, now)]
        blocks = [block for one in self._publications.values() if (block := one.block(now)) is not None]
        compound.append(packets.rr(self._control_ssrc, blocks[:MAX_BLOCKS]))
        self._measure(now)
        self._sender.send_control(self._path, b"".join(compound))

    def _report_sooner(self, now: int, *, spliced: bool) -> None:
        """A receiver whose slot just changed its source cannot keep sound and picture together without this."""
        fresh = [one for one in self.subscriptions() if one.output.spliced or not spliced]
        if not spliced:
            self._hurried -= 1
        self._hurried_at = now
        compound = [part for one in fresh for part in self._sender_parts(one, now)]
        if compound:
            self._sender.send_control(self._path, b"".join(compound))

    def _sender_parts(self, subscription: Subscription, now: int) -> list[bytes]:
        report = subscription.report(now)
        if report is None:
            return []
        subscription.output.spliced = False
        return [report, packets.sdes(subscription.output.ssrc, subscription.cname)]

    def _measure(self, now: int) -> None:
        seconds = (now - self._report_at) / 1e9
        if not self._report_at:  # nothing to measure from yet: what came so far counts for the first second
            self._report_at = now
            return
        path = self._path
        up, down = path.bytes_in - self._bytes[0], path.bytes_out - self._bytes[1]
        self._bytes = path.bytes_in, path.bytes_out
        self.rates = int(up * 8 / seconds), int(down * 8 / seconds)
        self._report_at = now
