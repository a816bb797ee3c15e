"""What needs a running relay runs on both packet paths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from relay.packet_path import why_not_native
from tests.relay import peers


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if getattr(metafunc.module, "house", None) is peers.house:
        metafunc.fixturenames.append("packet_path")
        reason = why_not_native()
        native = pytest.param("native", marks=pytest.mark.skipif(reason is not None, reason=str(reason)))
        metafunc.parametrize("packet_path", ["python", native], indirect=True)


@pytest.fixture
def packet_path(request: pytest.FixtureRequest) -> Iterator[str]:
    before = peers.CHOSEN["path"]
    peers.CHOSEN["path"] = request.param
    yield request.param
    peers.CHOSEN["path"] = before
