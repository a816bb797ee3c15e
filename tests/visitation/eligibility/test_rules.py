"""What holds of every proposal, whatever is known: privilege, overrides, and that more rules refuse more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.eligibility.furniture import (
    DAY,
    OTHER,
    PEOPLE,
    TODAY,
    WHO_COMES,
    Case,
    booking,
    case_of,
    hold,
    span,
)
from visitation.eligibility import (
    UNRESTRICTED_KINDS,
    Alert,
    LinkState,
    Override,
    Places,
    Presence,
    Refusal,
    RefusalCode,
    Restriction,
    RestrictionType,
    ReviewReason,
    Selection,
    Source,
    Taken,
    UserType,
    VisitKind,
    VisitSubStatus,
    assess,
    hold_refusals,
    refusals,
)

NEVER_PASSED = {
    RefusalCode.VISIT_DATE_BLOCKED,
    RefusalCode.SESSION_DATE_BLOCKED,
    RefusalCode.PUBLIC_HOLIDAY,
    RefusalCode.NON_ASSOCIATION,
    RefusalCode.VISIT_ALREADY_BOOKED,
    RefusalCode.VISITOR_ALREADY_BOOKED,
    RefusalCode.OFFICER_ALREADY_BOOKED,
    RefusalCode.TERMINAL_ALREADY_BOOKED,
    RefusalCode.VISITOR_BANNED,
    RefusalCode.COURT_CONTACT_RESTRICTION,
    RefusalCode.OFFICIAL_NOT_VERIFIED,
    RefusalCode.PRISONER_RELEASED,
    RefusalCode.PRISONER_LEAVES,
    RefusalCode.TIME_NONEXISTENT,
    RefusalCode.TIME_AMBIGUOUS,
}
CAPACITY = {RefusalCode.NO_SLOT_CAPACITY, RefusalCode.NO_CLOSED_CAPACITY}
days = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=40))
people = st.frozensets(st.sampled_from(sorted(PEOPLE)), max_size=3)
restrictions = st.builds(
    Restriction,
    id=st.just("r"),
    type=st.sampled_from(RestrictionType),
    first_day=days,
    last_day=st.none() | days,
    contact_ids=st.none() | people | st.just(frozenset({"other"})),
    covers_visits=st.booleans(),
    covers_association=st.booleans(),
)
several = st.lists(restrictions, max_size=3).map(tuple)
user_types = st.sampled_from(UserType)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Proposals good and bad, with facts that often speak against them."""
    kind = draw(st.sampled_from(VisitKind))
    who: tuple[str, ...] | None = WHO_COMES[kind]
    if draw(st.booleans()):
        who = draw(st.none() | st.lists(st.sampled_from(sorted(PEOPLE)), unique=True, max_size=4).map(tuple))
    user_type = draw(user_types)
    case = case_of(kind).proposing(
        visitor_ids=who,
        user_type=user_type,
        booker_id="prisoner" if user_type is UserType.PRISONER else "booker",
        date=draw(st.just(DAY) | days),
        closed_wanted=draw(st.booleans()),
        overrides=draw(st.frozensets(st.sampled_from(Override))),
    )
    sometimes: list[Any] = [
        lambda c: c.prison(excluded=frozenset({DAY})),
        lambda c: c.prisoner(presence=draw(st.sampled_from(Presence))),
        lambda c: c.prisoner(non_association_days={DAY: ("foe",)}),
        lambda c: c.prisoner(bookings=(booking(),)),
        lambda c: c.prisoner(appointments=(span(),)),
        lambda c: c.prisoner(restrictions=draw(several)),
        lambda c: c.visitor("sister", restrictions=draw(several)),
        lambda c: c.visitor("counsel", restrictions=draw(several)),
        lambda c: c.visitor("sister", link=draw(st.sampled_from(LinkState))),
        lambda c: c.visitor("counsel", officials=()),
        lambda c: c.visitor("sister", busy=(span(),)),
        lambda c: c.terminal(busy=(span(),)),
        lambda c: c.knowing(taken={("thursdays", DAY): draw(st.builds(Taken, st.integers(0, 3), st.integers(0, 2)))}),
        lambda c: c.knowing(holds=(hold(closed=draw(st.booleans())),)),
        lambda c: c.knowing(allowance=None),
        lambda c: c.knowing(unread=draw(st.frozensets(st.sampled_from(Source)))),
        lambda c: c.template(excluded=frozenset({DAY})),
        lambda c: c.template(places=Places(frozenset({("B",)}))),
        lambda c: c.template(categories=Selection(frozenset({"c"}))),
        lambda c: c.prison(remand_limit_per_week=1).prisoner(remand=True),
    ]  # fmt: skip
    for change in draw(st.lists(st.sampled_from(sometimes), max_size=4)):
        case = change(case)
    return case


def of(case: Case) -> tuple[Refusal, ...]:
    return refusals(case.proposal, case.facts)


def codes(case: Case) -> set[RefusalCode]:
    return {each.code for each in of(case)}


@given(cases(), restrictions, st.sampled_from(["prisoner", "sister", "counsel"]))
def test_a_restriction_more_never_takes_a_refusal_away(case: Case, restriction: Restriction, whose: str):
    """But of room: a closed visit looks at other seats, which may be free where the open ones are not."""
    before = set(of(case))
    assert case.facts.prisoner is not None
    if whose == "prisoner":
        after = case.prisoner(restrictions=(*case.facts.prisoner.restrictions, restriction))
    else:
        known = case.facts.visitors[whose].restrictions
        after = case.visitor(whose, restrictions=(*known, restriction))
    gone = {each.code for each in before - set(of(after))}
    assert gone <= (CAPACITY if restriction.type is RestrictionType.CLOSED else set())


