"""Slots, holds and visits, as they are asked for."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from visitation.commands.base import Code, Command, Id
from visitation.eligibility import Override
from visitation.model.visits import ApplicationMethod, Need

People = Annotated[tuple[Id, ...], Field(min_length=1, max_length=20)]
Needs = Annotated[tuple[Need, ...], Field(max_length=3)]
Overrides = Annotated[frozenset[Override], Field(max_length=4)]


class WantedSlot(Command):
    """A session on a day. Staff may name a time instead, outside every session."""

    template_id: Id | None = None
    day: date
    start: time | None = None
    end: time | None = None

    @model_validator(mode="after")
    def _a_session_or_a_time(self) -> Self:
        given = (self.start is not None, self.end is not None)
        if given != ((self.template_id is None),) * 2:
            raise ValueError("either a session, or from when until when")
        return self


class FindSlots(Command):
    """`visitor_ids` None = they are chosen later. `visit_id` is a visit that would be moved."""

    prisoner_id: Id
    kind: Code
    visitor_ids: People | None = None
    from_day: date | None = None
    days: Annotated[int, Field(ge=1, le=62)] = 28
    closed_wanted: bool = False
    visit_id: Id | None = None


class HoldSlot(Command):
    prisoner_id: Id
    kind: Code
    slot: WantedSlot
    visitor_ids: People | None = None
    closed_wanted: bool = False

    @model_validator(mode="after")
    def _in_a_session(self) -> Self:
        if self.slot.template_id is None:
            raise ValueError("only sessions are held for somebody")
        return self


class BookVisit(Command):
    """Up to three wishes, the best first: the first that can be had is booked. The first visitor is the one
    who is written to. What is `overrides` is for staff."""

    prisoner_id: Id
    kind: Code
    visitor_ids: People
    wishes: Annotated[tuple[WantedSlot, ...], Field(min_length=1, max_length=3)]
    needs: Needs = ()
    method: ApplicationMethod = ApplicationMethod.NOT_KNOWN
    hold_id: Id | None = None
    terminal_id: Id | None = None
    officer_id: Id | None = None
    closed_wanted: bool = False
    overrides: Overrides = frozenset()


class ChangeVisit(Command):
    """What is None stays as it is; only staff open a visit that was closed."""

    slot: WantedSlot | None = None
    visitor_ids: People | None = None
    needs: Needs | None = None
    terminal_id: Id | None = None
    closed_wanted: bool | None = None
    overrides: Overrides = frozenset()


class Rejection(StrEnum):
    """Why the office says no to a request; what it writes to people about it is a decision of its own."""

    ALERT_OR_RESTRICTION = "alert_or_restriction"
    CHILD_PROTECTION = "child_protection"
    DUPLICATE_REQUEST = "duplicate_request"
    NO_ADULT = "no_adult"
    NO_ALLOWANCE = "no_allowance"
    NON_ASSOCIATION = "non_association"
    PRISONER_MOVED = "prisoner_moved"
    PRISONER_OUT_OF_PRISON = "prisoner_out_of_prison"
    PRISONER_RELEASED = "prisoner_released"
    SLOT_UNAVAILABLE = "slot_unavailable"
    VISITOR_BANNED = "visitor_banned"
    VISITOR_NOT_APPROVED = "visitor_not_approved"
    OTHER = "other"


class WaitForSlot(Command):
    """A place on the standby list: whatever comes free and begins in [earliest, latest), not later than
    `notice_minutes` before it."""

    prisoner_id: Id
    kind: Code
    visitor_ids: People
    needs: Needs = ()
    method: ApplicationMethod = ApplicationMethod.NOT_KNOWN
    earliest: AwareDatetime
    latest: AwareDatetime
    notice_minutes: Annotated[int, Field(ge=0, le=10_080)] = 1440

    @model_validator(mode="after")
    def _window_opens(self) -> Self:
        if self.latest <= self.earliest:
            raise ValueError("nothing begins in that time")
        return self
