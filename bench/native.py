"""Compile the bench's own native parts beside their sources, with the set-up's flags and stamps."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from visitation._setup import system
from visitation._setup.native import FLAGS, PACKAGES
from visitation._setup.stamps import alone, fingerprint, fresh, vouch
from visitation._setup.talk import STATE, Stop, run, step

ROOM = Path(__file__).resolve().parent
SOURCES = (ROOM / "load.pyx", ROOM / "floor.pyx")
SUFFIX: str = sysconfig.get_config_var("EXT_SUFFIX")


def ready() -> bool:
    """Whether all is built from the sources as they are now."""
    return fresh(ROOM, _stamp()) and all(_built(source).exists() for source in SOURCES)


def build() -> None:
    """Builds what is not ready; `Stop` with the line to type where there is no compiler."""
    if ready():
        return
    with alone():
        include = Path(sysconfig.get_paths()["include"])
        if _compiler() is None or not (include / "Python.h").exists():
            system.install(PACKAGES, "The bench's clients are native code and need a C compiler.")
        with step("Compiling the bench's clients"):
            for source in SOURCES:
                _compile(source, include)
        vouch(ROOM, _stamp())


def _stamp() -> str:
    return fingerprint(*SOURCES, sys.version, *FLAGS)


def _built(source: Path) -> Path:
    return source.with_name(source.stem + SUFFIX)


def _compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def _compile(source: Path, include: Path) -> None:
    code, draft = STATE / f"bench-{source.stem}.c", ROOM / f"{_built(source).name}.{os.getpid()}"
    compiler = _compiler()
    if compiler is None:
        raise Stop("There is no C compiler.")
    run([sys.executable, "-m", "cython", "-3", source, "-o", code])
    run([compiler, *FLAGS, f"-I{include}", code, "-o", draft])
    draft.replace(_built(source))
