"""What every message must name, and that nothing generated from them is stale."""

from __future__ import annotations

import re
from dataclasses import dataclass, is_dataclass
from typing import get_args

import pytest

from signaling import document, handlers, typescript
from signaling import protocol as p
from signaling.message import Command
from signaling.reading import read
from signaling.shapes import EndReason, ReasonCode
from signaling.states import LEADS, PHASES, RULES, rule
from visitation.errors import REFUSAL_CODES
from visitation.policy.permissions import Permission
from visitation.policy.table import TABLE
from visitation.services.supervision import REASONS


def test_an_unguarded_message_cannot_be_written():
    with pytest.raises(TypeError):

        @dataclass(frozen=True)
        class Open(Command, event="open"):
            pass

    with pytest.raises(TypeError):

        @dataclass(frozen=True)
        class Nameless(Command, officer=Permission.WALL_SEE):  # type: ignore[call-arg]
            pass


@pytest.mark.parametrize("command", p.COMMANDS.values(), ids=p.COMMANDS.keys())
def test_every_message_names_permissions_that_have_rows(command: type[Command]):
    assert command.guards
    assert is_dataclass(command)
    for sender, guard in command.guards.items():
        assert sender in get_args(p.Sender)
        assert isinstance(guard, Permission)
        assert TABLE[guard]


def test_every_message_about_a_call_has_a_row_of_states_and_a_handler():
    about_calls = {command for command in p.COMMANDS.values() if command is not p.Sync}
    assert set(RULES) == about_calls
    assert set(handlers.HANDLERS) == about_calls
    assert set(LEADS) <= about_calls


def test_every_refusal_in_the_table_of_states_has_words():
    for command in RULES:
        for phase in PHASES:
            assert rule(command, phase) in {"do", "done", *REFUSAL_CODES}


def test_the_table_leads_nowhere_from_where_the_command_is_not_carried_out():
    for command, leads in LEADS.items():
        for phase in leads:
            assert rule(command, phase) == "do"


def test_reasons_are_those_of_supervision_and_may_end_a_call():
    assert set(get_args(ReasonCode)) == REASONS
    assert set(get_args(ReasonCode)) < set(get_args(EndReason))


def test_codes_in_the_source_are_in_the_closed_list():
    for file in typescript.TARGET.parents[4].glob("signaling/*.py"):
        for code in re.findall(
            r"(?:Not\w+|Forbidden|Unavailable|BadInput|Refused)\(\"([a-z_]+)\"", file.read_text()
        ):
            assert code in REFUSAL_CODES, f"{file.name}: {code}"


def test_no_one_field_may_fill_a_whole_message():
    with pytest.raises(ValueError, match="length"):
        read(p.AnswerLeg, {"leg": "a", "sdp": "v" * 60_000})


def test_the_browsers_types_are_fresh():
    assert typescript.TARGET.read_text() == typescript.generate(), "run python -m signaling.typescript"


def test_the_document_is_fresh():
    text = document.TARGET.read_text()
    assert text == document.generate(text), "run python -m signaling.document"


def test_the_document_describes_every_message():
    text = document.TARGET.read_text()
    for event in (*p.COMMANDS, *p.NEWS):
        assert f"### `{event}`" in text
