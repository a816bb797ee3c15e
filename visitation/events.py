"""News of this room, told to whoever asked, after the transaction has been committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class VisitsChanged:
    """Visits of a prison were added or changed; a terminal's day may be another one."""

    prison_id: str
    terminal_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConditionsDecided:
    visit_id: str


@dataclass(frozen=True, slots=True)
class OutcomeRecorded:
    visit_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """A session ended before its limits: its sockets must go."""

    session_id: str


Arranged = Literal["booked", "changed", "approved", "rejected", "withdrawn", "cancelled"]


@dataclass(frozen=True, slots=True)
class VisitArranged:
    """A visit was booked, moved, answered or called off: its people are to be told."""

    visit_id: str
    what: Arranged


@dataclass(frozen=True, slots=True)
class SlotFreed:
    """Somebody gave up a place in a session: whoever waits for one may have it."""

    prison_id: str
    template_id: str
    starts_at: datetime


class RecordKind(StrEnum):
    """The kinds of rows that the prison edits."""

    PRISON = "prison"
    UNIT = "unit"
    TERMINAL = "terminal"
    PRISONER = "prisoner"
    CONTACT = "contact"
    LINK = "link"
    STANDING = "standing"
    RESTRICTION = "restriction"
    NON_ASSOCIATION = "non_association"
    ALERT = "alert"
    TEMPLATE = "template"
    EXCLUDED_DATE = "excluded_date"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """Something that arranging visits looks at is another now; visits booked before may not fit it any more.

    `id` is the row's; the others whose it is, as far as it is anybody's in particular.
    """

    kind: RecordKind
    what: Literal["added", "changed", "removed"]
    id: str
    prison_id: str | None
    prisoner_id: str | None
    contact_id: str | None


@dataclass(frozen=True, slots=True)
class NoticesWritten:
    """Messages wait to be sent."""


Event = (
    VisitsChanged
    | VisitArranged
    | SlotFreed
    | ConditionsDecided
    | OutcomeRecorded
    | SessionClosed
    | RecordChanged
    | NoticesWritten
)
EventT = TypeVar(
    "EventT",
    VisitsChanged,
    VisitArranged,
    SlotFreed,
    ConditionsDecided,
    OutcomeRecorded,
    SessionClosed,
    RecordChanged,
    NoticesWritten,
)


class Events:
    """Subscribers by kind of event; they run in order, and each fails alone."""

    def __init__(self) -> None:
        self._subscribers: defaultdict[type[Any], list[Callable[[Any], Awaitable[None]]]]
        self._subscribers = defaultdict(list)

    def subscribe(self, kind: type[EventT], subscriber: Callable[[EventT], Awaitable[None]]) -> None:
        self._subscribers[kind].append(subscriber)

    async def publish(self, event: Event) -> None:
        """To be called after commit; never raises."""
        for subscriber in tuple(self._subscribers[type(event)]):
            try:
                await subscriber(event)
            except Exception:
                log.exception("event.subscriber_failed", event_kind=type(event).__name__)
