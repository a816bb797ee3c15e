"""A message in words: subject, text, a short form for telephones, and the calendar's file. Pure.

The words give nothing away to whoever sees a screen or a mailbox: no prison, no name, no place, unless the person
wants them said (`Openly`). What is personal is read in the service, after signing in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from visitation.notices.ics import Entry, Openly, invitation
from visitation.notices.kinds import TERMS, NoticeKind
from visitation.texts import LOCALES, Param, filled, texts
from visitation.visit_facts import LOBBY_OPENS
from visitation.words import Lang


class Line(StrEnum):
    """What stands in messages of several kinds."""

    GREETING = "greeting"
    TIME = "time"
    WHEN = "when"  # the same in short
    PERSON = "person"
    PLACE = "place"
    JOIN = "join"
    SERVICE = "service"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Visit:
    """The visit a message is about, as it was when the message was written. Times are aware; `zone` is the prison's."""

    id: str
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    changes: int


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be said. `link` is the secret way in of the one who joins, `service` the app's address, which holds
    none; `sender` is the mail address it comes from."""

    kind: NoticeKind
    lang: Lang
    made_at: datetime
    service: str
    sender: str
    visit: Visit | None = None
    link: str | None = None
    openly: Openly | None = None


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """RFC 5545 text in UTF-8, and its METHOD, which its media type must name too (RFC 6047 section 2.4)."""

    data: bytes
    method: Literal["PUBLISH", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Message:
    """`short` is for a telephone and holds the link; `when` says when, empty without a visit."""

    subject: str
    text: str
    short: str
    when: str
    service: str
    calendar: CalendarFile | None


def compose(telling: Telling) -> Message:
    """The message in the language of whoever gets it."""
    said, lang, visit = texts("notices"), telling.lang, telling.visit
    subject = said["subject"][telling.kind][lang]
    moment = _moment(visit, lang) if visit else {}
    time = _line(Line.TIME, lang, **moment) if visit else ""
    when = _line(Line.WHEN, lang, **moment) if visit else ""
    minutes = LOBBY_OPENS // timedelta(minutes=1)
    join = f"{_line(Line.JOIN, lang, minutes=minutes)}\n{telling.link}" if telling.link else ""
    facts = "\n".join(filter(None, [time, *_openly(telling)]))
    service = _line(Line.SERVICE, lang, address=telling.service)
    paragraphs = [_line(Line.GREETING, lang), said["opening"][telling.kind][lang], facts, join, service]
    short = filter(None, [f"{subject}.", when, telling.link or telling.service])
    return Message(
        subject=subject,
        text="\n\n".join(filter(None, [*paragraphs, _line(Line.CLOSING, lang)])) + "\n",
        short="\n".join(short),
        when=when,
        service=telling.service,
        calendar=_calendar(telling),
    )


def _line(line: Line, lang: Lang, **params: Param) -> str:
    return filled(texts("notices")["line"][line], params.items())[lang]


def _moment(visit: Visit, lang: Lang) -> dict[str, str]:
    """By the prison's clock, which is named: families live in other countries too."""
    locale, zone = LOCALES[lang], visit.zone
    return {
        "date": format_date(visit.starts_at.astimezone(zone).date(), "medium", locale),
        "day": format_date(visit.starts_at.astimezone(zone).date(), "full", locale),
        "start": format_time(visit.starts_at, "short", zone, locale),
        "end": format_time(visit.ends_at, "short", zone, locale),
        "zone": get_timezone_location(zone, locale),
    }


def _openly(telling: Telling) -> list[str]:
    if telling.openly is None:
        return []
    lang = telling.lang
    return [
        _line(Line.PERSON, lang, person=telling.openly.person),
        _line(Line.PLACE, lang, place=telling.openly.place),
    ]


def _calendar(telling: Telling) -> CalendarFile | None:
    standing, visit = TERMS[telling.kind].calendar, telling.visit
    if standing is None or visit is None:
        return None
    entry = Entry(
        visit_id=visit.id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        standing=standing,
        changes=visit.changes,
        changed_at=telling.made_at,
        openly=telling.openly,
    )
    data = invitation(entry, telling.sender, telling.lang)
    return CalendarFile(data, "CANCEL" if standing == "cancelled" else "PUBLISH")
