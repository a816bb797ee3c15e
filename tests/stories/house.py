"""The whole server as a newcomer starts it: a process on free ports with a data folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 40.0
STOP_SECONDS = 20.0
KEPT_LINES = 400


class House:
    """A running server: where it is, and what it said so far."""

    def __init__(self, process: asyncio.subprocess.Process, data: Path) -> None:
        self.process = process
        self.data = data
        self.url = ""
        self.media_port = 0
        self.links: list[dict[str, Any]] = []
        self.said: deque[str] = deque(maxlen=KEPT_LINES)
        self.changed = asyncio.Condition()

    async def listen(self) -> None:
        """Keeps what the server prints until it ends."""
        assert self.process.stdout
        async for line in self.process.stdout:
            async with self.changed:
                self.said.append(line.decode(errors="replace").rstrip())
                self._understand(self.said[-1])
                self.changed.notify_all()
        async with self.changed:
            self.changed.notify_all()

    def _understand(self, line: str) -> None:
        if line.startswith('{"url"'):
            told = json.loads(line)
            self.url, self.media_port, self.links = told["url"], told["media_port"], told["links"]

    async def up(self) -> None:
        """Waits for the addresses; fails with what the server said when it ends before."""
        async with asyncio.timeout(START_SECONDS), self.changed:
            await self.changed.wait_for(lambda: self.url or self.process.stdout.at_eof())  # type: ignore[union-attr]
        assert self.url, "the server ended while starting:\n" + "\n".join(self.said)

    def children(self, name: str) -> list[int]:
        """Process ids of the server's own children whose command line holds `name`."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status, command = (folder / "status").read_text(), (folder / "cmdline").read_text()
            except OSError:
                continue
            if f"\nPPid:\t{self.process.pid}\n" in status and name in command:
                found.append(int(folder.name))
        return found


@asynccontextmanager
async def serving(
    data: Path,
    options: Sequence[str] = (),
    prefix: Sequence[str] = (),
) -> AsyncIterator[House]:
    """Starts the server and stops it with SIGTERM; it must end by itself and without a complaint."""
    process = await asyncio.create_subprocess_exec(
        *prefix, sys.executable, "-m", "server.cli", "serve", "--demo", "--port", "0", "--json-addresses",
        "--data", str(data), *options,
        cwd=CHECKOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, limit=1 << 20,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    house = House(process, data)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(house.listen())
        try:
            await house.up()
            yield house
        finally:
            await _stop(process)
    assert process.returncode == 0, "the server did not end well:\n" + "\n".join(house.said)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it left behind; it is its own group