@given(cases(), several, several, st.sampled_from(sorted(UNRESTRICTED_KINDS)))
def test_counsel_and_oversight_are_met_by_no_ban_restriction_or_alert(
    case: Case, his: tuple[Restriction, ...], theirs: tuple[Restriction, ...], kind: VisitKind
):
    free = case.proposing(kind=kind, closed_wanted=False).prisoner(restrictions=(), alerts=())
    alerts = (Alert("a", "c1", TODAY - timedelta(days=9)),)
    met = free.prisoner(restrictions=his, alerts=alerts)
    for who in ("counsel", "overseer"):
        free, met = free.visitor(who, restrictions=()), met.visitor(who, restrictions=theirs)
    free = free.visitor("sister", restrictions=())
    met = met.visitor("sister", restrictions=theirs)
    assert assess(met.proposal, met.facts) == assess(free.proposal, free.facts)


@given(cases())
def test_a_verified_lawyer_alone_is_let_through_by_bans_and_courts(case: Case):
    legal = case.proposing(kind=VisitKind.LEGAL, visitor_ids=("counsel",))
    kept_away = {
        RefusalCode.COURT_CONTACT_RESTRICTION,
        RefusalCode.VISITOR_BANNED,
        RefusalCode.PRISONER_BANNED,
    }
    assert not codes(legal) & kept_away


@given(cases())
def test_calling_a_visit_legal_gets_nobody_in_who_is_not_verified(case: Case):
    found = codes(case.proposing(kind=VisitKind.LEGAL, visitor_ids=("sister",)))
    assert {RefusalCode.VISITOR_NOT_FOR_KIND, RefusalCode.OFFICIAL_NOT_VERIFIED} <= found


@given(cases(), st.frozensets(st.sampled_from(Override)))
def test_an_override_takes_away_what_it_is_for_and_nothing_else(case: Case, chosen: frozenset[Override]):
    plain = case.proposing(user_type=UserType.STAFF, overrides=frozenset())
    passed = case.proposing(user_type=UserType.STAFF, overrides=chosen)
    assert of(passed) == tuple(each for each in of(plain) if each.override not in chosen)
    assert codes(plain) & NEVER_PASSED == codes(passed) & NEVER_PASSED


@given(cases(), st.frozensets(st.sampled_from(Override)), user_types)
def test_overrides_are_staffs_alone(case: Case, chosen: frozenset[Override], user_type: UserType):
    if user_type is not UserType.STAFF:
        plain = case.proposing(user_type=user_type, overrides=frozenset())
        assert of(case.proposing(user_type=user_type, overrides=chosen)) == of(plain)


@given(cases())
def test_what_is_carried_over_is_not_carried_past_law_safety_or_the_possible(case: Case):
    staff = case.proposing(user_type=UserType.STAFF, overrides=frozenset())
    assert codes(staff) & NEVER_PASSED <= codes(case.proposing(user_type=UserType.SYSTEM))


@given(cases())
def test_refusals_come_in_the_order_of_the_checks(case: Case):
    order = list(RefusalCode)
    places = [order.index(each.code) for each in of(case)]
    assert places == sorted(places)


@given(cases())
def test_a_visit_has_a_status_exactly_when_nothing_speaks_against_it(case: Case):
    found = assess(case.proposal, case.facts)
    assert (found.sub_status is None) == bool(found.refusals)
    assert found.sub_status in (None, VisitSubStatus.AUTO_APPROVED, VisitSubStatus.REQUESTED)
    if found.sub_status is not None:
        assert found.terminal_ids
        assert bool(found.other_terminal_ids) == (case.proposal.kind == VisitKind.INTERPRISON)


@given(cases(), st.sampled_from(Source))
def test_a_source_that_cannot_be_read_sends_everything_to_the_office(case: Case, source: Source):
    blind = case.knowing(unread=frozenset({source}))
    found = assess(blind.proposal, blind.facts)
    assert any(cause.reason is ReviewReason.SOURCE_UNREAD for cause in found.review)
    assert found.sub_status in (None, VisitSubStatus.REQUESTED)


@given(cases())
def test_a_hold_is_refused_whatever_would_be_refused_without_looking_at_people(case: Case):
    nobody = case.proposing(visitor_ids=None)
    held = hold_refusals(nobody.proposal, nobody.facts)
    assert set(held) <= set(of(nobody))
    of_people = {RefusalCode.NO_VISITORS, RefusalCode.NO_CHILD, RefusalCode.SESSION_FOR_CHILDREN}
    assert {each.code for each in of(nobody)} - {each.code for each in held} <= of_people


@given(cases())
def test_chosen_people_are_looked_at_for_a_hold_too(case: Case):
    if case.proposal.visitor_ids is not None:
        assert hold_refusals(case.proposal, case.facts) == of(case)


def test_the_other_side_counts_as_much():
    for bad in (
        replace(OTHER.prisoner, presence=Presence.RELEASED),
        replace(OTHER.prisoner, appointments=(span(),)),
        replace(OTHER.prisoner, prison_id="elsewhere"),
        replace(OTHER.prisoner, leaves_on=date(2026, 11, 6)),
    ):
        assert of(case_of(VisitKind.INTERPRISON).other(prisoner=bad))
