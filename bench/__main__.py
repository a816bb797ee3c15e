"""`visitation bench relay [options]`, `visitation bench recorder [options]`."""

from __future__ import annotations

import sys

USAGE = """usage: visitation bench relay [--calls 1,5,10,20] [--seconds 15] [--repeats 2] [--preview]
       visitation bench recorder [--calls 1,8,24] [--seconds 20] [--repeats 1]"""

if __name__ == "__main__":
    if sys.argv[1:2] == ["relay"]:
        from bench import relay_bench as bench
    elif sys.argv[1:2] == ["recorder"]:
        from bench import recorder_bench as bench  # type: ignore[no-redef]
    else:
        sys.exit(USAGE)
    sys.exit(bench.main(sys.argv[2:]))
