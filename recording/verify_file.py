"""Checks one sealed file frame by frame: a log by its own chain, a track also by what the log says of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recording.archive import LOG_TRACK, Frame, SealedFile, log_records, walk
from recording.findings import Report
from recording.keys import Keys, WrongKey
from recording.sealing import FRAME, LAST, Altered, Header, Opener, Place, chained, read_frame_header


@dataclass(slots=True)
class Checked:
    """A log as checked: its records up to the first fault, chain heads by number of frames."""

    records: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    torn: int = 0
    ended: bool = False
    broken: bool = False


def check_log(path: Path, recording: str, part: int, keys: Keys, report: Report) -> Checked | None:
    """None when nothing of it can be read; the findings say why."""
    place = Place(recording, part, LOG_TRACK)
    opened = _opened(path, place, keys, report)
    if opened is None:
        return None
    file, opener = opened
    log = Checked(torn=file.torn)
    head = hashlib.sha256(file.raw_header).digest()
    log.heads[0] = head.hex()
    for index, frame in enumerate(file.frames):
        head, plain = _next(file, frame, index, head, opener, place, report)
        if plain is None:
            log.broken = True
            break
        try:
            log.records += log_records(plain)
        except Altered as error:
            report.add("log_unreadable", part, LOG_TRACK, index, str(error))
            log.broken = True
            break
        log.heads[index + 1] = head.hex()
        log.ended = bool(frame.header.meta.flags & LAST)
        report.frames += 1
    return log


def check_track(
    path: Path,
    recording: str,
    part: int,
    number: int,
    named: dict[str, Any] | None,
    lines: list[dict[str, Any]],
    keys: Keys,
    report: Report,
    *,
    closed: bool,
    whole_log: bool,
    deep: bool,
) -> dict[int, str]:
    """Compares the file with the log's lines, then looks at what follows them. Chain heads by number of frames."""
    place = Place(recording, part, number)
    opened = _opened(path, place, keys, report)
    if opened is None:
        return {}
    file, opener = opened
    head = hashlib.sha256(file.raw_header).digest()
    if named is None and whole_log and closed:
        report.add("unexpected_file", part, number, detail=path.name)
    elif named is not None and named["head"] != head.hex():
        report.add("header_altered", part, number)
        return {}
    heads = {0: head.hex()}
    size = path.stat().st_size
    at = len(file.raw_header)
    for index, line in enumerate(lines):
        at = line["offset"] + line["size"]
        if at > size:
            report.add("truncated", part, number, index, f"{len(lines) - index} frames are missing")
            return heads
        if not _as_logged(file, line, index, head, opener, place, report, deep=deep):
            return heads
        head = bytes.fromhex(line["head"])
        heads[index + 1] = line["head"]
        report.frames += 1
    _after(file, len(lines), at, size, head, heads, opener, place, report, closed=closed and whole_log)
    return heads


def _opened(path: Path, place: Place, keys: Keys, report: Report) -> tuple[SealedFile, Opener] | None:
    where = (place.part, place.track)
    if not path.is_file():
        report.add("file_missing", *where, detail=path.name)
        return None
    try:
        file = walk(path)
        if file.place != place:
            report.add("foreign", *where, detail=f"file of part {file.place.part}, track {file.place.track}")
            return None
        return file, file.opener(keys)
    except Altered as error:
        report.add("header_altered", *where, detail=str(error))
    except WrongKey as error:
        report.add("wrong_key", *where, detail=str(error))
    return None


def _next(
    file: SealedFile, frame: Frame, index: int, head: bytes, opener: Opener, place: Place, report: Report
) -> tuple[bytes, bytes | None]:
    """The chain after a frame and its plain bytes; None when it is not what must stand here."""
    sealed = file.sealed(frame)
    if not _in_place(frame.header, index, head, place, report):
        return head, None
    try:
        plain = opener.open(frame.header, sealed)
    except Altered:
        report.add("altered", place.part, place.track, index)
        return head, None
    return chained(head, frame.header.raw, sealed), plain


def _in_place(header: Header, index: int, head: bytes, place: Place, report: Report) -> bool:
    if header.number != index:
        report.add("reordered", place.part, place.track, index, f"frame {header.number} stands here")
        return False
    if header.before != head:
        # A changed byte or two is damage; another hash altogether is a frame sealed for another place.
        differing = sum(a != b for a, b in zip(header.before, head, strict=True))
        report.add("foreign" if differing > 16 else "altered", place.part, place.track, index)
        return False
    return True


def _as_logged(
    file: SealedFile, line: dict[str, Any], index: int, head: bytes, opener: Opener, place: Place, report: Report,
    *, deep: bool,
) -> bool:  # fmt: skip
    """Whether the bytes where the log has frame `index` are that frame."""
    with file.path.open("rb") as source:
        source.seek(line["offset"])
        data = source.read(line["size"] if deep else FRAME.size)
    try:
        header = read_frame_header(data)
    except Altered:
        report.add("altered", place.part, place.track, index, "no frame begins here")
        return False
    if line["index"] != index or FRAME.size + header.size != line["size"]:
        report.add("reordered", place.part, place.track, index, f"frame {header.number} stands here")
        return False
    if not _in_place(header, index, head, place, report):
        return False
    if not deep:
        return True
    sealed = data[FRAME.size :]
    try:
        opener.open(header, sealed)
    except Altered:
        report.add("altered", place.part, place.track, index)
        return False
    if chained(head, header.raw, sealed).hex() != line["head"]:
        report.add("chain_broken", place.part, place.track, index, "the log has another hash")
        return False
    return True


def _after(
    file: SealedFile, index: int, at: int, size: int, head: bytes, heads: dict[int, str], opener: Opener,
    place: Place, report: Report, *, closed: bool,
) -> None:  # fmt: skip
    """What stands after the last logged frame: nothing in a closed part, in an open one perhaps a last round."""
    for frame in file.frames[index:]:
        if closed or frame.offset != at:
            break
        head, plain = _next(file, frame, index, head, opener, place, report)
        if plain is None:
            return
        index, at = index + 1, frame.end
        heads[index] = head.hex()
        report.add("unlogged", place.part, place.track, index - 1)
    if at < size:
        report.add("extra_data" if closed else "torn_tail", place.part, place.track, index)
