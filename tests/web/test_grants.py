"""A viewing grant is one session's, for one recording, for a quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from web.grants import LIMIT, ViewingGrants

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MOMENT = timedelta(milliseconds=1)


def test_a_grant_ends_after_fifteen_minutes_to_the_moment():
    grants = ViewingGrants()
    assert grants.give("s", "r", NOW) == NOW + QUARTER
    assert grants.holds("s", "r", NOW + QUARTER - MOMENT)
    assert not grants.holds("s", "r", NOW + QUARTER)


def test_a_grant_serves_no_other_session_and_no_other_recording():
    grants = ViewingGrants()
    grants.give("s", "r", NOW)
    assert not grants.holds("t", "r", NOW)
    assert not grants.holds("s", "q", NOW)


def test_a_session_that_ends_takes_its_grants_with_it():
    grants = ViewingGrants()
    grants.give("s", "r", NOW)
    grants.give("t", "r", NOW)
    grants.end("s")
    assert not grants.holds("s", "r", NOW)
    assert grants.holds("t", "r", NOW)


def test_grants_are_bounded_and_the_oldest_goes_first():
    grants = ViewingGrants()
    for number in range(LIMIT + 1):
        grants.give("s", str(number), NOW)
    assert grants.dropped == 1
    assert not grants.holds("s", "0", NOW)
    assert grants.holds("s", "1", NOW)
    assert grants.holds("s", str(LIMIT), NOW)
