"""The rules of booking, as a pack states them: when, how many, how often, and what comes first."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from visitation.jurisdictions.shapes import Code, Data, Stated

UserType = Literal["public", "prisoner", "professional", "staff"]
Limit = Annotated[int, Field(ge=1, le=100)]
# An alert's or appointment's code as the prison's own register spells it.
RegisterCode = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]


class Window(Stated):
    """How many days ahead may be booked; 0 is today."""

    min_days: int = Field(ge=0, le=60)
    max_days: int = Field(ge=1, le=366)

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if self.min_days > self.max_days:
            raise ValueError("the booking window never opens")
        return self


class Ages(Stated):
    """`adult_age` in years; below `escort_age` a responsible adult must be in the picture."""

    adult_age: int = Field(ge=15, le=21)
    escort_age: int = Field(ge=0, le=21)


class People(Stated):
    """How many visitors one visit may have, the prisoner not counted; None is no limit of its own."""

    total: Limit | None
    adults: Limit
    children: Limit | None


class Remand(Stated):
    """How many visits a remand prisoner may have in a week; None is no limit."""

    visits_per_week: Limit | None


class Allowance(Stated):
    """Minutes that one prisoner may use in a calendar week or month for these kinds taken together.

    What is not used is carried over, up to `carry_over_minutes`; minutes lost through no fault of theirs come back.
    """

    kinds: tuple[Code, ...] = Field(min_length=1)
    minutes: int = Field(ge=5, le=10_000)
    period: Literal["week", "month"]
    carry_over_minutes: int = Field(ge=0, le=10_000)


class Hold(Stated):
    """How long a slot is kept while somebody fills in the booking."""

    minutes: int = Field(ge=1, le=60)


class Outranking(Stated):
    """Appointments that a visit gives way to, the weightiest first."""

    appointments: tuple[RegisterCode, ...]


class Alerts(Stated):
    """Alerts on the prisoner that a person must look at before the visit is approved."""

    codes: tuple[RegisterCode, ...]


class Booking(Data):
    """Everything the booking of visits asks a pack."""

    windows: dict[UserType, Window]
    ages: Ages
    people: People
    remand: Remand
    allowances: tuple[Allowance, ...]
    hold: Hold
    outranking: Outranking
    review_alerts: Alerts

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if missing := {"public", "prisoner", "professional", "staff"} - set(self.windows):
            raise ValueError(f"no booking window for {sorted(missing)}")
        counted = [kind for allowance in self.allowances for kind in allowance.kinds]
        if len(set(counted)) != len(counted):
            raise ValueError("a kind of visit is counted in two allowances")
        return self

    def allowance_for(self, kind: str) -> Allowance | None:
        """The allowance a visit of this kind is counted in; None is free of any."""
        return next((each for each in self.allowances if kind in each.kinds), None)
