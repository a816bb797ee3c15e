"""Supervision: decisions with their reason, their rule and their words; refused where the table says no."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from sqlalchemy import text

from tests.visitation.world import World
from visitation.errors import BadInput, Forbidden, NotFound
from visitation.jurisdictions.pack import load_pack
from visitation.services.supervision import REASONS, DecisionKind

KINDS = get_args(DecisionKind)


async def decide(world: World, kind="hold", cell: str = "A-12", who: str = "officer", **changes):
    identity = (await world.sign_in(who))[1] if who else None  # type: ignore[arg-type]
    visit = await world.visit(cell)
    given = {
        "by": identity,
        "visit_id": visit.visit_id,
        "call_id": None,
        "reason": "order",
        "text": "Please sit alone.",
        "at": world.clock.now(),
    }
    return await world.supervision.record(kind, **(given | changes))


async def decisions(world: World) -> int:
    async with world.database.read() as session:
        return (await session.execute(text("SELECT count(*) FROM decision"))).scalar_one()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_decision_keeps_its_reason_its_rule_and_its_words(world: World, kind):
    kept = await decide(world, kind)
    assert (kept.kind, kept.reason, kept.text) == (kind, "order", "Please sit alone.")
    assert kept.rule == f"finland/{load_pack('finland').version}/fi.social"
    assert await decisions(world) == 1
    kinds = {
        "warn": "call.warned",
        "hold": "call.held",
        "resume": "call.resumed",
        "end": "call.ended_by_decision",
    }
    assert (await world.audit_kinds())[-1] == kinds[kind]


async def test_the_words_of_a_decision_are_not_in_the_audit_log(world: World):
    await decide(world, text="something private")
    async with world.database.read() as session:
        lines = (await session.execute(text("SELECT * FROM audit_line"))).all()
    assert "private" not in str(lines)


async def test_the_server_decides_by_itself_too(world: World):
    kept = await decide(world, who="", reason="technical", text="")
    assert kept.by is None


@pytest.mark.parametrize("kind", KINDS)
async def test_a_privileged_call_cannot_be_stepped_into(world: World, kind):
    with pytest.raises(Forbidden) as refused:
        await decide(world, kind, cell="A-17")
    assert refused.value.code == "visit_closed"
    assert await decisions(world) == 0
    assert (await world.audit_kinds())[-1] == "privileged.refused"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_whose_conditions_cannot_be_read_cannot_be_stepped_into(world: World, kind):
    await world.change((await world.visit("A-12")).visit_id, conditions="?")
    with pytest.raises(Forbidden):
        await decide(world, kind)
    assert await decisions(world) == 0


@pytest.mark.parametrize("who", ["visitor", "terminal", "office"])
async def test_only_officers_step_in(world: World, who: str):
    with pytest.raises(Forbidden) as refused:
        await decide(world, who=who)
    assert refused.value.code == "not_permitted"
    assert (await world.audit_kinds())[-1] == "attempt.refused"


async def test_an_officer_of_another_prison_does_not_step_in(world: World):
    _, sari = await world.sign_in("officer")
    with pytest.raises(Forbidden):
        await decide(world, by=replace(sari, prison_id="elsewhere"))


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("hold", {"reason": None}, "reason_required"),
        ("end", {"reason": None}, "reason_required"),
        ("hold", {"reason": "because"}, "bad_reason"),
        ("warn", {"reason": "because"}, "bad_reason"),
        ("warn", {"reason": None, "text": " \n"}, "text_required"),
        ("warn", {"text": "x" * 501}, "text_too_long"),
        ("warn", {"text": "a\x00b"}, "bad_input"),
        ("warn", {"text": "a\ud800"}, "bad_input"),
    ],
)
async def test_a_decision_that_does_not_say_what_it_must_is_refused(
    world: World, kind, changes: dict, code: str
):
    with pytest.raises(BadInput) as refused:
        await decide(world, kind, **changes)
    assert refused.value.code == code
    assert await decisions(world) == 0


async def test_plain_words_of_any_script_are_taken(world: World):
    for words in ("Päättyy klo 14.10.\nOdottakaa.", "👨‍👩‍👧", "مرحبا", "x" * 500):
        assert (await decide(world, "warn", reason=None, text=words)).text == words


async def test_a_resumption_and_a_warning_in_words_need_no_reason(world: World):
    await decide(world, "resume", reason=None, text="")
    await decide(world, "warn", reason=None)
    await decide(world, "warn", reason="other_person", text="")
    assert await decisions(world) == 3


async def test_a_visit_nobody_knows_is_not_found(world: World):
    with pytest.raises(NotFound):
        await decide(world, visit_id="nothing")


def test_the_reasons_are_a_closed_list():
    assert {"crime_prevention", "order", "safety", "identity", "technical", "other"} < REASONS
