"""One leg in its hub: its transport's life, its tracks both ways, and the RTCP about them."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from relay import packets, stats
from relay.congestion import FEEDBACK_NS, Downlink, Feedback, Level
from relay.description import OPUS, VP8, VP8_RTX, Answer, SlotLine, offer, read_answer
from relay.forwarder import Forwarder
from relay.leg import Address, Leg, LegFailed
from relay.packets import FullIntra, Nack, PictureLoss, ReceiverReport, ReportBlock, RtcpPacket, SenderReport
from relay.publication import Publication
from relay.shield import Guarded, Shield
from relay.stats import LegStats
from relay.subscription import Clock, Subscription
from relay.table import Kind, Output, Path, Track

logger = logging.getLogger(__name__)

PAYLOAD_TYPES: dict[Kind, int] = {"audio": OPUS, "video": VP8, "preview": VP8}
KINDS: tuple[Kind, ...] = ("audio", "video", "preview")
REPORT_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a leg sits: `party` names it to others; a watcher publishes nothing and takes any unique name."""

    party: str
    publishes: frozenset[Kind]
    slots: int


@dataclass(slots=True)
class Wish:
    """Who is wanted in a slot."""

    party: str | None = None
    audio: bool = False
    video: Level = "none"


@dataclass(slots=True)
class Slot:
    """One receiving slot of a connected leg; `level` is what the line was last allowed."""

    audio: Subscription
    video: Subscription
    level: Level = "none"


@dataclass(frozen=True)
class Parts:
    """What a leg needs of the process."""

    forwarder: Forwarder
    shield: Shield
    candidates: list[Address]
    clock: Callable[[], int]
    silence_ns: int
    handshake_seconds: float


class Watch(Protocol):
    """What a leg tells its hub."""

    def connected(self, member: Member) -> None: ...
    def failed(self, member: Member, reason: str) -> None: ...
    def silence(self, member: Member, silent: bool) -> None: ...
    def line_changed(self, member: Member) -> None: ...


