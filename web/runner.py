"""The runner of the application: what is no HTTP at all is answered in our words too."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import web

from web.headers import FIXED
from web.problems import problem
from web.words import OTHERWISE

log = structlog.get_logger()
# How long a connection may say nothing, before its first request too; aiohttp's own is an hour, which lets
# a few thousand silent strangers use up every descriptor.
IDLE_SECONDS: Final = 20.0


class Protocol(web.RequestHandler):
    """aiohttp's own answer to a malformed request quotes it, and an exception's text with it."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Refuse and close. Raises ConnectionError when an answer had begun, as aiohttp's own does."""
        log.info("malformed_request", status=int(status), error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer had begun")
        code = "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad_input"
        response = problem(status, code, OTHERWISE)  # what was sent is not even looked at for a language
        response.headers.update({**FIXED, "Cache-Control": "no-store"})
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        protocol = super().__call__()
        protocol.__class__ = Protocol
        return protocol


class Runner(web.AppRunner):
    """As web.AppRunner; aiohttp has no public way to say which protocol class serves an application."""

    def __init__(self, app: web.Application, **options: Any) -> None:
        super().__init__(app, **{"keepalive_timeout": IDLE_SECONDS, **options})

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = _Server
        return server
