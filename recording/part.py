"""Writes one part of a recording: its tracks, its log, and the signed statements over both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from recording.archive import LOG_TRACK, head, walk
from recording.keys import Keys
from recording.manifest import Statement, line_hash, signed_line
from recording.reorder import MS
from recording.sealing import LAST, Altered, Meta, Place, canonical
from recording.spec import RecordingSpec
from recording.track import SealedWriter, TrackInfo, TrackWriter
from recording.vault import (
    LOG_FILE,
    MANIFEST_FILE,
    AppendFile,
    Vault,
    parts,
    sync_folder,
    track_file,
    track_files,
)
from recording.wire import REPORT, RTP, SENDER_REPORT, WireBroken, records

SIGN_EVERY_NS = 10_000 * MS
CLOCK_STEP_MS = 500
ASK_EVERY_NS = 1_000 * MS


class PartWriter:
    """One open part. Any VaultFailed ends it: call `abandon`; what was written before stays readable."""

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
    ) -> None:
        """`origin_ns`: monotonic beginning of the recording. `resume_ns`: since when packets are at hand again."""
        self.spec = spec
        self.number, self._folder = vault.new_part(spec.recording_id)
        self._keys, self._origin_ns, self._wall_ms = keys, origin_ns, wall_ms
        self._tracks: dict[int, TrackWriter] = {}  # by number of their file
        self._routes: dict[int, TrackWriter] = {}  # by the relay's number
        self._pending: list[dict[str, Any]] = []
        self.refused = 0  # records that no relay sends, or of a kind that this recording must not hold
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
        if not allowed:
            self._routes.pop(info.number, None)
            self.refused += 1
        elif known is None or known.info != info:
            # The relay's numbers come round again; a file's number is its own.
            number = len(self._tracks) + 1
            path, place = track_file(self._folder, number), self._place(number)
            self._routes[info.number] = TrackWriter(info, path, place, self._keys, self._origin_ns)
            self._tracks[number] = self._routes[info.number]

    def media(self, batch: bytes) -> None:
        """One tap batch. Raises VaultFailed."""
        try:
            for kind, number, arrival_ns, payload in records(batch):
                self._record(kind, number, arrival_ns, payload)
        except WireBroken:
            self.refused += 1

    def note(self, record: dict[str, Any]) -> None:
        """A record for the log (an event, a gap); in the file after the next `commit`."""
        self._pending.append(record)

    def cut(self, now_ns: int) -> list[TrackWriter]:
        """Writes the clusters that are due; the tracks that wait for the disk. Raises VaultFailed."""
        for track in self._tracks.values():
            track.tick(now_ns)
        return [track for track in self._tracks.values() if track.dirty]

    def tick(self, now_ns: int) -> None:
        """One round: what is due goes to the disk. Raises VaultFailed."""
        self.cut(now_ns)
        self.commit(now_ns)
        if now_ns - self._signed_ns >= SIGN_EVERY_NS:
            self._watch_clock(now_ns)
            self.commit(now_ns)
            self._sign(now_ns, final=False)

    def commit(self, now_ns: int) -> None:
        """Data to the disk first, then the lines of the log that speak of it. Raises VaultFailed."""
        for track in self._tracks.values():
            track.sync()
            self._take(track)
        if self._pending:
            self._write_log(now_ns, 0)

    def keyframes_wanted(self, now_ns: int) -> list[int]:
        """Tracks whose picture cannot be decoded until a key frame comes; each at most once a second."""
        wanted = []
        for number, track in self._routes.items():
            due = now_ns - track.asked_ns >= ASK_EVERY_NS
            if due and track.packets.packets and track.packets.wants_keyframe:
                track.asked_ns = now_ns
                wanted.append(number)
        return wanted

    def close(self, reason: str, now_ns: int) -> dict[str, Any]:
        """Writes and signs the end; the summary for the catalogue. Raises VaultFailed."""
        for track in self._tracks.values():
            track.end(now_ns)
            track.sync()
            self._take(track)
        self._pending.append({
            "record": "end",
            "reason": reason,
            "at_us": self._us(now_ns),
            "wall_ms": self._wall_ms(),
            "refused": self.refused,
            "tracks": {str(n): self._counts(track) for n, track in self._tracks.items()},
        })  # fmt: skip
        self._write_log(now_ns, 0)
        self._sign(now_ns, final=True)
        head = self._log.head[1]
        # Only after the last signature: a log with its closing mark must have a signed end.
        self._write_log(now_ns, LAST)
        self._log.sync()
        self.abandon()
        return {"part": self.number, "head": head, "duration_ms": self._us(now_ns) // 1000}

    def abandon(self) -> None:
        """Lets go of the files as they are."""
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
        found = _found(vault.recording(self.spec.recording_id), self.number)
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
        self._write_log(now_ns, 0)
        self._sign(now_ns, final=False)
        sync_folder(self._folder)

    def _record(self, kind: int, number: int, arrival_ns: int, payload: bytes) -> None:
        track = self._routes.get(number)
        if track is None:
            self.refused += 1
        elif kind == RTP:
            track.push(arrival_ns, payload)
        elif kind == SENDER_REPORT and len(payload) == REPORT.size:
            track.report(arrival_ns, *REPORT.unpack(payload))
        else:
            self.refused += 1

    def _take(self, track: TrackWriter) -> None:
        if track.lines:
            self._pending += track.lines
            track.lines = []

    def _write_log(self, now_ns: int, flags: int) -> None:
        lines, self._pending = self._pending, []
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
        tracks = {number: track.file.head for number, track in self._tracks.items() if track.file is not None}
        statement = Statement(
            recording=self.spec.recording_id,
            part=self.number,
            seq=self._statements,
            before=self._before,
            log=self._log.head,
            tracks=tracks,
            wall_ms=self._wall_ms(),
            mono_ns=now_ns,
            final=final,
        )
        line = signed_line(statement, self._keys)
        self._manifest.append(line)
        self._manifest.sync()
        self._statements, self._before, self._signed_ns = self._statements + 1, line_hash(line), now_ns

    def _counts(self, track: TrackWriter) -> dict[str, int]:
        packets = track.packets
        counts = {"packets": packets.packets, "late": packets.late, "refused": packets.refused}
        return {**counts, "jumps": packets.clock.jumps}


def _found(folder: Path, number: int) -> dict[str, Any] | None:
    """How the last part before this one that lived was found: the heads of its files, so that cutting them
    later shows, and when it ends. None when there is none.
    """
    for earlier, part in reversed(parts(folder).items()):
        files: dict[str, list[Any]] = {}
        last_us = 0
        for track, path in {LOG_TRACK: part / LOG_FILE, **track_files(part)}.items():
            try:
                file = walk(path)
            except (Altered, OSError):
                continue  # killed before its header was whole
            if file.frames:
                files[str(track)] = list(head(file))
                last_us = max(last_us, *(frame.header.meta.last_us for frame in file.frames))
        if files and earlier < number:
            return {"part": earlier, "files": files, "last_us": last_us}
    return None
