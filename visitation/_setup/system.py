"""Find the system's own packages, install them as root, or say the one line to type."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from visitation._setup.talk import Stop, run, step

# What the tests need beside Python and Node: program to look for, Debian's package.
FOR_TESTS = (
    ("chromium", "chromium"),
    ("firefox-esr", "firefox-esr"),
    ("ip", "iproute2"),
    ("postgres", "postgresql"),
)
FONTS = "fonts-dejavu-core"  # a browser without any font draws nothing, and everything counts as hidden
# Debian keeps a database server's programs by its version, and not in the path.
POSTGRESQL = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", *POSTGRESQL])


def missing_for_tests() -> list[str]:
    """Debian's names of what the tests need and this machine has not."""
    missing = [package for program, package in FOR_TESTS if not shutil.which(program, path=PATH)]
    fonts = Path("/usr/share/fonts")
    if not any(fonts.rglob("*.?tf")):
        missing.append(FONTS)
    return missing


def install(packages: Sequence[str], why: str) -> None:
    """Installs Debian packages as root; else raises `Stop` with the one line to type."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise Stop(
            f"{why} This system has no apt-get: install what corresponds to Debian's "
            f"{', '.join(packages)} and start again."
        )
    if os.geteuid() != 0:
        line = f"sudo apt-get install --yes {' '.join(packages)}"
        raise Stop(f"{why} Type this one line, then start again:\n\n    {line}\n")
    options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing {', '.join(packages)} (system packages)"):
        run([apt, "-o", "DPkg::Lock::Timeout=300", "update"], extra=quiet)
        run([apt, *options, "install", *packages], extra=quiet)
