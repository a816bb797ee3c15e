"""The policy table: every permission has a row, and what is allowed is exactly what is written here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.visitation.world import held, listening
from visitation.policy import permits as evaluator
from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.policy.subjects import PrisonSubject, RecordingSubject, TerminalSubject, VisitSubject
from visitation.policy.table import TABLE

SOCIAL, HEARD, LEGAL = held(), held(listening_decision=listening()), held("legal")
VISIT = VisitSubject("visit", "prison", "pekka", "anna", "terminal", SOCIAL)
VISITOR = Identity("visitor", "anna", "prison", "s1", "Anna", visit_id="visit")
OWN_PAGES = Identity("visitor", "anna", "", "s6", "Anna")
PRISONER = Identity("prisoner", "pekka", "prison", "s2", "Pekka", terminal_id="terminal")
OFFICER = Identity("officer", "sari", "prison", "s3", "Sari")
OFFICE = Identity("office", "kirsi", "prison", "s4", "Kirsi")
SYSTEM = Identity("system", "node", "prison", "s5", "node")
EVERYBODY = {"visitor": VISITOR, "prisoner": PRISONER, "officer": OFFICER, "office": OFFICE, "system": SYSTEM}
HERE, TERMINAL = PrisonSubject("prison"), TerminalSubject("terminal", "prison")

CALL = {Permission.CALL_WARN, Permission.CALL_HOLD, Permission.CALL_RESUME, Permission.CALL_END}
SUPERVISING = CALL | {Permission.CALL_WATCH, Permission.CALL_LISTEN}
TAPE = {Permission.RECORDING_OPEN, Permission.RECORDING_LISTEN}
SEES = {Permission.VISIT_SEE, Permission.OWN_VISIT_SEE}
JOINS = {Permission.VISIT_JOIN, Permission.OWN_VISIT_JOIN}


def allowed(who: Identity | None, what) -> set[Permission]:
    """What they may beyond signing in and hearing their own name, which is asked about nothing."""
    return {permission for permission in Permission if permits(who, permission, what)} - {
        Permission.SESSION_OPEN,
        Permission.NAME_SEE,
    }


def test_every_permission_has_a_row_and_no_row_is_empty():
    assert set(TABLE) == set(Permission)
    assert all(rows and all(rows) for rows in TABLE.values())


def test_without_a_row_the_answer_is_no(monkeypatch):
    monkeypatch.setattr(evaluator, "TABLE", {})
    assert not any(permits(OFFICER, permission, VISIT) for permission in Permission)
    monkeypatch.setattr(evaluator, "TABLE", dict.fromkeys(Permission, ((),)))
    assert not any(permits(OFFICER, permission, VISIT) for permission in Permission)


def test_anybody_may_try_to_sign_in_and_nothing_else():
    assert permits(None, Permission.SESSION_OPEN)
    for what in (None, VISIT, RecordingSubject("r", VISIT), HERE, TERMINAL):
        assert allowed(None, what) == set()
        assert allowed(SYSTEM, what) == set()


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("visitor", SEES | JOINS),
        ("prisoner", {Permission.VISIT_SEE, Permission.VISIT_JOIN, Permission.RING_ANSWER}),
        ("officer", CALL | {Permission.CALL_WATCH, Permission.WALL_SEE, Permission.RECORDING_LIST}),
        ("office", {Permission.VISIT_SEE, Permission.OFFICE_DAY_SEE}),
    ],
)
def test_what_each_may_do_with_a_relatives_visit(who: str, expected: set[Permission]):
    assert allowed(EVERYBODY[who], VISIT) == expected


def test_a_decision_to_listen_opens_the_sound_to_officers_only():
    heard = replace(VISIT, conditions=HEARD)
    assert permits(OFFICER, Permission.CALL_LISTEN, heard)
    for who in (VISITOR, PRISONER, OFFICE, SYSTEM):
        assert not allowed(who, heard) & SUPERVISING


@pytest.mark.parametrize("conditions", [LEGAL, None], ids=["privileged", "unreadable"])
def test_no_way_into_a_call_that_is_closed_or_unknown(conditions):
    visit = replace(VISIT, conditions=conditions)
    for who in EVERYBODY.values():
        assert not allowed(who, visit) & SUPERVISING
        assert not allowed(who, RecordingSubject("r", visit)) & TAPE


def test_a_visit_whose_conditions_are_unknown_is_seen_and_not_joined():
    unknown = replace(VISIT, conditions=None)
    assert allowed(VISITOR, unknown) == SEES
    assert allowed(PRISONER, unknown) == {Permission.VISIT_SEE}


def test_the_two_of_a_privileged_visit_join_it_like_any_other():
    legal = replace(VISIT, conditions=LEGAL)
    assert permits(VISITOR, Permission.VISIT_JOIN, legal)
    assert permits(PRISONER, Permission.RING_ANSWER, legal)


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_another_prison_is_another_world(name: str):
    stranger = replace(EVERYBODY[name], prison_id="elsewhere")
    for what in (VISIT, replace(VISIT, conditions=HEARD), RecordingSubject("r", VISIT), HERE, TERMINAL):
        assert allowed(stranger, what) == set()


def test_a_visitor_has_their_own_visit_and_no_other():
    assert allowed(replace(VISITOR, visit_id="other"), VISIT) == set()
    assert allowed(replace(VISITOR, person_id="other"), VISIT) == set()


def test_on_pages_of_their_own_people_have_all_their_visits_and_nobody_elses():
    assert allowed(OWN_PAGES, VISIT) == SEES | JOINS
    assert allowed(OWN_PAGES, replace(VISIT, visit_id="other", prison_id="elsewhere")) == allowed(
        OWN_PAGES, VISIT
    )
    assert allowed(OWN_PAGES, replace(VISIT, conditions=None)) == SEES
    assert allowed(OWN_PAGES, replace(VISIT, contact_id="other")) == set()
    assert not allowed(OWN_PAGES, RecordingSubject("r", VISIT)) & (TAPE | SUPERVISING)
    assert allowed(OWN_PAGES, HERE) == allowed(OWN_PAGES, TERMINAL) == set()


def test_visitors_alone_are_told_their_name_here():
    assert permits(OWN_PAGES, Permission.NAME_SEE)
    assert permits(VISITOR, Permission.NAME_SEE)
    assert not any(permits(who, Permission.NAME_SEE) for who in (None, PRISONER, OFFICER, OFFICE, SYSTEM))


def test_a_prisoner_answers_at_their_own_terminal_and_no_other():
    assert allowed(replace(PRISONER, terminal_id="other"), VISIT) == set()
    assert allowed(replace(PRISONER, person_id="other"), VISIT) == set()
    assert permits(PRISONER, Permission.TERMINAL_DAY_SEE, TERMINAL)
    assert not permits(replace(PRISONER, terminal_id="other"), Permission.TERMINAL_DAY_SEE, TERMINAL)
    assert not permits(replace(PRISONER, terminal_id=None), Permission.TERMINAL_DAY_SEE, TERMINAL)


def test_a_recording_is_opened_by_officers_and_heard_after_a_decision_only():
    tape = RecordingSubject("r", VISIT)
    assert permits(OFFICER, Permission.RECORDING_OPEN, tape)
    assert not permits(OFFICER, Permission.RECORDING_LISTEN, tape)
    assert permits(
        OFFICER, Permission.RECORDING_LISTEN, RecordingSubject("r", replace(VISIT, conditions=HEARD))
    )
    for who in (VISITOR, PRISONER, OFFICE, SYSTEM):
        assert not allowed(who, tape) & TAPE


def test_a_visit_is_no_recording_of_itself():
    assert not permits(OFFICER, Permission.RECORDING_OPEN, VISIT)
    assert not permits(OFFICER, Permission.RECORDING_OPEN, HERE)
