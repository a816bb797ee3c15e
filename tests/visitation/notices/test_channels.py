"""People are told the way they chose, as far as they can be reached, and it is tried ever more seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visitation.notices.backoff import FIRST, LONGEST, wait
from visitation.notices.channels import Choice, Way, ways
from visitation.notices.kinds import Channel

MAIL, SMS = Way(Channel.EMAIL), Way(Channel.SMS)
PUSH = Way(Channel.WEB_PUSH, "telephone")


@pytest.mark.parametrize(
    ("email", "telephone", "choice", "expected"),
    [
        ("a@example.org", "+358000", None, [MAIL]),
        (None, "+358000", None, [SMS]),
        ("a@example.org", "+358000", Choice(email=True, sms=True), [MAIL, SMS]),
        ("a@example.org", "+358000", Choice(email=False, sms=True), [SMS]),
        ("a@example.org", None, Choice(email=False, sms=True), [MAIL]),
        (None, None, None, [MAIL]),
        (None, None, Choice(email=False, sms=False), [MAIL]),
    ],
)
def test_a_person_is_told_by_what_they_chose_and_have(email, telephone, choice, expected):
    assert ways(email, telephone, (), choice) == expected


def test_a_browser_that_asked_is_told_besides():
    assert ways("a@example.org", None, ("telephone",), None) == [PUSH, MAIL]
    assert ways(None, None, ("telephone",), Choice(email=False, sms=False)) == [PUSH]


def test_waiting_doubles_up_to_a_longest():
    assert [wait(tried, 1.0) for tried in (1, 2, 3)] == [FIRST, FIRST * 2, FIRST * 4]
    assert wait(1000, 1.0) == LONGEST


@given(st.integers(1, 10**6), st.floats(0, 1, exclude_max=True))
def test_chance_spreads_the_upper_half(tried: int, chance: float):
    whole = wait(tried, 1.0)
    assert whole / 2 <= wait(tried, chance) <= whole


def test_what_the_other_side_asks_for_is_kept_within_reason():
    assert wait(1, 0.0, timedelta(minutes=10)) == timedelta(minutes=10)
    assert wait(1, 0.0, timedelta(days=10)) == LONGEST
    assert wait(9, 0.0, timedelta(seconds=1)) > timedelta(minutes=1)
