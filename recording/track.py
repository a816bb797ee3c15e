"""Writes one track: packets to frames, frames to clusters of at most a second, clusters to its sealed file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recording import mux
from recording.depacketize import Depacketizer, Frame, Loss, Media, opus_duration
from recording.keys import Keys
from recording.reorder import MS
from recording.sealing import INIT, KEYFRAME, LAST, Meta, Place, Sealer, file_header
from recording.vault import AppendFile, VaultFailed

# Unwritten at most; with a read and a round of 80 ms each, a kill loses less than a second.
OLDEST_NS = 750 * MS
LONGEST_MS = 1_000
SHORTEST_NS = 250 * MS  # a sender of key frames only cannot make the disk busy
_USUAL_STEP_US = 33_333
MOST_EARLY = 16


class SealedWriter:
    """One sealed file being written."""

    def __init__(self, path: Path, place: Place, keys: Keys) -> None:
        """Creates it under a fresh data key. Raises VaultFailed."""
        key, wrapped = keys.new_data_key()
        header = file_header(place, keys.key_id, wrapped)
        self.place = place
        self._file = AppendFile(path)
        try:
            self._file.append(header)
        except VaultFailed:
            self._file.close()
            raise
        self._sealer = Sealer(key, place, header)
        self.first_head = self._sealer.head.hex()

    @property
    def head(self) -> tuple[int, str]:
        return self._sealer.index, self._sealer.head.hex()

    def append(self, plain: bytes, meta: Meta) -> dict[str, Any]:
        """Seals and writes one frame; its line for the log. Raises VaultFailed: then the file is done with."""
        index, offset = self._sealer.index, self._file.size
        sealed = self._sealer.seal(plain, meta)
        self._file.append(sealed)
        return {
            "record": "frame",
            "track": self.place.track,
            "index": index,
            "offset": offset,
            "size": len(sealed),
            "head": self._sealer.head.hex(),
        }

    def sync(self) -> None:
        self._file.sync()

    def close(self) -> None:
        self._file.close()


@dataclass(slots=True)
class _Cluster:
    first: Frame
    oldest_ns: int
    newest_ns: int
    last_rtp: int
    blocks: list[tuple[int, bool, bytes]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """What the relay said of a track: its number there; `rate` is the RTP clock in Hz."""

    number: int
    party: str
    kind: Media
    leg: str
    rate: int


class TrackWriter:
    """One track of one part. `lines` collects what the part's log must hold, in order."""

    def __init__(self, info: TrackInfo, path: Path, place: Place, keys: Keys, origin_ns: int) -> None:
        self.info = info
        self.packets = Depacketizer(info.kind, info.rate)
        self.lines: list[dict[str, Any]] = []
        self.file: SealedWriter | None = None  # from the first frame on: an init segment needs its size
        self.dirty = False
        self._failure: VaultFailed | None = None
        self.asked_ns = 0
        self._path, self._place, self._keys = path, place, keys
        self._origin_ns = origin_ns
        self._anchor = (0, 0)  # rtp, us: where arrival puts the first frame
        self._size = (0, 0)
        self._step_us = _USUAL_STEP_US
        self._cluster: _Cluster | None = None
        self._early: list[tuple[int, int, int]] = []

    def push(self, arrival_ns: int, data: bytes) -> None:
        self.packets.push(arrival_ns, data)
        self._collect()
        if self._cluster is not None and arrival_ns - self._cluster.oldest_ns >= OLDEST_NS:
            self._cut()

    def tick(self, now_ns: int) -> None:
        self.packets.tick(now_ns)
        self._collect()
        if self._cluster is not None and now_ns - self._cluster.oldest_ns >= OLDEST_NS:
            self._cut()

    def report(self, arrival_ns: int, ntp: int, rtp: int) -> None:
        """A sender report: what playback aligns by. One before the first frame waits for the clock to begin."""
        if self.file is None:
            self._early = [*self._early[1 - MOST_EARLY :], (arrival_ns, ntp, rtp)]
            return
        self.lines.append({
            "record": "report",
            "track": self._place.track,
            "ntp": ntp,
            "rtp": self.packets.clock.near(rtp),
            "at_us": self._us(arrival_ns),
        })  # fmt: skip

    def end(self, now_ns: int) -> None:
        """Writes what is left and the closing frame."""
        self.packets.end(now_ns)
        self._collect()
        self._cut()
        if self.file is not None:
            at = self._us(now_ns)
            self.lines.append(self.file.append(b"", Meta(flags=LAST, first_us=at, last_us=at)))
            self.dirty = True

    def flush(self) -> None:
        """Waits for the disk; may be called in a thread of its own. A failure is kept for `sync`."""
        if self.dirty and self.file is not None:
            try:
                self.file.sync()
            except VaultFailed as failure:
                self._failure = failure
            self.dirty = False

    def sync(self) -> None:
        """What was written is on the disk. Raises VaultFailed."""
        self.flush()
        if self._failure is not None:
            raise self._failure

    def _us(self, at_ns: int) -> int:
        return (at_ns - self._origin_ns) // 1000

    def _collect(self) -> None:
        for frame in self.packets.frames():
            self._add(frame)
        for loss in self.packets.losses():
            self.lines.append(self._gap(loss))

    def _gap(self, loss: Loss) -> dict[str, Any]:
        return {
            "record": "gap",
            "cause": "loss",
            "track": self._place.track,
            "from_us": self._us(loss.from_ns),
            "to_us": self._us(loss.to_ns),
            "packets": loss.packets,
        }

    def _add(self, frame: Frame) -> None:
        cluster = self._cluster
        if cluster is not None and self._full(cluster, frame):
            self._cut()
            cluster = None
        if frame.width:
            self._size = (frame.width, frame.height)
        if cluster is None:
            if self.file is None:
                self._begin(frame)
            cluster = self._cluster = _Cluster(frame, frame.arrival_ns, frame.arrival_ns, frame.rtp)
        elif not frame.duration and frame.rtp > cluster.last_rtp:
            self._step_us = min((frame.rtp - cluster.last_rtp) * 1_000_000 // self.info.rate, 200_000)
        relative = self._ms(frame.rtp - cluster.first.rtp)
        cluster.blocks.append((max(relative, 0), frame.keyframe, frame.data))
        cluster.last_rtp = max(cluster.last_rtp, frame.rtp)
        cluster.oldest_ns = min(cluster.oldest_ns, frame.arrival_ns)
        cluster.newest_ns = max(cluster.newest_ns, frame.arrival_ns)

    def _ms(self, ticks: int) -> int:
        return (ticks * 1000 + self.info.rate // 2) // self.info.rate

    def _full(self, cluster: _Cluster, frame: Frame) -> bool:
        if self._ms(frame.rtp - cluster.first.rtp + frame.duration) > LONGEST_MS:
            return True
        age = frame.arrival_ns - cluster.oldest_ns
        if self.info.kind == "video" and frame.keyframe:
            return age >= SHORTEST_NS or (frame.width, frame.height) != self._size
        return age >= OLDEST_NS

    def _begin(self, frame: Frame) -> None:
        self.file = SealedWriter(self._path, self._place, self._keys)
        info = self.info
        picture = info.kind == "video"
        self.lines.append({
            "record": "track", "track": self._place.track, "party": info.party, "kind": info.kind, "leg": info.leg,
            "rate": info.rate, "codec": "vp8" if picture else "opus", "head": self.file.first_head,
        })  # fmt: skip
        at = self._us(frame.arrival_ns)
        self._anchor = (frame.rtp, at)
        init = mux.video_init(*self._size) if picture else mux.audio_init()
        self.lines.append(self.file.append(init, Meta(INIT, 0, frame.rtp, at, at, 0, *self._size)))
        for early in self._early:
            self.report(*early)
        self._early = []

    def _cut(self) -> None:
        cluster, self._cluster = self._cluster, None
        if cluster is None or self.file is None:
            return
        rate, first = self.info.rate, cluster.first.rtp
        rtp, at_us = self._anchor
        timecode = max(0, (at_us + (first - rtp) * 1_000_000 // rate) // 1000)
        last = (
            self._step_us
            if self.info.kind == "video"
            else opus_duration(cluster.blocks[-1][2]) * 1_000_000 // rate
        )
        meta = Meta(
            flags=KEYFRAME if cluster.blocks[0][1] else 0,
            blocks=min(len(cluster.blocks), 65_535),
            first_rtp=first,
            first_us=self._us(cluster.first.arrival_ns),
            last_us=self._us(cluster.newest_ns),
            length_us=(cluster.last_rtp - first) * 1_000_000 // rate + last,
            width=self._size[0],
            height=self._size[1],
        )
        self.lines.append(self.file.append(mux.cluster(timecode, cluster.blocks), meta))
        self.dirty = True
