"""Refusals: each code by its example, all at once, in order, and who may pass what."""

from __future__ import annotations

import pytest

from tests.visitation.eligibility import refused_people, refused_times
from tests.visitation.eligibility.bookable import BOOKABLE
from tests.visitation.eligibility.furniture import Case
from visitation.eligibility import RefusalCode, refusals

REFUSED = [*refused_people.REFUSED, *refused_times.REFUSED]


@pytest.mark.parametrize(("case", "codes"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_wrong_is_said_and_nothing_else(case: Case, codes: list[RefusalCode]):
    assert [each.code for each in refusals(case.proposal, case.facts)] == codes


@pytest.mark.parametrize("case", [row[1] for row in BOOKABLE], ids=[row[0] for row in BOOKABLE])
def test_what_nothing_speaks_against_is_not_refused(case: Case):
    assert refusals(case.proposal, case.facts) == ()


def test_every_code_has_an_example():
    assert {code for _, _, codes in REFUSED for code in codes} == set(RefusalCode)
