"""Prisons, their units and their terminals, as the office writes them."""

from __future__ import annotations

from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from visitation.commands.base import Command, Id, Label, Title
from visitation.model.prisons import AcousticGrade, TerminalState, TerminalUse

Many = Annotated[int, Field(ge=1, le=20)]
Days = Annotated[int, Field(ge=0, le=366)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone") from None
    return name


class PrisonData(Command):
    """`policy_pack` names a folder in jurisdictions/; `country` and `subdivision` are ISO 3166 codes that
    name the public holidays it keeps. The numbers narrow what the policy allows."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,20}$")]
    name: Title
    timezone: Annotated[str, Field(max_length=60), AfterValidator(_zone)]
    policy_pack: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    active: bool = True
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    subdivision: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,3}$")] | None = None
    week_start: Annotated[int, Field(ge=0, le=6)] = 0
    min_days: Days | None = None
    max_days: Days | None = None
    max_total: Many | None = None
    max_adults: Many | None = None
    max_children: Many | None = None
    max_children_per_adult: Many | None = None

    @model_validator(mode="after")
    def _window_opens(self) -> Self:
        if self.min_days is not None and self.max_days is not None and self.min_days > self.max_days:
            raise ValueError("the booking window never opens")
        return self


class UnitData(Command):
    prison_id: Id
    parent_id: Id | None = None
    name: Annotated[Label, Field(max_length=40)]


class TerminalData(Command):
    """Blocked from `blocked_from` until `blocked_until`, excluded; None = until further notice."""

    prison_id: Id
    unit_id: Id
    place: Label
    use: TerminalUse = TerminalUse.CELL
    acoustic_grade: AcousticGrade = AcousticGrade.OPEN
    state: TerminalState = TerminalState.ACTIVE
    blocked_from: AwareDatetime | None = None
    blocked_until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _blocked_for_a_time(self) -> Self:
        if (self.state == TerminalState.BLOCKED) != (self.blocked_from is not None):
            raise ValueError("a blocked terminal, and only that, says from when")
        if self.blocked_until is not None and (
            self.blocked_from is None or self.blocked_until <= self.blocked_from
        ):
            raise ValueError("blocked until before it is blocked")
        return self
