"""Reads what a recording holds, without opening its media: log records, clusters, and each track's clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recording.archive import Frame, SealedFile, read_log, walk
from recording.clocks import Report, Samples, TrackClock, leg_clocks, ntp_us
from recording.keys import Keys
from recording.sealing import INIT, LAST, Altered
from recording.vault import LOG_FILE, parts, track_file


@dataclass(frozen=True, slots=True)
class Stored:
    """One track's file in one part; `clusters` are its media frames."""

    part: int
    party: str
    kind: str
    codec: str
    rate: int
    leg: str
    file: SealedFile
    init: Frame | None
    clusters: list[Frame]
    clock: TrackClock

    def from_us(self, cluster: Frame) -> int:
        return self.clock.at(cluster.header.meta.first_rtp)


@dataclass(frozen=True, slots=True)
class Contents:
    """`records` of all logs in order, each with its part under "part_number"; `parts` that could be read."""

    parts: int
    records: list[dict[str, Any]]
    tracks: list[Stored]


def read_contents(folder: Path, keys: Keys) -> Contents:
    """What can be read; torn tails and unreadable parts are left out (verify names them). Raises WrongKey."""
    records: list[dict[str, Any]] = []
    tracks: list[Stored] = []
    found = parts(folder)
    for number, part in found.items():
        log = _walked(part / LOG_FILE)
        if log is None:
            continue
        mine = [{**record, "part_number": number} for record in read_log(log, keys)]
        records += mine
        tracks += _tracks(number, part, mine)
    return Contents(len(found), records, tracks)


def _walked(path: Path) -> SealedFile | None:
    try:
        return walk(path)
    except (Altered, OSError):
        return None


def _tracks(number: int, part: Path, records: list[dict[str, Any]]) -> list[Stored]:
    """The part's tracks, leg by leg, with their clocks."""
    legs: dict[str, list[tuple[dict[str, Any], SealedFile]]] = {}
    for record in records:
        if record["record"] == "track":
            file = _walked(track_file(part, record["track"]))
            if file is not None:
                legs.setdefault(record["leg"], []).append((record, file))
    found = []
    for members in legs.values():
        samples = [_samples(record, file, records) for record, file in members]
        for (record, file), clock in zip(members, leg_clocks(samples), strict=True):
            found.append(_stored(number, record, file, clock))
    return found


def _stored(number: int, record: dict[str, Any], file: SealedFile, clock: TrackClock) -> Stored:
    init = next((frame for frame in file.frames if frame.header.meta.flags & INIT), None)
    return Stored(
        part=number,
        party=record["party"],
        kind=record["kind"],
        codec=record["codec"],
        rate=record["rate"],
        leg=record["leg"],
        file=file,
        init=init,
        clusters=_clusters(file),
        clock=clock,
    )


def _clusters(file: SealedFile) -> list[Frame]:
    return [frame for frame in file.frames if not frame.header.meta.flags & (INIT | LAST)]


def _samples(record: dict[str, Any], file: SealedFile, records: list[dict[str, Any]]) -> Samples:
    reports = [
        Report(each["rtp"], ntp_us(each["ntp"]), each["at_us"])
        for each in records
        if each["record"] == "report" and each["track"] == record["track"]
    ]
    metas = [frame.header.meta for frame in _clusters(file)]
    return Samples(record["rate"], [(meta.first_rtp, meta.first_us) for meta in metas], reports)
