"""Allowances: grants, what is carried over, what can be taken, and what comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visitation.allowances import (
    AllowanceRule,
    Entry,
    EntryKind,
    due,
    left,
    period_after,
    period_of,
    refund,
    use,
)

WEEKLY = AllowanceRule("video", 60, "week", carry_over_minutes=30)
MONTHLY = AllowanceRule("video", 120, "month")
MONDAY = date(2026, 11, 2)
WEEKS = [MONDAY + timedelta(weeks=ahead) for ahead in range(5)]
GRANT = Entry(MONDAY, EntryKind.GRANT, 60)


def of(rule: AllowanceRule, entries: tuple[Entry, ...], today: date = MONDAY, days: int = 27) -> list[int]:
    return [count for _, count in left(rule, entries, today, today + timedelta(days=days)).periods]


@pytest.mark.parametrize(
    ("rule", "day", "first", "following"),
    [
        (WEEKLY, date(2026, 11, 8), MONDAY, date(2026, 11, 9)),
        (AllowanceRule("video", 1, "week", week_start=6), MONDAY, date(2026, 11, 1), date(2026, 11, 8)),
        (MONTHLY, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (MONTHLY, date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_a_period_has_its_first_day(rule: AllowanceRule, day: date, first: date, following: date):
    assert (period_of(rule, day), period_after(rule, day)) == (first, following)


def test_what_is_not_used_goes_on_up_to_the_cap():
    assert of(WEEKLY, (GRANT,)) == [60, 90, 90, 90]
    assert of(MONTHLY, (), days=60) == [120, 120, 120]


def test_a_use_is_taken_from_its_week_and_from_what_would_go_on():
    assert of(WEEKLY, (GRANT, use(WEEKLY, "v", MONDAY, 45))) == [15, 75, 90, 90]


def test_a_later_visit_keeps_what_it_needs_from_being_taken_before():
    later = use(WEEKLY, "v", WEEKS[1], 90)
    assert of(WEEKLY, (GRANT, later)) == [30, 0, 60, 90]


def test_what_staff_let_somebody_take_too_much_is_not_held_against_them():
    assert of(WEEKLY, (GRANT, use(WEEKLY, "v", MONDAY, 100))) == [0, 60, 90, 90]


def test_an_adjustment_counts_like_any_other_entry():
    assert of(WEEKLY, (GRANT, Entry(MONDAY, EntryKind.ADJUSTMENT, -60)), days=6) == [0]


def test_each_period_is_granted_once_with_what_is_carried_over():
    entries = due(WEEKLY, (), MONDAY + timedelta(days=3), WEEKS[1])
    assert entries == (
        GRANT,
        Entry(WEEKS[1], EntryKind.GRANT, 60),
        Entry(WEEKS[1], EntryKind.CARRY_OVER, 30),
    )
    assert due(WEEKLY, entries, MONDAY, WEEKS[1] + timedelta(days=6)) == ()
    assert [entry.period_start for entry in due(WEEKLY, entries, MONDAY, WEEKS[2])] == [WEEKS[2], WEEKS[2]]


def test_a_refund_comes_back_in_the_visits_week_or_in_todays_when_that_is_over():
    entries = (GRANT, use(WEEKLY, "v", MONDAY, 30))
    assert refund(WEEKLY, entries, "v", 30, MONDAY) == Entry(MONDAY, EntryKind.REFUND, 30, "v")
    assert refund(WEEKLY, entries, "v", 10, WEEKS[2]) == Entry(WEEKS[2], EntryKind.REFUND, 10, "v")
    booked = (GRANT, use(WEEKLY, "v", WEEKS[2], 30))
    assert refund(WEEKLY, booked, "v", 30, MONDAY) == Entry(WEEKS[2], EntryKind.REFUND, 30, "v")


def test_no_more_comes_back_than_was_taken():
    entries = (GRANT, use(WEEKLY, "v", MONDAY, 30))
    back = refund(WEEKLY, entries, "v", 99, MONDAY)
    assert back is not None
    assert back.amount == 30
    assert refund(WEEKLY, (*entries, back), "v", 1, MONDAY) is None
    assert refund(WEEKLY, entries, "another", 30, MONDAY) is None


rules = st.builds(
    AllowanceRule,
    st.just("video"),
    st.integers(0, 240),
    st.sampled_from(["week", "month"]),
    st.integers(0, 300),
    st.integers(0, 6),
)
ahead = st.integers(0, 90)
uses = st.lists(st.tuples(ahead, st.integers(1, 120)), max_size=6)


def ledger(rule: AllowanceRule, taken: list[tuple[int, int]]) -> tuple[Entry, ...]:
    """Visits booked one after the other, each only when it is left."""
    entries = due(rule, (), MONDAY, MONDAY)
    for number, (days, minutes) in enumerate(taken):
        day = MONDAY + timedelta(days=days)
        if left_on(rule, entries, day) >= minutes:
            entries = (*entries, use(rule, f"v{number}", day, minutes))
    return entries


def left_on(rule: AllowanceRule, entries: tuple[Entry, ...], day: date, today: date = MONDAY) -> int:
    return left(rule, entries, today, day).periods[-1][1]


def shortest(rule: AllowanceRule, entries: tuple[Entry, ...]) -> int:
    """The least that any period has when all of them have come, granted one by one."""
    for period in range(0, 130, 3):
        entries = (*entries, *due(rule, entries, MONDAY, MONDAY + timedelta(days=period)))
    sums: dict[date, int] = {}
    for entry in entries:
        sums[entry.period_start] = sums.get(entry.period_start, 0) + entry.amount
    return min(sums.values())


@given(rules, uses, ahead)
def test_exactly_what_is_left_can_be_taken_and_nobody_runs_short_later(rule, taken, days):
    entries = ledger(rule, taken)
    day = MONDAY + timedelta(days=days)
    most = left_on(rule, entries, day)
    assert shortest(rule, (*entries, use(rule, "all", day, most))) >= 0
    assert shortest(rule, (*entries, use(rule, "more", day, most + 1))) < 0


@given(rules, uses, ahead, st.integers(0, 60))
def test_what_is_foretold_is_what_comes(rule, taken, days, later):
    entries = ledger(rule, taken)
    day = MONDAY + timedelta(days=max(days, later))
    today = MONDAY + timedelta(days=later)
    come = (*entries, *due(rule, entries, MONDAY, today))
    assert left_on(rule, come, day, today) == left_on(rule, entries, day)


@given(rules, uses, ahead)
def test_a_refund_undoes_a_use(rule, taken, days):
    entries = ledger(rule, taken)
    day = MONDAY + timedelta(days=days)
    minutes = left_on(rule, entries, day)
    used = (*entries, use(rule, "v", day, minutes))
    back = refund(rule, used, "v", minutes, MONDAY)
    end = MONDAY + timedelta(days=90)
    if back is not None:
        assert left(rule, (*used, back), MONDAY, end) == left(rule, entries, MONDAY, end)


@given(rules, uses)
def test_no_more_is_carried_over_than_the_cap(rule, taken):
    entries = ledger(rule, taken)
    written = due(rule, entries, MONDAY, MONDAY + timedelta(days=90))
    carried = [entry.amount for entry in written if entry.kind is EntryKind.CARRY_OVER]
    assert all(0 < amount <= rule.carry_over_minutes for amount in carried)
