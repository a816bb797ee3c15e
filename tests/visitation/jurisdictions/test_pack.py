"""Policy packs: those that lie here are whole, and one that is not whole is not read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.visitation.jurisdictions.altered import STORED, changed, with_booking, with_rule
from visitation.degrees import Recording, Watching, banner_code, is_closed, told_codes
from visitation.jurisdictions.decisions import DECISION_KINDS
from visitation.jurisdictions.kinds import visit_kinds
from visitation.jurisdictions.pack import PolicyPack, PolicyUnreadable, load_pack, pack_names, read_pack

PACKS = [load_pack(name) for name in pack_names()]
RULES = [(pack, rule) for pack in PACKS for rule in pack.rules]
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.pack)
each_rule = pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.rule for _, rule in RULES])


def test_the_packs_that_lie_here_can_all_be_read():
    assert pack_names() == ("england_wales", "finland", "scotland")


@each_pack
def test_each_is_marked_as_a_demo_for_a_lawyer_to_check(pack):
    assert not pack.reviewed
    assert pack.sources
    assert pack.in_force(date(2026, 11, 5))


@each_pack
def test_each_has_a_rule_for_every_kind_of_visit(pack):
    missing = set(visit_kinds()) - {rule.kind for rule in pack.rules}
    assert missing <= NOT_EVERYWHERE
    assert [kind.kind for kind in pack.kinds()] == [kind for kind in visit_kinds() if kind not in missing]


@each_rule
def test_a_rule_tells_first_what_it_does(pack, rule):
    assert tuple(notice.code for notice in rule.notices) == told_codes(rule)
    assert rule.notices[0].code == banner_code(rule)
    assert rule.notices[0].why == rule.why


@each_rule
def test_only_verified_people_meet_unwatched(pack, rule):
    assert rule.closed == is_closed(rule)
    if rule.closed:
        assert visit_kinds()[rule.kind].standing


@each_rule
def test_every_text_is_a_sentence_of_its_own_in_each_language(pack, rule):
    for words in (
        rule.why,
        rule.legal_basis,
        *(n.words for n in rule.notices),
        *(n.why for n in rule.notices),
    ):
        assert len(set(words.values())) == 3
        assert all(text.endswith(".") and text == text.strip() for text in words.values())


@each_rule
def test_a_value_no_source_states_is_said_to_be_policy(pack, rule):
    silent = "say nothing" in rule.legal_basis["en"] or "protects the people" in rule.legal_basis["en"]
    assert rule.basis != "policy" or silent


WHAT_EACH_LAW_MAKES = [
    ("finland", "social", "picture_recorded_watched"),
    ("finland", "social_children", "picture_recorded_watched"),
    ("finland", "education", "nothing_recorded_watched"),
    ("finland", "interprison", "nothing_recorded_watched"),
    ("england_wales", "social", "picture_sound_recorded_watched_heard"),
    ("england_wales", "social_children", "picture_sound_recorded_watched_heard"),
    ("england_wales", "education", "nothing_recorded_watched"),
    ("england_wales", "interprison", "nothing_recorded_watched"),
    ("scotland", "social", "nothing_recorded_always_watched_heard"),
    ("scotland", "social_children", "nothing_recorded_always_watched_heard"),
    ("scotland", "education", "nothing_recorded_watched"),
    ("scotland", "interprison", "nothing_recorded_always_watched_heard"),
    *(
        (pack, kind, "closed")
        for pack in ("finland", "england_wales", "scotland")
        for kind in ("legal", "oversight", "authority", "health", "consular", "clergy")
    ),
]
NOT_EVERYWHERE: set[str] = set()  # kinds that some packs do not allow


def test_each_kind_of_each_pack_stands_in_the_table_once():
    told = [(pack, kind) for pack, kind, _ in WHAT_EACH_LAW_MAKES]
    assert sorted(told) == sorted((pack.pack, kind.kind) for pack in PACKS for kind in pack.kinds())


@pytest.mark.parametrize(("pack", "kind", "behaviour"), WHAT_EACH_LAW_MAKES)
def test_what_each_law_makes_of_each_kind(pack, kind, behaviour):
    rule = load_pack(pack).rule_for(kind)
    assert rule is not None
    assert banner_code(rule) == behaviour


def test_only_finland_opens_the_sound_by_a_decision_and_never_to_a_child():
    finland = load_pack("finland")
    heard, plain = finland.rule_for("social", listening_decision=True), finland.rule_for("social")
    assert heard is not None
    assert heard.watch_sound is Watching.ON_DEMAND
    assert finland.rule_for("social", listening_decision=True, child=True) is plain
    for pack in PACKS:
        for kind in set(visit_kinds()) - {"social" if pack is finland else ""}:
            assert pack.rule_for(kind, listening_decision=True) is pack.rule_for(kind)


def test_in_scotland_a_visit_is_held_only_in_sight_of_an_officer():
    rule = load_pack("scotland").rule_for("social")
    assert rule is not None
    assert (rule.watch_picture, rule.without_supervisor.value) == (Watching.CONTINUOUS, "hold")
    assert (rule.record_picture, rule.record_sound) == (Recording.FORBIDDEN, Recording.FORBIDDEN)


def test_the_banners_say_in_finnish_what_happens():
    finland = load_pack("finland")
    social, legal = finland.rule_for("social"), finland.rule_for("legal")
    assert social is not None
    assert legal is not None
    assert (
        social.notices[0].words["fi"]
        == "Puhelun kuva tallennetaan. Virkailija voi katsoa. Kukaan ei kuuntele."
    )
    assert "ei tallenneta eikä katsota" in legal.notices[0].words["fi"]


@each_pack
def test_a_decision_about_people_has_a_way_to_appeal(pack):
    assert set(pack.appeals) == set(DECISION_KINDS)
    for appeal in pack.appeals.values():
        assert all(words for text in (appeal.to, appeal.how) for words in text.values())


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_a_finnish_ban_ends_within_six_months(first, last):
    assert load_pack("finland").bans.last_day(first) == last


@each_pack
def test_a_ban_never_keeps_counsel_or_oversight_away(pack):
    assert {"legal", "oversight"} <= set(pack.bans.never_against)
    assert pack.bans.last_day(date(2026, 1, 1)) <= date(2026, 7, 1)


@each_pack
def test_the_rules_of_booking_are_whole(pack):
    booking = pack.booking
    assert set(booking.windows) == {"public", "prisoner", "professional", "staff"}
    assert booking.windows["professional"].min_days == 0
    assert booking.ages.escort_age <= booking.ages.adult_age
    assert booking.hold.minutes == 10
    assert booking.outranking.appointments[0] == "court"
    assert booking.review_alerts.codes
    assert booking.allowance_for("legal") is None
    assert booking.allowance_for("social") is booking.allowance_for("social_children")


def test_a_pack_is_in_force_from_its_first_day_to_its_last():
    finland = load_pack("finland")
    bounded = read_pack(changed(valid_until="2026-12-31"))
    assert finland.in_force(finland.valid_from)
    assert not finland.in_force(finland.valid_from.replace(year=2024))
    assert bounded.in_force(date(2026, 12, 31))
    assert not bounded.in_force(date(2027, 1, 1))


SOCIAL, LISTENING, CHILDREN, LEGAL = 0, 1, 2, 3
UNREADABLE: dict[str, str | bytes] = {
    "empty": "",
    "no rules": "{}",
    "a list": "[]",
    "null": "null",
    "deep": "[" * 100_000,
    "deep and closed": "[" * 980 + "]" * 980,
    "not text": b"\xff\xfe",
    "unknown field": changed(surprise=1),
    "rules empty": changed(rules=[]),
    "rules none": changed(rules=None),
    "rules odd": changed(rules=[1, "x", None]),
    "review": changed(review="fine"),
    "date": changed(valid_from="soon"),
    "ends before it begins": changed(valid_until="2000-01-01"),
    "two rules for one case": changed(rules=[*STORED["rules"], STORED["rules"][SOCIAL] | {"rule": "fi.other"}]),
    "two rules of one name": changed(rules=[*STORED["rules"], STORED["rules"][SOCIAL] | {"kind": "other"}]),
    "a kind nobody knows": with_rule(SOCIAL, kind="seance"),
    "sound recorded without a word": with_rule(SOCIAL, children_may_be_heard=True),
    "by decision, and no decision's rule": with_rule(CHILDREN, watch_sound="by_decision"),
    "a decision that opens nothing": with_rule(LISTENING, watch_sound="none", record_sound="forbidden"),
    "a decision with no ordinary visit": changed(rules=STORED["rules"][1:]),
    "degree": with_rule(SOCIAL, watch_sound="sometimes"),
    "an officer kept listening": with_rule(LISTENING, watch_sound="continuous"),
    "heard, not seen": with_rule(LISTENING, watch_picture="none"),
    "always watched, and nobody needed": with_rule(SOCIAL, watch_picture="continuous"),
    "somebody needed, and nobody watches": with_rule(SOCIAL, without_supervisor="hold"),
    "required, and not needed": with_rule(SOCIAL, without_recorder="go_on"),
    "needed, and not required": with_rule(SOCIAL, record_picture="permitted"),
    "a language missing": with_rule(SOCIAL, legal_basis={"fi": "x", "sv": "y"}),
    "a language empty": with_rule(SOCIAL, why={"fi": "x", "sv": "y", "en": " "}),
    "counsel recorded": with_rule(LEGAL, record_picture="permitted"),
    "counsel heard by decision": with_rule(LEGAL, watch_sound="by_decision"),
    "counsel's listening rule": with_rule(LEGAL, listening_decision=True),
    "relatives unwatched": with_rule(CHILDREN, record_picture="forbidden", watch_picture="none", without_recorder="go_on"),
    "no window": with_booking(windows={}),
    "a window that never opens": with_booking(windows=STORED["booking"]["windows"] | {"public": STORED["booking"]["windows"]["public"] | {"min_days": 29}}),
    "a kind counted twice": with_booking(allowances=STORED["booking"]["allowances"] * 2),
    "an allowance of a kind nobody rules": with_booking(allowances=[STORED["booking"]["allowances"][0] | {"kinds": ["party"]}]),
    "no basis": with_booking(hold={"minutes": 10}),
    "endless ban": changed(bans=STORED["bans"] | {"longest_months": 13}),
    "no appeals": changed(appeals={}),
    "no power to ban": changed(powers={kind: power for kind, power in STORED["powers"].items() if kind != "ban"}),
    "a power without its law": changed(powers=STORED["powers"] | {"end": STORED["powers"]["end"] | {"legal_basis": {"fi": "x", "sv": "y", "en": ""}}}),
}  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_pack_that_is_not_whole_is_unreadable_and_says_where(text: str | bytes):
    with pytest.raises(PolicyUnreadable) as refused:
        read_pack(text)
    assert refused.value.faults
    assert all(refused.value.faults)


def test_a_fault_in_a_rule_names_the_rule():
    with pytest.raises(PolicyUnreadable) as refused:
        read_pack(with_rule(LEGAL, watch_sound="sometimes"))
    assert "fi.legal" in refused.value.faults[0]


@pytest.mark.parametrize("name", ["nowhere", "", "../finland", "finland/pack", "a b"])
def test_a_pack_that_is_not_there_is_unreadable(name: str):
    with pytest.raises(PolicyUnreadable):
        load_pack(name)


def test_every_pack_reads_back_as_it_was_written():
    for pack in PACKS:
        assert PolicyPack.model_validate_json(pack.model_dump_json()) == pack


def test_the_unchanged_pack_is_the_one_the_others_are_made_of():
    assert read_pack(json.dumps(STORED)) == load_pack("finland")


def keys_of(raw: Any) -> set[str]:
    if isinstance(raw, dict):
        return set(raw) | {key for value in raw.values() for key in keys_of(value)}
    return {key for value in raw for key in keys_of(value)} if isinstance(raw, list) else set()


def test_a_pack_says_nothing_of_what_kind_of_person_anybody_is():
    assert "adult_age" in keys_of(STORED)
    assert not keys_of(STORED) & {"age", "sex", "nationality", "language", "religion", "health"}
