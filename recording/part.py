"""Writes one part of a recording: its tracks, its log, and the signed statements over both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from recording import feed
from recording.archive import LOG_TRACK, found_before
from recording.flusher import Flush, Flusher
from recording.keys import Keys
from recording.made import Cluster
from recording.manifest import Statement, line_hash, signed_line
from recording.reorder import MS
from recording.sealing import LAST, Meta, Place, canonical
from recording.spec import RecordingSpec
from recording.track import SealedWriter, TrackInfo, TrackWriter
from recording.vault import (
    LOG_FILE,
    MANIFEST_FILE,
    AppendFile,
    Vault,
    VaultFailed,
    sync_folder,
    track_file,
)

# A frame is written when it is this old at the latest, at the next round; with all of its part's, so that the disk is
# asked once for all files. A round later a kill loses it no more.
OLDEST_NS = 800 * MS
SIGN_EVERY_NS = 10_000 * MS
CLOCK_STEP_MS = 500
ASK_EVERY_NS = 1_000 * MS
MOST_TRACKS = 1_000  # files of one part: a leg that comes back is new ones


class PartWriter:
    """One open part. Any VaultFailed ends it: call `salvage` and `abandon`; what was written before stays readable."""

    def __init__(
        self,
        vault: Vault,
        keys: Keys,
        spec: RecordingSpec,
        *,
        origin_ns: int,
        resume_ns: int,
        now_ns: int,
        wall_ms: Callable[[], int],
        cause: str = "recorder_lost",
        flusher: Flusher | None = None,
        path: feed.Choice = "auto",
    ) -> None:
        """`origin_ns`: monotonic beginning of the recording. `resume_ns`: since when packets are at hand again.

        `flusher` waits for the disk meanwhile; without one `tick` does.
        """
        self.spec = spec
        self.number, self._folder = vault.new_part(spec.recording_id)
        self._keys, self._origin_ns, self._wall_ms = keys, origin_ns, wall_ms
        self._tracks: dict[int, TrackWriter] = {}  # by number of their file
        self._routes: dict[int, TrackWriter] = {}  # by the relay's number
        self._feed = feed.feed(origin_ns, path)
        self._flusher = flusher
        self._flush: Flush | None = None
        self._unflushed_us: int | None = None  # arrival of the oldest that is written and that no flush took
        self._signing = False  # when what is under way is on the disk
        self._heads: dict[int, tuple[int, str]] = {}  # of the tracks' files, as far as the disk was asked
        self._pending: list[dict[str, Any]] = []
        self._logging: list[dict[str, Any]] = []  # for the log when the disk has what they speak of
        self._noted = self._flushing = self.logged = 0  # last event noted, on its way to the log, and in it
        self._refused = 0
        self._clock_ms = wall_ms() - now_ns // MS
        self._statements, self._before, self._signed_ns = 0, "", 0
        with ExitStack() as undo:
            # Nothing is in it yet, and a full disk must not fill with such parts.
            undo.callback(vault.discard, self._folder)
            self._log = SealedWriter(self._folder / LOG_FILE, self._place(LOG_TRACK), keys)
            undo.callback(self._log.close)
            self._manifest = AppendFile(self._folder / MANIFEST_FILE)
            undo.callback(self._manifest.close)
            self._open(vault, cause, resume_ns, now_ns)
            undo.pop_all()

    def track(self, info: TrackInfo) -> None:
        """A track that may come. What the spec forbids is refused here again, whoever sent it."""
        allowed = self.spec.picture if info.kind == "video" else self.spec.sound
        known = self._routes.get(info.number)
        if not allowed or len(self._tracks) >= MOST_TRACKS:
            self._routes.pop(info.number, None)
            self._feed.forget(info.number)
            self._refused += 1
        elif known is None or known.info != info:
            # The relay's numbers come round again; a file's number is its own.
            number = self._feed.track(info.number, info.kind, info.rate)
            path, place = track_file(self._folder, number), self._place(number)
            self._tracks[number] = self._routes[info.number] = TrackWriter(info, path, place, self._keys)

    @property
    def refused(self) -> int:
        """Records that no relay sends, or of a kind that this recording must not hold."""
        return self._refused + self._feed.refused

    def media(self, batch: bytes) -> None:
        """One tap batch. Raises VaultFailed."""
        self._feed.feed(batch)
        self._write()

    def note(self, record: dict[str, Any], number: int = 0) -> None:
        """A record for the log (an event, a gap); `logged` says when its file holds those up to `number`."""
        self._pending.append(record)
        self._noted = max(self._noted, number)

    def tick(self, now_ns: int) -> None:
        """One round: what is due is written and on its way to the disk. Raises VaultFailed."""
        self._feed.tick(now_ns)
        self._write()
        if self._flush is not None and self._flush.done:
            self._finish(now_ns)
        signing = now_ns - self._signed_ns >= SIGN_EVERY_NS
        if self._flush is not None:
            if self._old(self._feed.oldest_ns(), now_ns):
                self._cut()  # a slow disk: at least no kill loses it
        elif signing or self._pending or self._due(now_ns):
            self._cut()
            self._signing = signing
            if signing:
                self._watch_clock(now_ns)
            self._start_flush()
            if self._flush is None:
                self._finish(now_ns)

    def keyframes_wanted(self, now_ns: int) -> list[int]:
        """Tracks whose picture cannot be decoded until a key frame comes; each at most once a second."""
        wanted = []
        for number in self._feed.wanting():
            track = self._routes[number]
            if now_ns - track.asked_ns >= ASK_EVERY_NS:
                track.asked_ns = now_ns
                wanted.append(number)
        return wanted

    def close(self, reason: str, now_ns: int) -> dict[str, Any]:
        """Writes and signs the end; the summary for the catalogue. Raises VaultFailed."""
        if self._flush is not None:
            self._finish(now_ns)
        self._feed.end(now_ns)
        self._write()
        for track in self._tracks.values():
            track.end(self._us(now_ns))
        self._flusher, self._signing = None, False
        self._start_flush()
        self._logging.append({
            "record": "end",
            "reason": reason,
            "at_us": self._us(now_ns),
            "wall_ms": self._wall_ms(),
            "refused": self.refused,
            "tracks": {str(number): self._feed.counts(number).to_json() for number in self._tracks},
        })  # fmt: skip
        self._finish(now_ns)
        self._sign(now_ns, final=True)
        head = self._log.head[1]
        # Only after the last signature: a log with its closing mark must have a signed end.
        self._write_log([], now_ns, LAST)
        self._log.sync()
        self.abandon()
        return {"part": self.number, "head": head, "duration_ms": self._us(now_ns) // 1000}

    def salvage(self, now_ns: int) -> None:
        """After VaultFailed: logs what is on the disk, if that takes so much. A frame whose track no log names is lost."""
        if self._flush is None and self._logging:
            return  # it was the flush that failed, or the log
        self._flusher, self._signing = None, False
        with suppress(VaultFailed):
            self._finish(now_ns)
            self._start_flush()
            self._finish(now_ns)

    def abandon(self) -> None:
        """Lets go of the files as they are."""
        if self._flush is not None:
            self._flush.wait()  # a file is not closed under a thread that works on it
            self._flush = None
        for track in self._tracks.values():
            if track.file is not None:
                track.file.close()
        self._log.close()
        self._manifest.close()

    def _place(self, track: int) -> Place:
        return Place(self.spec.recording_id, self.number, track)

    def _us(self, at_ns: int) -> int:
        return (at_ns - self._origin_ns) // 1000

    def _open(self, vault: Vault, cause: str, resume_ns: int, now_ns: int) -> None:
        found = found_before(vault.recording(self.spec.recording_id), self.number)
        self._pending.append({
            "record": "opening",
            "spec": self.spec.to_json(),
            "part": self.number,
            "origin_ns": self._origin_ns,
            "at_us": self._us(now_ns),
            "wall_ms": self._wall_ms(),
            "signer": self._keys.signer,
            "previous": found,
        })  # fmt: skip
        if found is not None:  # the first part that lived has nothing to miss
            gap = {"from_us": found["last_us"], "to_us": max(self._us(resume_ns), found["last_us"])}
            self._pending.append({"record": "gap", "cause": cause, "track": None, "packets": 0, **gap})
        self._write_log(self._pending, now_ns, 0)
        self._pending = []
        self._sign(now_ns, final=False)
        sync_folder(self._folder)

    def _write(self) -> None:
        for made in self._feed.take():
            self._tracks[made.track].write(made)
            if isinstance(made, Cluster) and self._unflushed_us is None:
                self._unflushed_us = made.meta.first_us

    def _cut(self) -> None:
        self._feed.cut()
        self._write()

    def _old(self, at_ns: int | None, now_ns: int) -> bool:
        return at_ns is not None and now_ns - at_ns >= OLDEST_NS

    def _due(self, now_ns: int) -> bool:
        written = None if self._unflushed_us is None else self._origin_ns + self._unflushed_us * 1000
        return self._old(self._feed.oldest_ns(), now_ns) or self._old(written, now_ns)

    def _start_flush(self) -> None:
        """Asks the disk for all that is written, and keeps the lines that speak of it until it is there."""
        dirty: list[SealedWriter] = []
        self._logging, self._pending = self._pending, []
        self._flushing = self._noted
        for number, track in self._tracks.items():
            self._logging += track.lines
            track.lines = []
            if track.file is not None and track.dirty:
                dirty.append(track.file)
                self._heads[number] = track.file.head
                track.dirty = False
        self._unflushed_us = None
        if self._flusher is None or not dirty:
            for file in dirty:
                file.sync()
        else:
            self._flush = self._flusher.flush(dirty)

    def _finish(self, now_ns: int) -> None:
        """Data is on the disk: then the lines of the log that speak of it. Raises VaultFailed."""
        flush, self._flush = self._flush, None
        if flush is not None:
            flush.result()
        if self._logging:
            self._write_log(self._logging, now_ns, 0)
            self._logging = []
        self.logged = self._flushing
        if self._signing:
            self._signing = False
            self._sign(now_ns, final=False)

    def _write_log(self, lines: list[dict[str, Any]], now_ns: int, flags: int) -> None:
        at = self._us(now_ns)
        self._log.append(
            canonical(lines), Meta(flags=flags, blocks=min(len(lines), 65_535), first_us=at, last_us=at)
        )

    def _watch_clock(self, now_ns: int) -> None:
        """A wall clock that was set is told; the time line itself is monotonic."""
        clock_ms = self._wall_ms() - now_ns // MS
        step, self._clock_ms = clock_ms - self._clock_ms, clock_ms
        if abs(step) > CLOCK_STEP_MS:
            self._pending.append({"record": "clock_step", "at_us": self._us(now_ns), "step_ms": step})
        else:
            self._pending.append({"record": "alive", "at_us": self._us(now_ns)})

    def _sign(self, now_ns: int, *, final: bool) -> None:
        self._log.sync()
        statement = Statement(
            recording=self.spec.recording_id,
            part=self.number,
            seq=self._statements,
            before=self._before,
            log=self._log.head,
            tracks=dict(self._heads),
            wall_ms=self._wall_ms(),
            mono_ns=now_ns,
            final=final,
        )
        line = signed_line(statement, self._keys)
        self._manifest.append(line)
        self._manifest.sync()
        self._statements, self._before, self._signed_ns = self._statements + 1, line_hash(line), now_ns
