"""The bench runs to its end and prints every figure; what the figures are is no matter of a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.measures import Held, Latency, Used, held, latency, machine_ticks, percentile, used

pytest.importorskip("bench.load", reason="the bench's clients were not built: no compiler")

from bench.options import options
from bench.report import as_row, header, medians, past_its_limit, ratios, row
from bench.shapes import lesson, visit, walled
from bench.streams import matched_ns
from bench.stretch import Result

CHECKOUT = Path(__file__).resolve().parents[2]
ROW = {
    "server", "calls", "watchers", "recorded", "repeat", "cpu_s_per_call_minute", "p50_ms", "p99_ms", "delivered", "rss_mb",
}  # fmt: skip


def a_result(cpu: float = 6.0, **changed: Any) -> Result:
    """Ten calls for 60 s."""
    usual: dict[str, Any] = {
        "server": "pump", "shape": "visit", "calls": 10, "watchers": 1, "record": True, "repeat": 0, "seconds": 60.0,
        "cpu": {"relay": Used(cpu, 1.0), "recorder": Used(2.0, 1.0)},
        "held": {"relay": Held(80.0, 2, 30), "recorder": Held(40.0, 3, 20)},
        "picture": Latency(0.3, 4.0, 9.0), "sound": Latency(0.2, 5.0, 7.0), "came": 400_000, "sent": 400_000,
        "core": 0.2, "clients": 0.1, "others": 0.0, "steal": 0.0, "asked": 3, "resent": 2, "pictures": 1,
        "lag_p99": 1.0, "drops": {"malformed": 2},
    }  # fmt: skip
    return Result(**usual | changed)


def test_a_row_has_a_cell_under_every_heading() -> None:
    text = row(a_result())
    for cell in (
        "pump",
        "1.00",
        "0.60+0.10",
        "0.20+0.10",
        "80/40",
        "3/2/1",
        "0.3/4.0/9",
        "malformed 2",
        "100.000%",
    ):
        assert cell in text, cell
    assert len(header()) <= len(text)


def test_a_files_row_has_what_readers_were_promised() -> None:
    written = as_row(a_result(came=399_000))
    assert set(written) == ROW
    assert written["cpu_s_per_call_minute"] == 1.0
    assert written["rss_mb"] == 120.0
    assert (written["p50_ms"], written["p99_ms"]) == (0.2, 5.0)  # of sound, which is later here
    assert written["delivered"] == 0.9975


def test_a_server_stops_at_the_first_of_three_limits() -> None:
    assert past_its_limit([a_result()]) is None
    assert "80%" in (past_its_limit([a_result(core=0.81)]) or "")
    assert "20 ms" in (past_its_limit([a_result(sound=Latency(1.0, 21.0, 50.0))]) or "")
    assert "99.9%" in (past_its_limit([a_result(came=399_000)]) or "")
    assert past_its_limit([a_result(core=0.99), a_result(), a_result()]) is None  # the median decides


def test_medians_are_taken_per_server_recording_and_number_of_calls() -> None:
    results = [a_result(cpu, repeat=number) for number, cpu in enumerate((6.0, 96.0, 16.0))]
    lines = medians([*results, a_result(record=False)]).splitlines()
    assert len(lines) == 3
    assert "2.00 (1.00-10.00)" in lines[1]


def test_what_is_compared_was_measured_alike() -> None:
    janus = a_result(26.0, server="janus")
    floor = a_result(1.0, server="floor", record=False)
    said = "\n".join(ratios([a_result(), janus, floor, a_result(record=False), a_result(calls=20)]))
    assert "pump, 10 calls, recorded: 0.33 of Janus" in said
    assert "pump, 10 calls, forwarding alone: 2.0 times the floor" in said
    assert "20 calls" not in said
    assert "pump, recorded: 0.00 MB for each call from 10 to 20" in said


def test_percentiles_come_from_counts() -> None:
    assert latency({100: 50, 200: 49, 9000: 1}, 9100.0) == Latency(0.1, 0.2, 9.1)
    assert latency({}, 0.0).p99 != latency({}, 0.0).p99


def test_everybody_is_seated_where_somebody_is_expected() -> None:
    assert visit(1).seatings == [
        ("party0", 0, "party1", "main"),
        ("party1", 0, "party0", "main"),
        ("watcher0", 0, "party0", "main"),
        ("watcher0", 1, "party1", "main"),
    ]
    six = visit(1, 6)
    assert (len(six.seatings), six.watchers) == (36, 1)
    assert len(lesson(30).seatings) == 30
    assert {level for leg, _, _, level in walled(4).seatings if leg.startswith("officer")} == {"preview"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--calls eight", "whole numbers"),
        ("--calls 0", "from 1 to"),
        ("--calls 8,,9", "whole numbers"),
        ("--calls 900", "from 1 to"),
        ("--servers pump,moon", "'moon'"),
        ("--scenes party", "'party'"),
        ("--seconds 0", "--seconds takes"),
        ("--repeats 0", "--repeats takes"),
        ("--watchers 40", "--watchers takes"),
        ("--soak -3", "--soak takes"),
        ("--json /nowhere/at/all.json", "cannot be written"),
        ("--recorded perhaps", "perhaps"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        options(line.split())
    assert refused.value.code == 2
    assert words in capsys.readouterr().err


def test_the_usual_run_is_short_and_the_full_one_goes_to_64_calls() -> None:
    assert options([]).calls == (8,)
    assert options(["--full"]).calls == (1, 8, 16, 24, 32, 48, 64)
    assert options(["--calls", "24,8,8"]).calls == (8, 24)
    assert options(["--soak"]).soak == 30
    assert options(["--soak"]).calls == ()
    assert options(["--scenes", "six,storm"]).scenes == ("six", "storm")
    assert options([]).repeats >= 3


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert percentile([], 0.5) != percentile([], 0.5)
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99


def test_the_process_and_the_machine_tell_what_they_used() -> None:
    before, machine = used(os.getpid()), machine_ticks()
    sum(number * number for number in range(2_000_000))
    assert sum(used(os.getpid()) - before) >= 0
    assert machine_ticks().busy >= machine.busy
    assert held(os.getpid()).rss_mb > 10
    assert held(os.getpid()).files > 2


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
@pytest.mark.parametrize(
    "server", ["pump", "python", "floor", "janus", pytest.param("naive", marks=pytest.mark.long)]
)
def test_on_each_server_a_call_flows_and_leaves_its_row(server: str, tmp_path: Path) -> None:
    line = ["--servers", server, "--calls", "1", "--seconds", "1", "--warm-up", "0", "--repeats", "1"]
    done = bench("relay", *line, "--recorded", "yes", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    (written,) = json.loads((tmp_path / "rows.json").read_text())
    assert set(written) == ROW
    assert (written["server"], written["calls"], written["watchers"], written["repeat"]) == (server, 1, 1, 0)
    assert written["recorded"] is (server != "floor")
    assert written["delivered"] > 0.9 or server == "naive"
    assert written["rss_mb"] > 5
    (cells,) = [
        text.split() for text in done.stdout.splitlines() if text.split()[:1] == [server] and "%" in text
    ]
    if server != "floor":
        frames = next(
            cell for cell in cells if "/" in cell and cell.count("/") == 1 and int(cell.split("/")[0]) > 20
        )
        assert "bad" not in cells, frames


@pytest.mark.long
def test_the_scenes_and_the_soak_come_to_their_ends() -> None:
    soaked = bench("relay", "--soak", "0.2")
    assert "memory grows by" in soaked.stdout
    line = ["--scenes", "six,class,storm,wall", "--seconds", "3", "--warm-up", "0", "--decode", "0"]
    played = bench("relay", "--servers", "pump", *line)
    assert [line.split()[0] for line in played.stdout.splitlines() if "visit" not in line].count("pump") == 4
    for done in (soaked, played):
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        assert "did not come about" not in done.stdout


def bench(*line: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *line]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.parametrize("line", [["moon"], []])
def test_an_unknown_bench_is_refused(line: list[str]) -> None:
    done = bench(*line)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_a_nonsense_line_ends_before_anything_starts() -> None:
    done = bench("relay", "--calls", "eight", "--servers", "janus")
    assert done.returncode == 2
    assert "whole numbers" in done.stderr
    assert not done.stdout
