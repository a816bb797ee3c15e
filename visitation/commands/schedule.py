"""Sessions, closed days and appointments, as the office writes them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from visitation.commands.base import Code, Command, Id, Label, MaybeReason, MaybeTitle, Title
from visitation.eligibility import UserType

GRID = 5  # minutes: claims of terminals and people are made in cells of this length


def _on_grid(at: time) -> time:
    if at.tzinfo is not None or at.minute % GRID or at.second or at.microsecond:
        raise ValueError("a time of the wall clock, on the five-minute grid")
    return at


Wall = Annotated[time, AfterValidator(_on_grid)]
Codes = Annotated[tuple[Code, ...], Field(max_length=40)]


class TemplateData(Command):
    """A recurring session. `weekday` 0 = Monday; `start` and `end` are the prison's wall clock;
    `every_weeks` n = every n-th week, counted from the week of `valid_from`; `valid_to` is included.

    With `except_…` the session is for all but those named; an empty list leaves nobody out.
    """

    prison_id: Id
    reference: Label
    name: Title
    weekday: Annotated[int, Field(ge=0, le=6)]
    start: Wall
    end: Wall
    every_weeks: Annotated[int, Field(ge=1, le=52)] = 1
    valid_from: date
    valid_to: date | None = None
    open_capacity: Annotated[int, Field(ge=0, le=500)]
    closed_capacity: Annotated[int, Field(ge=0, le=500)] = 0
    active: bool = True
    kinds: Annotated[Codes, Field(min_length=1)]
    user_types: Annotated[tuple[UserType, ...], Field(min_length=1, max_length=4)]
    for_children: bool = False
    on_public_holidays: bool = False
    units: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    except_units: bool = False
    categories: Codes = ()
    except_categories: bool = False
    incentives: Codes = ()
    except_incentives: bool = False

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end <= self.start:
            raise ValueError("it ends before it begins")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("its last day lies before its first")
        return self


class ExcludedDateData(Command):
    """A day without visits: in the whole prison, or of one session."""

    prison_id: Id
    template_id: Id | None = None
    day: date
    reason: MaybeReason = ""


class AppointmentData(Command):
    """Something of a prisoner's that outranks a visit; `label` is for staff."""

    prisoner_id: Id
    kind: Code
    label: MaybeTitle = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if not timedelta(0) < self.ends_at - self.starts_at <= timedelta(days=31):
            raise ValueError("it ends before it begins, or after more than a month")
        return self
