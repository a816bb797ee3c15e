"""Refusals: each code by its example, all at once, in order, and who may pass what."""

from __future__ import annotations

import pytest

from tests.visitation.eligibility import refused_people, refused_times
from tests.visitation.eligibility.bookable import BOOKABLE
from tests.visitation.eligibility.furniture import Case
from visitation.eligibility import Override, RefusalCode, UserType, refusals

REFUSED = [*refused_people.REFUSED, *refused_times.REFUSED]
C = RefusalCode
PASSED = {
    C.NO_ALLOWANCE,
    C.LOCATION_GROUP,
    C.CATEGORY_GROUP,
    C.INCENTIVE_GROUP,
    C.REMAND_VISIT_LIMIT_FOR_WEEK_REACHED,
    C.NO_SLOT_CAPACITY,
    C.NO_CLOSED_CAPACITY,
}
# These depend on the user type, which the tests change.
ABOUT_WHO_BOOKS = {
    C.USER_TYPE,
    C.BOOKER_NOT_PERMITTED,
    C.BOOKER_VISITOR_NOT_PERMITTED,
    C.SESSION_USER_TYPE,
    C.SESSION_TEMPLATE_NOT_FOUND,
    C.DATE_TOO_EARLY,
    C.DATE_TOO_LATE,
}
SETTLED_ELSEWHERE = {
    *ABOUT_WHO_BOOKS,
    C.TIME_IN_PAST,
    C.SESSION_NOT_AVAILABLE,
}


@pytest.mark.parametrize(("case", "codes"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_wrong_is_said_and_nothing_else(case: Case, codes: list[RefusalCode]):
    assert [each.code for each in refusals(case.proposal, case.facts)] == codes


@pytest.mark.parametrize("case", [row[1] for row in BOOKABLE], ids=[row[0] for row in BOOKABLE])
def test_what_nothing_speaks_against_is_not_refused(case: Case):
    assert refusals(case.proposal, case.facts) == ()


def test_every_code_has_an_example():
    assert {code for _, _, codes in REFUSED for code in codes} == set(RefusalCode)


@pytest.mark.parametrize(("case", "codes"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_staff_who_pass_all_they_may_pass_nothing_else(case: Case, codes: list[RefusalCode]):
    everything = case.proposing(user_type=UserType.STAFF, overrides=frozenset(Override))
    left = {each.code for each in refusals(everything.proposal, everything.facts)}
    assert left >= set(codes) - ABOUT_WHO_BOOKS - PASSED
    assert not left & PASSED


@pytest.mark.parametrize(("case", "codes"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_carried_over_passes_who_books_how_soon_and_how_much(case: Case, codes: list[RefusalCode]):
    carried = case.proposing(user_type=UserType.SYSTEM)
    left = {each.code for each in refusals(carried.proposal, carried.facts)}
    assert left >= set(codes) - ABOUT_WHO_BOOKS - PASSED - SETTLED_ELSEWHERE
    assert not left & (PASSED | SETTLED_ELSEWHERE)
