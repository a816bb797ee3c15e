"""One incoming track: losses asked for again, keyframes asked for upstream (throttled), reports about it."""

from __future__ import annotations

from collections.abc import Callable

from relay import packets
from relay.allowance import remb
from relay.packets import ReportBlock, SenderReport
from relay.table import RECORD_REPORT, REPORT, Kind, Track

KEYFRAME_NS = 500_000_000  # between two requests to one sender
KEYFRAME_PATIENT_NS = 2_000_000_000  # once it has not come for a while (camera off)
KEYFRAME_HURRIED = 10
MAX_ASKED = {"audio": 5, "video": 10, "preview": 5}
ASK_AGAIN_NS = 40_000_000  # at least; else somewhat more than a round trip
ALLOWANCE_NS = 500_000_000  # a ceiling is repeated: it may get lost
MEASURE_NS = 1_000_000_000
MAX_NACKS = 100  # sequences in one NACK packet


def _nobody() -> None:
    """Before its leg is connected nothing is asked for."""


class Publication:
    """What is known and wanted of one party's track; the forwarder's `track` carries the packets."""

    def __init__(self, leg_id: str, party: str, kind: Kind, track: Track, control_ssrc: int) -> None:
        self.leg_id = leg_id
        self.party = party
        self.kind = kind
        self.track = track
        self._ssrc = control_ssrc
        self._keyframe_wanted = False
        self._keyframe_asked_at: int | None = None
        self._unanswered = 0
        self.report_ntp: int | None = (
            None  # of the sender's last report: 64-bit NTP, its RTP timestamp, arrival
        )
        self.report_timestamp = self.report_arrival = 0
        self._last_expected = self._last_received = 0
        self.loss = 0.0
        self.allowed: int | None = None  # bit/s its receivers can use, None: the sender's own business
        self._allowed_at = 0
        # Its leg's reports are told of what must not wait for their time.
        self.hurry: Callable[[], None] = _nobody
        self.bitrate = 0  # bit/s over the last second or so
        self._bytes = self._measured_at = 0

    def request_keyframe(self) -> None:
        """Wanted by a receiver or a tap; asked at the next beat if none was asked lately."""
        if self.kind != "audio":
            self._keyframe_wanted = True
            self.hurry()

    @property
    def pressing(self) -> bool:
        """Whether something is asked for until it comes: then every beat counts."""
        track = self.track
        return bool(self._keyframe_wanted or track.holes or (track.waiting and self.kind != "audio"))

    def keyframe_came(self) -> None:
        self._unanswered = 0

    def beat(self, now: int, rtt_ms: float | None) -> list[bytes]:
        """RTCP to send upstream now; called every few tens of milliseconds."""
        asks: list[bytes] = []
        if now - self._measured_at >= MEASURE_NS:
            self._measure(now)
        if self.track.holes:
            asks += self._nacks(now, rtt_ms)
        if self.track.waiting and self.kind != "audio":
            self._keyframe_wanted = True
        if self._keyframe_wanted and self.track.open and self._may_ask_keyframe(now):
            self._keyframe_wanted = False
            self._keyframe_asked_at = now
            self._unanswered += 1
            asks.append(packets.pli(self._ssrc, self.track.ssrc))
        if self.allowed is not None and now - self._allowed_at >= ALLOWANCE_NS:
            self._allowed_at = now
            asks.append(remb(self._ssrc, self.track.ssrc, self.allowed))
        return asks

    def allow(self, allowed: int | None) -> None:
        """Its useful maximum; told at the next beat where it fell much, else with the next repetition."""
        if allowed is not None and (self.allowed is None or allowed < 0.9 * self.allowed):
            self._allowed_at = 0
            self.hurry()
        self.allowed = allowed

    def _measure(self, now: int) -> None:
        octets, seconds = self.track.bytes, (now - self._measured_at) / 1e9
        if self._measured_at:
            self.bitrate = int(max(0, octets - self._bytes) * 8 / seconds)
        self._bytes, self._measured_at = octets, now

    def _may_ask_keyframe(self, now: int) -> bool:
        wait = KEYFRAME_NS if self._unanswered < KEYFRAME_HURRIED else KEYFRAME_PATIENT_NS
        return self._keyframe_asked_at is None or now - self._keyframe_asked_at >= wait

    def _nacks(self, now: int, rtt_ms: float | None) -> list[bytes]:
        if not self.track.open:
            self.track.forget_holes()
            return []
        again = max(ASK_AGAIN_NS, int((rtt_ms or 60.0) * 1_200_000))
        due, given_up = self.track.ask(now, again, MAX_ASKED[self.kind])
        if given_up:
            self.request_keyframe()
        return [packets.nack(self._ssrc, self.track.ssrc, due[:MAX_NACKS])] if due else []

    def reported(self, report: SenderReport, now: int) -> None:
        """The sender's own mapping of its NTP clock to RTP timestamps; taps get it as a record."""
        self.report_ntp, self.report_timestamp, self.report_arrival = report.ntp, report.rtp_timestamp, now
        if not self.track.open:
            return
        body = REPORT.pack(report.ntp, report.rtp_timestamp)
        self.track.note(RECORD_REPORT, body, now)

    def block(self, now: int) -> ReportBlock | None:
        """What the sender is told of its track (RFC 3550 section 6.4.1, appendix A.3), losses before repair."""
        track = self.track
        if not track.started:
            return None
        expected = track.extended_highest - track.base + 1
        received = track.received - track.repaired
        expected_now = max(0, expected - self._last_expected)
        lost_now = max(0, expected_now - (received - self._last_received))
        self._last_expected, self._last_received = expected, received
        self.loss = lost_now / expected_now if expected_now else 0.0
        last_sr = delay = 0
        if self.report_ntp is not None:
            last_sr = self.report_ntp >> 16 & 0xFFFFFFFF
            delay = (now - self.report_arrival) * 65536 // 1_000_000_000
        fraction = min(255, int(self.loss * 256))
        lost = max(0, expected - received)
        return ReportBlock(
            track.ssrc, fraction, lost, track.extended_highest, int(track.jitter), last_sr, delay
        )
