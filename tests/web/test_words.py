"""Refusals are said in the language the person asked for."""

from __future__ import annotations

import pytest

from visitation.words import LANGUAGES
from web.words import language_of, refusal_words

ME = "/api/officer/me"


@pytest.mark.parametrize(
    ("accept", "spoken"),
    [
        ("", "fi"),
        ("sv", "sv"),
        ("SV-fi", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("de-DE,de;q=0.9,sv;q=0.8,en;q=0.7", "sv"),
        ("fi;q=0.1, en;q=0.3 ,sv;q=0.2", "en"),
        ("sv, en", "sv"),
        ("de", "fi"),
        ("*", "fi"),
        ("en;q=0", "fi"),
        ("en;q=2, sv;q=0.1", "sv"),
        ("en;q=x", "fi"),
        (";;,,=,\x00", "fi"),
        ("en" * 4000, "fi"),
    ],
)
def test_of_our_languages_the_one_wanted_most_is_spoken(accept, spoken):
    assert language_of(accept) == spoken


def test_places_are_filled_and_never_with_nothing():
    assert "7" in refusal_words("number_too_large", {"limit": 7}, "en")
    assert "{" not in refusal_words("number_too_large", {}, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [ME, "/api/nothing"])
async def test_a_refusal_is_said_in_the_persons_language(house, path, lang):
    answer = await house.ask("GET", path, headers={"Accept-Language": f"de, {lang};q=0.5"})
    body = await answer.json()
    assert answer.headers["Content-Language"] == lang
    assert answer.headers["Vary"] == "Accept-Language"
    assert body["detail"] == refusal_words(body["code"], {}, lang)
    assert [each["detail"] for each in body["refusals"]] == [body["detail"]]
