"""Everything people outside are told, by which channels, and what may become of a message: closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WEB_PUSH = "web_push"


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    OVERTAKEN = "overtaken"  # a newer message about the same took its place, or nobody needs it any more


class Unsent(StrEnum):
    """Why a message was not sent, or not yet. Nothing of what a server said is kept: it may quote addresses."""

    NO_ADDRESS = "no_address"
    NOT_CONFIGURED = "not_configured"  # this installation has no such channel
    ADDRESS_REFUSED = "address_refused"
    MESSAGE_REFUSED = "message_refused"
    PUT_OFF = "put_off"  # later, says the other side
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"  # not in time
    CUT_SHORT = "cut_short"  # the connection ended in the middle
    TLS_FAILED = "tls_failed"
    SIGN_IN_REFUSED = "sign_in_refused"
    TOO_LATE = "too_late"  # its time passed before anybody could try


class NoticeKind(StrEnum):
    VISIT_REQUESTED = "visit_requested"
    VISIT_BOOKED = "visit_booked"  # at once, or approved by the office
    VISIT_CHANGED = "visit_changed"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_REJECTED = "visit_rejected"
    VISIT_IN_REVIEW = "visit_in_review"
    VISIT_REMINDER = "visit_reminder"
    STANDBY_FILLED = "standby_filled"
    REQUEST_ANSWERED = "request_answered"
    DECISION_MADE = "decision_made"
    CALENDAR_MADE = "calendar_made"


@dataclass(frozen=True, slots=True)
class Terms:
    """`link`: the one who joins gets their link with it. `calendar`: what its file makes of the entry.

    `worth`: for how long it is tried; None = until the visit it is about begins. `needed`: if it cannot be sent,
    somebody must tell them otherwise.
    """

    worth: timedelta | None = None
    needed: bool = False
    link: bool = False
    calendar: Literal["booked", "cancelled"] | None = None


_DAYS: Final = timedelta(days=3)
TERMS: Final[Mapping[NoticeKind, Terms]] = MappingProxyType(
    {
        NoticeKind.VISIT_REQUESTED: Terms(),
        NoticeKind.VISIT_BOOKED: Terms(needed=True, link=True, calendar="booked"),
        NoticeKind.VISIT_CHANGED: Terms(needed=True, link=True, calendar="booked"),
        NoticeKind.VISIT_CANCELLED: Terms(_DAYS, needed=True, calendar="cancelled"),
        NoticeKind.VISIT_REJECTED: Terms(_DAYS, needed=True),
        NoticeKind.VISIT_IN_REVIEW: Terms(needed=True),
        NoticeKind.VISIT_REMINDER: Terms(link=True),
        NoticeKind.STANDBY_FILLED: Terms(needed=True, link=True, calendar="booked"),
        NoticeKind.REQUEST_ANSWERED: Terms(_DAYS),
        NoticeKind.DECISION_MADE: Terms(_DAYS),
        NoticeKind.CALENDAR_MADE: Terms(_DAYS),
    }
)


def worth_until(kind: NoticeKind, made_at: datetime, starts_at: datetime | None) -> datetime:
    """The moment after which nobody would want to read it."""
    worth = TERMS[kind].worth
    if worth is None and starts_at is not None:
        return starts_at
    return made_at + (worth or _DAYS)
