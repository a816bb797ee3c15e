"""How calls end, and what each end makes of its visit: every reason has its outcome, in one place."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from signaling.outcomes import OPEN_ENDED, Ending, outcome_of
from signaling.shapes import By, EndReason, ReasonCode
from visitation.outcomes import Outcome

LIVE: dict[str, Any] = {"was_live": True, "visitor_passed": True, "terminal_there": True}


@pytest.mark.parametrize("reason", get_args(EndReason))
@pytest.mark.parametrize("by", [*get_args(By), None])
@pytest.mark.parametrize("live", [True, False])
def test_every_end_has_one_outcome_or_leaves_the_visit_open(reason, by, live):
    found = outcome_of(Ending(reason=reason, by=by, was_live=live))
    assert (found is None) == (reason in OPEN_ENDED)


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Ending("time", **LIVE), Outcome.COMPLETED_NORMALLY),
        (Ending("left", by="visitor", **LIVE), Outcome.VISITOR_COMPLETED_EARLY),
        (Ending("left", by="prisoner", **LIVE), Outcome.PRISONER_COMPLETED_EARLY),
        (Ending("absence", absent="visitor", **LIVE), Outcome.TECHNICAL_VISITOR_NETWORK),
        (Ending("absence", absent="prisoner", **LIVE), Outcome.TECHNICAL_PRISON_NETWORK),
        (Ending("recorder", **LIVE), Outcome.TECHNICAL_SERVER),
        (Ending("unsupervised", **LIVE), Outcome.NO_SUPERVISOR),
        (Ending("time"), Outcome.VISITOR_DID_NOT_ARRIVE),
        (Ending("time", visitor_passed=True, declined=True), Outcome.PRISONER_REFUSED_TO_ATTEND),
        (Ending("time", visitor_passed=True, terminal_there=True), Outcome.PRISONER_NOT_INFORMED),
        (Ending("time", visitor_passed=True), Outcome.TECHNICAL_TERMINAL),
        (Ending("node", **LIVE), None),
    ],
    ids=lambda value: value.value if isinstance(value, Outcome) else None,
)
def test_what_the_call_knows_decides_the_outcome(ending, outcome):
    assert outcome_of(ending) is outcome


@pytest.mark.parametrize("reason", get_args(ReasonCode))
def test_an_officers_end_is_the_staffs_whatever_its_ground(reason):
    assert outcome_of(Ending(reason, by="officer", **LIVE)) is Outcome.TERMINATED_BY_STAFF
