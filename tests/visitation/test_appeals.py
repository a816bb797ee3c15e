"""Deadlines of appeals: days of the prison, and offices that must be open on the last one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visitation.appeals import Calendar, appeal_until
from visitation.jurisdictions.pack import load_pack

HELSINKI = Calendar(ZoneInfo("Europe/Helsinki"), "FI")
FINNISH = load_pack("finland").appeals["ban"]


def until(delivered: str, calendar: Calendar = HELSINKI, **changes: object) -> date | None:
    appeal = FINNISH.model_copy(update=changes)
    return appeal_until(appeal, datetime.fromisoformat(delivered).replace(tzinfo=UTC), calendar)


def test_the_day_of_delivery_is_not_counted():
    assert until("2026-11-05 10:00") == date(2026, 11, 19)
    assert until("2026-11-05 10:00", days=1) == date(2026, 11, 6)


def test_it_is_the_prisons_day_and_not_the_servers():
    assert until("2026-11-05 21:59") == date(2026, 11, 19)
    assert until("2026-11-05 22:00") == date(2026, 11, 20)  # past midnight in Helsinki
    assert until("2026-07-06 20:59") == date(2026, 7, 20)
    assert until("2026-07-06 21:00") == date(2026, 7, 21)  # summer time


def test_a_change_of_the_clock_takes_no_day_and_gives_none():
    assert until("2026-10-19 21:30") == date(2026, 11, 3)
    assert until("2026-03-19 21:30") == date(2026, 4, 2)


@pytest.mark.parametrize(
    ("delivered", "last"),
    [
        ("2026-11-07 08:00", date(2026, 11, 23)),  # a Saturday: Monday
        ("2026-11-08 08:00", date(2026, 11, 23)),  # a Sunday
        ("2027-11-22 08:00", date(2027, 12, 7)),  # Independence Day
        ("2026-04-17 08:00", date(2026, 5, 4)),  # the First of May is a Friday
        ("2026-06-05 08:00", date(2026, 6, 22)),  # Midsummer Eve, and the weekend after it
        ("2026-12-10 08:00", date(2026, 12, 28)),  # Christmas Eve to Sunday
        ("2026-03-20 08:00", date(2026, 4, 7)),  # Good Friday to Easter Monday
    ],
)
def test_a_last_day_on_which_offices_are_closed_moves_on(delivered: str, last: date):
    assert until(delivered) == last


def test_where_the_policy_counts_days_alone_no_day_is_skipped():
    assert until("2026-11-07 08:00", last_day="as_counted") == date(2026, 11, 21)


def test_a_policy_without_a_deadline_names_none():
    scottish = load_pack("scotland").appeals["ban"]
    assert appeal_until(scottish, datetime(2026, 11, 5, tzinfo=UTC), HELSINKI) is None


def test_a_prison_without_known_holidays_has_weekends():
    nowhere = Calendar(ZoneInfo("Europe/Helsinki"), "ZZ")
    assert until("2027-11-22 08:00", nowhere) == date(2027, 12, 6)
    assert until("2026-11-07 08:00", nowhere) == date(2026, 11, 23)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 366),
)
def test_nobody_is_given_fewer_days_than_the_law_says_or_a_closed_door(delivered_at: datetime, days: int):
    last = appeal_until(FINNISH.model_copy(update={"days": days}), delivered_at, HELSINKI)
    assert last is not None
    counted = delivered_at.astimezone(HELSINKI.timezone).date() + timedelta(days=days)
    assert counted <= last <= counted + timedelta(days=6)
    assert HELSINKI.works(last)
    assert not any(HELSINKI.works(counted + timedelta(days=n)) for n in range((last - counted).days))
