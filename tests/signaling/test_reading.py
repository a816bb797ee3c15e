"""The strict reader: what fits is a value, whatever does not is a refusal."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import protocol as p
from signaling.message import Command
from signaling.reading import Malformed, dump, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["visit", "leg", "sdp", "audio", "video", "full", "reason", "text", "code", "id"])
LIKELY = st.dictionaries(FIELDS, JSON | st.sampled_from(["order", "a-1", True, "v=0"]), max_size=4)


@pytest.mark.parametrize("command", p.COMMANDS.values(), ids=p.COMMANDS.keys())
@given(payload=LIKELY | JSON)
def test_anything_is_read_whole_or_refused(command: type[Command], payload: Any):
    with contextlib.suppress(Malformed):
        read_back = p.parse(command, payload)
        assert read(command, json.loads(json.dumps(dump(read_back)))) == read_back


@pytest.mark.parametrize(
    ("command", "payload", "field", "why"),
    [
        (p.AnswerRing, [], "message", "not_an_object"),
        (p.AnswerRing, {}, "visit", "missing"),
        (p.AnswerRing, {"visit": 1}, "visit", "not_text"),
        (p.AnswerRing, {"visit": "x" * 65}, "visit", "length"),
        (p.AnswerRing, {"visit": "../etc"}, "visit", "pattern"),
        (p.AnswerRing, {"visit": "a", "admin": True}, "message", "unknown_field"),
        (p.SetMedia, {"audio": 1, "video": True}, "audio", "not_bool"),
        (p.SetMedia, {"audio": "yes", "video": True}, "audio", "not_bool"),
        (p.Hold, {"visit": "a", "reason": "fun"}, "reason", "not_one_of"),
        (p.Hold, {"visit": "a", "reason": True}, "reason", "not_one_of"),
        (p.Hold, {"visit": "a", "reason": float("nan")}, "reason", "not_one_of"),
        (p.Hold, {"visit": "a", "reason": "order", "text": "x" * 501}, "text", "length"),
        (p.Hold, {"visit": "a", "reason": "order", "text": "\u202eabc"}, "text", "hidden_characters"),
        (p.Hold, {"visit": "a", "reason": "order", "text": "\ud800"}, "text", "hidden_characters"),
        (p.AnswerLeg, {"leg": "a", "sdp": "v=0\x00"}, "sdp", "hidden_characters"),
        (p.AnswerLeg, {"leg": "a", "sdp": "v" * 32_001}, "sdp", "length"),
        (p.Hello, {"ticket": "12345678", "version": 2}, "version", "not_one_of"),
        (p.Hello, {"ticket": "12345678", "version": True}, "version", "not_one_of"),
        (p.Hello, {"ticket": "12345678", "version": 1.0}, "version", "not_one_of"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_code(command: Any, payload: Any, field: str, why: str):
    with pytest.raises(Malformed) as malformed:
        read(command, payload)
    assert (malformed.value.field, malformed.value.why) == (field, why)


def test_an_sdp_may_have_its_line_ends_and_a_text_its_lines():
    assert p.AnswerLeg("a", "v=0\r\n") == read(p.AnswerLeg, {"leg": "a", "sdp": "v=0\r\n"})
    assert read(p.Warn, {"visit": "a", "text": "one\ntwo"}).text == "one\ntwo"


def test_a_refusal_never_repeats_what_was_sent():
    with pytest.raises(Malformed) as malformed:
        read(p.AnswerRing, {"visit": "a", "secret-name": 1})
    assert "secret" not in str(malformed.value)


def test_a_class_with_an_unlimited_text_cannot_be_read():
    @dataclass(frozen=True)
    class Loose:
        text: str

    globals()["Loose"] = Loose
    with pytest.raises(TypeError):
        read(Loose, {"text": "x"})
