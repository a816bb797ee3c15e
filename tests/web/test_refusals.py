"""What stands against a visit reaches staff as it is, and everybody else without what would give somebody away."""

from __future__ import annotations

from datetime import date

import pytest

from tests.web.notebook import NOTES
from visitation.eligibility import PublicCode, Refusal, RefusalCode, words_for_public, words_for_staff
from visitation.eligibility.wording import for_public
from visitation.errors import NotNow
from visitation.policy.identity import Identity, Kind
from visitation.words import LANGUAGES
from web.refusals import reasons_for

AGAINST = (
    Refusal(RefusalCode.DATE_TOO_LATE, None, (("last", date(2026, 12, 3)),)),
    Refusal(RefusalCode.VISITOR_BANNED, "sister", (("until", date(2027, 1, 2)),)),
    Refusal(RefusalCode.NON_ASSOCIATION, "foe"),
    Refusal(RefusalCode.NO_SLOT_CAPACITY),
)


def person(kind: Kind) -> Identity:
    return Identity(kind, "somebody", "prison", "session", "Name")


@pytest.mark.parametrize("kind", ["officer", "office"])
def test_staff_read_every_reason_as_it_is(kind):
    found = reasons_for(person(kind), AGAINST)
    assert [(each.code, each.about) for each in found] == [(each.code, each.about) for each in AGAINST]
    assert [each.words for each in found] == [words_for_staff(each) for each in AGAINST]
    assert dict(found[1].params) == {"until": "2027-01-02"}


@pytest.mark.parametrize("kind", ["visitor", "prisoner", "system"])
def test_everybody_else_learns_of_nobody(kind):
    found = reasons_for(person(kind), AGAINST)
    assert [(each.code, each.about) for each in found] == [
        (PublicCode.DATE_TOO_LATE, None),
        (PublicCode.VISITOR_CANNOT_COME, "sister"),
        (PublicCode.NOT_FREE, None),  # a full session and somebody to be kept away from look alike
    ]
    assert [each.words for each in found] == [words_for_public(each) for each in for_public(AGAINST)]
    assert [dict(each.params) for each in found] == [{"last": "2026-12-03"}, {}, {}]


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_they_reach_the_person_together_and_in_words(writing, notebook, lang):
    async def refuse() -> None:
        raise NotNow.together(reasons_for(person("visitor"), AGAINST), "already_decided")

    notebook.before_writing = refuse
    headers = {"Idempotency-Key": "a-key-of-16-chars", "Accept-Language": lang}
    answer = await writing.ask("POST", NOTES, "office", json={"text": "x"}, headers=headers)
    assert answer.status == 409
    refusals = (await answer.json())["refusals"]
    assert [each["detail"] for each in refusals] == [
        words_for_public(each)[lang] for each in for_public(AGAINST)
    ]
