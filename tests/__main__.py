"""Run the tests: `python -m tests [--fast | --long | --check] [pytest arguments]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CHECKS = "tests/agreements/test_checks.py"
# Quick tests keep every core busy; the whole run has real browsers and lines, which must not be pushed aside.
FAST = ["--fast", "--numprocesses", "auto", "--dist", "loadfile"]


def main(arguments: list[str]) -> None:
    """Replaces this process by pytest, so that its exit code and its closing line are the command's own."""
    own = {"--check": [CHECKS, "-v"], "--fast": FAST, "--long": ["--long"]}
    chosen = [part for argument in arguments for part in own.get(argument, [argument])]
    os.chdir(CHECKOUT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *chosen])


if __name__ == "__main__":
    main(sys.argv[1:])
