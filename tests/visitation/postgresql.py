"""A PostgreSQL server of the tests' own: in a folder, on a socket there, gone when they are done."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

import asyncpg

from visitation._setup.system import PATH

# Nothing here outlives the tests, so nothing needs to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
USER = "tests"


class Server:
    """`start` and `stop`; between them `create` makes databases, each a copy of an earlier one if asked."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
        self._numbers = count()
        self._user: int | None = None
        if os.geteuid() == 0:  # the server refuses to run as root
            self._user = _somebody()
            os.chown(self.folder, self._user, -1)

    def start(self) -> None:
        self._run(
            "initdb", "--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C"
        )
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
        self._run(
            "pg_ctl",
            "--wait",
            "--log",
            str(self.folder / "log"),
            "-o",
            f"-k {self.folder} {options}",
            "start",
        )

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "--wait", "--mode=immediate", "stop")
        shutil.rmtree(self.folder)

    async def create(self, template: str = "template0") -> str:
        """The name of a new database."""
        name = f"t{next(self._numbers)}"
        connection = await asyncpg.connect(host=str(self.folder), user=USER, database="postgres")
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        finally:
            await connection.close()
        return name

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://{USER}@/{name}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        found = shutil.which(program, path=PATH)
        assert found, "the tests' set-up installs PostgreSQL: python3 -m visitation test"
        command = [found, f"--pgdata={self.folder / 'data'}", *arguments]
        # The server inherits the output, so a pipe would not end before it does.
        with (self.folder / "said").open("w+") as said:
            done = subprocess.run(
                command, stdout=said, stderr=said, cwd=self.folder, check=False, user=self._user
            )
            said.seek(0)
            assert done.returncode == 0, said.read()


def _somebody() -> int:
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return known.get("postgres", known["nobody"])
