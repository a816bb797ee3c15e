"""What a prison's wall clock means in UTC, and the times at which it means nothing or two things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
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
    faults = _faults_of_hours(start, end)
    offset = _offset_all_day(day, zone)
    if offset is None:
        faults += _faults_of_clock(day, start, end, zone)
        offset = datetime.combine(day, start, zone).utcoffset()
    if faults or offset is None:
        return Moment(None, None, faults)
    return Moment(datetime.combine(day, start, UTC) - offset, datetime.combine(day, end, UTC) - offset)


@lru_cache(maxsize=1024)
def _faults_of_hours(start: time, end: time) -> tuple[RefusalCode, ...]:
    backwards = end <= start
    off_grid = any(at.minute % GRID_MINUTES or at.second or at.microsecond for at in (start, end))
    return (RefusalCode.TIME_BACKWARDS,) * backwards + (RefusalCode.TIME_OFF_GRID,) * off_grid


@lru_cache(maxsize=4096)
def _offset_all_day(day: date, zone: ZoneInfo) -> timedelta | None:
    """The zone's offset from UTC; None on a day on which the clocks are changed."""
    begin = datetime.combine(day, time(), zone)
    found = {at.utcoffset() for at in (begin, begin.replace(fold=1), begin + timedelta(days=1))}
    return found.pop() if len(found) == 1 else None


def _faults_of_clock(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[RefusalCode, ...]:
    begins, ends = datetime.combine(day, start, zone), datetime.combine(day, end, zone)
    faults = {fault: None for fault in (_fault(begins), _fault(ends)) if fault is not None}
    if not faults and begins.utcoffset() != ends.utcoffset():
        return (RefusalCode.TIME_ACROSS_CLOCK_CHANGE,)
    return tuple(faults)


def _fault(at: datetime) -> RefusalCode | None:
    """PEP 495: of its two readings the later is ahead where an hour is left out, behind where it is lived
    twice."""
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
