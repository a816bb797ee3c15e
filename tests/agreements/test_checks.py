"""The linters and type checkers find nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from visitation._setup.client import npm_command, npm_environment

CHECKOUT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CLIENT = CHECKOUT / "web" / "client"


def finds_nothing(
    command: list[str], folder: Path = CHECKOUT, environment: dict[str, str] | None = None
) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}", pytrace=False)


def test_ruff_finds_nothing():
    finds_nothing([str(BIN / "ruff"), "check", "--quiet", "."])


def test_every_file_is_formatted():
    finds_nothing([str(BIN / "ruff"), "format", "--check", "--quiet", "."])


def test_the_floors_stand():
    finds_nothing([str(BIN / "lint-imports"), "--no-logo"])


@pytest.mark.slow
def test_mypy_finds_nothing():
    finds_nothing([sys.executable, "-m", "mypy"])


@pytest.mark.slow
@pytest.mark.parametrize("script", ["check", "test"])
def test_the_clients_own_check_passes(script):
    finds_nothing([*npm_command(), "run", "--silent", script], CLIENT, npm_environment())
