"""The days that are looked at, as instants of the prison's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from visitation.eligibility.times import week_of


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """Excluded."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def weeks(self, week_start: int) -> Self:
        """The whole weeks that these days touch."""
        first, last = week_of(self.first, week_start)[0], week_of(self.last, week_start)[1]
        return type(self)(first, last, self.zone)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
