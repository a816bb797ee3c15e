"""Reviews: what changed since a visit was booked, what it leads to, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from tests.visitation.eligibility.furniture import (
    DAY,
    NOW,
    Case,
    ban,
    booking,
    span,
)
from tests.visitation.eligibility.test_rules import cases
from tests.visitation.review_examples import (
    ALERT,
    CANCEL_IT,
    CHANGED,
    CLOSING,
    FLAG,
    KEEP,
    MOVE,
    REMOVE,
    case,
    two,
)
from visitation.eligibility import (
    Presence,
    PublicCode,
    Source,
    Taken,
    TerminalFacts,
    UserType,
    VisitRestriction,
    Window,
)
from visitation.review import BookedVisit, Review, auto_rejection, cleared, review
from visitation.review_causes import (
    FROM_REFUSAL,
    HANDLING,
    AutoRejection,
    Cause,
    ClearReason,
    NotificationEventType,
    Offer,
    words_of_cause,
    words_of_offer,
    words_of_rejection,
)

E = NotificationEventType
BOOKED = (booking("booked", template_id="thursdays"),)


def booked(case: Case) -> tuple[BookedVisit, Case]:
    """The case's proposal as a visit that was booked, with the time and the room that it takes."""
    visit = BookedVisit("booked", case.proposal, VisitRestriction.OPEN)
    taken = case.knowing(taken={("thursdays", DAY): Taken(open=1)}, allowance=None)
    taken = taken.terminal(busy=(span(id="booked"),))
    return visit, taken if taken.facts.prisoner is None else taken.prisoner(bookings=BOOKED)


def of(case: Case, *settled: Cause) -> Review:
    visit, now = booked(case)
    return review(replace(visit, settled=frozenset(settled)), now.facts)


@pytest.mark.parametrize(
    ("changed", "expected"), [row[1:] for row in CHANGED], ids=[row[0] for row in CHANGED]
)
def test_what_changed_is_found_with_what_it_leads_to_and_what_can_be_offered(changed: Case, expected: list):
    found = of(changed).findings
    assert [(each.cause.type, each.cause.about, each.consequence, each.offers) for each in found] == expected


def test_a_terminal_that_is_lost_can_be_another_one_that_is_free():
    visit, now = booked(case.proposing(terminal_id="a-12"))
    broken = now.terminal(active=False)
    assert review(visit, broken.facts).findings[0].offers == (MOVE, CANCEL_IT)
    spare = replace(broken.facts, terminals=(*broken.facts.terminals, TerminalFacts("a-13")))
    assert review(visit, spare).findings[0].offers == (Offer.OTHER_TERMINAL, MOVE, CANCEL_IT)
    assert review(visit, spare).causes == (Cause(E.TERMINAL_UNAVAILABLE_EVENT, "a-12"),)


def test_every_cause_is_found_by_some_change():
    found = {expected[0] for _, _, rows in CHANGED for expected in rows}
    assert found | {E.TERMINAL_UNAVAILABLE_EVENT} == set(E)


def test_everything_is_said_of_every_cause():
    assert set(HANDLING) == set(E)
    assert set(FROM_REFUSAL.values()) <= set(E)
    for handling in HANDLING.values():
        assert handling.offers[-1] is CANCEL_IT
        assert KEEP not in handling.offers


def test_the_one_to_be_removed_is_named():
    finding = of(two.visitor("friend", restrictions=(ban(),))).findings[0]
    assert finding.visitor_id == "friend"
    assert of(two.visitor("friend", restrictions=(ban(),))).consequence is REMOVE


def test_what_staff_settled_is_not_asked_again_but_a_blocked_day_is():
    alert = Cause(E.PRISONER_ALERT_CREATED_EVENT, "alert")
    day = Cause(E.PRISON_VISITS_BLOCKED_FOR_DATE, "kaislaranta")
    changed = case.prisoner(alerts=(ALERT,)).prison(excluded=frozenset({DAY}))
    assert of(changed).settleable == {alert}
    assert not of(changed).keepable
    assert of(case.prisoner(alerts=(ALERT,))).keepable
    assert of(changed, alert, day).causes == (day,)
    another = changed.prisoner(alerts=(ALERT, replace(ALERT, id="new")))
    assert of(another, alert).causes == (day, replace(alert, about="new"))


def test_a_ban_is_never_settled_by_staff():
    banned = case.visitor("sister", restrictions=(ban(),))
    cause = of(banned).causes[0]
    assert of(banned, cause).causes == (cause,)


