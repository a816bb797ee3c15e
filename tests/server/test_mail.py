"""Mail goes out over a real line, and each way it can fail is told apart and says nothing of anybody."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from server.mail import Mail, MailServer, Tls
from server.tls import server_context
from tests.server.post_office import PASSWORD, USER, PostOffice, says
from tests.visitation.notices.test_message import MADE, TELL
from visitation.notices.carrying import Fate, NotCarried, Parcel
from visitation.notices.kinds import Unsent
from visitation.notices.message import compose

SENDER = Address("Videopuhelut", addr_spec="calls@example.org")
PARCEL = Parcel(
    id="0b9f2b0e-8d3c-4a43-9a52-77c6f5a1e001",
    to="anna@example.org",
    lang="fi",
    made_at=MADE,
    worth_until=MADE + timedelta(days=3),
    message=compose(replace(TELL, lang="fi")),
)


def mail(port: int, tls: Tls = "none", **more: Any) -> Mail:
    return Mail(MailServer("localhost", port, tls, SENDER, **more))


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and that of somebody who trusts it."""
    server = server_context(tmp_path, "localhost", datetime.now(UTC))
    return server, ssl.create_default_context(cafile=tmp_path / "cert.pem")


async def failure(carrier: Mail, parcel: Parcel = PARCEL) -> tuple[Unsent, Fate]:
    with pytest.raises(NotCarried) as caught:
        await carrier.carry(parcel)
    assert caught.value.__cause__ is None  # no library's words go along
    return caught.value.reason, caught.value.fate


async def test_a_letter_arrives_as_it_was_written(office: PostOffice):
    async with office.open() as port:
        await mail(port).carry(PARCEL)
    (letter,) = office.letters
    message = letter.message
    assert (letter.sender, letter.to, letter.secured) == ("calls@example.org", ["anna@example.org"], False)
    assert str(message["Message-ID"]) == f"<{PARCEL.id}@example.org>"
    assert message["Subject"] == "Videopuhelusi on vahvistettu"
    assert message["Date"].datetime == MADE
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body()
    assert body is not None
    assert body["Content-Language"] == "fi"
    assert body.get_content().replace("\r\n", "\n") == PARCEL.message.text
    assert all(len(line) <= 998 for line in letter.content.split(b"\r\n"))
    letter.content.decode("ascii")  # whatever stands in between


async def test_the_calendars_file_goes_along_and_names_what_it_does(office: PostOffice):
    async with office.open() as port:
        await mail(port).carry(PARCEL)
    (file,) = office.letters[0].message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "video-call.ics")
    assert file["Content-Type"].params["method"] == "PUBLISH"
    (event,) = Calendar.from_ical(file.get_content()).events
    assert event["ORGANIZER"] == "mailto:calls@example.org"


async def test_two_attempts_are_the_same_letter(office: PostOffice):
    async with office.open() as port:
        for _ in range(2):
            await mail(port).carry(PARCEL)
    first, second = (letter.message for letter in office.letters)
    first.set_boundary("-")
    second.set_boundary("-")
    assert first.as_bytes() == second.as_bytes()


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 no such user", (Unsent.ADDRESS_REFUSED, Fate.REFUSED)),
        ("RCPT", "450 4.2.1 come back later", (Unsent.PUT_OFF, Fate.LATER)),
        ("DATA", "554 5.7.1 looks like spam", (Unsent.MESSAGE_REFUSED, Fate.REFUSED)),
        ("DATA", "451 4.3.0 not now", (Unsent.PUT_OFF, Fate.LATER)),
        ("DATA", "421 4.3.2 closing", (Unsent.PUT_OFF, Fate.AWAY)),
        ("MAIL", "550 5.7.1 who are you", (Unsent.MESSAGE_REFUSED, Fate.AWAY)),
        ("MAIL", "452 4.3.1 disk full", (Unsent.PUT_OFF, Fate.AWAY)),
    ],
)
async def test_what_the_server_refuses_is_told_apart(office: PostOffice, step, answer, expected):
    office.answers[step] = answer
    async with office.open() as port:
        assert await failure(mail(port)) == expected
    assert not office.letters


