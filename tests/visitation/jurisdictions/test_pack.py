"""The policy pack: the one in force is whole, and one that is not whole is not read."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from visitation.degrees import Recording, Watching, banner_code, is_closed
from visitation.jurisdictions import pack as packs
from visitation.jurisdictions.pack import PolicyPack, PolicyUnreadable, load_pack, read_pack

STORED = json.loads((Path(packs.__file__).parent / "finland" / "pack.json").read_text())


def changed(**changes: object) -> str:
    return json.dumps(STORED | changes)


def with_rule(index: int, **changes: object) -> str:
    stored = copy.deepcopy(STORED)
    stored["rules"][index] |= changes
    return json.dumps(stored)


def test_the_finnish_pack_is_marked_as_a_demo_for_a_lawyer_to_check():
    finland = load_pack("finland")
    assert finland.review == "demo, to be checked by the agency's lawyer"
    assert {(rule.kind, rule.listening_decision) for rule in finland.rules} == {
        ("social", False),
        ("social", True),
        ("legal", False),
    }


def test_every_rule_tells_first_what_it_does_and_privileged_means_closed():
    for rule in load_pack("finland").rules:
        assert rule.notices[0] == banner_code(rule)
        assert rule.privileged == is_closed(rule)


def test_every_text_is_a_sentence_of_its_own_in_each_language():
    finland = load_pack("finland")
    for texts in finland.notices.values():
        for words in (texts.words, texts.why):
            assert len(set(words.values())) == 3
            assert all(text.endswith(".") and text == text.strip() for text in words.values())


def test_the_banners_say_in_finnish_what_happens():
    notices = load_pack("finland").notices
    assert "kuva tallennetaan" in notices["picture_recorded_watched"].words["fi"]
    assert "Kukaan ei kuuntele" in notices["picture_recorded_watched"].words["fi"]
    assert "ei tallenneta eikä katsota" in notices["closed"].words["fi"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        changed(surprise=1),
        changed(rules=[]),
        changed(notices={}),
        changed(review="fine"),
        changed(valid_from="soon"),
        changed(valid_until="2000-01-01"),
        changed(rules=[*STORED["rules"], STORED["rules"][0] | {"rule": "fi.other"}]),
        changed(rules=[*STORED["rules"], STORED["rules"][0] | {"kind": "other"}]),
        with_rule(0, record_sound="required"),
        with_rule(0, watch_picture="none"),
        with_rule(0, watch_sound="sometimes"),
        with_rule(0, legal_basis={"fi": "x", "sv": "y"}),
        with_rule(0, legal_basis={"fi": "x", "sv": "y", "en": " "}),
        with_rule(0, notices=["closed"]),
        with_rule(0, notices=[]),
        with_rule(2, record_picture="permitted"),
        with_rule(2, watch_sound="by_decision"),
        with_rule(2, listening_decision=True),
    ],
)
def test_a_pack_that_is_not_whole_is_unreadable(text: str):
    with pytest.raises(PolicyUnreadable):
        read_pack(text)


@pytest.mark.parametrize("name", ["nowhere", "", "../finland", "finland/pack", "a b"])
def test_a_pack_that_is_not_there_is_unreadable(name: str):
    with pytest.raises(PolicyUnreadable):
        load_pack(name)


def test_a_pack_is_in_force_from_its_first_day_to_its_last():
    finland = load_pack("finland")
    bounded = PolicyPack.model_validate_json(changed(valid_until="2026-12-31"))
    assert finland.in_force(finland.valid_from)
    assert not finland.in_force(finland.valid_from.replace(year=2024))
    assert bounded.in_force(date(2026, 12, 31))
    assert not bounded.in_force(date(2027, 1, 1))


@dataclass
class Mix:
    record_picture: Recording
    record_sound: Recording
    watch_picture: Watching
    watch_sound: Watching


def test_each_mix_of_degrees_has_its_own_true_banner():
    seen: dict[str, set] = {}
    for picture in Recording:
        for sound in Recording:
            for watch in Watching:
                for listen in Watching:
                    mix = Mix(picture, sound, watch, listen)
                    truth = (
                        picture is not Recording.FORBIDDEN,
                        sound is not Recording.FORBIDDEN,
                        watch.open,
                        listen.open,
                        is_closed(mix),
                    )
                    seen.setdefault(banner_code(mix), set()).add(truth)
    assert all(len(truths) == 1 for truths in seen.values())
