"""A real HTTP hook on loopback that checks signatures with somebody else's library, and answers as it is told."""

from __future__ import annotations

import asyncio
import json
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

SECRET = bytes(range(32))


@dataclass
class Receiver:
    """`status` and `headers` of its answers; `silent` = it never answers, `gone` = it hangs up."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    gone: bool = False
    bodies: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.requests.append(dict(request.headers))
        Webhook(b64encode(SECRET).decode()).verify(body, dict(request.headers))
        self.asked.set()
        if self.silent:
            await asyncio.Event().wait()
        if self.gone:
            assert request.transport is not None
            request.transport.abort()
        self.bodies.append(json.loads(body))
        self.ids.append(request.headers["webhook-id"])
        return web.Response(status=self.status, headers=self.headers)

    @asynccontextmanager
    async def open(self, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
        """Its address."""
        app = web.Application()
        app.router.add_post("/hook", self._receive)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield f"{'https' if context else 'http'}://localhost:{port}/hook"
        finally:
            await runner.cleanup()
