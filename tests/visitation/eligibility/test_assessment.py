"""What becomes of a proposal that nothing forbids: open or closed, approved or asked for, and from when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.visitation.eligibility.furniture import (
    DAY,
    OTHER,
    TODAY,
    Case,
    ban,
    by_staff,
    case_of,
    court,
    restricted,
    span,
)
from visitation.eligibility import (
    Alert,
    Presence,
    RestrictionType,
    ReviewReason,
    Source,
    TerminalFacts,
    UserType,
    VisitKind,
    VisitRestriction,
    VisitSubStatus,
    assess,
    first_day,
)

R = ReviewReason
case = Case()
children = case.proposing(visitor_ids=("sister", "child"))
ALERT = Alert("alert", "rdv", date(2026, 1, 1))
FIRST = TODAY + timedelta(days=2)


def reasons(of: Case) -> list[ReviewReason]:
    return [cause.reason for cause in assess(of.proposal, of.facts).review]


def status(of: Case) -> VisitSubStatus | None:
    return assess(of.proposal, of.facts).sub_status


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (case, []),
        (case.prisoner(alerts=(ALERT,)), [R.PRISONER_ALERT]),
        (case.prisoner(alerts=(replace(ALERT, forces_review=False),)), []),
        (case.prisoner(alerts=(replace(ALERT, last_day=DAY - timedelta(days=1)),)), []),
        (case_of(VisitKind.LEGAL).prisoner(alerts=(ALERT,)), []),
        (
            case_of(VisitKind.INTERPRISON).other(prisoner=replace(OTHER.prisoner, alerts=(ALERT,))),
            [R.PRISONER_ALERT],
        ),
        (
            case.prisoner(restrictions=(restricted(RestrictionType.NON_CONTACT),)),
            [R.PRISONER_RESTRICTION],
        ),
        (
            case.prisoner(
                restrictions=(restricted(RestrictionType.RESTRICTED, contact_ids=frozenset({"friend"})),)
            ),
            [],
        ),
        (
            case.visitor("sister", restrictions=(restricted(RestrictionType.RESTRICTED),)),
            [R.VISITOR_RESTRICTION],
        ),
        (case.visitor("sister", restrictions=(restricted(RestrictionType.ACCESS),)), []),
        (case.prisoner(restrictions=(restricted(RestrictionType.CHILD),)), []),
        (children.prisoner(restrictions=(restricted(RestrictionType.CHILD),)), [R.CHILD_TO_BE_VETTED]),
        (case.prisoner(presence=Presence.AWAY), [R.PRISONER_AWAY]),
        (case.proposing(user_type=UserType.PRISONER, booker_id="prisoner"), [R.PRISONER_ASKS]),
        (case.terms(automatic=False), [R.NOT_AUTOMATIC]),
        (
            case.knowing(unread=frozenset({Source.ALERTS, Source.APPOINTMENTS})),
            [R.SOURCE_UNREAD, R.SOURCE_UNREAD],
        ),
    ],
)
def test_the_office_is_told_why_it_is_asked(changed: Case, expected: list[ReviewReason]):
    assert reasons(changed) == expected
    assert status(changed) is (VisitSubStatus.REQUESTED if expected else VisitSubStatus.AUTO_APPROVED)


def test_staff_have_seen_the_causes_but_not_what_could_not_be_read():
    seen = by_staff().prisoner(alerts=(ALERT,)).terms(automatic=False)
    assert reasons(seen) == [R.PRISONER_ALERT, R.NOT_AUTOMATIC]
    assert status(seen) is VisitSubStatus.AUTO_APPROVED
    assert status(seen.knowing(unread=frozenset({Source.RESTRICTIONS}))) is VisitSubStatus.REQUESTED


def test_an_allowance_that_cannot_be_read_refuses_nobody_and_approves_nobody():
    unread = case.knowing(allowance=None, unread=frozenset({Source.ALLOWANCES}))
    assert assess(unread.proposal, unread.facts).refusals == ()
    assert status(unread) is VisitSubStatus.REQUESTED


CLOSED = (restricted(RestrictionType.CLOSED),)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (case, VisitRestriction.OPEN),
        (case.prisoner(restrictions=CLOSED), VisitRestriction.CLOSED),
        (case.visitor("sister", restrictions=CLOSED), VisitRestriction.CLOSED),
        (case.visitor("friend", restrictions=CLOSED), VisitRestriction.OPEN),
        (
            case.prisoner(
                restrictions=(restricted(RestrictionType.CLOSED, contact_ids=frozenset({"friend"})),)
            ),
            VisitRestriction.OPEN,
        ),
        (case.prisoner(restrictions=(replace(CLOSED[0], last_day=TODAY),)), VisitRestriction.OPEN),
        (case.proposing(closed_wanted=True), VisitRestriction.CLOSED),
        (case_of(VisitKind.LEGAL).prisoner(restrictions=CLOSED), VisitRestriction.OPEN),
        (case_of(VisitKind.LEGAL).visitor("counsel", restrictions=CLOSED), VisitRestriction.OPEN),
        (case.knowing(prisoner=None), VisitRestriction.CLOSED),
    ],
)
def test_closed_is_who_must_be_or_wants_to_be(changed: Case, expected: VisitRestriction):
    assert assess(changed.proposal, changed.facts).restriction is expected


def test_every_free_terminal_is_named_best_first():
    terminals = (TerminalFacts("c"), TerminalFacts("a", busy=(span(),)), TerminalFacts("b"))
    found = assess(case.proposal, replace(case.facts, terminals=terminals))
    assert (found.terminal_ids, found.other_terminal_ids) == (("c", "b"), ())
    interprison = case_of(VisitKind.INTERPRISON)
    found = assess(interprison.proposal, interprison.facts)
    assert (found.terminal_ids, found.other_terminal_ids) == (("a-12",), ("n-3",))


def test_at_a_time_that_is_none_nothing_is_free():
    backwards = by_staff(start=time(14, 0), template_id=None)
    found = assess(backwards.proposal, backwards.facts)
    assert (found.sub_status, found.terminal_ids) == (None, ())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (case, FIRST),
        (case.visitor("sister", restrictions=(ban(TODAY + timedelta(days=9)),)), TODAY + timedelta(days=10)),
        (case.visitor("sister", restrictions=(ban(TODAY),)), FIRST),
        (case.visitor("sister", restrictions=(ban(TODAY + timedelta(days=28)),)), None),
        (case.visitor("friend", restrictions=(ban(),)), FIRST),
        (case.prisoner(restrictions=(court(last_day=FIRST),)), FIRST + timedelta(days=1)),
        (case_of(VisitKind.LEGAL).prisoner(restrictions=(court(),)), FIRST),
        (case.terms(clients={}), None),
        (case.knowing(prison=None), None),
    ],
)
def test_a_ban_that_ends_in_the_window_moves_the_first_day(changed: Case, expected: date | None):
    assert first_day(changed.proposal, changed.facts) == expected
