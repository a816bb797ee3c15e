"""Two machines on one: network namespaces of our own, joined by a cable."""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNET = 0x40000000  # linux/sched.h
IP = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "ip"


@dataclass(frozen=True)
class Machine:
    """One end of the cable: the namespace's name and its address."""

    name: str
    address: str

    @property
    def prefix(self) -> list[str]:
        """What stands before a command that shall run there."""
        return [IP, "netns", "exec", self.name]

    async def pull_the_cable(self) -> None:
        """Nothing comes or goes any more, and nobody is told."""
        await _ip("-n", self.name, "link", "set", "cable", "down")

    async def plug_the_cable(self) -> None:
        await _ip("-n", self.name, "link", "set", "cable", "up")

    def socket(self, family: int, kind: int, protocol: int) -> socket.socket:
        """A socket that belongs to that machine, for use from this process."""
        libc = ctypes.CDLL(None, use_errno=True)
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(Path("/run/netns") / self.name, os.O_RDONLY)
        try:
            if libc.setns(there, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
            try:
                made = socket.socket(family, kind, protocol)
                made.setblocking(False)
                return made
            finally:
                if libc.setns(here, CLONE_NEWNET):
                    os._exit(70)  # nothing may go on in the wrong network
        finally:
            os.close(here)
            os.close(there)


async def _ip(*words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        IP, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise OSError(f"ip {' '.join(words)}: {said.decode().strip()}")


@asynccontextmanager
async def two_machines() -> AsyncIterator[tuple[Machine, Machine]]:
    """A prison and a home with nothing but a cable between them; needs root."""
    tag = os.getpid() % 100000
    prison, home = Machine(f"prison{tag}", "10.213.7.1"), Machine(f"home{tag}", "10.213.7.2")
    made: list[Machine] = []
    try:
        for machine in (prison, home):
            await _ip("netns", "add", machine.name)
            made.append(machine)
        await _ip(
            "link", "add", "cable", "netns", prison.name, "type", "veth", "peer", "cable", "netns", home.name
        )
        for machine in (prison, home):
            await _ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", "cable")
            await _ip("-n", machine.name, "link", "set", "cable", "up")
            await _ip("-n", machine.name, "link", "set", "lo", "up")
        yield prison, home
    finally:
        for machine in made:
            await _ip("netns", "delete", machine.name)
