"""A light media client: answers an offer of ours, replays a clip, receives, measures; many fit in one process."""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from bench.answering import Identity, Line, Offered, read_offer, write_answer
from bench.clip import AUDIO_SECONDS, SAMPLE_RATE, Clip
from bench.feedback import Feedback
from bench.streams import TAIL, Incoming, Outgoing
from bench.wire import ClientWire
from relay.packets import (
    FullIntra,
    Nack,
    PictureLoss,
    SenderReport,
    TransportFeedback,
    nack,
    parse_rtcp,
    rr,
    sdes,
    sr,
)

OPUS, VP8, VP8_RTX = 111, 96, 97
VIDEO_RATE = 90000
FEEDBACK_SECONDS = 0.1
REPORT_SECONDS = 1.0
NACK_SECONDS = 0.02
RESTART_NS = 300_000_000  # an encoder makes no second key frame sooner

_RTP = struct.Struct("!BBHII")


class Peer:
    """One client. `publishes` are mids of "a", "v", "p"; `streams` by mid of the slots are what came in."""

    def __init__(
        self, clip: Clip, *, publishes: Collection[str] = ("a", "v"), preview: Clip | None = None
    ) -> None:
        self.clip, self.preview = clip, preview
        self.outgoing = {
            mid: Outgoing(mid, OPUS if mid == "a" else VP8, SAMPLE_RATE if mid == "a" else VIDEO_RATE)
            for mid in publishes
        }
        self.streams: dict[str, Incoming] = {}
        self.wire = ClientWire(self._rtp, self._rtcp, self._check_waiters)
        self.strangers = 0  # packets of an SSRC that is in no slot
        self.bad_control = 0
        self.feedback: list[TransportFeedback] = []
        self._by_ssrc: dict[int, Incoming] = {}
        self._by_rtx: dict[int, Incoming] = {}
        self._offered: Offered | None = None
        self._transport_sequence = 0
        self._picture = random.getrandbits(14)
        self._positions = dict.fromkeys(self.outgoing, 0)
        self._restarted = dict.fromkeys(self.outgoing, 0)
        self._feedback = Feedback()
        self._timers: list[asyncio.TimerHandle] = []
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._closed = False

    # --- joining and leaving

    def answer(self, offer: str) -> str:
        """The answer to an offer; connect() comes next."""
        self._offered = read_offer(offer)
        for line in self._offered.lines:
            if line.ssrc is not None and not line.ours:
                self._slot(line, line.ssrc)
        sources = {
            mid: (stream.ssrc, None if mid == "a" else stream.rtx_ssrc)
            for mid, stream in self.outgoing.items()
        }
        me = Identity(self.wire.ufrag, self.wire.pwd, self.wire.fingerprint, sources)
        return write_answer(self._offered, me)

    def _slot(self, line: Line, ssrc: int) -> None:
        rate = SAMPLE_RATE if line.media == "audio" else VIDEO_RATE
        stream = self.streams[line.mid] = Incoming(line.mid, ssrc, line.rtx_ssrc, rate)
        self._by_ssrc[ssrc] = stream
        if line.rtx_ssrc is not None:
            self._by_rtx[line.rtx_ssrc] = stream

    async def connect(self) -> None:
        """ICE and DTLS to the offer's address, then begin to play and report. ConnectionError if it fails."""
        assert self._offered is not None
        await self.wire.connect(self._offered.remote)
        if self._closed:
            return
        phase = random.random()
        for mid, stream in self.outgoing.items():
            stream.sent_at.clear()
            period = AUDIO_SECONDS if mid == "a" else 1 / self._clip(mid).fps
            play = self._play_sound if mid == "a" else self._play_picture
            self._every(period, partial(play, mid), phase)
        self._every(FEEDBACK_SECONDS, self._send_feedback, phase)
        self._every(REPORT_SECONDS, self._send_reports, phase * 0.1)
        self._every(NACK_SECONDS, self._send_nacks, phase)

    async def join(self, offer: str, deliver: Callable[[str], Awaitable[object]]) -> None:
        """answer(), hand the answer over, connect()."""
        await asyncio.gather(deliver(self.answer(offer)), self.connect())

    def expect(self, slot: int, source: Peer, video: str = "v") -> None:
        """Measure latency on a slot: what `source` sends is seated there."""
        for mid, sender in ((f"a{slot}", "a"), (f"v{slot}", video)):
            self.streams[mid].source = source.outgoing.get(sender)

    def vanish(self) -> None:
        """Fall silent without a word, as a killed browser."""
        self._stop_timers()
        self.wire.vanish()

    async def close(self) -> None:
        self._closed = True
        self._stop_timers()
        for _, waiter in self._waiters:
            waiter.cancel()
        await self.wire.close()

    async def until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        """Wait for a condition on what was received; TimeoutError names nothing, the caller knows."""
        if condition():
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((condition, waiter))
        await asyncio.wait_for(waiter, seconds)

    def _check_waiters(self) -> None:
        if not self._waiters:
            return
        for condition, waiter in self._waiters:
            if not waiter.done() and condition():
                waiter.set_result(None)
        self._waiters = [(condition, waiter) for condition, waiter in self._waiters if not waiter.done()]

    # --- playing

    def _every(self, period: float, action: Callable[[], None], phase: float) -> None:
        loop = asyncio.get_running_loop()
        index = len(self._timers)
        due = loop.time() + period * phase

        def run() -> None:
            nonlocal due
            action()
            due += period
            self._timers[index] = loop.call_at(due, run)

        self._timers.append(loop.call_at(due, run))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []

    def _clip(self, mid: str) -> Clip:
        return self.preview if mid == "p" and self.preview is not None else self.clip

    def _next_transport_sequence(self) -> int:
        self._transport_sequence = (self._transport_sequence + 1) & 0xFFFF
        return self._transport_sequence

    def _play_sound(self, mid: str) -> None:
        stream, sounds = self.outgoing[mid], self.clip.sounds
        payload = sounds[self._positions[mid] % len(sounds)]
        self._positions[mid] += 1
        stream.timestamp += round(SAMPLE_RATE * AUDIO_SECONDS)
        stream.last = time.time_ns(), stream.timestamp
        stream.sent_at[payload[-TAIL:]] = time.monotonic_ns()
        stream.frames += 1
        self.wire.send_rtp(stream.pack(payload, False, self._next_transport_sequence()))

    def _play_picture(self, mid: str) -> None:
        stream, clip = self.outgoing[mid], self._clip(mid)
        position = self._positions[mid] % len(clip.frames)
        chunks = clip.frames[position]
        self._positions[mid] += 1
        self._picture = (self._picture + 1) & 0x7FFF
        picture = (0x8000 | self._picture).to_bytes(2, "big")
        stream.timestamp += VIDEO_RATE // clip.fps + random.randint(-stream.jitter, stream.jitter)
        stream.last = time.time_ns(), stream.timestamp
        stream.frames += 1
        stream.key_frames += position == 0
        last = len(chunks) - 1
        now = stream.sent_at[chunks[last][-TAIL:]] = time.monotonic_ns()
        if stream.sent is not None:
            stream.sent.append((stream.timestamp & 0xFFFFFFFF, now))
        for index, chunk in enumerate(chunks):
            descriptor = (b"\x90\x80" if index == 0 else b"\x80\x80") + picture  # RFC 7741 section 4.2
            packet = stream.pack(descriptor + chunk, index == last, self._next_transport_sequence())
            self.wire.send_rtp(packet)

    # --- receiving

    def _rtp(self, view: memoryview, size: int) -> None:
        now = time.monotonic_ns()
        first, second, sequence, timestamp, ssrc = _RTP.unpack_from(view)
        at = 12
        if first & 0x10:
            at = 16 + 4 * (view[14] << 8 | view[15])
            if view[16] == 0x31:
                self._feedback.arrived(view[17] << 8 | view[18], now)
        stream = self._by_ssrc.get(ssrc)
        if stream is not None:
            stream.octets += size - at
            stream.saw(sequence, now)
        else:
            stream = self._by_rtx.get(ssrc)
            if stream is None:
                self.strangers += 1
                return
            if size - at < 2:
                return
            stream.saw(view[at] << 8 | view[at + 1], now, again=True)
            at += 2
        self._frame(stream, view[at:size], second > 127, timestamp, now)

    def _frame(self, stream: Incoming, payload: memoryview, marker: bool, timestamp: int, now: int) -> None:
        if stream.mid[0] == "a":
            stream.came(payload[-TAIL:], timestamp, now)
            return
        if len(payload) > 4 and payload[0] == 0x90 and not payload[4] & 1:
            stream.key_frames += 1
        if marker:
            stream.came(payload[-TAIL:], timestamp, now)

    def _rtcp(self, view: memoryview, size: int) -> None:
        try:
            packets = parse_rtcp(view[:size])
        except ValueError:
            self.bad_control += 1
            return
        now = time.monotonic_ns()
        by_ssrc = {stream.ssrc: stream for stream in self.outgoing.values()}
        for packet in packets:
            if isinstance(packet, Nack) and packet.media_ssrc in by_ssrc:
                self._repeat(by_ssrc[packet.media_ssrc], packet.sequences)
            elif isinstance(packet, PictureLoss) and packet.media_ssrc in by_ssrc:
                self._restart(by_ssrc[packet.media_ssrc], now)
            elif isinstance(packet, FullIntra):
                for ssrc, _ in packet.entries:
                    if ssrc in by_ssrc:
                        self._restart(by_ssrc[ssrc], now)
            elif isinstance(packet, SenderReport) and packet.ssrc in self._by_ssrc:
                self._by_ssrc[packet.ssrc].reported(packet, now)
            elif isinstance(packet, TransportFeedback):
                self.feedback = [*self.feedback[-99:], packet]

    def _repeat(self, stream: Outgoing, sequences: Collection[int]) -> None:
        for sequence in sequences:
            rtx_type = None if stream.payload_type == OPUS else VP8_RTX
            packet = stream.again(sequence, self._next_transport_sequence(), rtx_type)
            if packet is not None:
                self.wire.send_rtp(packet)

    def _restart(self, stream: Outgoing, now: int) -> None:
        stream.plis += 1
        if now - self._restarted[stream.mid] > RESTART_NS:
            self._restarted[stream.mid] = now
            self._positions[stream.mid] = 0

    # --- reporting

    def _send_feedback(self) -> None:
        if self._by_ssrc and (packet := self._feedback.packet(self._own_ssrc(), next(iter(self._by_ssrc)))):
            self.wire.send_rtcp(packet)

    def _own_ssrc(self) -> int:
        return next((stream.ssrc for stream in self.outgoing.values()), 1)

    def _send_reports(self) -> None:
        wall, now = time.time_ns(), time.monotonic_ns()
        reports = b"".join(sr(stream.report(wall)) for stream in self.outgoing.values() if stream.frames)
        blocks = [block for stream in self.streams.values() if (block := stream.block(now)) is not None]
        own = self._own_ssrc()
        self.wire.send_rtcp(reports + rr(own, blocks[:31]) + sdes(own, "bench"))

    def _send_nacks(self) -> None:
        now = time.monotonic_ns()
        for stream in self.streams.values():
            if stream.missing and (sequences := stream.to_ask(now)):
                self.wire.send_rtcp(nack(self._own_ssrc(), stream.ssrc, sequences))
