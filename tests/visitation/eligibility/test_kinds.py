"""The kinds of visit are the policies' own, and those that nothing restricts are the confidential ones."""

from __future__ import annotations

from visitation.eligibility import UNRESTRICTED_KINDS, ContactClass, VisitKind
from visitation.jurisdictions.kinds import visit_kinds


def test_the_deciders_and_the_policies_know_the_same_kinds():
    assert {kind.value for kind in VisitKind} == set(visit_kinds())


def test_no_ban_or_court_meets_exactly_the_confidential_kinds():
    assert {kind.kind for kind in visit_kinds().values() if kind.confidential} == UNRESTRICTED_KINDS
    assert all(visit_kinds()[kind].standing for kind in UNRESTRICTED_KINDS), "or anybody could claim it"


def test_whom_a_kind_is_for_is_a_class_that_is_known():
    wanted = {each for kind in visit_kinds().values() for each in kind.contacts}
    assert wanted == {each.value for each in ContactClass}


def test_two_prisons_hold_the_interprison_visit_alone():
    assert [kind.kind for kind in visit_kinds().values() if kind.both_prisons] == [VisitKind.INTERPRISON]
