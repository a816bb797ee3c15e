"""Whatever the house says to people, it says in every language."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from signaling.shapes import EndReason, ReasonCode
from tests.stories.words import LANGUAGES, catalogue
from visitation.errors import REFUSAL_CODES

PLACE = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
WORD = re.compile(r"\w\w+")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_code_has_words(language):
    words = catalogue(language)
    assert not [code for code in REFUSAL_CODES if not words.get(f"call.refusal.{code}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_an_officer_has_words(language):
    words = catalogue(language)
    assert not [code for code in get_args(ReasonCode) if not words.get(f"call.reason.{code}")]
    assert not [code for code in get_args(ReasonCode) if not words.get(f"call.warning.{code}")]


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
