"""Who somebody is decides nothing: a pack that sorts people by a protected ground is not read."""

from __future__ import annotations

import json

import pytest

from tests.visitation.jurisdictions.altered import STORED, changed, with_booking, with_rule
from visitation.jurisdictions.grounds import ACCEPTED, PROTECTED, protected_grounds
from visitation.jurisdictions.pack import PolicyUnreadable, load_pack, pack_names, read_pack

ALERTS = STORED["booking"]["review_alerts"]
PEOPLE = STORED["booking"]["people"]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (with_booking(people=PEOPLE | {"max_age": 60}), "age"),
        (with_booking(nationality={"FI": 2}), "nationality"),
        (with_booking(review_alerts=ALERTS | {"codes": ["foreign_national"]}), "nationality"),
        (with_booking(review_alerts=ALERTS | {"codes": ["religion_x"]}), "religion"),
        (with_booking(review_alerts=ALERTS | {"codes": ["mental_health"]}), "health"),
        (with_booking(review_alerts=ALERTS | {"codes": ["Disability"]}), "disability"),
        (with_rule(0, kind="social_gender"), "sex"),
        (with_rule(0, rule="fi.social.language"), "language"),
        (with_rule(0, uskonto=True), "religion"),
        (with_rule(0, kön="x"), "sex"),
        (changed(family=[]), "family"),
        (changed(political={}), "opinion"),
        (changed(ethnic_origin={}), "origin"),
        (changed(orientation=1), "orientation"),
    ],
)
def test_a_pack_that_uses_a_protected_ground_is_refused_by_its_name(text: str, ground: str):
    with pytest.raises(PolicyUnreadable) as refused:
        read_pack(text)
    assert any(fault.endswith(f"by {ground}") for fault in refused.value.faults)


def test_every_protected_ground_is_tried_above():
    grounds = {"age", "sex", "origin", "nationality", "language", "religion", "opinion", "family"}
    assert set(PROTECTED) == grounds | {"health", "disability", "orientation"}


def test_what_is_accepted_protects_somebody_and_a_pack_cannot_add_to_it():
    assert {ground for _, ground in ACCEPTED} == {"age", "health"}
    assert all(ACCEPTED.values())
    assert protected_grounds({"booking": {"ages": {"adult_age": 18}}}) == ()
    assert protected_grounds({"rules": [{"adult_age": 18}]})
    assert protected_grounds({"accepted": {"age": "because"}})


def test_prose_may_name_a_ground():
    assert protected_grounds({"why": {"en": "Nobody’s religion matters here."}}) == ()


def test_the_packs_that_lie_here_use_none():
    for name in pack_names():
        assert protected_grounds(json.loads(load_pack(name).model_dump_json())) == ()
