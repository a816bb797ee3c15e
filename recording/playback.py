"""Plays recordings: the time line of one, and its WebM bytes opened on demand. Blocking: call it in a thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from recording import mux
from recording.archive import Frame
from recording.contents import Contents, Stored, read_contents
from recording.keys import Keys
from recording.sealing import KEYFRAME, Altered
from recording.spec import SpecRefused
from recording.vault import Vault
from recording.verify import verify

HOLE_MS = 300  # between clusters: a new span, and not jitter
SHORTEST_LOSS_MS = 200
KEPT = 16


class NotFound(LookupError):
    """No such recording, track or cluster."""


class NotPlayable(Exception):
    """The recording's conditions let nobody play this track."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one track in ms of the recording; width and height in pixels, None for sound."""

    from_ms: int
    to_ms: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """One WebM cluster; decoding can begin at those with a keyframe."""

    index: int
    from_ms: int
    to_ms: int
    keyframe: bool


@dataclass(frozen=True, slots=True)
class Track:
    """One party's sound or picture over all parts and legs; `codec` is "vp8" or "opus"."""

    id: str
    party: str
    kind: str
    codec: str
    spans: tuple[Span, ...]
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in ms of the recording."""

    kind: str
    at_ms: int
    party: str | None
    text: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing recorded, and why: recorder_lost, disk_full, disk_error, fault, overflow, loss. `track` None = all."""

    from_ms: int
    to_ms: int
    reason: str
    track: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """How many parts, how many with a signed statement, and whether verify finds nothing broken."""

    parts: int
    signed: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A recording to be played. Tracks that may not be played are left out."""

    recording: str
    begun_ms: int
    duration_ms: int
    parties: dict[str, str]
    tracks: tuple[Track, ...]
    events: tuple[Event, ...]
    gaps: tuple[Gap, ...]
    proof: Proof
    closed: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cluster of the joined track: which file and frame, and where it goes (ms)."""

    stored: Stored
    frame: Frame
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class _Indexed:
    timeline: Timeline
    pieces: dict[str, list[_Piece]]
    refused: frozenset[str]
    stamp: tuple[tuple[str, int], ...]


class Playback:
    """Opens recordings of one vault. Safe to call from several threads."""

    def __init__(self, vault: Path, keys: Keys) -> None:
        self._vault = Vault(vault)
        self._keys = keys
        self._known: OrderedDict[str, _Indexed] = OrderedDict()
        self._lock = threading.Lock()

    def timeline(self, recording_id: str) -> Timeline:
        """Raises NotFound, WrongKey."""
        return self._indexed(recording_id).timeline

    def init_segment(self, recording_id: str, track: str) -> bytes:
        """The track's WebM initialization segment. Raises NotFound, NotPlayable, Altered."""
        for piece in self._pieces(recording_id, track):
            if piece.stored.init is not None:
                return self._opened(piece.stored, piece.stored.init)
        raise NotFound(track)

    def cluster(self, recording_id: str, track: str, index: int) -> bytes:
        """One WebM cluster, its timecode in ms of the recording. Raises NotFound, NotPlayable, Altered."""
        pieces = self._pieces(recording_id, track)
        if not 0 <= index < len(pieces):
            raise NotFound(f"{track} {index}")
        piece = pieces[index]
        plain = self._opened(piece.stored, piece.frame)
        try:
            return mux.retimed(plain, piece.from_ms)
        except ValueError as error:
            raise Altered("not a cluster") from error

    def _opened(self, stored: Stored, frame: Frame) -> bytes:
        return stored.file.opener(self._keys).open(frame.header, stored.file.sealed(frame))

    def _pieces(self, recording_id: str, track: str) -> list[_Piece]:
        indexed = self._indexed(recording_id)
        if track in indexed.refused:
            raise NotPlayable(track)
        if track not in indexed.pieces:
            raise NotFound(track)
        return indexed.pieces[track]

    def _indexed(self, recording_id: str) -> _Indexed:
        try:
            folder = self._vault.recording(recording_id)
        except SpecRefused:
            raise NotFound(recording_id) from None
        if not folder.is_dir():
            raise NotFound(recording_id)
        stamp = tuple(sorted((str(p.relative_to(folder)), p.stat().st_size) for p in folder.glob("*/*")))
        with self._lock:
            known = self._known.get(recording_id)
            if known is not None and known.stamp == stamp:
                self._known.move_to_end(recording_id)
                return known
        found = _index(recording_id, folder, self._keys, stamp)
        with self._lock:
            self._known[recording_id] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found


