"""A network of the bench's own: Janus takes no loopback address, and the machine's real ones are nobody's target.

The bench starts itself again inside; everything in it still goes over the kernel's loopback device.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from visitation._setup.system import PATH
from visitation._setup.talk import Stop

ADDRESS = "10.77.0.1"
INSIDE = "VISITATION_BENCH_NETWORK"
LINES = (
    "link set lo up",
    "link add bench0 type veth peer name bench1",
    f"addr add {ADDRESS}/32 dev bench0",
    "link set bench0 up",
    "link set bench1 up",
)


def enter(module: str, argv: Sequence[str]) -> None:
    """Goes on inside: returns there; outside it does not return. `Stop` where that is not allowed here."""
    if os.environ.get(INSIDE):
        ip = _program("ip", "iproute2")
        for line in LINES:
            subprocess.run([ip, *line.split()], check=True, capture_output=True)
        return
    unshare = [_program("unshare", "util-linux"), "--net"]
    if os.geteuid() != 0:
        unshare += ["--user", "--map-root-user"]
    tried = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise Stop(
            f"Janus is measured in a network namespace, which is refused here ({tried.stderr.strip()}).\n"
            "Run the bench as root, or without Janus: --servers pump,python,floor"
        )
    sys.stdout.flush()
    os.execve(unshare[0], [*unshare, sys.executable, "-m", module, *argv], os.environ | {INSIDE: "1"})


def _program(name: str, package: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        raise Stop(
            f"Janus is measured in a network namespace; that needs {name}:\n\n    sudo apt-get install {package}\n"
        )
    return found
