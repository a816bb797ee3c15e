"""Carry messages to a mail server by SMTP: one conversation for each, and every way it can fail a word of ours."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final, Literal

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from visitation.notices.carrying import Fate, NotCarried, Parcel
from visitation.notices.kinds import Unsent

Tls = Literal["starttls", "implicit", "none"]
FILE_NAME: Final = "video-call.ics"
GOODBYE: Final = 2.0  # seconds for the answer to QUIT; the message has been taken
_GOING: Final = 421  # "closing transmission channel": whatever was asked, nothing more is taken


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail leaves. `sender` is who it comes from, and where what cannot be delivered comes back to."""

    host: str
    port: int
    tls: Tls
    sender: Address
    user: str | None = None
    password: str | None = None
    context: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host!r}, {self.port})"  # a password must not get into a traceback's locals


class Mail:
    """A Carrier of e-mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def carry(self, parcel: Parcel) -> None:
        """Waits as long as the server does: the caller sets the limit."""
        try:
            letter = letter_of(parcel, self._server.sender)
        except ValueError:
            raise NotCarried(Unsent.ADDRESS_REFUSED, Fate.REFUSED) from None
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=False,
            tls_context=server.context,
            local_hostname=server.sender.domain,
            timeout=None,
        )
        try:
            await self._enter(client)
            await self._hand_over(client, letter)
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE)
        finally:
            client.close()

    async def _enter(self, client: SMTP) -> None:
        with _faults(Unsent.UNREACHABLE):
            await client.connect()
        if self._server.tls == "starttls":
            with _faults(Unsent.TLS_FAILED):
                await client.starttls()
        if self._server.user is not None:
            with _faults(Unsent.SIGN_IN_REFUSED):
                await client.login(self._server.user, self._server.password or "")

    async def _hand_over(self, client: SMTP, letter: EmailMessage) -> None:
        with _faults(Unsent.CUT_SHORT):
            try:
                await client.send_message(letter)
            except SMTPRecipientsRefused as refused:
                raise _answered(refused.recipients[0].code, Unsent.ADDRESS_REFUSED, Fate.REFUSED) from None
            except SMTPDataError as refused:
                raise _answered(refused.code, Unsent.MESSAGE_REFUSED, Fate.REFUSED) from None
            except (
                SMTPResponseException
            ) as refused:  # at EHLO or MAIL: it would be the same for every message
                raise _answered(refused.code, Unsent.MESSAGE_REFUSED, Fate.AWAY) from None
            except (SMTPNotSupported, ValueError):  # an address that this server has no way to write
                raise NotCarried(Unsent.ADDRESS_REFUSED, Fate.REFUSED) from None


def letter_of(parcel: Parcel, sender: Address) -> EmailMessage:
    """The message as mail: the same at every attempt, but for a new link. Raises ValueError for an address that is
    none."""
    message, letter = parcel.message, EmailMessage()
    letter["From"] = sender
    letter["To"] = _address(str(parcel.to))
    letter["Subject"] = message.subject
    letter["Date"] = parcel.made_at
    letter["Message-ID"] = f"<{parcel.id}@{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: an automatic answer to it goes nowhere
    letter.set_content(message.text, cte="quoted-printable")
    letter["Content-Language"] = parcel.lang
    if message.calendar is not None:
        letter.add_attachment(
            message.calendar.data,
            maintype="text",
            subtype="calendar",
            filename=FILE_NAME,
            params={"charset": "utf-8", "method": message.calendar.method},
        )
    return letter


def _address(text: str) -> Address:
    name, _, domain = text.rpartition("@")
    if (
        not name
        or not domain
        or "@" in name
        or any(char.isspace() or not char.isprintable() for char in text)
    ):
        raise ValueError("no mail address")
    return Address(username=name, domain=domain)


@contextmanager
def _faults(otherwise: Unsent) -> Iterator[None]:
    """What goes wrong with the line, or at a step that is the same for every message: the server is away.

    Nothing that it said is kept: it may quote addresses.
    """
    try:
        yield
    except SMTPTimeoutError:
        raise NotCarried(Unsent.NO_ANSWER, Fate.AWAY) from None
    except SMTPServerDisconnected:
        raise NotCarried(Unsent.CUT_SHORT, Fate.AWAY) from None
    except (SMTPException, OSError) as error:
        safe = isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)
        raise NotCarried(Unsent.TLS_FAILED if safe else otherwise, Fate.AWAY) from None


def _answered(code: int, reason: Unsent, fate: Fate) -> NotCarried:
    """RFC 5321 section 4.2.1: 5xx is for good, 4xx for now."""
    if code == _GOING:
        return NotCarried(Unsent.PUT_OFF, Fate.AWAY)
    if code >= 500:
        return NotCarried(reason, fate)
    return NotCarried(Unsent.PUT_OFF, Fate.LATER if fate is Fate.REFUSED else Fate.AWAY)
