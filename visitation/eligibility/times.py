"""What a prison's wall clock means in UTC, and the times at which it means nothing or two things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from visitation.eligibility.codes import RefusalCode

GRID_MINUTES: Final = 5  # claims of terminals and people are made in cells of this length


@dataclass(frozen=True, slots=True)
class Moment:
    """From when until when; aware UTC, both None when the clock's words do not say it."""

    starts_at: datetime | None
    ends_at: datetime | None
    faults: tuple[RefusalCode, ...] = ()


def moment(day: date, start: time, end: time, zone: ZoneInfo) -> Moment:
    """The instants of a visit on the prison's clock, or every reason why there are none."""
    faults = []
    if end <= start:
        faults.append(RefusalCode.TIME_BACKWARDS)
    if any(at.minute % GRID_MINUTES or at.second or at.microsecond for at in (start, end)):
        faults.append(RefusalCode.TIME_OFF_GRID)
    begins, ends = datetime.combine(day, start, zone), datetime.combine(day, end, zone)
    for at in (begins, ends):
        fault = _fault(at)
        if fault is not None and fault not in faults:
            faults.append(fault)
    if faults:
        return Moment(None, None, tuple(faults))
    if begins.utcoffset() != ends.utcoffset():
        return Moment(None, None, (RefusalCode.TIME_ACROSS_CLOCK_CHANGE,))
    return Moment(begins.astimezone(UTC), ends.astimezone(UTC))


def _fault(at: datetime) -> RefusalCode | None:
    """PEP 495: of the two readings, the later clock is ahead where an hour is left out and behind where one
    is lived twice."""
    first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
    if first == second or first is None or second is None:
        return None
    return RefusalCode.TIME_NONEXISTENT if first < second else RefusalCode.TIME_AMBIGUOUS


def weeks_between(first: date, day: date) -> int:
    """Whole weeks from the Monday of one day to the Monday of the other."""
    return (day.toordinal() - 1) // 7 - (first.toordinal() - 1) // 7


def week_of(day: date, week_start: int) -> tuple[date, date]:
    """First and last day of the week that begins on this weekday (0 = Monday)."""
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    return first, first + timedelta(days=6)


def age_on(born: date, day: date) -> int:
    """Full years. Born on 29 February: a year older on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
