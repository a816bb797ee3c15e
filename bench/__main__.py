"""`visitation bench NAME`: measure and print a table; nothing is asserted about time."""

from __future__ import annotations

import importlib
import sys

USAGE = """usage: visitation bench relay [--calls 8,24] [--full] [--help]
       visitation bench recorder [--calls 1,8,24] [--seconds 20] [--repeats 1] [--stages]"""
BENCHES = {"relay": "bench.relay_bench", "recorder": "bench.recorder_bench"}


def main(argv: list[str]) -> int:
    """The exit status."""
    if argv[:1] in (["--help"], ["-h"]):
        print(USAGE)
        return 0
    if not argv or argv[0] not in BENCHES:
        print(USAGE, file=sys.stderr)
        return 2
    if argv[0] == "relay" and not _native_clients():
        return 1
    status: int = importlib.import_module(BENCHES[argv[0]]).main(argv[1:])
    return status


def _native_clients() -> bool:
    """Whether the clients that bring the load are compiled; says what to type where they cannot be."""
    from bench import native
    from visitation._setup.talk import Stop

    try:
        native.build()
    except Stop as why:
        print(why, file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
