"""`visitation bench relay [options]`."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if sys.argv[1:2] != ["relay"]:
        sys.exit("usage: visitation bench relay [--calls 1,5,10,20] [--seconds 15] [--repeats 2] [--preview]")
    from bench.relay_bench import main

    sys.exit(main(sys.argv[2:]))
