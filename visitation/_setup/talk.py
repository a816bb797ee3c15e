"""Tell the person at the terminal what is being done, and run the programs that do it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STATE = CHECKOUT / ".set-up"
LOG = STATE / "log.txt"
SHOWN_LINES = 12  # from the start, where causes stand, and as many from the end


class Stop(Exception):
    """Set-up cannot go on; the text says why and what to type."""


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """One progress line: the words at once, how long it took when it is done."""
    print(f"  {words} ... ", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - begun:.0f} s", flush=True)


def environment() -> dict[str, str]:
    """The environment for package clients: they trust what the system trusts, where it says what that is."""
    given = dict(os.environ)
    given.setdefault("NODE_USE_SYSTEM_CA", "1")
    # uv asks the system *instead* of its own list; on a system without certificates that would be nothing.
    bundles = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    if sys.platform != "linux" or "SSL_CERT_FILE" in given or any(Path(path).exists() for path in bundles):
        given.setdefault("UV_SYSTEM_CERTS", "1")
    return given


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    folder: Path = CHECKOUT,
    extra: Mapping[str, str] | None = None,
) -> None:
    """Runs a program with its output kept in the log; `Stop` with the last lines when it fails."""
    STATE.mkdir(exist_ok=True)
    with LOG.open("a+b") as log:
        start = log.seek(0, os.SEEK_END)
        log.write(f"$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment() | dict(extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            log.seek(start)
            lines = log.read().decode(errors="replace").splitlines()
            if len(lines) > 2 * SHOWN_LINES:
                lines = [*lines[:SHOWN_LINES], "...", *lines[-SHOWN_LINES:]]
            said = "\n".join("    " + line for line in lines)
            raise Stop(f"This did not work (all of it is in {LOG}):\n{said}")
