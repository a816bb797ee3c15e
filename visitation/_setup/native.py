"""Compile the native modules beside their sources; without a compiler the Python ones serve, which is said once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from visitation._setup import system
from visitation._setup.python import PYTHON, VENV
from visitation._setup.stamps import fingerprint, fresh, vouch
from visitation._setup.talk import CHECKOUT, STATE, Stop, run, step

MODULES = ("relay/pump.pyx", "recording/batches.pyx")  # each is a specification's native twin
PACKAGES = ("gcc", "libc6-dev", "python3-dev")
# Contraction to fused multiply-add would give other jitter figures than Python's.
FLAGS = ("-O2", "-g", "-fPIC", "-shared", "-pthread", "-ffp-contract=off", "-fno-strict-aliasing")
ASKS = "import sysconfig as s; print(s.get_paths()['include'], s.get_config_var('EXT_SUFFIX'))"


def ready() -> bool:
    """Whether each is built, or was found impossible while there was no compiler as now; by the stamps alone."""
    return all(_ready(source) for source in sources())


def build() -> None:
    """Builds them or says why not and what to type; never stops the set-up, since calls work without them."""
    try:
        include, suffix = _python()
        if _compiler() is None or not (include / "Python.h").exists():
            _get_compiler()
        with step("Compiling the packet path"):
            for source in sources():
                _compile(source, include, suffix)
    except Stop as why:
        print(
            f"  The packet path runs in Python, which takes about twice the CPU per call:\n{why}", flush=True
        )
        _vouch("none" if _compiler() is None else "failed")
    else:
        _vouch("built")


def sources() -> list[Path]:
    """Where there is no source, as in an installed package, there is nothing to build."""
    return [source for module in MODULES if (source := CHECKOUT / module).exists()]


def _ready(source: Path) -> bool:
    room = source.parent
    if fresh(room, _stamp(source, "failed")):
        return True
    if fresh(room, _stamp(source, "built")):
        return any(room.glob(f"{source.stem}*.so"))
    return _compiler() is None and fresh(room, _stamp(source, "none"))


def _vouch(what: str) -> None:
    for source in sources():
        vouch(source.parent, _stamp(source, what))


def _stamp(source: Path, what: str) -> str:
    return fingerprint(source, what, VENV / "pyvenv.cfg", str(PYTHON), *FLAGS)


def _compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def _python() -> tuple[Path, str]:
    asked = subprocess.run([PYTHON, "-c", ASKS], capture_output=True, text=True, check=True)
    include, suffix = asked.stdout.split()
    return Path(include), suffix


def _get_compiler() -> None:
    """Root gets Debian's; anybody else is told the line to type and served without meanwhile."""
    system.install(PACKAGES, "The fast packet path needs a C compiler.")


def _compile(source: Path, include: Path, suffix: str) -> None:
    STATE.mkdir(exist_ok=True)
    built = source.with_name(source.stem + suffix)
    code, draft = STATE / f"{source.stem}.c", built.with_name(f"{built.name}.{os.getpid()}")
    compiler = _compiler()
    if compiler is None or not (include / "Python.h").exists():
        raise Stop(f"There is no C compiler, or no Python.h in {include}.")
    run([PYTHON, "-m", "cython", "-3", source, "-o", code])
    run([compiler, *FLAGS, f"-I{include}", code, "-o", draft])
    draft.replace(built)
