"""The bench's native parts are built before its tests are read; the quick run reads none of them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from bench import native
from visitation._setup.talk import Stop


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("--fast") else None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    with contextlib.suppress(Stop):
        native.build()
