"""`visitation policies`: a person without the source learns what a pack does, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli import app
from tests.visitation.jurisdictions.altered import changed, with_rule
from visitation.jurisdictions.pack import HERE, load_pack, pack_names


def asked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["policies", *arguments])
    return done.exit_code, done.output


def written(folder: Path, text: str) -> str:
    path = folder / "pack.json"
    path.write_text(text)
    return str(path)


def test_the_list_names_every_pack_and_when_it_is_in_force():
    code, words = asked("list")
    assert code == 0
    for name in pack_names():
        assert f"{name} {load_pack(name).version}" in words
    assert " kinds of visit, in force from 2025-01-01, demo, to be checked by the agency's lawyer." in words


@pytest.mark.parametrize("name", pack_names())
def test_a_whole_pack_is_told_rule_by_rule(name: str):
    code, words = asked("check", str(HERE / name / "pack.json"))
    assert code == 0
    assert words.splitlines()[-1].startswith(f"Whole: {name} ")
    for rule in load_pack(name).rules:
        assert f"{rule.rule} ({rule.basis}): {rule.notices[0].words['en']}" in words


def test_every_fault_is_told_with_its_place(tmp_path: Path):
    code, words = asked("check", written(tmp_path, with_rule(3, watch_sound="by_decision", max_minutes=0)))
    assert code == 1
    assert "(fi.legal): Input should be greater than or equal to 5" in words
    assert words.splitlines()[-1].endswith("Nothing would be started, recorded or watched by it.")


def test_a_protected_ground_is_named(tmp_path: Path):
    code, words = asked("check", written(tmp_path, changed(nationality=["FI"])))
    assert code == 1
    assert "nationality: 'nationality' treats people by nationality" in words


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    code, words = asked("check", str(tmp_path / "none.json"))
    assert code == 2
    assert "No such file" in words
