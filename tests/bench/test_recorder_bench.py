"""The recorder's bench runs, and what it measures is recorded whole."""

from __future__ import annotations

from bench.recorder_bench import measure, spec
from bench.recorder_stages import stages


async def test_a_short_stretch_is_recorded_without_a_drop_and_has_its_figures(tmp_path):
    found = await measure(tmp_path, calls=2, seconds=1, flush_ms=100, path="auto")
    assert found["dropped"] == 0
    assert found["server"] > 0
    assert len(list((tmp_path / "vault").glob("*/part-1/track-4.sealed"))) == 2


def test_every_stage_that_two_seconds_have_is_seen():
    lines = dict(line.rsplit(maxsplit=2)[:2] for line in stages([spec()], 2, "auto")[:-1])
    assert [name for name, spent in lines.items() if float(spent) == 0] == [
        "signing"
    ]  # that is every ten seconds
