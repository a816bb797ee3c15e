"""How the bench speaks with the server process it measures: one JSON line asks, one answers, over a socket pair."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

LONGEST = 1 << 20

Answerer = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class Asker:
    """The bench's end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._turn = asyncio.Lock()

    async def ask(self, what: str, **values: Any) -> dict[str, Any]:
        """The answer; RuntimeError with the other side's words if it failed there."""
        async with self._turn:
            self._writer.write(json.dumps({"what": what, **values}).encode() + b"\n")
            line = await asyncio.wait_for(self._reader.readline(), 60)
        answer: dict[str, Any] = json.loads(line or b'{"error": "the server process ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def close(self) -> None:
        self._writer.close()


async def asker(sock: socket.socket) -> Asker:
    return Asker(*await asyncio.open_unix_connection(sock=sock, limit=LONGEST))


async def answer_all(fd: int, answerer: Answerer) -> None:
    """The server's end: answers until the other side hangs up."""
    sock = socket.socket(fileno=fd)
    reader, writer = await asyncio.open_unix_connection(sock=sock, limit=LONGEST)
    with contextlib.suppress(ConnectionError):  # the bench was interrupted
        while line := await reader.readline():
            values = json.loads(line)
            try:
                answer = await answerer(values.pop("what"), values)
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
    writer.close()
