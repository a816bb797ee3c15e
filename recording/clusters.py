"""Gathers the frames of one track into WebM clusters of at most a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from recording import mux
from recording.depacketize import Depacketizer, Frame, Loss
from recording.made import Begun, Cluster, Counts, Gap, Made, Media, Report
from recording.reorder import MS
from recording.sealing import INIT, KEYFRAME, Meta

LONGEST_MS = 1_000
LONGEST_NS = LONGEST_MS * MS
SHORTEST_NS = 250 * MS  # a sender of key frames only cannot make the disk busy
LARGEST = 16 << 20  # bytes of frames in one cluster
MOST_EARLY = 16
_USUAL_STEP_US, _LONGEST_STEP_US = 33_333, 200_000


@dataclass(slots=True)
class _Open:
    """A cluster that has not ended."""

    first: Frame
    oldest_ns: int
    newest_ns: int
    last_rtp: int
    last_duration: int = 0
    size: int = 0
    blocks: list[tuple[int, bool, bytes]] = field(default_factory=list)


class Clusters:
    """One track: packets in; what they make is handed to `made` at once. batches.pyx does the same natively."""

    def __init__(
        self, number: int, kind: Media, rate: int, origin_ns: int, made: Callable[[Made], None]
    ) -> None:
        self.number, self.kind, self._rate, self._origin_ns, self._made = number, kind, rate, origin_ns, made
        self.packets = Depacketizer(kind, rate, self._frame, self._loss)
        self._begun = False  # an initialization segment needs the first frame's size
        self._anchor = (0, 0)  # rtp, us: where arrival puts the first frame
        self._size = (0, 0)
        self._step_us = _USUAL_STEP_US
        self._open: _Open | None = None
        self._early: list[tuple[int, int, int]] = []

    @property
    def oldest_ns(self) -> int | None:
        return None if self._open is None else self._open.oldest_ns

    def report(self, arrival_ns: int, ntp: int, rtp: int) -> None:
        """A sender report: what playback aligns by. One before the first frame waits for the clock to begin."""
        if not self._begun:
            self._early = [*self._early[1 - MOST_EARLY :], (arrival_ns, ntp, rtp)]
        else:
            self._made(Report(self.number, ntp, self.packets.clock.near(rtp), self._us(arrival_ns)))

    def cut(self) -> None:
        """Ends the cluster that was begun, if any."""
        ended, self._open = self._open, None
        if ended is None:
            return
        rate, first = self._rate, ended.first.rtp
        rtp, at_us = self._anchor
        timecode = max(0, (at_us + (first - rtp) * 1_000_000 // rate) // 1000)
        last = self._step_us if self.kind == "video" else ended.last_duration * 1_000_000 // rate
        meta = Meta(
            flags=KEYFRAME if ended.blocks[0][1] else 0,
            blocks=min(len(ended.blocks), 65_535),
            first_rtp=first,
            first_us=self._us(ended.first.arrival_ns),
            last_us=self._us(ended.newest_ns),
            length_us=(ended.last_rtp - first) * 1_000_000 // rate + last,
            width=self._size[0],
            height=self._size[1],
        )
        self._made(Cluster(self.number, meta, mux.cluster(timecode, ended.blocks)))

    def end(self, now_ns: int) -> None:
        self.packets.end(now_ns)
        self.cut()

    def counts(self) -> Counts:
        packets = self.packets
        return Counts(packets.packets, packets.late, packets.refused, packets.clock.jumps)

    def _us(self, at_ns: int) -> int:
        return (at_ns - self._origin_ns) // 1000

    def _ms(self, ticks: int) -> int:
        return (ticks * 1000 + self._rate // 2) // self._rate

    def _loss(self, loss: Loss) -> None:
        self._made(Gap(self.number, self._us(loss.from_ns), self._us(loss.to_ns), loss.packets))

    def _frame(self, frame: Frame) -> None:
        if self._open is not None and self._full(self._open, frame):
            self.cut()
        if frame.width:
            self._size = (frame.width, frame.height)
        if self._open is None:
            if not self._begun:
                self._begin(frame)
            self._open = _Open(frame, frame.arrival_ns, frame.arrival_ns, frame.rtp)
        elif frame.rtp > self._open.last_rtp:
            step = (frame.rtp - self._open.last_rtp) * 1_000_000 // self._rate
            self._step_us = min(step, _LONGEST_STEP_US)
        self._put(self._open, frame)

    def _put(self, cluster: _Open, frame: Frame) -> None:
        relative = self._ms(frame.rtp - cluster.first.rtp)
        cluster.blocks.append((max(relative, 0), frame.keyframe, frame.data))
        cluster.size += len(frame.data)
        cluster.last_rtp = max(cluster.last_rtp, frame.rtp)
        cluster.last_duration = frame.duration
        cluster.oldest_ns = min(cluster.oldest_ns, frame.arrival_ns)
        cluster.newest_ns = max(cluster.newest_ns, frame.arrival_ns)

    def _full(self, cluster: _Open, frame: Frame) -> bool:
        if self._ms(frame.rtp - cluster.first.rtp + frame.duration) > LONGEST_MS:
            return True
        age = frame.arrival_ns - cluster.oldest_ns
        if age >= LONGEST_NS or cluster.size + len(frame.data) > LARGEST:
            return True
        if self.kind == "video" and frame.keyframe:
            return age >= SHORTEST_NS or (frame.width, frame.height) != self._size
        return False

    def _begin(self, frame: Frame) -> None:
        self._begun = True
        at = self._us(frame.arrival_ns)
        self._anchor = (frame.rtp, at)
        self._made(Begun(self.number, Meta(INIT, 0, frame.rtp, at, at, 0, *self._size)))
        for early in self._early:
            self.report(*early)
        self._early = []
