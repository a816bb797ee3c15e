"""Visits as a calendar reads them (RFC 5545), one by one as files to be sent or all together as a feed: pure.

A family's calendar is read by others: children, employers, the screen on the kitchen wall. So by default an entry
says "Video call" and when, and nothing of prison, prisoner or prison service: no name, no place, no address. A person
who wants it said has it said (`Openly`). Nor is a sign-in link ever in an entry, for calendars are shared and copied
to other people's servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from icalendar import Calendar, Event, vCalAddress, vDuration

from visitation.visit_facts import LOBBY_OPENS
from visitation.words import Lang, Words

# Calendars may show it; it is no product's name that could be looked up.
PRODUCT: Final = "-//Video calls//1.0//EN"
REFRESH: Final = timedelta(hours=1)

Standing = Literal["asked", "booked", "cancelled"]
_STATUS: Final[Mapping[Standing, str]] = {
    "asked": "TENTATIVE",
    "booked": "CONFIRMED",
    "cancelled": "CANCELLED",
}
_CALL: Final[Words] = {"fi": "Videopuhelu", "sv": "Videosamtal", "en": "Video call"}
_CALLS: Final[Words] = {"fi": "Videopuhelut", "sv": "Videosamtal", "en": "Video calls"}
_VISIT: Final[Words] = {
    "fi": "Videotapaaminen: {person}",
    "sv": "Videobesök: {person}",
    "en": "Video visit: {person}",
}
_ASKED: Final[Words] = {
    "fi": "{title} (odottaa vahvistusta)",
    "sv": "{title} (väntar på bekräftelse)",
    "en": "{title} (not confirmed yet)",
}
_HOW: Final[Words] = {
    "fi": "Liity omalla linkilläsi. Se avautuu {minutes} minuuttia ennen alkua.",
    "sv": "Anslut med din egen länk. Den öppnas {minutes} minuter före början.",
    "en": "Join with your own link. It opens {minutes} minutes before the start.",
}


@dataclass(frozen=True, slots=True)
class Openly:
    """What a person chose to have in their calendar in plain words: whom they meet, where that person is, and the
    address of the app, which holds no secret."""

    person: str
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit for one person's calendar. Times are aware; `changes` counts the visit's changes and never falls,
    `changed_at` is the last of them. `openly` None = neutral words."""

    visit_id: str
    starts_at: datetime
    ends_at: datetime
    standing: Standing
    changes: int
    changed_at: datetime
    openly: Openly | None = None


def invitation(entry: Entry, sender: str, lang: Lang) -> bytes:
    """One visit as a file: added or changed, or taken away when it is cancelled.

    `sender` is the mail address it comes from. It stands in the entry, so it should say no more than the words do.
    RFC 5546 section 3.2: a later file with the same UID and a higher SEQUENCE changes the entry.
    """
    calendar = _calendar()
    calendar.add("method", "CANCEL" if entry.standing == "cancelled" else "PUBLISH")
    event = _event(entry, lang)
    event.add("organizer", vCalAddress(f"mailto:{sender}"))  # both methods must name one
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed(entries: Iterable[Entry], lang: Lang) -> bytes:
    """A person's visits as a calendar to subscribe to; the cancelled ones say so."""
    calendar = _calendar()
    for name in ("name", "x-wr-calname"):  # RFC 7986, and what came before it and is still read
        calendar.add(name, _CALLS[lang])
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_event(entry, lang))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(entry: Entry, lang: Lang) -> Event:
    """In UTC: a visit is at one moment, whatever becomes of clocks and time zones until then."""
    event = Event()
    said: dict[str, Any] = {
        "uid": entry.visit_id,  # a bare UUID names no host (RFC 7986 section 5.3)
        "sequence": entry.changes,
        "dtstamp": entry.changed_at.astimezone(UTC),
        "last-modified": entry.changed_at.astimezone(UTC),
        "dtstart": entry.starts_at.astimezone(UTC),
        "dtend": entry.ends_at.astimezone(UTC),
        "status": _STATUS[entry.standing],
        "class": "PRIVATE",  # those a calendar is shared with are shown that the time is taken, and no more
        "transp": "TRANSPARENT" if entry.standing == "cancelled" else "OPAQUE",
        "summary": _title(entry, lang),
        "description": _HOW[lang].format(minutes=LOBBY_OPENS // timedelta(minutes=1)),
    }
    if entry.openly:
        said |= {"location": entry.openly.place, "url": entry.openly.address}
    for name, value in said.items():
        event.add(name, value)
    return event


def _title(entry: Entry, lang: Lang) -> str:
    title = _VISIT[lang].format(person=entry.openly.person) if entry.openly else _CALL[lang]
    return _ASKED[lang].format(title=title) if entry.standing == "asked" else title
