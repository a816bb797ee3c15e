"""Whatever is unknown or broken: the answer is no recording and no watching, never a guess."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.visitation.jurisdictions.altered import STORED
from tests.visitation.world import NOON, facts, fitting, held, listening
from visitation.conditions import (
    Conditions,
    ConditionsUndecided,
    ConditionsUnreadable,
    Standing,
    conditions,
    from_json,
    to_json,
)
from visitation.degrees import banner_code
from visitation.jurisdictions.kinds import visit_kinds
from visitation.jurisdictions.pack import PolicyUnreadable, load_pack, pack_names, read_pack

KINDS = sorted(visit_kinds())
CONTACTS = ("social", "professional", "authority", "prisoner", "", "anything")
STATUSES = ("legal", "oversight", "health", "authority", "education", "consular", "clergy", "", "Legal")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def any_visit(draw: st.DrawFn) -> tuple[str, Any]:
    """A kind of visit, and facts that fit it but for a few; often the same kind's, sometimes another's."""
    kind = draw(st.sampled_from(KINDS))
    starts_at = NOON + timedelta(minutes=draw(st.integers(-500_000, 500_000)))
    checks = st.builds(
        Standing,
        kind=st.sampled_from(STATUSES),
        register=st.just("r"),
        checked_by=st.just("o"),
        checked_on=DAYS,
        recheck_on=DAYS,
    )
    odd = {
        "starts_at": st.just(starts_at),
        "ends_at": st.integers(-30, 300).map(lambda minutes: starts_at + timedelta(minutes=minutes)),
        "contact": st.sampled_from(CONTACTS),
        "standing": st.lists(checks, max_size=3).map(tuple),
        "parties": st.integers(0, 5),
        "children": st.integers(-1, 3),
        "both_prisons_allow": st.booleans(),
        "listening_decision": st.sampled_from([listening(), listening(NOON + timedelta(days=900))]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(odd)), max_size=3, unique=True))
    return draw(st.sampled_from([kind, draw(st.sampled_from(KINDS))])), fitting(
        kind, **{name: draw(odd[name]) for name in chosen}
    )


def decided(kind: str, pack: str, given_facts: Any) -> Conditions | None:
    try:
        return conditions(kind, load_pack(pack), given_facts)
    except ConditionsUndecided:
        return None


@settings(max_examples=400)
@given(any_visit(), st.sampled_from(pack_names()))
def test_only_what_was_verified_and_fits_is_decided_at_all(visit: tuple[str, Any], pack: str):
    kind, odd = visit
    found = decided(kind, pack, odd)
    if found is None:
        return
    what = visit_kinds()[kind]
    assert odd.contact in what.contacts
    assert what.standing is None or any(s.kind == what.standing and s.holds(odd.day) for s in odd.standing)
    assert odd.both_prisons_allow or not what.both_prisons
    assert not what.confidential or found.closed
    assert found.notices[0].code == banner_code(found)
    if found.audible and pack == "finland":
        assert (kind, odd.children > 0, odd.may_be_heard) == ("social", False, True)


@given(st.text(max_size=20).filter(lambda kind: kind not in visit_kinds()), st.sampled_from(pack_names()))
def test_a_kind_nobody_wrote_a_rule_for_is_never_held(kind: str, pack: str):
    assert decided(kind, pack, facts()) is None


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 300), st.text(max_size=8), st.just([]), st.just({})
)


def places(raw: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value at which something stands."""
    if isinstance(raw, dict):
        return [here, *(p for key, value in raw.items() for p in places(value, (*here, key)))]
    if isinstance(raw, list):
        return [here, *(p for at, value in enumerate(raw) for p in places(value, (*here, at)))]
    return [here]


def broken(raw: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    raw = copy.deepcopy(raw)
    within = raw
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    return raw


PLACES = places(STORED)


@settings(max_examples=400)
@given(st.sampled_from(PLACES), LEAVES)
def test_a_pack_with_anything_replaced_is_unreadable_or_still_keeps_its_word(place: Any, value: Any):
    """What reads may differ in numbers and words; counsel stays unwatched and every banner true."""
    try:
        pack = read_pack(json.dumps(broken(STORED, place, value)))
    except PolicyUnreadable:
        return
    for rule in pack.rules:
        assert rule.notices[0].code == banner_code(rule)
        assert rule.closed or not visit_kinds()[rule.kind].confidential
    for kind in KINDS:
        found = pack.rule_for(kind, listening_decision=True)
        assert found is None or not visit_kinds()[kind].confidential or found.closed


@given(st.one_of(st.text(), st.binary(max_size=200)))
def test_garbage_is_no_pack(garbage: str | bytes):
    try:
        read_pack(garbage)
    except PolicyUnreadable:
        return
    raise AssertionError(f"{garbage!r} was read as a pack")


CLOSED = json.loads(to_json(held("legal")))
CLOSED_PLACES = [place for place in places(CLOSED) if place]


@settings(max_examples=300)
@given(
    st.sampled_from(CLOSED_PLACES), st.one_of(LEAVES, st.sampled_from(["required", "on_demand", "permitted"]))
)
def test_stored_conditions_of_counsel_stay_closed_or_become_unreadable(place: Any, value: Any):
    try:
        found = from_json(json.dumps(broken(CLOSED, place, value)))
    except ConditionsUnreadable:
        return
    assert found.closed
    assert not any((found.recorded, found.watchable, found.audible))