@pytest.mark.parametrize("step", ["HELO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_goes_away_in_the_middle_is_away(office: PostOffice, step: str):
    office.gone.add(step)
    async with office.open() as port:
        assert await failure(mail(port)) == (Unsent.CUT_SHORT, Fate.AWAY)


@pytest.mark.parametrize("step", ["HELO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_says_nothing_can_be_left(office: PostOffice, step: str):
    office.silent.add(step)
    async with office.open() as port:
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(mail(port).carry(PARCEL))
            while await office.asked.get() != step:
                pass
            sending.cancel()
        assert sending.cancelled()


async def test_a_letter_that_was_taken_is_taken_whatever_comes_after(office: PostOffice):
    for step in ("silent", "gone"):
        getattr(office, step).add("QUIT")
        async with office.open() as port:
            await mail(port).carry(PARCEL)
    assert len(office.letters) == 2


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (None, (Unsent.UNREACHABLE, Fate.AWAY)),
        (b"554 no mail here\r\n", (Unsent.UNREACHABLE, Fate.AWAY)),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", (Unsent.UNREACHABLE, Fate.AWAY)),
        (b"\x00\xff" * 5000 + b"\r\n", (Unsent.UNREACHABLE, Fate.AWAY)),
    ],
    ids=["hangs up", "refuses", "is none", "talks nonsense"],
)
async def test_what_is_no_mail_server_is_not_reached(first, expected):
    async with says(first) as port:
        assert await failure(mail(port)) == expected


async def test_nobody_there_is_not_reached():
    async with says(b"") as port:
        pass
    assert await failure(mail(port)) == (Unsent.UNREACHABLE, Fate.AWAY)


@asynccontextmanager
async def secured(office: PostOffice, tls: Tls, context: ssl.SSLContext) -> AsyncIterator[int]:
    async with office.open(context, implicit=tls == "implicit", password=True) as port:
        yield port


@pytest.mark.parametrize("way", ["starttls", "implicit"])
async def test_a_secured_line_carries_the_password_and_the_letter(office, tls, way):
    server, trusting = tls
    async with secured(office, way, server) as port:
        await mail(port, way, context=trusting, user=USER, password=PASSWORD).carry(PARCEL)
    (letter,) = office.letters
    assert (letter.secured, letter.user) == (True, USER)


@pytest.mark.parametrize("way", ["starttls", "implicit"])
async def test_a_server_that_is_not_trusted_gets_nothing(office, tls, way):
    server, _ = tls
    async with secured(office, way, server) as port:
        stranger = mail(port, way, context=ssl.create_default_context(), user=USER, password=PASSWORD)
        assert await failure(stranger) == (Unsent.TLS_FAILED, Fate.AWAY)
    assert not office.letters


async def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(office: PostOffice):
    async with office.open() as port:
        assert await failure(mail(port, "starttls", user=USER, password=PASSWORD)) == (
            Unsent.TLS_FAILED,
            Fate.AWAY,
        )
    async with says(b"220 plain\r\n") as port:
        assert await failure(mail(port, "implicit")) == (Unsent.TLS_FAILED, Fate.AWAY)


async def test_a_wrong_password_keeps_everything_back(office, tls):
    server, trusting = tls
    async with secured(office, "implicit", server) as port:
        wrong = mail(port, "implicit", context=trusting, user=USER, password="wrong")
        assert await failure(wrong) == (Unsent.SIGN_IN_REFUSED, Fate.AWAY)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "a@b@c",
        "anna@example.org\r\nBcc: eve@example.org",
        "a b@example.org",
    ],
)
async def test_an_address_that_is_none_is_refused_before_anybody_is_asked(office: PostOffice, address: str):
    async with office.open() as port:
        assert await failure(mail(port), replace(PARCEL, to=address)) == (
            Unsent.ADDRESS_REFUSED,
            Fate.REFUSED,
        )
    assert not office.letters


async def test_an_address_in_other_letters_reaches_a_server_that_knows_them(office: PostOffice):
    async with office.open() as port:
        await mail(port).carry(replace(PARCEL, to="äiti@example.org"))
    assert office.letters[0].to == ["äiti@example.org"]


def test_a_password_is_not_in_what_a_traceback_may_show():
    assert PASSWORD not in repr(MailServer("localhost", 25, "implicit", SENDER, USER, PASSWORD))
