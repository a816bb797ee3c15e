"""Know what is already done: a stamp lies inside what it vouches for and names the content it was made from."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from visitation._setup.talk import STATE

STAMP = ".visitation-stamp"
UNWATCHED = {"node_modules", "dist", "__pycache__", "coverage"}


def fingerprint(*parts: Path | str) -> str:
    """SHA-256 over the texts and over the names and contents of the files and folders given."""
    digest = hashlib.sha256()
    for part in parts:
        for label, content in _pieces(part):
            digest.update(f"{label}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _pieces(part: Path | str) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, str):
        yield "text", part.encode()
    elif part.is_dir():
        for path in sorted(_files(part)):
            yield str(path.relative_to(part)), path.read_bytes()
    elif part.exists():
        yield part.name, part.read_bytes()


def _files(folder: Path) -> Iterable[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in UNWATCHED and not name.startswith(".")]
        for name in names:
            if not (
                name.endswith(".ts") and name[:-2] + "po" in names
            ):  # compiled from the catalogue by the build
                yield Path(top) / name


def fresh(folder: Path, value: str) -> bool:
    """Whether `folder` was made from the content that `value` names, and was finished."""
    try:
        return value in (folder / STAMP).read_text().split()
    except (OSError, UnicodeDecodeError):
        return False


def vouch(folder: Path, *values: str) -> None:
    """Writes the stamp in one move, as the very last act of making `folder`."""
    draft = folder / (STAMP + ".new")
    draft.write_text("\n".join(values) + "\n")
    draft.replace(folder / STAMP)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one set-up at a time in this checkout; a second one waits here and then finds everything done.

    The kernel frees the lock with the process, however it ends, so an interrupted set-up never bars the next.
    """
    STATE.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # not a POSIX system: no protection, and none of our servers run there
        yield
        return
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  another set-up is at work in this checkout; waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
