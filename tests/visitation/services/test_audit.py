"""The audit log: whatever somebody does to its lines, verify() finds it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.visitation.world import StillClock
from visitation.audit_chain import FACTS_LIMIT, Head, Line, facts_text, fault_of, line_hash
from visitation.policy.identity import Identity
from visitation.services.audit import Audit, AuditKind
from visitation.storage.database import Database

SARI = Identity("officer", "sari", "prison", "session", "Sari")
KIND = AuditKind.CALL_WATCHED


@pytest.fixture
async def audit(database: Database, clock: StillClock) -> Audit:
    """A log of six lines, a second apart."""
    audit = Audit(database, clock)
    for number in range(6):
        await audit.append(KIND, SARI if number % 2 else None, f"visit-{number}", {"number": number})
        clock.forward(seconds=1)
    return audit


async def tamper(database: Database, *statements: str) -> None:
    async with database.write() as session:
        for statement in statements:
            await session.execute(text(statement))


async def test_an_empty_log_is_whole(database: Database, clock: StillClock):
    verdict = await Audit(database, clock).verify()
    assert (verdict.whole, verdict.head) == (True, Head())


async def test_lines_stand_on_each_other_and_say_who_did_what(audit: Audit):
    line = await audit.append(KIND, SARI, "visit", {"b": 1, "a": "ä"})
    assert (line.number, line.kind, line.actor_kind, line.actor) == (7, "call.watched", "officer", "sari")
    assert line.facts == '{"a":"ä","b":1}'
    verdict = await audit.verify()
    assert verdict.whole
    assert verdict.head == Head(7, line.hash) == await audit.head()


async def test_no_name_and_no_token_is_in_a_line(audit: Audit):
    line = await audit.append(KIND, SARI, "visit")
    assert "Sari" not in str(line)


COLUMNS = {
    "at": "'2026-11-05 10:00:00.000001'",
    "kind": "'call.ended'",
    "actor_kind": "'office'",
    "actor": "'kirsi'",
    "session_id": "'other'",
    "prison_id": "'other'",
    "subject": "'visit-9'",
    "facts": "'{}'",
    "previous": f"'{'0' * 64}'",
    "hash": f"'{'1' * 64}'",
}


def test_the_list_of_columns_is_whole():
    assert set(COLUMNS) | {"number"} == set(Line.__dataclass_fields__)


@pytest.mark.parametrize("column", COLUMNS)
async def test_an_altered_line_is_found(audit: Audit, database: Database, column: str):
    await tamper(database, f"UPDATE audit_line SET {column} = {COLUMNS[column]} WHERE number = 4")
    fault = (await audit.verify()).fault
    assert fault is not None
    assert fault.number == 4


@pytest.mark.parametrize("number", range(1, 7))
async def test_a_removed_line_is_found(audit: Audit, database: Database, number: int):
    await tamper(database, f"DELETE FROM audit_line WHERE number = {number}")
    fault = (await audit.verify()).fault
    assert fault is not None
    assert (fault.number, "missing" in fault.what or "removed" in fault.what) == (number, True)


async def test_a_removed_line_is_found_when_the_rest_is_numbered_anew(audit: Audit, database: Database):
    await tamper(
        database,
        "DELETE FROM audit_line WHERE number = 3",
        "UPDATE audit_line SET number = number - 1 WHERE number > 3",
        "UPDATE audit_head SET number = 5",
    )
    assert (await audit.verify()).fault is not None


async def test_two_lines_that_changed_places_are_found(audit: Audit, database: Database):
    await tamper(
        database,
        "UPDATE audit_line SET number = 99 WHERE number = 2",
        "UPDATE audit_line SET number = 2 WHERE number = 3",
        "UPDATE audit_line SET number = 3 WHERE number = 99",
    )
    fault = (await audit.verify()).fault
    assert fault is not None
    assert fault.number == 2


COPY = (
    "INSERT INTO audit_line SELECT 7, at, kind, actor_kind, actor, session_id, prison_id, subject, facts, {previous}, hash"
    " FROM audit_line WHERE number = 6"
)


@pytest.mark.parametrize("previous", ["previous", "hash"])
async def test_a_line_added_without_the_chain_is_found(audit: Audit, database: Database, previous: str):
    await tamper(database, COPY.format(previous=previous), "UPDATE audit_head SET number = 7")
    fault = (await audit.verify()).fault
    assert fault is not None
    assert fault.number == 7


async def test_a_well_chained_line_that_did_not_move_the_head_is_found(audit: Audit, database: Database):
    before = await audit.head()
    await audit.append(KIND, SARI, "visit")
    await tamper(database, f"UPDATE audit_head SET number = {before.number}, hash = '{before.hash}'")
    fault = (await audit.verify()).fault
    assert fault is not None
    assert "without moving the head" in fault.what


async def test_a_log_emptied_with_its_head_is_found(audit: Audit, database: Database):
    await tamper(database, "DELETE FROM audit_line", "DELETE FROM audit_head")
    fault = (await audit.verify()).fault
    assert fault is not None
    assert "head" in fault.what


async def test_a_log_cut_or_written_anew_is_found_by_a_copied_head(
    audit: Audit, database: Database, clock: StillClock
):
    copied = await audit.head()
    await tamper(
        database, "DELETE FROM audit_line", f"UPDATE audit_head SET number = 0, hash = '{Head().hash}'"
    )
    assert (await audit.verify()).whole
    cut = (await audit.verify(copied)).fault
    assert cut is not None
    for number in range(7):
        await audit.append(KIND, None, f"other-{number}")
    assert (await audit.verify()).whole
    anew = (await audit.verify(copied)).fault
    assert anew is not None
    assert anew.number == copied.number


async def test_rival_writers_make_one_chain(database: Database, clock: StillClock):
    audit = Audit(database, clock)
    await asyncio.gather(*(audit.append(KIND, None, f"visit-{number}") for number in range(12)))
    verdict = await audit.verify()
    assert (verdict.whole, verdict.head.number) == (True, 12)


async def test_a_line_goes_with_the_transaction_it_tells_of(audit: Audit, database: Database):
    before = await audit.head()
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await audit.append_in(session, KIND, None, "visit")
            raise RuntimeError
    assert await audit.head() == before
    assert (await audit.verify()).whole


@pytest.mark.parametrize(
    "facts",
    [
        {"a": 1.5},
        {"a": {"b": 1}},
        {"a": [1]},
        {"a": b"x"},
        {"a": "\ud800"},
        {"a": "x" * FACTS_LIMIT},
    ],
)
async def test_odd_facts_are_refused_and_nothing_is_written(audit: Audit, facts: dict):
    before = await audit.head()
    with pytest.raises(ValueError):  # a lone surrogate is a UnicodeEncodeError, which is one
        await audit.append(KIND, None, "visit", facts)
    assert await audit.head() == before


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
FACTS = st.dictionaries(WORDS, st.one_of(WORDS, st.integers(), st.booleans(), st.none(), st.lists(WORDS)))


def chain(said: list[dict], clock: StillClock) -> list[Line]:
    lines: list[Line] = []
    for number, facts in enumerate(said, 1):
        before = lines[-1].hash if lines else Head().hash
        line = Line(
            number, clock.now(), "kind", "system", None, None, None, "s", facts_text(facts), before, ""
        )
        lines.append(
            Line(**{**{n: getattr(line, n) for n in Line.__dataclass_fields__}, "hash": line_hash(line)})
        )
    return lines


def first_fault(lines: list[Line]) -> int | None:
    before = Head()
    for line in lines:
        if fault_of(line, before):
            return before.number + 1
        before = Head(line.number, line.hash)
    return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, min_size=2, max_size=8), st.data())
def test_any_shuffle_or_loss_inside_a_chain_is_a_fault(
    clock: StillClock, said: list[dict], data: st.DataObject
):
    lines = chain(said, clock)
    assert first_fault(lines) is None
    shuffled = data.draw(st.permutations(lines))
    expected = next((n for n, (a, b) in enumerate(zip(lines, shuffled, strict=True), 1) if a != b), None)
    assert first_fault(shuffled) == expected
    lost = data.draw(st.integers(0, len(lines) - 2))
    assert first_fault(lines[:lost] + lines[lost + 1 :]) == lost + 1


def test_a_line_hashed_anew_still_has_to_stand_on_the_line_before(clock: StillClock):
    first, _, third = chain([{}, {"a": 1}, {"b": 2}], clock)
    moved = replace(third, number=2)
    moved = replace(moved, hash=line_hash(moved))
    fault = fault_of(moved, Head(first.number, first.hash))
    assert fault is not None
    assert "does not stand" in fault.what


@given(FACTS, FACTS)
def test_two_facts_have_one_text_only_if_they_are_the_same(one: dict, other: dict):
    same = [(name, type(value), value) for name, value in sorted(one.items())] == [
        (name, type(value), value) for name, value in sorted(other.items())
    ]
    assert (facts_text(one) == facts_text(other)) == same
