"""`bench recorder`: what recording costs, in the recorder process and in the server that feeds it, without a relay.

Every call is two parties with a picture of 1.2 Mbit/s (150 packets a second) and sound (50). Its batches go through the
real queue and socket to a real recorder process in real time; CPU is read from /proc. `--stages` runs the same writing code
in this process as fast as it goes, and says where its time is spent.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median

import structlog

from bench.measures import Used, held, machine_ticks, used
from bench.recorder_stages import stages
from bench.tapped import BEAT_NS, TRACKS, beats, moved
from recording.feed import Choice
from recording.host import RecorderHost
from recording.spec import RecordingSpec
from recording.tap import Recording
from relay.tap import FLUSH_NS

VARIANTS = 4
WARM_SECONDS = 3


class _Silent:
    def recorder_lost(self, recording_id: str) -> None: ...
    def recorder_back(self, recording_id: str, part: int) -> None: ...


def spec() -> RecordingSpec:
    recording_id, call_id, visit_id, prison_id = (str(uuid.uuid4()) for _ in range(4))
    return RecordingSpec(
        recording_id=recording_id, call_id=call_id, visit_id=visit_id, prison_id=prison_id,
        parties={"one": "One", "two": "Two"}, picture=True, sound=True, sound_playable=True,
        picture_playable=True, policy="bench", begun_ms=time.time_ns() // 1_000_000,
    )  # fmt: skip


class _Feeding:
    """All calls' batches, pushed in real time; call n hands over at its own beat of every `every`."""

    def __init__(self, recordings: list[Recording], seconds: int, every: int) -> None:
        self._recordings, self._every = recordings, every
        drafts = [beats(seconds, seed) for seed in range(min(VARIANTS, len(recordings)))]
        self.begin_ns = time.monotonic_ns()
        self._beats = [moved(draft, self.begin_ns) for draft in drafts]
        self.late_ns = 0

    async def run(self, first: int, last: int) -> None:
        for beat in range(first, last):
            due = self.begin_ns + (beat + 1) * BEAT_NS
            now = time.monotonic_ns()
            if due > now:
                await asyncio.sleep((due - now) / 1e9)
            else:
                self.late_ns = max(self.late_ns, now - due)
            for number, recording in enumerate(self._recordings):
                if (beat + number) % self._every == 0:
                    mine = self._beats[number % len(self._beats)]
                    recording.push(b"".join(mine[max(0, beat + 1 - self._every) : beat + 1]))


async def measure(folder: Path, calls: int, seconds: int, flush_ms: int, path: Choice) -> dict[str, float]:
    """CPU seconds per call-minute of the two sides over `seconds`."""
    host = RecorderHost(folder / "vault", folder / "keys", path=path)
    await host.start()
    while not host.ready:  # noqa: ASYNC110 (a second at most, before anything is measured)
        await asyncio.sleep(0.05)
    recordings = [host.open(spec(), _Silent()) for _ in range(calls)]
    for recording in recordings:
        for number, kind, rate, party in TRACKS:
            recording.track(number, party, kind, f"leg-{party}", rate)  # type: ignore[arg-type]
    feeding = _Feeding(recordings, WARM_SECONDS + seconds, max(1, flush_ms * 1_000_000 // BEAT_NS))
    assert host.pid is not None
    await feeding.run(0, WARM_SECONDS * 50)
    before, mine, machine, begun = used(host.pid), time.process_time(), machine_ticks(), time.monotonic()
    await feeding.run(WARM_SECONDS * 50, (WARM_SECONDS + seconds) * 50)
    spent, mine_spent = used(host.pid) - before, time.process_time() - mine
    took = time.monotonic() - begun
    others = machine_ticks().busy - machine.busy - spent.user - spent.system - mine_spent
    held_mb = held(host.pid).rss_mb
    closed = await asyncio.gather(*(recording.close("time") for recording in recordings))
    assert all(closed), "a recording could not be closed"
    await host.stop()
    minutes = calls * took / 60
    per = Used(spent.user / minutes, spent.system / minutes)
    return {
        "user": per.user, "system": per.system, "server": mine_spent / minutes, "held_mb": held_mb,
        "late_ms": feeding.late_ns / 1e6, "others": others / took,
        "dropped": float(sum(sum(recording.dropped.values()) for recording in recordings)),
    }  # fmt: skip


COLUMNS = (
    "calls",
    "recorder user",
    "sys",
    "sum",
    "feeding server",
    "MB",
    "late ms",
    "others",
    "dropped",
)


def row(calls: int, found: dict[str, float]) -> str:
    cells = (
        f"{calls}", f"{found['user']:.3f}", f"{found['system']:.3f}", f"{found['user'] + found['system']:.3f}",
        f"{found['server']:.3f}", f"{found['held_mb']:.0f}", f"{found['late_ms']:.0f}", f"{found['others']:.0%}",
        f"{found['dropped']:.0f}",
    )  # fmt: skip
    return " ".join(cell.rjust(max(len(name), 7)) for cell, name in zip(cells, COLUMNS, strict=True))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="visitation bench recorder", description=__doc__)
    parser.add_argument("--calls", default="1,8,24")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--flush-ms", type=int, default=FLUSH_NS // 1_000_000)
    parser.add_argument("--path", choices=["auto", "native", "python"], default="auto")
    parser.add_argument("--stages", action="store_true")
    options = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    wanted = [int(each) for each in options.calls.split(",")]
    if options.stages:
        for calls in wanted:
            print(f"{calls} calls, per call-minute, profiled:")
            print("\n".join(stages([spec() for _ in range(calls)], options.seconds, options.path)) + "\n")
        return 0
    print("CPU seconds per call-minute; `others`: what else ran on the machine, in cores\n")
    print(" ".join(name.rjust(7) for name in COLUMNS))
    for calls in wanted:
        found = []
        for _ in range(options.repeats):
            with tempfile.TemporaryDirectory(prefix="bench-recorder-") as folder:
                found.append(
                    asyncio.run(measure(Path(folder), calls, options.seconds, options.flush_ms, options.path))
                )
        print(row(calls, {name: median(each[name] for each in found) for name in found[0]}), flush=True)
    return 0
