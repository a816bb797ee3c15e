"""RTCP of one connected leg: what it reports and asks, and what it is told by time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from relay import packets
from relay.allowance import Allowance
from relay.congestion import FEEDBACK_NS, Downlink, Feedback, Level
from relay.packets import FullIntra, Nack, PictureLoss, ReceiverReport, ReportBlock, RtcpPacket, SenderReport
from relay.publication import Publication
from relay.sender import Sender
from relay.subscription import Clock, Subscription
from relay.table import Kind, Path

REPORT_NS = 1_000_000_000
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
        self._feedback = Feedback(control_ssrc)
        self._feedback_at = self._report_at = 0
        self._bytes = (0, 0)
        self.clock = Clock()
        self.downlink = Downlink()
        self.allowance = Allowance()
        self.rates = (0, 0)  # bit/s up, down over the last report's time

    def subscriptions(self) -> Iterator[Subscription]:
        for slot in self._slots.values():
            yield slot.audio
            yield slot.video

    def read(self, data: bytes, now: int) -> None:
        """One authentic compound packet; ValueError if it is malformed."""
        if data[1] == 205 and data[0] & 31 == 15 and 4 * (1 + int.from_bytes(data[2:4], "big")) == len(data):
            return  # the slots' transport-wide feedback: nothing decides by it yet, so it is not read
        blocks: list[ReportBlock] = []
        for packet in packets.parse_rtcp(data):
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

    def _about(self, ssrc: int) -> list[Subscription]:
        return [one for one in self.subscriptions() if one.output.ssrc == ssrc]

    def _sender_report(self, report: SenderReport, now: int) -> None:
        for publication in self._publications.values():
            if publication.track.ssrc == report.ssrc:
                self.clock.heard(report.ntp, now)
                publication.reported(report, now)

    def _blocks(self, blocks: list[ReportBlock], now: int) -> None:
        losses: list[float] = []
        for block in blocks:
            for subscription in self._about(block.ssrc):
                trip = subscription.received(block, now)
                if trip is not None:
                    self.downlink.measured(trip)
                losses.append(subscription.loss)
        if losses:
            cap = self.downlink.cap
            self.downlink.report(max(losses), now)
            self.allowance.report(max(losses), self.rates[1], now)
            if self.downlink.cap != "main" or cap != "main":
                self._line_changed()

    def beat(self, now: int) -> None:
        """Everything due by time: NACK, PLI, transport-wide feedback, reports."""
        path = self._path
        for publication in self._publications.values():
            for ask in publication.beat(now, self.downlink.rtt_ms):
                self._sender.send_control(path, ask)
        for subscription in self.subscriptions():
            subscription.beat(self._sender, now)
        if path.arrivals and now - self._feedback_at >= FEEDBACK_NS:
            self._feedback_at = now
            feedback = self._feedback.build(path.take_arrivals(), next(iter(path.tracks)))
            if feedback is not None:
                self._sender.send_control(path, feedback)
        if now - self._report_at >= REPORT_NS:
            self._report(now)
        else:
            self._report_splices(now)

    def _report(self, now: int) -> None:
        compound = [part for one in self.subscriptions() for part in self._sender_parts(one, now)]
        blocks = [block for one in self._publications.values() if (block := one.block(now)) is not None]
        compound.append(packets.rr(self._control_ssrc, blocks[:MAX_BLOCKS]))
        self._measure(now)
        self._sender.send_control(self._path, b"".join(compound))

    def _report_splices(self, now: int) -> None:
        """A receiver whose slot just changed its source cannot keep sound and picture together without this."""
        fresh = [one for one in self.subscriptions() if one.output.spliced]
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
