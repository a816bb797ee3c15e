"""Compile the native packet path beside its source; without a compiler the Python one serves, which is said once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from visitation._setup import system
from visitation._setup.python import PYTHON, VENV
from visitation._setup.stamps import fingerprint, fresh, vouch
from visitation._setup.talk import CHECKOUT, STATE, Stop, run, step

ROOM = CHECKOUT / "relay"
SOURCE = ROOM / "pump.pyx"
PACKAGES = ("gcc", "libc6-dev", "python3-dev")
# Contraction to fused multiply-add would give other jitter figures than Python's.
FLAGS = ("-O2", "-g", "-fPIC", "-shared", "-pthread", "-ffp-contract=off", "-fno-strict-aliasing")
ASKS = "import sysconfig as s; print(s.get_paths()['include'], s.get_config_var('EXT_SUFFIX'))"


def ready() -> bool:
    """Whether it is built, or was found impossible while there was no compiler as now; by the stamp alone."""
    if not SOURCE.exists() or fresh(ROOM, _stamp("failed")):
        return True
    if fresh(ROOM, _stamp("built")):
        return any(ROOM.glob("pump*.so"))
    return _compiler() is None and fresh(ROOM, _stamp("none"))


def build() -> None:
    """Builds it or says why not and what to type; never stops the set-up, since calls work without it."""
    try:
        include, suffix = _python()
        if _compiler() is None or not (include / "Python.h").exists():
            _get_compiler()
        with step("Compiling the packet path"):
            _compile(include, suffix)
    except Stop as why:
        print(
            f"  The packet path runs in Python, which takes about twice the CPU per call:\n{why}", flush=True
        )
        vouch(ROOM, _stamp("none" if _compiler() is None else "failed"))
    else:
        vouch(ROOM, _stamp("built"))


def _stamp(what: str) -> str:
    return fingerprint(SOURCE, what, VENV / "pyvenv.cfg", str(PYTHON), *FLAGS)


def _compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def _python() -> tuple[Path, str]:
    asked = subprocess.run([PYTHON, "-c", ASKS], capture_output=True, text=True, check=True)
    include, suffix = asked.stdout.split()
    return Path(include), suffix


def _get_compiler() -> None:
    """Root gets Debian's; anybody else is told the line to type and served without meanwhile."""
    system.install(PACKAGES, "The fast packet path needs a C compiler.")


def _compile(include: Path, suffix: str) -> None:
    STATE.mkdir(exist_ok=True)
    code, draft = STATE / "pump.c", ROOM / f"pump{suffix}.{os.getpid()}"
    compiler = _compiler()
    if compiler is None or not (include / "Python.h").exists():
        raise Stop(f"There is no C compiler, or no Python.h in {include}.")
    run([PYTHON, "-m", "cython", "-3", SOURCE, "-o", code])
    run([compiler, *FLAGS, f"-I{include}", code, "-o", draft])
    draft.replace(ROOM / f"pump{suffix}")
