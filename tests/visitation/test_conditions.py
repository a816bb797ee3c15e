"""Conditions: what the Finnish pack makes of a visit, and that nothing unclear is ever obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.world import NOON, facts, held, listening
from visitation.conditions import (
    ConditionsUndecided,
    ConditionsUnreadable,
    Recording,
    Watching,
    WithoutRecorder,
    conditions,
    decision_from_json,
    decision_to_json,
    from_json,
    to_json,
)
from visitation.jurisdictions.pack import load_pack

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


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("unknown", {}),
        ("", {}),
        ("legal", {"contact": "social"}),
        ("social", {"contact": "professional"}),
        ("social", {"contact": "anything"}),
        ("social", {"ends_at": NOON + timedelta(minutes=61)}),
        ("social", {"ends_at": NOON}),
        ("social", {"parties": 3}),
        ("social", {"parties": 1}),
        ("social", {"starts_at": NOON.replace(year=2020), "ends_at": NOON.replace(year=2020, hour=11)}),
    ],
)
def test_what_no_rule_fits_is_undecided(kind: str, changes: dict):
    with pytest.raises(ConditionsUndecided):
        conditions(kind, FINLAND, facts(**changes))


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
