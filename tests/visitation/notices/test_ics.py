"""A visit in a family's calendar: always the same entry, whatever changes, and nothing of prison unless wanted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from visitation.notices.ics import Entry, Openly, feed, invitation
from visitation.words import LANGUAGES

VISIT = "6f1f2c1e-5d0a-4b7e-9a53-1d8a5b0f7c11"
SENDER = "calls@example.org"
# Two hours after the clocks went back: a wall time would be there twice.
START = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
BOOKED = Entry(VISIT, START, START + timedelta(minutes=30), "booked", 1, datetime(2026, 10, 1, 9, tzinfo=UTC))
OPENLY = Openly("Pekka", "Kaislaranta", "https://visits.example/visitor")
# Stems in the three languages, and what the tests' prison and people are called.
TELLING = re.compile(
    r"prison|vank|fäng|anstalt|inmate|jail|visit|tapaami|vierail|besök|rise|rikos|kriminal|pekka|kaislaranta|http",
    re.IGNORECASE,
)


def unfolded(data: bytes) -> str:
    """The text with its long lines whole, so that a word cut in two is found too."""
    return data.replace(b"\r\n ", b"").decode()


def only_event(data: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(data)
    (event,) = calendar.events
    assert not event.errors
    return calendar, event


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("standing", ["asked", "booked", "cancelled"])
def test_by_default_an_entry_tells_nobody_of_prison(standing, lang):
    entry = replace(BOOKED, standing=standing)
    for data in (invitation(entry, SENDER, lang), feed([entry], lang)):
        assert not TELLING.findall(unfolded(data))
        _, event = only_event(data)
        assert event["SUMMARY"]
        assert event["CLASS"] == "PRIVATE"
        assert "LOCATION" not in event
        assert "URL" not in event


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_wants_it_plain_has_it_plain(lang):
    data = invitation(replace(BOOKED, openly=OPENLY), SENDER, lang)
    assert TELLING.search(unfolded(data))
    _, event = only_event(data)
    assert "Pekka" in str(event["SUMMARY"])
    assert (event["LOCATION"], event["URL"]) == ("Kaislaranta", OPENLY.address)
    assert event["CLASS"] == "PRIVATE"


def test_the_languages_say_the_same_in_words_of_their_own():
    told = [only_event(invitation(BOOKED, SENDER, lang))[1] for lang in LANGUAGES]
    for name in ("SUMMARY", "DESCRIPTION"):
        assert len({str(event[name]) for event in told}) == len(LANGUAGES)
    assert all("15" in str(event["DESCRIPTION"]) for event in told)


def test_an_entry_is_at_one_moment_wherever_it_is_read():
    helsinki = ZoneInfo("Europe/Helsinki")
    local = replace(BOOKED, starts_at=START.astimezone(helsinki), ends_at=BOOKED.ends_at.astimezone(helsinki))
    assert invitation(local, SENDER, "fi") == invitation(BOOKED, SENDER, "fi")
    _, event = only_event(invitation(local, SENDER, "fi"))
    assert (event.start, event.end) == (START, BOOKED.ends_at)
    assert event.to_ical().count(b"Z\r\n") == 4  # start, end, stamp and last change: all in UTC


def test_every_change_is_of_the_same_entry_and_later_than_the_last():
    moved = replace(BOOKED, starts_at=START + timedelta(days=7), changes=2)
    gone = replace(moved, standing="cancelled", changes=3)
    events = [only_event(invitation(entry, SENDER, "en"))[1] for entry in (BOOKED, moved, gone)]
    assert {str(event["UID"]) for event in events} == {VISIT}
    assert [event["SEQUENCE"] for event in events] == [1, 2, 3]


@pytest.mark.parametrize(
    ("standing", "method", "status", "taken"),
    [
        ("asked", "PUBLISH", "TENTATIVE", "OPAQUE"),
        ("booked", "PUBLISH", "CONFIRMED", "OPAQUE"),
        ("cancelled", "CANCEL", "CANCELLED", "TRANSPARENT"),
    ],
)
def test_what_becomes_of_a_visit_becomes_of_its_entry(standing, method, status, taken):
    calendar, event = only_event(invitation(replace(BOOKED, standing=standing), SENDER, "sv"))
    assert (calendar["METHOD"], event["STATUS"], event["TRANSP"]) == (method, status, taken)
    assert event["ORGANIZER"] == f"mailto:{SENDER}"
    assert (
        event["SUMMARY"] != only_event(invitation(BOOKED, SENDER, "sv"))[1]["SUMMARY"] or standing != "asked"
    )


def test_a_feed_holds_every_visit_and_says_when_to_look_again():
    other = replace(BOOKED, visit_id="0d3c3f5e-8e0b-4f0e-8d0d-6f2a1b9c7e22", standing="cancelled")
    calendar = Calendar.from_ical(feed([BOOKED, other], "en"))
    found = {str(event["UID"]): str(event["STATUS"]) for event in calendar.walk("VEVENT")}
    assert found == {VISIT: "CONFIRMED", other.visit_id: "CANCELLED"}
    assert "METHOD" not in calendar  # a feed is read, it asks for nothing
    assert "ORGANIZER" not in next(iter(calendar.walk("VEVENT")))
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in calendar.to_ical()
    assert Calendar.from_ical(feed([], "en")).walk("VEVENT") == []


@given(person=st.text(max_size=120), place=st.text(max_size=120))
def test_no_name_breaks_out_of_its_line(person, place):
    """Whatever a name holds, it is one value: no line, property or component more."""
    data = invitation(replace(BOOKED, openly=Openly(person, place, OPENLY.address)), SENDER, "fi")
    calendar, event = only_event(data)
    plain = only_event(invitation(replace(BOOKED, openly=OPENLY), SENDER, "fi"))[1]
    assert set(event) == set(plain)
    assert len(calendar.subcomponents) == 1
    assert not event.subcomponents
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    if person.isprintable() and person == person.strip():
        assert event["SUMMARY"] == f"Videotapaaminen: {person}"
