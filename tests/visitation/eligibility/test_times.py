"""The prison's wall clock: what it means in UTC, and when it means nothing or two things."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.eligibility.furniture import AUTUMN, HELSINKI, SPRING
from visitation.eligibility import RefusalCode
from visitation.eligibility.times import age_on, moment, week_of, weeks_between

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Helsinki",
        "Europe/London",
        "UTC",
        "Asia/Beirut",  # changes at midnight
        "America/Havana",  # likewise
        "Australia/Lord_Howe",  # by half an hour
        "Pacific/Apia",  # once left out a whole day
        "Asia/Kathmandu",  # not whole hours from UTC
    )
]
days = st.dates(date(2011, 1, 1), date(2030, 12, 31))
on_grid = st.builds(time, st.integers(0, 23), st.sampled_from(range(0, 60, 5)))


@given(days | st.sampled_from([SPRING, AUTUMN, date(2011, 12, 30)]), on_grid, on_grid, st.sampled_from(ZONES))
def test_a_moment_is_what_a_clock_on_the_wall_would_show_and_only_then(
    day: date, start: time, end: time, zone: ZoneInfo
):
    at = moment(day, start, end, zone)
    if at.starts_at is None or at.ends_at is None:
        assert at.faults
        return
    assert not at.faults
    for instant, shown in ((at.starts_at, start), (at.ends_at, end)):
        assert instant.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, shown)
        for hour in (timedelta(minutes=30), timedelta(hours=1)):
            assert (instant + hour).astimezone(zone).time() != shown, "shown twice"
            assert (instant - hour).astimezone(zone).time() != shown, "shown twice"
    lasts = datetime.combine(day, end) - datetime.combine(day, start)
    assert at.ends_at - at.starts_at == lasts


@given(days, on_grid, on_grid)
def test_on_a_day_without_a_change_only_the_order_matters(day: date, start: time, end: time):
    assert moment(day, start, end, ZoneInfo("UTC")).faults == (
        () if start < end else (RefusalCode.TIME_BACKWARDS,)
    )


def test_helsinki_in_summer_and_winter():
    winter = moment(date(2026, 1, 5), time(13, 0), time(13, 30), HELSINKI)
    assert winter.starts_at == datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
    summer = moment(date(2026, 7, 5), time(13, 0), time(13, 30), HELSINKI)
    assert summer.starts_at == datetime(2026, 7, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "faults"),
    [
        (SPRING, time(3, 0), time(3, 30), [RefusalCode.TIME_NONEXISTENT]),
        (SPRING, time(2, 55), time(3, 55), [RefusalCode.TIME_NONEXISTENT]),
        (SPRING, time(2, 30), time(4, 0), [RefusalCode.TIME_ACROSS_CLOCK_CHANGE]),
        (SPRING, time(4, 0), time(4, 30), []),
        (AUTUMN, time(2, 30), time(3, 30), [RefusalCode.TIME_AMBIGUOUS]),
        (AUTUMN, time(3, 55), time(4, 30), [RefusalCode.TIME_AMBIGUOUS]),
        (AUTUMN, time(2, 55), time(4, 0), [RefusalCode.TIME_ACROSS_CLOCK_CHANGE]),
        (
            SPRING,
            time(3, 32),
            time(3, 30),
            [RefusalCode.TIME_BACKWARDS, RefusalCode.TIME_OFF_GRID, RefusalCode.TIME_NONEXISTENT],
        ),
    ],
)
def test_the_nights_in_which_the_clocks_are_changed(
    day: date, start: time, end: time, faults: list[RefusalCode]
):
    assert list(moment(day, start, end, HELSINKI).faults) == faults


@given(days, st.integers(0, 6))
def test_a_week_has_its_day_and_seven_days(day: date, week_start: int):
    first, last = week_of(day, week_start)
    assert first <= day <= last
    assert (last - first, first.weekday()) == (timedelta(days=6), week_start)


@given(days, st.integers(-60, 60))
def test_weeks_are_counted_from_monday_to_monday(first: date, ahead: int):
    monday = first - timedelta(days=first.weekday())
    assert weeks_between(first, monday + timedelta(weeks=ahead, days=6)) == ahead
    assert weeks_between(first, monday + timedelta(weeks=ahead)) == ahead


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2008, 11, 12), date(2026, 11, 11), 17),
        (date(2008, 11, 12), date(2026, 11, 12), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_somebody_is_a_year_older_on_their_birthday(born: date, day: date, years: int):
    assert age_on(born, day) == years
