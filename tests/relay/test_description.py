"""An answer is taken only if it says nothing that was not offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.description import Answer, DescriptionRefused, Source, read_answer
from tests.relay.answers_corpus import (
    ALL,
    FINGERPRINT,
    Hostile,
    Real,
    hostile_answers,
    offer_text,
    real_answers,
    slot_lines,
)

REAL = real_answers()
HOSTILE = list(hostile_answers())


def read(real: Real, sdp: str | None = None) -> Answer:
    return read_answer(real.sdp if sdp is None else sdp, publishes=real.publishes, slots=real.slots)


def lines(sdp: str, mid: str) -> list[str]:
    """The attributes of one m-line."""
    (section,) = (part for part in sdp.split("\r\nm=") if f"a=mid:{mid}\r\n" in part)
    return section.split("\r\n")


def test_the_offer_lists_publishing_lines_then_slots_in_one_bundle() -> None:
    sdp = offer_text(ALL, 2)
    assert "a=group:BUNDLE a v p a0 v0 a1 v1\r\n" in sdp
    assert [line.split()[0] for line in sdp.split("\r\n") if line.startswith("m=")] == [
        "m=audio",
        "m=video",
        "m=video",
        "m=audio",
        "m=video",
        "m=audio",
        "m=video",
    ]
    assert "a=recvonly" in lines(sdp, "v")
    assert "a=sendonly" in lines(sdp, "v0")
    assert sdp.endswith("\r\n")


def test_the_offer_of_a_closed_call_has_no_preview_line() -> None:
    assert "a=mid:p" not in offer_text(("audio", "video"), 1)


def test_the_offer_names_each_slots_sources_and_stream() -> None:
    slot = lines(offer_text((), 3), "v2")
    assert "a=msid:slot2 slot2v" in slot
    assert "a=ssrc-group:FID 2002 3002" in slot
    assert "a=ssrc:3002 cname:cname2" in slot


def test_the_offer_carries_every_address_once() -> None:
    sdp = offer_text(ALL, 2)
    assert sdp.count("a=candidate:") == 2
    assert " 127.0.0.1 40000 typ host" in sdp
    assert sdp.count(f"a=fingerprint:sha-256 {FINGERPRINT}") == 7


def test_there_are_answers_of_both_browsers_and_two_hundred_hostile_ones() -> None:
    assert {real.name.partition("-")[0] for real in REAL} == {"chromium", "firefox"}
    assert len({case.sdp for case in HOSTILE}) >= 200


@pytest.mark.parametrize("real", REAL, ids=lambda real: real.name)
def test_a_real_browsers_answer_is_read(real: Real) -> None:
    answer = read(real)
    assert answer.setup == "active"
    assert answer.fingerprint[0] == "sha-256"
    assert set(answer.sources) == set(real.publishes)
    assert answer.slots == {slot.index for slot in real.slots}
    assert f"a=ice-pwd:{answer.pwd}\r\n" in real.sdp
    for kind, source in answer.sources.items():
        assert (source.rtx_ssrc is None) == (kind == "audio")
        assert f"a=ssrc:{source.ssrc} " in real.sdp
    assert set(answer.transport_cc.values()) == {3}
    assert len(answer.transport_cc) == len(real.publishes) + 2 * len(real.slots)


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_answer_is_refused_with_its_code(case: Hostile) -> None:
    with pytest.raises(DescriptionRefused) as refusal:
        read_answer(case.sdp, publishes=case.publishes, slots=case.slots)
    assert refusal.value.code == case.code


def test_candidates_are_allowed_and_leave_no_trace() -> None:
    (real,) = (real for real in REAL if real.name == "chromium-party-gathered")
    without = "".join(line for line in real.sdp.splitlines(keepends=True) if "candidate" not in line)
    assert read(real) == read(real, without)
    assert without != real.sdp


def test_an_inactive_line_publishes_nothing_and_an_inactive_slot_is_not_taken() -> None:
    (real,) = (real for real in REAL if real.name == "firefox-party")
    answer = read(
        real, real.sdp.replace("a=sendonly", "a=inactive", 1).replace("a=recvonly", "a=inactive", 1)
    )
    assert set(answer.sources) == {"video", "preview"}
    assert answer.slots == {1}


def test_a_line_without_sources_is_no_source() -> None:
    (real,) = (real for real in REAL if real.name == "chromium-party-without-preview")
    answer = read(real, "".join(line for line in real.sdp.splitlines(keepends=True) if "ssrc" not in line))
    assert answer.sources == {}


def test_the_fid_group_tells_picture_from_retransmission() -> None:
    (real,) = (real for real in REAL if real.name == "chromium-party-without-preview")
    source = read(real).sources["video"]
    turned = real.sdp.replace(f"FID {source.ssrc} {source.rtx_ssrc}", f"FID {source.rtx_ssrc} {source.ssrc}")
    assert source.rtx_ssrc is not None
    assert read(real, turned).sources["video"] == Source(source.rtx_ssrc, source.ssrc)


@pytest.mark.parametrize("thing", [None, b"v=0", 7, ["v=0"]])
def test_what_is_no_text_is_refused(thing: object) -> None:
    with pytest.raises(DescriptionRefused):
        read_answer(thing, publishes=(), slots=slot_lines(1))  # type: ignore[arg-type]


@given(st.text(max_size=3000))
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    with pytest.raises(DescriptionRefused):
        read_answer(text, publishes=ALL, slots=slot_lines(1))


@given(st.data())
def test_any_mutilation_of_a_real_answer_is_an_answer_or_refused(data: st.DataObject) -> None:
    real = data.draw(st.sampled_from(REAL))
    at = data.draw(st.integers(0, len(real.sdp) - 1))
    length = data.draw(st.integers(0, 40))
    text = data.draw(st.text(max_size=20))
    try:
        answer = read(real, real.sdp[:at] + text + real.sdp[at + length :])
    except DescriptionRefused:
        return
    numbers = [n for source in answer.sources.values() for n in (source.ssrc, source.rtx_ssrc or -1)]
    assert all(n < 1 << 32 for n in numbers)
    assert len([n for n in numbers if n > 0]) == len({n for n in numbers if n > 0})
    assert answer.slots <= {slot.index for slot in real.slots}
