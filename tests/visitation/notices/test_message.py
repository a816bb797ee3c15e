"""Messages in plain words: when, how to join and where to read on, and nothing that gives anybody away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.visitation.notices.test_ics import OPENLY, TELLING
from visitation.notices.kinds import TERMS, NoticeKind, worth_until
from visitation.notices.message import Telling, Visit, compose
from visitation.words import LANGUAGES

MADE = datetime(2026, 11, 2, 9, tzinfo=UTC)
# The first midwinter hours: 14.00 on the wall is 12.00 UTC.
START = datetime(2026, 11, 12, 12, tzinfo=UTC)
VISIT = Visit(
    "6f1f2c1e-5d0a-4b7e-9a53-1d8a5b0f7c11",
    START,
    START + timedelta(minutes=30),
    ZoneInfo("Europe/Helsinki"),
    3,
)
LINK = "https://calls.example/v/secret-of-anna"
TELL = Telling(
    kind=NoticeKind.VISIT_BOOKED,
    lang="en",
    made_at=MADE,
    service="https://calls.example/visitor",
    sender="calls@example.org",
    visit=VISIT,
    link=LINK,
)
ADDRESSES = (TELL.link or "", TELL.service, TELL.sender)


def without_addresses(text: str) -> str:
    for address in ADDRESSES:
        text = text.replace(address, "")
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_no_message_tells_a_bystander_of_prison(kind: NoticeKind, lang):
    message = compose(replace(TELL, kind=kind, lang=lang))
    for text in (message.subject, message.text, message.short, message.when):
        assert not TELLING.findall(without_addresses(text))
    assert "\n" not in message.subject


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_wants_it_plain_reads_whom_and_where(lang):
    message = compose(replace(TELL, lang=lang, openly=OPENLY))
    assert "Pekka" in message.text
    assert "Kaislaranta" in message.text
    for shown in (message.subject, message.short):  # what a locked screen shows
        assert not TELLING.findall(without_addresses(shown))


def test_the_time_is_the_prisons_and_says_so():
    assert "Time: Thursday, 12 November 2026, 14:00–14:30 (Finland Time)" in compose(TELL).text
    fi = compose(replace(TELL, lang="fi"))
    assert "Aika: torstai 12. marraskuuta 2026 klo 14.00–14.30 (aikavyöhyke: Suomi)" in fi.text
    assert fi.when == "12.11.2026 klo 14.00"
    edinburgh = replace(VISIT, zone=ZoneInfo("Europe/London"))
    assert "12:00–12:30 (United Kingdom Time)" in compose(replace(TELL, visit=edinburgh)).text


def test_a_message_is_plain_text_that_reads_from_the_top():
    assert compose(TELL).text == (
        "Hello!\n\n"
        "Your video call is confirmed.\n\n"
        "Time: Thursday, 12 November 2026, 14:00–14:30 (Finland Time)\n\n"
        "Join with your own link. It opens 15 minutes before the start. Do not give it to anybody else.\n"
        f"{LINK}\n\n"
        "The service: https://calls.example/visitor\n\n"
        "This is an automatic message and cannot be answered.\n"
    )


def test_a_telephone_gets_it_short_with_the_link_or_the_service():
    assert compose(TELL).short == f"Your video call is confirmed.\n12 Nov 2026 at 14:00\n{LINK}"
    assert compose(replace(TELL, link=None)).short.endswith(f"\n{TELL.service}")


def test_what_is_about_no_visit_names_no_time_and_has_no_file():
    message = compose(replace(TELL, kind=NoticeKind.REQUEST_ANSWERED, visit=None, link=None))
    assert (message.when, message.calendar) == ("", None)
    assert "{" not in message.text
    assert "\n\n\n" not in message.text


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_file_does_to_the_calendar_what_the_message_says(kind: NoticeKind):
    file = compose(replace(TELL, kind=kind)).calendar
    if TERMS[kind].calendar is None:
        assert file is None
        return
    assert file is not None
    calendar = Calendar.from_ical(file.data)
    assert calendar["METHOD"] == file.method
    (event,) = calendar.events
    assert (event["UID"], event["SEQUENCE"], event.start) == (VISIT.id, 3, START)
    assert str(event["STATUS"]) == ("CANCELLED" if kind is NoticeKind.VISIT_CANCELLED else "CONFIRMED")
    assert LINK.encode() not in file.data.replace(b"\r\n ", b"")


def test_a_message_about_a_visit_to_come_is_worth_sending_until_it_begins():
    assert worth_until(NoticeKind.VISIT_REMINDER, MADE, START) == START
    for kind in (NoticeKind.VISIT_CANCELLED, NoticeKind.REQUEST_ANSWERED):
        assert worth_until(kind, MADE, START) == MADE + timedelta(days=3)
