"""By when a decision can be appealed: pure date arithmetic over the policy's words and the prison's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from visitation.jurisdictions.decisions import Appeal
from visitation.public_holidays import is_public_holiday

SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The prison's time zone, and whose public holidays it keeps: ISO 3166 codes, None = nobody's."""

    timezone: ZoneInfo
    country: str | None = None
    subdivision: str | None = None

    def works(self, day: date) -> bool:
        """Whether offices are open that day. A country whose holidays nobody knows has weekends alone."""
        if day.weekday() >= SATURDAY:
            return False
        try:
            return not is_public_holiday(self.country, self.subdivision, day)
        except ValueError:
            return True


def appeal_until(appeal: Appeal, delivered_at: datetime, calendar: Calendar) -> date | None:
    """The last day on which an appeal may be handed in; None when the policy knows no deadline.

    Days are those of the prison, and the day of delivery itself is not counted.
    """
    if appeal.days is None:
        return None
    last = delivered_at.astimezone(calendar.timezone).date() + timedelta(days=appeal.days)
    while appeal.last_day == "working_day" and not calendar.works(last):
        last += timedelta(days=1)
    return last
