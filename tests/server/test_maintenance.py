"""Data folders that were tampered with: what the commands say about them, in words."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.maintenance import seed_database
from server.settings import Settings
from tests.server.test_serving import end, said, start


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    assert await seed_database(Settings(data=tmp_path, demo=True)) == 0
    return tmp_path


def by_hand(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "visitation.sqlite3")) as database:
        database.execute(statement)
        database.commit()


def verify(data: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["audit", "verify", "--data", str(data), *options])
    return done.exit_code, done.output


def test_an_audit_log_is_whole_until_a_line_is_changed(data: Path) -> None:
    code, words = verify(data)
    assert code == 0
    assert "Whole: " in words
    head = words.split()[-1]
    assert verify(data, "--anchor", head)[0] == 0
    by_hand(data, "UPDATE audit_line SET subject = 'another' WHERE number = 2")
    code, words = verify(data)
    assert code == 1
    assert words.startswith("Line 2: ")


def test_a_copied_head_finds_lines_taken_from_the_end(data: Path) -> None:
    head = verify(data)[1].split()[-1]
    by_hand(data, "DELETE FROM audit_line WHERE number = (SELECT max(number) FROM audit_line)")
    assert verify(data, "--anchor", head)[0] == 1


@pytest.mark.parametrize("anchor", ["3", "x:y", ":", "3:" + "a" * 5])
def test_an_anchor_that_is_none_is_refused(data: Path, anchor: str) -> None:
    assert verify(data, "--anchor", anchor)[0] == 2


def test_verifying_makes_no_log_where_there_is_none(tmp_path: Path) -> None:
    assert verify(tmp_path / "nowhere")[0] == 2
    assert not (tmp_path / "nowhere").exists()


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "visitation.sqlite3").write_bytes(b"rubbish" * 1000)
    code, errors = await end(await start(tmp_path, "--port", "0"))
    assert code == 2
    assert "The database cannot be used (file is not a database)" in errors
    assert "Traceback" not in errors


async def test_a_database_of_another_version_is_refused_in_words(data: Path) -> None:
    by_hand(
        data,
        "UPDATE alembic_version SET version_num = 'visitation_9999' WHERE version_num LIKE 'visitation%'",
    )
    code, errors = await end(await start(data, "--port", "0"))
    assert code == 2
    assert "made by another version" in errors


async def test_keys_that_others_can_read_are_refused_in_words(data: Path) -> None:
    (data / "keys").mkdir(exist_ok=True)
    (data / "keys" / "master.key").write_bytes(bytes(32))
    (data / "keys" / "master.key").chmod(0o644)
    code, errors = await end(await start(data, "--port", "0"))
    assert code == 2
    assert "can be read by others" in errors


async def test_nobody_else_can_read_what_is_kept_in_a_folder_others_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    process = await start(tmp_path, "--port", "0")
    await said(process)
    open_to_others = [path.name for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]
    process.send_signal(signal.SIGTERM)
    assert (await end(process))[0] == 0
    assert open_to_others == []
