"""Outcomes: with whom each lies, and which minutes come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visitation.outcomes import OUTCOMES, STAFF_CANCEL_BY, Became, Outcome, Party, minutes_back


@pytest.mark.parametrize("outcome", list(Outcome))
def test_nobody_pays_for_what_does_not_lie_with_them(outcome: Outcome):
    facts = OUTCOMES[outcome]
    if facts.became is Became.MISSED and facts.party in (Party.PRISON, Party.SYSTEM, Party.NONE):
        assert facts.refundable
    if outcome.value.startswith("technical"):
        assert facts.refundable
        assert facts.party is not Party.NONE
    if facts.became is Became.CANCELLED:
        assert facts.refundable


@pytest.mark.parametrize(
    ("outcome", "had", "back"),
    [
        (Outcome.COMPLETED_NORMALLY, 30, 0),
        (Outcome.VISITOR_DID_NOT_ARRIVE, 0, 0),
        (Outcome.TECHNICAL_VISITOR_NETWORK, 12, 18),
        (Outcome.PRISONER_NOT_INFORMED, 0, 30),
        (Outcome.PRISONER_CANCELLED, 0, 30),
        (Outcome.TECHNICAL_SERVER, 31, 0),
    ],
)
def test_the_minutes_that_were_not_had_come_back(outcome: Outcome, had: int, back: int):
    assert minutes_back(outcome, 30, had) == back


@given(st.sampled_from(Outcome), st.integers(0, 240), st.integers(0, 240))
def test_never_more_comes_back_than_was_booked(outcome: Outcome, booked: int, had: int):
    assert 0 <= minutes_back(outcome, booked, had) <= booked


def test_staff_cancel_by_reasons_that_mean_cancelled():
    assert {OUTCOMES[each].became for each in STAFF_CANCEL_BY} == {Became.CANCELLED}
