"""Make the Python environment of the checkout and install what the lock names, by hash."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from visitation._setup import system
from visitation._setup.stamps import fingerprint, fresh, vouch
from visitation._setup.talk import CHECKOUT, Stop, environment, run, step

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
HALF_MADE = VENV / ".half-made"
LOCKS = {"run": CHECKOUT / "requirements.lock", "test": CHECKOUT / "requirements-test.lock"}


def ready(purpose: str) -> bool:
    """Whether the environment holds what `purpose` ("run" or "test") needs, by its stamp alone."""
    return PYTHON.exists() and fresh(VENV, _stamp(purpose))


def prepare(purpose: str) -> None:
    """Makes the environment `ready`, replacing a half-made one; raises `Stop` with what to type."""
    uv = shutil.which("uv")
    if not _usable(uv):
        _make(uv)
    lock = LOCKS[purpose]
    count = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    with step(f"Installing the Python packages that {lock.name} names ({count})"):
        HALF_MADE.touch()
        _install(uv, lock)
        _point_at_checkout()
        HALF_MADE.unlink()
    # What the tests' lock names includes all that running needs (tests/agreements sees to it).
    vouch(VENV, *(_stamp(name) for name in LOCKS if name in (purpose, "run")))


def _stamp(purpose: str) -> str:
    # The folder is part of it because scripts in the environment hold its path.
    return fingerprint(LOCKS[purpose], str(VENV), "layout 1")


def _usable(uv: str | None) -> bool:
    """Whether what lies in .venv runs, fits and can be installed into."""
    if not PYTHON.exists() or HALF_MADE.exists():
        return False  # an installer that was killed leaves packages that look whole to the next one
    asks = "import sys" if uv else "import sys, pip"
    probe = f"{asks}; sys.exit(sys.version_info < (3, 11) or sys.prefix != {str(VENV)!r})"
    return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0


def _make(uv: str | None) -> None:
    if not uv and not importlib.util.find_spec("ensurepip"):
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        names = ["python3-venv"] if sys.executable.startswith("/usr/bin/") else [version]
        system.install(names, "This Python has no ensurepip, which makes its environments.")
        importlib.invalidate_caches()
        if not importlib.util.find_spec("ensurepip"):
            raise Stop(
                f"{sys.executable} still has no ensurepip after installing {names[0]}: try another Python."
            )
    with step("Making the Python environment in .venv"):
        if VENV.exists():
            shutil.rmtree(VENV)
        if uv:
            run([uv, "venv", "--python", sys.executable, VENV])
        else:
            run([sys.executable, "-m", "venv", VENV])


def _install(uv: str | None, lock: Path) -> None:
    # Wheels only: nothing here may ask a newcomer for a compiler.
    hashed = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    if uv:
        run([uv, "pip", "install", "--python", PYTHON, *hashed])
    else:
        run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *hashed])


def _point_at_checkout() -> None:
    """Lets the environment's Python import the rooms from any folder."""
    sites = list(VENV.glob("lib/python3*/site-packages"))
    if not sites:
        raise Stop(f"{VENV} has no site-packages: remove the folder and start again.")
    for site in sites:
        (site / "visitation-checkout.pth").write_text(f"{CHECKOUT}\n")


def hand_over(arguments: list[str]) -> None:
    """Replaces this process by the server's command line; never returns."""
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), "-m", "server.cli", *arguments], environment())
