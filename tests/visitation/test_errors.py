"""Refusals: one closed list of codes."""

from __future__ import annotations

import re

import pytest

from visitation.errors import REFUSAL_CODES, NotFound, NotNow, Refused, Unavailable


def test_a_refusal_outside_the_list_cannot_be_raised():
    with pytest.raises(LookupError):
        Refused("because")


def test_a_refusal_carries_its_code_and_what_fills_its_words():
    refused = NotNow("visit_early", minutes=5)
    assert (refused.code, dict(refused.params)) == ("visit_early", {"minutes": 5})
    assert (NotFound().code, Unavailable().code) == ("not_found", "unavailable")


def test_every_code_is_plain_and_says_what_it_means_in_one_line():
    for code, meaning in REFUSAL_CODES.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert meaning.endswith(".")
        assert "\n" not in meaning


def test_the_list_cannot_be_added_to_at_run_time():
    with pytest.raises(TypeError):
        REFUSAL_CODES["new"] = "new"  # type: ignore[index]
