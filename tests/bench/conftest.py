"""The bench's native parts are built before its tests are read; without a compiler those that need them are skipped."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from bench import native
from visitation._setup.talk import Stop


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Not for the quick tests: none of these belongs to them."""
    if not parent.config.getoption("--fast"):
        with contextlib.suppress(Stop):
            native.build()
