"""Conditions: what the Finnish pack makes of a visit, and that nothing unclear is ever obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.world import NOON, facts, fitting, held, listening, standing
from visitation.conditions import (
    ConditionsUndecided,
    ConditionsUnreadable,
    Recording,
    Undecided,
    Watching,
    WithoutRecorder,
    conditions,
    decision_from_json,
    decision_to_json,
    from_json,
    to_json,
)
from visitation.jurisdictions.kinds import visit_kinds
from visitation.jurisdictions.pack import load_pack, pack_names

FINLAND = load_pack("finland")


def test_a_relatives_visit_has_its_picture_recorded_and_watchable_and_its_sound_left_alone():
    social = held()
    assert (social.record_picture, social.record_sound) == (Recording.REQUIRED, Recording.FORBIDDEN)
    assert (social.watch_picture, social.watch_sound) == (Watching.ON_DEMAND, Watching.BY_DECISION)
    assert (social.recorded, social.watchable, social.audible, social.closed) == (True, True, False, False)
    assert social.without_recorder is WithoutRecorder.HOLD_THEN_END
    assert social.recorder_required
    assert social.notices[0].code == "picture_recorded_watched"


def test_a_decision_to_listen_opens_the_sound():
    heard = held(listening_decision=listening())
    assert (heard.record_sound, heard.watch_sound) == (Recording.REQUIRED, Watching.ON_DEMAND)
    assert heard.audible
    assert heard.notices[0].code == "picture_sound_recorded_watched_heard"


def test_a_decision_that_runs_out_before_the_visit_does_opens_nothing():
    assert not held(listening_decision=listening(NOON + timedelta(minutes=29))).audible
    assert held(listening_decision=listening(NOON + timedelta(minutes=30))).audible


def test_a_lawyers_visit_is_closed_whatever_has_been_decided_about_listening():
    for decision in (None, listening()):
        legal = held("legal", listening_decision=decision)
        assert legal.closed
        assert not any((legal.recorded, legal.watchable, legal.audible, legal.recorder_required))
        assert legal.notices[0].code == "closed"
        assert not legal.show_watchers


YEARS_AGO = {"starts_at": NOON.replace(year=2020), "ends_at": NOON.replace(year=2020, hour=11)}


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        ("social", {"contact": "professional"}, Undecided.CONTACT_UNFIT),
        ("social", {"contact": "anything"}, Undecided.CONTACT_UNFIT),
        ("social", {"contact": ""}, Undecided.CONTACT_UNFIT),
        ("legal", {"contact": "social"}, Undecided.CONTACT_UNFIT),
        ("interprison", {"contact": "social"}, Undecided.CONTACT_UNFIT),
        ("social", {"ends_at": NOON + timedelta(minutes=61)}, Undecided.TOO_LONG),
        ("social", {"ends_at": NOON}, Undecided.TOO_LONG),
        ("social", {"parties": 3}, Undecided.TOO_MANY),
        ("social", {"parties": 1}, Undecided.TOO_MANY),
        ("social", YEARS_AGO, Undecided.POLICY_NOT_IN_FORCE),
        ("legal", {"standing": ()}, Undecided.STANDING_MISSING),
        ("legal", {"standing": (standing("health"), standing("oversight"))}, Undecided.STANDING_MISSING),
        ("legal", {"standing": (standing(recheck_on=date(2026, 11, 5)),)}, Undecided.STANDING_LAPSED),
        ("legal", {"standing": (standing(checked_on=date(2026, 11, 6)),)}, Undecided.STANDING_MISSING),
        ("interprison", {"both_prisons_allow": False}, Undecided.OTHER_PRISON_SILENT),
        ("social_children", {"children": 0}, Undecided.CHILD_MISSING),
    ],
)
def test_what_no_rule_fits_is_undecided_and_says_why(kind: str, changes: dict, why: Undecided):
    with pytest.raises(ConditionsUndecided) as undecided:
        conditions(kind, FINLAND, fitting(kind, **changes))
    assert undecided.value.why is why


@pytest.mark.parametrize("kind", ["unknown", "", "SOCIAL", "legal ", "fi.legal"])
def test_a_kind_nobody_knows_is_undecided(kind: str):
    with pytest.raises(ConditionsUndecided) as undecided:
        conditions(kind, FINLAND, facts())
    assert undecided.value.why is Undecided.KIND_UNKNOWN


def test_a_check_is_good_from_its_day_to_the_day_before_the_next():
    for checked in (standing(recheck_on=date(2026, 11, 6)), standing(checked_on=date(2026, 11, 5))):
        assert held("legal", standing=(checked,)).closed


def test_one_status_among_many_is_enough():
    assert held(
        "legal", standing=(standing("clergy"), standing(recheck_on=date(2026, 2, 1)), standing())
    ).closed


def test_a_visit_of_a_lawyer_whose_status_is_gone_is_never_an_ordinary_one():
    """Neither by its kind nor by calling it another."""
    for kind in visit_kinds():
        try:
            found = conditions(kind, FINLAND, facts(contact="professional", standing=()))
        except ConditionsUndecided:
            continue
        raise AssertionError(f"{kind} was held for a professional nobody verified: {found}")


def test_a_childs_visit_is_not_listened_to_whatever_has_been_decided():
    for kind in ("social", "social_children"):
        with_child = held(kind, children=1, listening_decision=listening())
        assert not with_child.audible
        assert with_child.record_sound is Recording.FORBIDDEN
    assert held("social", listening_decision=listening()).audible


def test_where_the_law_lets_officers_hear_a_child_only_a_rule_that_says_so_does():
    england = load_pack("england_wales")
    assert conditions("social", england, fitting("social", children=2)).audible
    rules = [rule.model_copy(update={"children_may_be_heard": False}) for rule in england.rules]
    silent = england.model_copy(update={"rules": tuple(rules)})
    with pytest.raises(ConditionsUndecided) as undecided:
        conditions("social", silent, fitting("social", children=2))
    assert undecided.value.why is Undecided.CHILD_HEARD
    assert conditions("social", silent, fitting("social")).audible


EACH = [(pack, kind.kind) for pack in pack_names() for kind in load_pack(pack).kinds()]


@pytest.mark.parametrize(("pack", "kind"), EACH)
def test_every_pack_decides_every_kind_as_its_rule_says(pack: str, kind: str):
    policy = load_pack(pack)
    rule = policy.rule_for(kind)
    found = held(kind, pack)
    assert rule is not None
    assert (found.record_picture, found.record_sound) == (rule.record_picture, rule.record_sound)
    assert (found.watch_picture, found.watch_sound) == (rule.watch_picture, rule.watch_sound)
    assert found.notices == rule.notices
    assert (found.policy.pack, found.policy.rule) == (pack, rule.rule)
    assert found.closed == rule.closed
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize(("pack", "kind"), EACH)
def test_a_kind_with_a_status_is_held_with_it_only(pack: str, kind: str):
    needs = visit_kinds()[kind].standing
    if needs is None:
        assert held(kind, pack, standing=())
        return
    with pytest.raises(ConditionsUndecided):
        held(kind, pack, standing=())
    others = tuple(standing(w.standing) for w in visit_kinds().values() if w.standing not in (None, needs))
    with pytest.raises(ConditionsUndecided):
        held(kind, pack, standing=others)


def test_the_policy_is_named_with_its_legal_basis_in_every_language():
    policy = held().policy
    assert (policy.pack, policy.rule) == ("finland", "fi.social")
    assert policy.version == FINLAND.version
    assert all("767/2005" in words for words in policy.legal_basis.values())
    assert set(policy.legal_basis) == {"fi", "sv", "en"}


ALL = [held(), held(listening_decision=listening()), held("legal")]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.policy.rule)
def test_conditions_read_back_as_they_were_written(one):
    assert from_json(to_json(one)) == one


@given(
    st.sampled_from(ALL), st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))), st.integers(1, 240)
)
def test_conditions_of_any_moment_and_length_read_back(one, at: datetime, minutes: int):
    changed = replace(one, decided_at=at, minutes=minutes)
    assert from_json(to_json(changed)) == changed


@given(st.one_of(st.none(), st.text(), st.binary(max_size=64)))
def test_garbage_is_no_conditions(garbage):
    with pytest.raises(ConditionsUnreadable):
        from_json(garbage)


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=8), st.just([]), st.just({})
)


@given(st.sampled_from(ALL), st.data())
def test_any_one_field_of_another_kind_makes_them_unreadable(one, data: st.DataObject):
    stored = json.loads(to_json(one))
    name = data.draw(st.sampled_from(sorted(stored)))
    value = data.draw(LEAVES.filter(lambda leaf: type(leaf) is not type(stored[name])))
    with pytest.raises(ConditionsUnreadable):
        from_json(json.dumps(stored | {name: value}))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.policy.rule)
def test_a_field_missing_or_unknown_makes_them_unreadable(one):
    stored = json.loads(to_json(one))
    for name in stored:
        with pytest.raises(ConditionsUnreadable):
            from_json(json.dumps({key: value for key, value in stored.items() if key != name}))
    with pytest.raises(ConditionsUnreadable):
        from_json(json.dumps(stored | {"record_everything": True}))


@pytest.mark.parametrize(
    ("field", "value"),
    [("watch_picture", "on_demand"), ("record_sound", "required"), ("watch_sound", "by_decision")],
)
def test_closed_conditions_cannot_be_opened_in_the_database(field: str, value: str):
    stored = json.loads(to_json(held("legal")))
    with pytest.raises(ConditionsUnreadable):
        from_json(json.dumps(stored | {field: value}))


def test_a_time_without_its_zone_is_unreadable():
    stored = json.loads(to_json(held()))
    with pytest.raises(ConditionsUnreadable):
        from_json(json.dumps(stored | {"decided_at": "2026-11-05T10:00:00"}))


def test_a_decision_to_listen_reads_back_and_garbage_does_not():
    decision = listening()
    assert decision_from_json(decision_to_json(decision)) == decision
    for garbage in ("", "{}", "null", decision_to_json(decision)[:-1]):
        with pytest.raises(ConditionsUnreadable):
            decision_from_json(garbage)
