"""Random life on both packet paths: nothing to anyone who should not get it, nothing unaccounted for, nothing left behind."""

from __future__ import annotations

import pytest

from relay.packet_path import why_not_native
from tests.relay.fuzz import run

native = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))
KINDS = ["python", *(pytest.param(kind, marks=native) for kind in ("native", "live", "storm"))]
STEPS = {"python": 1500, "native": 1500, "live": 800, "storm": 120}


def survives(kind: str, seed: int, steps: int) -> None:
    counts, drops = run(kind, seed, steps)
    if kind == "storm":  # how much of it there is depends on the machine
        assert counts["media"]
        return
    assert counts["media"] > steps // 10  # or it fuzzes nothing
    assert counts["repairs"] + counts["same again"] > steps // 1000
    assert {"not authentic", "malformed", "payload type", "duplicate", "gate shut"} <= set(drops)


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_random_life_is_survived_and_accounted_for(kind, seed):
    survives(kind, seed, STEPS[kind])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 40))
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_random_life_is_survived_and_accounted_for(kind, seed):
    survives(kind, seed, 10 * STEPS[kind])
