"""Run the tests: `python -m tests [--fast | --long | --check] [pytest arguments]`.

The whole run has two parts: first what may share the machine, on every core; then, one by one, the browsers and
lines of real time that must not be pushed aside (tests/conftest.py says which).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CHECKS = "tests/agreements/test_checks.py"
TOGETHER = ["--numprocesses", "auto", "--dist", "loadgroup"]
PARTS = (["-m", "not alone", *TOGETHER], ["-m", "alone"])


def main(arguments: list[str]) -> None:
    """Ends this process with the tests' exit code: 0 when all that was asked for ran and passed."""
    own = {"--check": [CHECKS, "-v"], "--fast": ["--fast", *TOGETHER], "--long": ["--long"]}
    chosen = [part for argument in arguments for part in own.get(argument, [argument])]
    os.chdir(CHECKOUT)
    sys.stdout.flush()
    if chosen in ([], ["--long"]):
        sys.exit(whole(chosen))
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *chosen])


def whole(options: list[str]) -> int:
    """Runs both parts and closes with one line that counts what ran in either; answers the worse exit code."""
    began = time.monotonic()
    counted: Counter[str] = Counter()
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate(PARTS):
            tally = Path(folder) / f"{number}.json"
            command = [sys.executable, "-m", "pytest", "--tally", str(tally), *options, *part]
            worst = max(worst, abs(subprocess.run(command, check=False).returncode))
            if not tally.exists():  # stopped before its end: nothing to count, no reason to go on
                return worst or 1
            counted.update(json.loads(tally.read_text()))
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))
    print(f"The whole run: {told} in {minutes} min {seconds} s", flush=True)
    return worst


if __name__ == "__main__":
    main(sys.argv[1:])