def test_a_visit_that_was_closed_already_is_not_closed_by_a_restriction():
    visit, now = booked(case.prisoner(restrictions=CLOSING))
    assert review(replace(visit, restriction=VisitRestriction.CLOSED), now.facts).findings == ()


@given(cases())
def test_a_temporary_absence_cancels_nothing(random: Case):
    here, away = random.prisoner(presence=Presence.IN), random.prisoner(presence=Presence.AWAY)
    flagged = {each.cause for each in of(away).findings} - {each.cause for each in of(here).findings}
    assert {cause.type for cause in flagged} <= {E.PRISONER_AWAY_EVENT}
    assert of(away).consequence in (of(here).consequence, FLAG)


@given(cases())
def test_only_the_law_cancels(random: Case):
    of_the_law = {
        E.PRISONER_RELEASED_EVENT,
        E.PRISONER_RESTRICTION_CHANGE_EVENT,
        E.VISITOR_RESTRICTION_UPSERTED_EVENT,
        E.PERSON_RESTRICTION_UPSERTED_EVENT,
    }
    for finding in of(random).findings:
        assert finding.consequence is FLAG or finding.cause.type in of_the_law
        assert finding.consequence is FLAG or KEEP not in finding.offers


DATE = Cause(E.PRISON_VISITS_BLOCKED_FOR_DATE, "kaislaranta")
FOE = Cause(E.NON_ASSOCIATION_EVENT, "foe")


def test_a_cause_is_cleared_when_it_stands_no_longer_and_says_why():
    visit, now = booked(case)
    opened = [Cause(kind, "x") for kind in E]
    reasons = dict(cleared(opened, visit, review(visit, now.facts), now.facts))
    assert reasons == {cause: HANDLING[cause.type].cleared for cause in opened}
    assert reasons[replace(DATE, about="x")] is ClearReason.PRISON_EXCLUDE_DATE_REMOVED


def test_a_cause_that_stands_is_not_cleared():
    visit, now = booked(case.prison(excluded=frozenset({DAY})))
    assert cleared([DATE], visit, review(visit, now.facts), now.facts) == ()


def test_an_answer_of_staff_clears_as_such():
    visit, now = booked(case.prisoner(non_association_days={DAY: ("foe",)}))
    answered = replace(visit, settled=frozenset({FOE}))
    assert cleared([FOE], answered, review(answered, now.facts), now.facts) == (
        (FOE, ClearReason.DO_NOT_CHANGE),
    )


@pytest.mark.parametrize("kind", list(E))
def test_nothing_is_cleared_by_not_being_able_to_read(kind: NotificationEventType):
    visit, now = booked(case)
    blind = now.knowing(unread=frozenset(Source))
    done = cleared([Cause(kind, "x")], visit, review(visit, blind.facts), blind.facts)
    assert bool(done) == (HANDLING[kind].source is None)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (case, None),
        (case.prisoner(presence=Presence.AWAY), None),
        (case.prisoner(presence=Presence.RELEASED), AutoRejection.PRISONER_RELEASED),
        (case.knowing(prisoner=None), AutoRejection.PRISONER_RELEASED),
        (case.prisoner(presence=Presence.TRANSFERRED), AutoRejection.PRISONER_TRANSFERRED),
        (case.prisoner(prison_id="niittyla"), AutoRejection.PRISONER_TRANSFERRED),
        (case.knowing(now=NOW + timedelta(days=5)), None),
        (case.knowing(now=NOW + timedelta(days=6)), AutoRejection.MINIMUM_BOOKING_WINDOW_REACHED),
        (
            case.terms(clients={UserType.PUBLIC: Window(0, 28)}).knowing(
                now=NOW + timedelta(days=7, hours=1)
            ),
            AutoRejection.MINIMUM_BOOKING_WINDOW_REACHED,
        ),
        (case.prison(excluded=frozenset({DAY})), None),
    ],
)
def test_a_request_is_rejected_by_itself_only_when_it_can_no_longer_be_met(
    changed: Case, expected: AutoRejection | None
):
    visit = BookedVisit("asked", changed.proposal, VisitRestriction.OPEN)
    assert auto_rejection(visit, changed.facts) is expected


def test_the_office_reads_the_cause_and_the_public_a_neutral_word():
    assert "kept apart" in words_of_cause(FOE)["en"]
    assert HANDLING[FOE.type].told_as is PublicCode.NOT_FREE
    assert words_of_offer(KEEP)["en"] == "Do not change"
    assert words_of_rejection(AutoRejection.PRISONER_RELEASED) != words_of_cause(FOE)
