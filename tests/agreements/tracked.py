"""The files of the checkout that people write, with or without git at hand."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("visitation", "relay", "signaling", "recording", "web", "server")
NOT_OURS = {
    "node_modules", "dist", "var", "build", "__pycache__", ".git", ".venv", ".set-up",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control, or, in a copy without git, every file that is not made by tools."""
    if (CHECKOUT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
        found = [CHECKOUT / name for name in listed.split("\0") if name]
    else:
        found = [path for path in CHECKOUT.rglob("*") if not NOT_OURS & set(path.relative_to(CHECKOUT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def name(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def texts() -> list[tuple[str, str]]:
    """Name and content of every tracked text."""
    read = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            read.append((name(path), data.decode("utf-8")))
    return read


def python_files(*rooms: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and name(path).split("/")[0] in rooms]
