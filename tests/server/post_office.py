"""A real mail server on loopback, whose every step can be told to refuse, to say nothing, or to go away."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "calls", "not-a-real-password"


@dataclass(frozen=True)
class Letter:
    """What was taken, and over what line."""

    sender: str | None
    to: list[str]
    content: bytes
    secured: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class PostOffice:
    """`answers`, `silent` and `gone` are by step: HELO, MAIL, RCPT, DATA or QUIT; no step is answered before `gate`
    is opened. `taking` is called with each letter after it was taken in and before that is said."""

    answers: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    letters: list[Letter] = field(default_factory=list)
    taking: Callable[[Letter], None] | None = None
    gate: asyncio.Event | None = None
    asked: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def _step(self, name: str, server: SMTP) -> str | None:
        self.asked.put_nowait(name)
        if self.gate is not None:
            await self.gate.wait()
        if name in self.gone:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if name in self.silent | self.gone:
            await self._closing.wait()
        return self.answers.get(name)

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = await self._step("HELO", server)
        return [said] if said else responses

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._step("MAIL", server)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = await self._step("RCPT", server)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await self._step("DATA", server)
        if said is None:
            content = envelope.original_content or b""
            user = session.auth_data.login.decode() if session.auth_data else None
            assert server.transport is not None
            secured = server.transport.get_extra_info("sslcontext") is not None
            letter = Letter(envelope.mail_from, envelope.rcpt_tos, content, secured, user)
            self.letters.append(letter)
            if self.taking is not None:
                self.taking(letter)
        return said or "250 OK"

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return await self._step("QUIT", server) or "221 Bye"

    @asynccontextmanager
    async def open(
        self, context: ssl.SSLContext | None = None, *, implicit: bool = False, password: bool = False
    ) -> AsyncIterator[int]:
        """Its port. With `context` it speaks TLS, from the first byte (`implicit`) or when asked to."""
        loop = asyncio.get_running_loop()
        more: dict[str, Any] = {"authenticator": _knows, "auth_required": True} if password else {}
        if context is not None and not implicit:
            more |= {"tls_context": context, "require_starttls": True}

        def line() -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it does not see that the line below it is TLS already
                return SMTP(
                    self,
                    hostname="mail.example",
                    enable_SMTPUTF8=True,
                    loop=loop,
                    auth_require_tls=not implicit,
                    **more,
                )

        server = await loop.create_server(line, "127.0.0.1", 0, ssl=context if implicit else None)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            self._closing.set()
            server.close()


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=known, auth_data=given if known else None)


@asynccontextmanager
async def says(first: bytes | None) -> AsyncIterator[int]:
    """The port of something that says this much to whoever connects, and nothing more; None: it hangs up."""
    leaving = asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first is not None:
            writer.write(first)
            await leaving.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        leaving.set()
        server.close()