def _index(recording_id: str, folder: Path, keys: Keys, stamp: tuple[tuple[str, int], ...]) -> _Indexed:
    contents = read_contents(folder, keys)
    opening = next((record for record in contents.records if record["record"] == "opening"), None)
    if opening is None:
        raise NotFound(recording_id)
    spec = opening["spec"]
    joined = _joined(contents)
    playable = {"video": spec["picture_playable"], "audio": spec["sound_playable"]}
    refused = frozenset(name for name, pieces in joined.items() if not playable[pieces[0].stored.kind])
    pieces = {name: found for name, found in joined.items() if name not in refused}
    report = verify(folder, keys, deep=False)
    timeline = Timeline(
        recording=recording_id,
        begun_ms=spec["begun_ms"],
        duration_ms=_duration(contents, joined),
        parties=spec["parties"],
        tracks=tuple(_track(name, found) for name, found in pieces.items()),
        events=_events(contents.records),
        gaps=_gaps(contents),
        proof=Proof(contents.parts, report.signed, report.ok),
        closed=report.closed,
    )
    return _Indexed(timeline, pieces, refused, stamp)


def _joined(contents: Contents) -> dict[str, list[_Piece]]:
    """The clusters of each party's sound and picture over all parts and legs, in order of time."""
    joined: dict[str, list[_Piece]] = {}
    for stored in contents.tracks:
        pieces = joined.setdefault(f"{stored.party}-{stored.kind}", [])
        for frame in stored.clusters:
            begin = max(0, stored.from_us(frame))
            end = begin + frame.header.meta.length_us
            pieces.append(_Piece(stored, frame, round(begin / 1000), round(end / 1000)))
    for pieces in joined.values():
        pieces.sort(key=lambda piece: piece.from_ms)
    return {name: pieces for name, pieces in sorted(joined.items()) if pieces}


def _track(name: str, pieces: list[_Piece]) -> Track:
    first = pieces[0].stored
    clusters = tuple(
        Cluster(index, piece.from_ms, piece.to_ms, bool(piece.frame.header.meta.flags & KEYFRAME))
        for index, piece in enumerate(pieces)
    )
    return Track(name, first.party, first.kind, first.codec, _spans(pieces), clusters)


def _spans(pieces: list[_Piece]) -> tuple[Span, ...]:
    def size(piece: _Piece) -> tuple[int, int] | tuple[None, None]:
        meta = piece.frame.header.meta
        return (meta.width, meta.height) if piece.stored.kind == "video" else (None, None)

    begin, spans = pieces[0], []
    for before, piece in pairwise(pieces):
        if piece.from_ms - before.to_ms > HOLE_MS or size(piece) != size(before):
            spans.append(Span(begin.from_ms, before.to_ms, *size(before)))
            begin = piece
    spans.append(Span(begin.from_ms, pieces[-1].to_ms, *size(begin)))
    return tuple(spans)


def _ms(at_us: int) -> int:
    """Microseconds of the recording to milliseconds; what came before its beginning is at 0."""
    return max(0, at_us // 1000)


def _events(records: list[dict[str, Any]]) -> tuple[Event, ...]:
    """Each once: an event may be in two parts' logs when the recorder died over it."""
    found = {record["number"]: record for record in records if record["record"] == "event"}
    events = (Event(r["kind"], _ms(r["at_us"]), r["party"], r["text"], r["code"]) for r in found.values())
    return tuple(sorted(events, key=lambda event: event.at_ms))


def _gaps(contents: Contents) -> tuple[Gap, ...]:
    names = {
        (record["part_number"], record["track"]): f"{record['party']}-{record['kind']}"
        for record in contents.records
        if record["record"] == "track"
    }
    gaps = set()
    for record in contents.records:
        if record["record"] != "gap":
            continue
        begin, end = _ms(record["from_us"]), _ms(record["to_us"])
        if _worth_telling(record, end - begin):
            gaps.add(Gap(begin, end, record["cause"], names.get((record["part_number"], record["track"]))))
    return tuple(sorted(gaps, key=lambda gap: (gap.from_ms, gap.to_ms)))


def _worth_telling(record: dict[str, Any], length_ms: int) -> bool:
    """After a hold the first pictures wait for a key frame; no packet was lost then, and nothing of the call."""
    return record["cause"] != "loss" or (length_ms >= SHORTEST_LOSS_MS and record["packets"] > 0)


def _duration(contents: Contents, joined: dict[str, list[_Piece]]) -> int:
    """To the end as closed, else to the last thing that is there."""
    ends = [_ms(record["at_us"]) for record in contents.records if record["record"] == "end"]
    if ends:
        return max(ends)
    return max((piece.to_ms for pieces in joined.values() for piece in pieces), default=0)
