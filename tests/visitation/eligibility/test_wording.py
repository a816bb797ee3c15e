"""What people are told: staff the whole reason, the public nothing that gives anybody away."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.eligibility import refused_people, refused_times
from tests.visitation.eligibility.furniture import DAY, Case, court, span
from visitation.eligibility import (
    PublicCode,
    PublicRefusal,
    Refusal,
    RefusalCode,
    Taken,
    for_public,
    refusals,
    words_for_public,
    words_for_staff,
)
from visitation.eligibility.wording import TOLD_AS
from visitation.texts import filled
from visitation.words import Words

ROWS = [*refused_people.REFUSED, *refused_times.REFUSED]
case = Case()
C = RefusalCode


@pytest.mark.parametrize("case", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_every_refusal_fills_its_words(case: Case):
    found = refusals(case.proposal, case.facts)
    said = [words_for_staff(each) for each in found]
    said += [words_for_public(each) for each in for_public(found)]
    for words in said:
        for text in words.values():
            assert not set(text) & set("{}–"), text


def test_every_code_is_told_as_something():
    assert set(TOLD_AS) == set(RefusalCode)
    assert set(TOLD_AS.values()) == set(PublicCode)


@pytest.mark.parametrize(
    "hidden",
    [
        case.prisoner(non_association_days={DAY: ("foe",)}),
        case.prisoner(appointments=(span(id="hearing", label="district court"),)),
        case.prisoner(restrictions=(court(),)),
        case.terminal(busy=(span(),)),
    ],
)
def test_what_must_stay_hidden_looks_like_a_full_session(hidden: Case):
    full = case.knowing(taken={("thursdays", DAY): Taken(open=2)})
    assert refusals(hidden.proposal, hidden.facts) != refusals(full.proposal, full.facts)
    assert for_public(refusals(hidden.proposal, hidden.facts)) == (PublicRefusal(PublicCode.NOT_FREE),)
    assert for_public(refusals(full.proposal, full.facts)) == (PublicRefusal(PublicCode.NOT_FREE),)


def test_a_ban_a_court_and_another_visit_of_the_visitor_look_the_same():
    codes = (C.VISITOR_BANNED, C.COURT_CONTACT_RESTRICTION, C.VISITOR_ALREADY_BOOKED)
    told = for_public(Refusal(code, "sister", (("until", DAY),)) for code in codes)
    assert told == (PublicRefusal(PublicCode.VISITOR_CANNOT_COME, "sister"),)


params = st.lists(
    st.tuples(st.sampled_from(["max", "until", "label", "day", "first"]), st.integers() | st.dates()),
    max_size=4,
).map(tuple)


@given(
    st.lists(
        st.builds(Refusal, st.sampled_from(C), st.sampled_from([None, "sister", "foe", "hearing"]), params)
    )
)
def test_the_public_learns_of_nobody_but_those_it_chose(found: list[Refusal]):
    for told in for_public(found):
        assert {name for name, _ in told.params} <= {"max", "first"}
        if told.about is not None:
            assert told.code.value.startswith(("visitor", "official", "responsible"))


def test_days_are_written_as_each_language_writes_them():
    words: Words = {"fi": "{day}", "sv": "{day}", "en": "{day}"}
    written = filled(words, [("day", date(2026, 11, 12))])
    assert written == {"fi": "12. marraskuuta 2026", "sv": "12 november 2026", "en": "12 November 2026"}
    assert filled(words) == dict.fromkeys(("fi", "sv", "en"), "–")