class Member:
    """Made at join, connected after the answer, closed once."""

    def __init__(self, leg_id: str, seat: Seat, parts: Parts, watch: Watch) -> None:
        self.leg_id = leg_id
        self.seat = seat
        self._parts = parts
        self._watch = watch
        self._leg = Leg(leg_id, parts.candidates[0], parts.forwarder.send)
        self._guarded: Guarded = parts.shield.guard(self._leg)
        self._ssrcs = _ssrcs()
        self._control_ssrc = next(self._ssrcs)
        self._lines = [self._slot_line(index) for index in range(seat.slots)]
        self.wishes = [Wish() for _ in range(seat.slots)]
        self.answered = self.silent = self.closed = False
        self.path: Path | None = None
        self.publications: dict[Kind, Publication] = {}
        self.slots: dict[int, Slot] = {}
        self.clock = Clock()
        self.downlink = Downlink()
        self._feedback = Feedback(self._control_ssrc)
        self._feedback_at = self._report_at = 0
        self._bytes = (0, 0)
        self._rates = (0, 0)

    def _slot_line(self, index: int) -> SlotLine:
        name = secrets.token_hex(8)
        return SlotLine(index, next(self._ssrcs), next(self._ssrcs), next(self._ssrcs), name, name)

    async def offer(self) -> str:
        await self._leg.open()
        return offer(
            ufrag=self._leg.ufrag, pwd=self._leg.pwd, fingerprint=self._leg.fingerprint,
            candidates=self._parts.candidates, publishes=self._kinds(), slots=self._lines,
            session_id=secrets.randbits(62),
        )  # fmt: skip

    def _kinds(self) -> list[Kind]:
        return [kind for kind in KINDS if kind in self.seat.publishes]

    def read(self, sdp: str) -> Answer:
        """Raises DescriptionRefused; changes nothing."""
        return read_answer(sdp, publishes=self._kinds(), slots=self._lines)

    async def run(self, answer: Answer) -> None:
        """Shake hands; tells the hub how it ended. Owned by the relay's task group."""
        try:
            async with asyncio.timeout(self._parts.handshake_seconds):
                await self._leg.connect(
                    ufrag=answer.ufrag, pwd=answer.pwd, fingerprint=answer.fingerprint,
                    client=answer.setup == "passive",
                )  # fmt: skip
        except (LegFailed, TimeoutError) as failure:
            self._fail(failure.reason if isinstance(failure, LegFailed) else "handshake")
        except Exception:
            logger.exception("leg %s: handshake broke", self.leg_id)
            self._fail("handshake")
        else:
            self._connect(answer)

    def _fail(self, reason: str) -> None:
        if not self.closed:
            self._watch.failed(self, reason)

    def _connect(self, answer: Answer) -> None:
        address = self._leg.address
        if self.closed or address is None:
            return self._fail("handshake")
        self._leg.when_closed(lambda: self._fail("closed_by_peer"))
        path = self.path = Path(self.leg_id, *self._leg.sessions, address, self._parts.clock())
        identifiers = [identifier for mid, identifier in answer.transport_cc.items() if mid in "avp"]
        path.congestion_tag = identifiers[0] << 4 | 1 if identifiers else 0
        for kind, source in answer.sources.items():
            self._publish(path, kind, source.ssrc, source.rtx_ssrc)
        for line in self._lines:
            if line.index in answer.slots:
                self.slots[line.index] = self._open_slot(path, line, answer)
        self._parts.shield.connect(self._guarded, path)
        self._watch.connected(self)
        return None

    def _publish(self, path: Path, kind: Kind, ssrc: int, rtx_ssrc: int | None) -> None:
        track = path.tracks[ssrc] = Track(ssrc, kind, PAYLOAD_TYPES[kind])
        if rtx_ssrc is not None:
            path.tracks[rtx_ssrc] = Track(rtx_ssrc, kind, VP8_RTX, primary=track)
        self.publications[kind] = Publication(self.leg_id, self.seat.party, kind, track, self._control_ssrc)

    def _open_slot(self, path: Path, line: SlotLine, answer: Answer) -> Slot:
        audio = Output(path, "audio", line.audio_ssrc, OPUS, None)
        video = Output(path, "video", line.video_ssrc, VP8, (line.rtx_ssrc, VP8_RTX))
        for output, mid in ((audio, f"a{line.index}"), (video, f"v{line.index}")):
            identifier = answer.transport_cc.get(mid)
            output.wide = identifier << 4 | 1 if identifier else 0
        return Slot(Subscription(audio, line.cname), Subscription(video, line.cname))

    def subscriptions(self) -> Iterator[Subscription]:
        for slot in self.slots.values():
            yield slot.audio
            yield slot.video

    def control(self, data: bytes, now: int) -> None:
        """One authentic compound RTCP packet (ValueError: malformed)."""
        if data[1] == 205 and data[0] & 31 == 15 and 4 * (1 + int.from_bytes(data[2:4], "big")) == len(data):
            return  # the slots' transport-wide feedback: nothing decides by it yet, so it is not read
        reports: list[ReportBlock] = []
        for packet in packets.parse_rtcp(data):
            self._control(packet, reports, now)
        if reports:
            self._received(reports, now)

    def _control(self, packet: RtcpPacket, reports: list[ReportBlock], now: int) -> None:
        if isinstance(packet, SenderReport):
            reports.extend(packet.blocks)
            for publication in self.publications.values():
                if publication.track.ssrc == packet.ssrc:
                    self.clock.heard(packet.ntp, now)
                    publication.reported(packet, now)
        elif isinstance(packet, ReceiverReport):
            reports.extend(packet.blocks)
        elif isinstance(packet, Nack):
            for subscription in self._about(packet.media_ssrc):
                subscription.nacked(packet.sequences, self._parts.forwarder)
        elif isinstance(packet, PictureLoss):
            for subscription in self._about(packet.media_ssrc):
                subscription.keyframe_wanted()
        elif isinstance(packet, FullIntra):
            for ssrc, _ in packet.entries:
                for subscription in self._about(ssrc):
                    subscription.keyframe_wanted()

    def _about(self, ssrc: int) -> list[Subscription]:
        return [one for one in self.subscriptions() if one.output.ssrc == ssrc]

    def _received(self, blocks: list[ReportBlock], now: int) -> None:
        worst: float | None = None
        for block in blocks:
            for subscription in self._about(block.ssrc):
                trip = subscription.received(block, now)
                if trip is not None:
                    self.downlink.measured(trip)
                worst = max(worst or 0.0, subscription.loss)
        if worst is not None:
            cap = self.downlink.cap
            self.downlink.report(worst, now)
            if self.downlink.cap != cap:
                self._watch.line_changed(self)

    def beat(self, now: int) -> None:
        """Everything due by time: NACK, PLI, feedback, reports, the silence watch."""
        path = self.path
        if path is None or self.closed:
            return
        asks = [ask for one in self.publications.values() for ask in one.beat(now, self.downlink.rtt_ms)]
        for ask in asks:
            self._parts.forwarder.send_control(path, ask)
        if path.arrivals and now - self._feedback_at >= FEEDBACK_NS:
            self._feedback_at = now
            arrivals, path.arrivals = path.arrivals, []
            feedback = self._feedback.build(arrivals, next(iter(path.tracks)))
            if feedback is not None:
                self._parts.forwarder.send_control(path, feedback)
        spliced = [one for one in self.subscriptions() if one.output.spliced]
        if spliced or now - self._report_at >= REPORT_NS:
            self._report(path, now, spliced)
        self._watch_silence(path, now)

    def _report(self, path: Path, now: int, spliced: list[Subscription]) -> None:
        whole = now - self._report_at >= REPORT_NS
        compound: list[bytes] = []
        for subscription in self.subscriptions() if whole else spliced:
            report = subscription.report(now)
            if report is not None:
                subscription.output.spliced = False
                compound += [report, packets.sdes(subscription.output.ssrc, subscription.cname)]
        if whole:
            blocks = [block for one in self.publications.values() if (block := one.block(now)) is not None]
            compound.append(packets.rr(self._control_ssrc, blocks[:31]))  # T5: the count has five bits
            self._measure(path, now)
        if compound:
            self._parts.forwarder.send_control(path, b"".join(compound))

    def _measure(self, path: Path, now: int) -> None:
        seconds = (now - self._report_at) / 1e9
        up, down = path.bytes_in - self._bytes[0], path.bytes_out - self._bytes[1]
        self._bytes = path.bytes_in, path.bytes_out
        self._rates = int(up * 8 / seconds), int(down * 8 / seconds)
        self._report_at = now

    def _watch_silence(self, path: Path, now: int) -> None:
        silent = now - path.heard >= self._parts.silence_ns  # T15
        if silent != self.silent:
            self.silent = silent
            self._watch.silence(self, silent)

    def stats(self) -> LegStats:
        loss_up = max((one.loss for one in self.publications.values()), default=0.0)
        heard = self.path is not None and not self.silent
        rtt = self.downlink.rtt_ms
        return LegStats(
            party=self.seat.party, connected=heard, rtt_ms=rtt, loss_up=loss_up,
            loss_down=self.downlink.loss, bitrate_up=self._rates[0], bitrate_down=self._rates[1],
            line=stats.line(heard=heard, loss=max(loss_up, self.downlink.loss), rtt_ms=rtt),
            levels={index: slot.level for index, slot in self.slots.items()},
            publishing=frozenset(kind for kind, one in self.publications.items() if one.track.received),
        )  # fmt: skip

    def shut(self) -> None:
        """From now on nothing is forwarded from or to it."""
        self.closed = True
        self._parts.shield.forget(self._guarded)
        for publication in self.publications.values():
            publication.track.shut()
        for subscription in self.subscriptions():
            subscription.point(None, None)

    async def close(self) -> None:
        """The transport's end, after shut()."""
        await self._leg.close()


def _ssrcs() -> Iterator[int]:
    used = {0}
    while True:
        ssrc = random.SystemRandom().randrange(1 << 32)
        if ssrc not in used:
            used.add(ssrc)
            yield ssrc
