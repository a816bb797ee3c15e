"""The bench runs to its end and prints every figure; what the figures are is no matter of a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.measures import machine_ticks, peak_mb, percentile, used
from bench.report import Result, header, medians, row
from bench.streams import matched_ns

CHECKOUT = Path(__file__).resolve().parents[2]


def a_result(cpu: float, drops: dict[str, int]) -> Result:
    return Result(
        kind="ours",
        calls=5,
        cpu=[(cpu, 0.5), (0.25, 0.25)],
        peak_mb=[80, 40],
        lag_ms=(0.1, 2.0),
        video_ms=(0.3, 4.0),
        audio_ms=(0.2, 3.0),
        frames=1.0,
        core=0.2,
        client_core=0.1,
        others=0.0,
        steal=0.0,
        drops=drops,
        errors=0,
        unrecorded=0,
    )


def test_a_row_has_a_cell_under_every_heading() -> None:
    text = row(a_result(1.0, {"malformed": 2, "late": 0}))
    assert "2.00" in text
    assert "1.00+0.50" in text
    assert "malformed 2" in text
    assert "late" not in text
    assert len(header()) <= len(text)


def test_medians_are_taken_per_server_and_number_of_calls() -> None:
    (middle,) = medians([a_result(cpu, {"malformed": int(cpu)}) for cpu in (1.0, 9.0, 2.0)])
    assert middle.cpu == [(2.0, 0.5), (0.25, 0.25)]
    assert middle.drops == {"malformed": 9}


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert percentile([], 0.5) != percentile([], 0.5)
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99


def test_the_process_and_the_machine_tell_what_they_used() -> None:
    before, machine = used(os.getpid()), machine_ticks()
    sum(number * number for number in range(2_000_000))
    assert sum(used(os.getpid()) - before) >= 0
    assert machine_ticks().busy >= machine.busy
    assert peak_mb(os.getpid()) > 10


def test_frames_are_recognised_by_the_wandering_of_their_timestamps() -> None:
    sent, timestamp = [], 4_294_960_000  # wraps on the way
    for number in range(60):
        timestamp += 3000 + number * number % 37
        sent.append((timestamp & 0xFFFFFFFF, number * 1000))
    arrived = [((at + 123_456) & 0xFFFFFFFF, ns + 7) for at, ns in sent[10:40]]
    assert matched_ns(sent, arrived) == [7] * 30


def test_frames_of_somebody_else_are_not_recognised() -> None:
    assert (
        matched_ns([(number * 3000, 0) for number in range(9)], [(number**3, 1) for number in range(50)])
        == []
    )
    assert matched_ns([], []) == []


@pytest.mark.slow
@pytest.mark.parametrize("servers", ["ours", "unrecorded", "naive"])
def test_the_bench_prints_a_line_for_each_server(servers: str) -> None:
    command = [sys.executable, "-m", "bench", "relay", "--servers", servers, "--calls", "1"]
    options = ["--seconds", "1", "--warm-up", "0.5", "--repeats", "1"]
    done = subprocess.run(
        [*command, *options], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.strip().splitlines()[-1]
    assert last.split()[:2] == [servers, "1"]
    assert "Traceback" not in done.stderr
    if servers != "naive":
        assert done.stderr == ""


def test_an_unknown_bench_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "moon"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "usage" in done.stderr
