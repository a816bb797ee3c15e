"""Where recordings lie on disk: folders by UUID and part, files that are only ever appended to.

`<vault>/<recording uuid>/part-<n>/` holds `log.sealed`, `track-<m>.sealed` and `manifest`. Folders are 0700,
files 0600.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path

from recording.spec import recording_name

LOG_FILE, MANIFEST_FILE = "log.sealed", "manifest"
_PART = re.compile(r"part-([1-9][0-9]{0,5})\Z")
_TRACK = re.compile(r"track-([0-9]|[1-9][0-9]{1,4})\.sealed\Z")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class VaultFailed(Exception):
    """The disk does not take it; `reason` is disk_full or disk_error."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.reason = "disk_full" if error.errno in _FULL else "disk_error"


class AppendFile:
    """One file that grows. After a failed write its torn tail is cut off and nothing more is taken."""

    def __init__(self, path: Path) -> None:
        """Creates the file; it must not exist. Raises VaultFailed."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        try:
            self._descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise VaultFailed(error) from error
        self.size = 0

    def append(self, *pieces: bytes) -> None:
        """All of it or nothing (a kill in between leaves a torn tail, which readers see). Raises VaultFailed."""
        size = sum(map(len, pieces))
        try:
            written = os.writev(self._descriptor, pieces)
            view = memoryview(b"".join(pieces))[written:] if written < size else memoryview(b"")
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            raise VaultFailed(error) from error
        self.size += size

    def sync(self) -> None:
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise VaultFailed(error) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


class Vault:
    """The folder of all recordings of one node."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def recording(self, recording_id: str) -> Path:
        """Its folder, which need not exist. Raises SpecRefused unless the id is a canonical UUID."""
        return self.root / recording_name(recording_id)

    def new_part(self, recording_id: str) -> tuple[int, Path]:
        """A new, empty part of the recording. Raises VaultFailed."""
        folder = self.recording(recording_id)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = max(parts(folder), default=0) + 1
            path = folder / f"part-{number}"
            path.mkdir(mode=0o700)
            for changed in (folder, self.root):
                sync_folder(changed)
        except OSError as error:
            raise VaultFailed(error) from error
        return number, path

    def discard(self, part: Path) -> None:
        """Takes away a part that could not even be begun."""
        with contextlib.suppress(OSError):
            for path in (part / LOG_FILE, part / MANIFEST_FILE):
                path.unlink(missing_ok=True)
            part.rmdir()

    def room(self) -> int:
        """Free bytes for this user where the recordings lie."""
        try:
            found = os.statvfs(self.root)
        except OSError:
            return 0
        return found.f_bavail * found.f_frsize


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def parts(folder: Path) -> dict[int, Path]:
    """The parts of a recording by number, in order."""
    found = {int(match[1]): path for path in folder.iterdir() if (match := _PART.match(path.name))}
    return dict(sorted(found.items()))


def track_file(part: Path, number: int) -> Path:
    return part / f"track-{number}.sealed"


def track_files(part: Path) -> dict[int, Path]:
    found = {int(match[1]): path for path in part.iterdir() if (match := _TRACK.match(path.name))}
    return dict(sorted(found.items()))
