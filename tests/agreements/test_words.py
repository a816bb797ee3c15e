"""Whatever the house says to people, it says in every language."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from signaling.shapes import EndReason, ReasonCode
from tests.stories.words import LANGUAGES, catalogue
from visitation.conditions import Undecided
from visitation.eligibility import Override, PublicCode, RefusalCode, ReviewReason
from visitation.errors import REFUSAL_CODES
from visitation.jurisdictions.decisions import DECISION_KINDS
from visitation.model.agenda import TaskKind
from visitation.notices.kinds import NoticeKind, NoticeState, Unsent
from visitation.notices.message import Line
from visitation.outcomes import OUTCOMES, Outcome, Party
from visitation.review_causes import AutoRejection, NotificationEventType, Offer
from visitation.texts import HERE, texts
from web.words import PLACE as PLAIN
from web.words import catalogue as refusals

PLACE = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
WORD = re.compile(r"\w\w+")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_code_has_words(language):
    words = catalogue(language)
    assert not [code for code in REFUSAL_CODES if not words.get(f"call.refusal.{code}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_keeps_a_visit_from_being_held_has_words(language):
    words = catalogue(language)
    assert not [why for why in Undecided if not words.get(f"office.undecided.{why}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_decision_has_words(language):
    words = catalogue(language)
    assert not [kind for kind in DECISION_KINDS if not words.get(f"policies.decision.{kind}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_server_can_say_every_refusal(language):
    """It fills plain {places} only: a choice by number or kind is the browser's alone to read."""
    for code, words in refusals()[language].items():
        assert words == catalogue(language)[f"call.refusal.{code}"]
        assert "{" not in PLAIN.sub("", words), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_an_officer_has_words(language):
    words = catalogue(language)
    assert not [code for code in get_args(ReasonCode) if not words.get(f"call.reason.{code}")]
    assert not [code for code in get_args(ReasonCode) if not words.get(f"call.warning.{code}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_has_words_and_says_with_whom_it_lies(language):
    words = catalogue(language)
    assert not [outcome for outcome in Outcome if not words.get(f"office.outcome.{outcome}")]
    assert set(OUTCOMES) == set(Outcome)


def test_every_way_a_call_ends_is_an_officers_reason_or_has_its_own_words():
    words = catalogue("en")
    own = {"time", "left", "absence", "recorder", "unsupervised", "node"}
    assert set(get_args(EndReason)) - set(get_args(ReasonCode)) == own, (
        "give the new ending words on both screens"
    )
    assert {f"call.ended.{kind}" for kind in ("time", "absence", "fault", "unsupervised", "officer")} <= set(
        words
    )


def test_the_languages_say_the_same_things():
    fi, sv, en = (catalogue(language) for language in LANGUAGES)
    assert fi.keys() == sv.keys() == en.keys()  # that they take the same values is the client's own check


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_sentence_was_left_in_english(language):
    english, other = catalogue("en"), catalogue(language)
    sentences = [message for message, words in english.items() if len(WORD.findall(PLACE.sub("", words))) > 3]
    assert not [message for message in sentences if other[message] == english[message]]


SAID_BY_THE_SERVER = {
    ("refusals", "public"): PublicCode,
    ("refusals", "staff"): RefusalCode,
    ("refusals", "review"): ReviewReason,
    ("refusals", "override"): Override,
    ("outcomes", "party"): Party,
    ("reviews", "cause"): NotificationEventType,
    ("reviews", "offer"): Offer,
    ("reviews", "rejection"): AutoRejection,
    ("notices", "subject"): NoticeKind,
    ("notices", "opening"): NoticeKind,
    ("notices", "line"): Line,
    ("notices", "state"): NoticeState,
    ("notices", "unsent"): Unsent,
    ("notices", "task"): TaskKind,
}


@pytest.mark.parametrize(("subject", "section"), SAID_BY_THE_SERVER, ids=" ".join)
def test_every_code_of_a_list_has_words_in_every_language_and_no_other_has(subject, section):
    words = texts(subject)[section]  # reading refuses a text that is not whole
    assert set(words) == {code.value for code in SAID_BY_THE_SERVER[subject, section]}


@pytest.mark.parametrize("path", sorted(HERE.glob("*.json")), ids=lambda path: path.stem)
def test_what_the_server_says_is_the_same_in_every_language_and_is_checked_here(path):
    for section, said in texts(path.stem).items():
        assert (path.stem, section) in SAID_BY_THE_SERVER
        for code, words in said.items():
            places = {tuple(sorted(PLACE.findall(text))) for text in words.values()}
            assert len(places) == 1, code
            assert len(set(words.values())) == len(LANGUAGES), f"{code} was left in another language"
