"""Checks one sealed file frame by frame: a log by its own chain, a track also by what the log says of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recording.archive import LOG_TRACK, Frame, Read, SealedFile, log_records, walk
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
    opened = _opened(path, place, keys, report, begun=True)
    if opened is None:
        return None
    file, opener = opened
    log = Checked(torn=file.torn)
    with file.reading() as read:
        chain = _Chain(file, opener, read, report)
        for frame in file.frames:
            plain = chain.follow(frame)
            if plain is None or not _recorded(plain, log, chain, report):
                log.broken = True
                break
            log.ended = bool(frame.header.meta.flags & LAST)
            report.frames += 1
    log.heads = chain.heads
    return log


def _recorded(plain: bytes, log: Checked, chain: _Chain, report: Report) -> bool:
    try:
        log.records += log_records(plain)
    except Altered as error:
        report.add("log_unreadable", chain.place.part, LOG_TRACK, chain.index - 1, str(error))
        return False
    return True


def check_track(
    path: Path,
    place: Place,
    named: dict[str, Any] | None,
    lines: list[dict[str, Any]],
    keys: Keys,
    report: Report,
    *,
    closed: bool,
    deep: bool,
) -> dict[int, str]:
    """Compares the file with the log's lines, then looks at what follows them. Chain heads by number of frames.

    `named` is the log's record of the track; `closed` says that the log is whole and nothing may follow.
    """
    opened = _opened(path, place, keys, report, begun=closed or named is not None)
    if opened is None:
        return {}
    file, opener = opened
    with file.reading() as read:
        chain = _Chain(file, opener, read, report)
        if named is None and closed:
            report.add("unexpected_file", place.part, place.track, detail=path.name)
        elif named is not None and named["head"] != chain.head.hex():
            report.add("header_altered", place.part, place.track)
            return {}
        size = path.stat().st_size
        for line in lines:
            if line["offset"] + line["size"] > size:
                missing = f"{len(lines) - chain.index} frames are missing"
                report.add("truncated", place.part, place.track, chain.index, missing)
                return chain.heads
            if not chain.follow_logged(line, deep=deep):
                return chain.heads
            report.frames += 1
        _check_rest(chain, file, size, closed=closed)
    return chain.heads


def _check_rest(chain: _Chain, file: SealedFile, size: int, *, closed: bool) -> None:
    """What stands after the last logged frame: nothing in a closed part, in an open one perhaps a last round."""
    part, track = chain.place.part, chain.place.track
    for frame in file.frames[chain.index :]:
        if closed or frame.offset != chain.end:
            break
        if chain.follow(frame) is None:
            return
        chain.report.add("unlogged", part, track, chain.index - 1)
    if chain.end < size:
        chain.report.add("extra_data" if closed else "torn_tail", part, track, chain.index)


def _opened(
    path: Path, place: Place, keys: Keys, report: Report, *, begun: bool
) -> tuple[SealedFile, Opener] | None:
    """The file and its opener. Not `begun`: a kill may have left less than its header."""
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
        report.add("header_altered" if begun else "torn_tail", *where, detail=str(error))
    except WrongKey as error:
        report.add("wrong_key", *where, detail=str(error))
    return None


class _Chain:
    """Follows a file's chain; each step that fails is a finding and leaves the chain where it was."""

    def __init__(self, file: SealedFile, opener: Opener, read: Read, report: Report) -> None:
        self.place, self.report = file.place, report
        self.index = 0
        self.end = len(file.raw_header)
        self.head = hashlib.sha256(file.raw_header).digest()
        self.heads = {0: self.head.hex()}
        self._opener, self._read = opener, read

    def follow(self, frame: Frame) -> bytes | None:
        """The plain bytes of the frame that must come next."""
        sealed = self._read(frame.offset + FRAME.size, frame.header.size)
        if not self._in_place(frame.header):
            return None
        plain = self._plain(frame.header, sealed)
        if plain is not None:
            self._step(chained(self.head, frame.header.raw, sealed), frame.end)
        return plain

    def follow_logged(self, line: dict[str, Any], *, deep: bool) -> bool:
        """Whether the bytes where the log has the next frame are that frame; only its header unless `deep`."""
        data = self._read(line["offset"], line["size"] if deep else FRAME.size)
        try:
            header = read_frame_header(data)
        except Altered:
            self._found("altered", "no frame begins here")
            return False
        if line["index"] != self.index or FRAME.size + header.size != line["size"]:
            self._found("reordered", f"frame {header.number} stands here")
            return False
        if not self._in_place(header):
            return False
        if deep:
            sealed = data[FRAME.size :]
            if self._plain(header, sealed) is None:
                return False
            if chained(self.head, header.raw, sealed).hex() != line["head"]:
                self._found("chain_broken", "the log has another hash")
                return False
        self._step(bytes.fromhex(line["head"]), line["offset"] + line["size"])
        return True

    def _step(self, head: bytes, end: int) -> None:
        self.index, self.head, self.end = self.index + 1, head, end
        self.heads[self.index] = head.hex()

    def _plain(self, header: Header, sealed: bytes) -> bytes | None:
        try:
            return self._opener.open(header, sealed)
        except Altered:
            self._found("altered")
            return None

    def _in_place(self, header: Header) -> bool:
        if header.number != self.index:
            self._found("reordered", f"frame {header.number} stands here")
            return False
        if header.before != self.head:
            # A changed byte or two is damage; another hash altogether is a frame sealed for another place.
            differing = sum(a != b for a, b in zip(header.before, self.head, strict=True))
            self._found("foreign" if differing > 16 else "altered")
            return False
        return True

    def _found(self, code: str, detail: str = "") -> None:
        self.report.add(code, self.place.part, self.place.track, self.index, detail)
