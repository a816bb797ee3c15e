"""Reads sealed files back: walks the frame headers of a file, opens frames, reads a part's log."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from recording.keys import Keys
from recording.sealing import (
    FRAME,
    LARGEST_HEADER,
    Altered,
    Header,
    Opener,
    Place,
    chained,
    read_file_header,
    read_frame_header,
)
from recording.vault import LOG_FILE, parts, track_files

LOG_TRACK = 65_535
Read = Callable[[int, int], bytes]


class Frame(NamedTuple):
    """One frame's place in its file: `offset` of its header; the ciphertext follows it."""

    offset: int
    header: Header

    @property
    def end(self) -> int:
        return self.offset + FRAME.size + self.header.size


@dataclass(slots=True)
class SealedFile:
    """A sealed file as found: its whole frames, and how many bytes after them are no whole frame."""

    path: Path
    raw_header: bytes
    place: Place
    key_id: str
    wrapped: bytes
    frames: list[Frame] = field(default_factory=list)
    torn: int = 0

    def opener(self, keys: Keys) -> Opener:
        """Raises WrongKey."""
        return Opener(keys.unwrap(self.key_id, self.wrapped), self.place)

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """A function (offset, size) -> bytes over the file while it is open."""
        with self.path.open("rb") as file:
            yield lambda offset, size: os.pread(file.fileno(), size, offset)

    def sealed(self, frame: Frame) -> bytes:
        """The ciphertext of one frame."""
        with self.reading() as read:
            return read(frame.offset + FRAME.size, frame.header.size)


def walk(path: Path) -> SealedFile:
    """Reads the headers of a file, not its contents; stops at the first that is no header. Raises Altered."""
    with path.open("rb") as file:
        descriptor = file.fileno()
        size = os.fstat(descriptor).st_size
        found = SealedFile(path, *read_file_header(os.pread(descriptor, LARGEST_HEADER, 0)))
        at = len(found.raw_header)
        while at < size:
            try:
                header = read_frame_header(os.pread(descriptor, FRAME.size, at))
            except Altered:
                break
            frame = Frame(at, header)
            if frame.end > size:
                break
            found.frames.append(frame)
            at = frame.end
        found.torn = size - at
    return found


def head(file: SealedFile) -> tuple[int, str]:
    """(frames, chain head in hex) as the last whole frame leaves it; no check of those before."""
    if not file.frames:
        return 0, ""
    last = file.frames[-1]
    return len(file.frames), chained(last.header.before, last.header.raw, file.sealed(last)).hex()


def read_log(file: SealedFile, keys: Keys) -> list[dict[str, Any]]:
    """The records of a log, in order; stops at a frame that does not open. Raises WrongKey."""
    opener, records = file.opener(keys), []
    with file.reading() as read:
        for frame in file.frames:
            sealed = read(frame.offset + FRAME.size, frame.header.size)
            try:
                records += log_records(opener.open(frame.header, sealed))
            except Altered:
                break
    return records


def log_records(plain: bytes) -> list[dict[str, Any]]:
    """The records of one opened log frame. Raises Altered."""
    try:
        found = json.loads(plain)
    except ValueError as error:
        raise Altered("log frame is not JSON") from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Altered("log frame is not a list of records")
    return found


def found_before(folder: Path, number: int) -> dict[str, Any] | None:
    """How the last part before part `number` that lived was found: the heads of its files, so that cutting them
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
