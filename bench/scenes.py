"""Other calls than visits: six parties, a class, joins in a burst, the officers' wall, and hours of coming and going."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from time import monotonic

from bench.call import Call
from bench.measures import held, latency
from bench.recorded import read
from bench.report import header, row
from bench.servers import Server, recorded, start
from bench.shapes import lesson, visit, walled
from bench.stretch import Load, join, measure, pictures_sent, stretch

RUNNING, BURST = 20, 16  # calls, of three legs each: 48 joins
JOINERS = 1  # their group of latencies
TURN_SECONDS = 2.0  # of the soak: one call ends, one begins
SAMPLE_SECONDS = 30.0


def servers(wanted: Sequence[str]) -> list[str]:
    """Scenes are about our own relay."""
    return [kind for kind in wanted if kind in ("pump", "python")] or ["pump"]


async def six(kind: str, load: Load) -> None:
    result = await measure(kind, visit(1, 6), 2, load, record=True)
    print(f"\nsix parties, a watcher, recorded: two such calls\n{header()}\n{row(result)}", flush=True)


async def taught(kind: str, load: Load) -> None:
    result = await measure(kind, lesson(30), 1, load, record=True)
    print(f"\na class of 1 + 30, recorded\n{header()}\n{row(result)}", flush=True)


async def wall(kind: str, load: Load) -> None:
    result = await measure(kind, walled(4), 16, load, record=True)
    print(f"\na wall of 16 calls' previews for 4 officers, recorded\n{header()}\n{row(result)}", flush=True)


async def storm(kind: str, load: Load) -> None:
    """The latency of calls that run while many others join at once."""
    async with start(kind, load.core, record=recorded(kind, wanted=True)) as server:
        running = [Call(number, visit(1), load.studio) for number in range(RUNNING)]
        joining = [Call(RUNNING + number, visit(1), load.studio, group=JOINERS) for number in range(BURST)]
        try:
            await join(server, running, load.studio)
            await asyncio.sleep(load.warm_up)
            async with asyncio.TaskGroup() as group:
                measured = group.create_task(stretch(kind, server, running, load, record=True, repeat=0))
                group.create_task(_burst(server, joining, load))
            result = replace(measured.result(), pictures_sent=pictures_sent([*running, *joining]))
        finally:
            for call in [*running, *joining]:
                await call.close()
        await server.finish()
        result = replace(result, recorded=await asyncio.to_thread(read, server.folder, load.decode))
    print(f"\n{BURST * 3} joins in a burst beside {RUNNING} running calls (CPU has both, per running call)")
    print(f"{header()}\n{row(result)}", flush=True)


async def _burst(server: Server, calls: Sequence[Call], load: Load) -> None:
    await asyncio.sleep(min(1.0, load.seconds / 3))  # inside the measured time
    begun = monotonic()
    await asyncio.gather(*(server.join(call) for call in calls))
    print(f"  the burst took {monotonic() - begun:.1f} s")


async def soak(load: Load, minutes: float) -> None:
    """Calls come and go; memory and open files of the server's processes are sampled and fitted with a line."""
    print(
        f"soak: {RUNNING} calls, one ends and one begins every {TURN_SECONDS:.0f} s, for {minutes:g} min",
        flush=True,
    )
    async with start("pump", load.core, record=True) as server:
        running = [Call(number, visit(1), load.studio) for number in range(RUNNING)]
        try:
            await join(server, running, load.studio)
            await _come_and_go(server, running, load, minutes * 60)
        finally:
            for call in running:
                await call.close()


async def _come_and_go(server: Server, running: list[Call], load: Load, seconds: float) -> None:
    begun, number, sampled = monotonic(), RUNNING, 0.0
    samples: list[tuple[float, float]] = []
    load.studio.open_window()
    while (now := monotonic() - begun) < seconds:
        if not samples or now - sampled >= min(SAMPLE_SECONDS, seconds / 10):
            sampled = now
            samples.append((now, await _sample(server, load, now, number)))
        old = running.pop(0)
        await server.leave(old)
        await old.close()
        running.append(Call(number, visit(1), load.studio))
        number += 1
        await server.join(running[-1])
        await asyncio.sleep(TURN_SECONDS)
    await load.studio.until(lambda: all(call.flowing() for call in running))
    late = samples[len(samples) // 3 :]  # the first third fills caches
    print(f"{number} calls; memory grows by {_slope(late) * 60:.2f} MB a minute over the last two thirds")


async def _sample(server: Server, load: Load, now: float, calls: int) -> float:
    processes = {name: held(pid) for name, pid in (await server.processes()).items()}
    processes["clients"] = held(os.getpid())
    words = [
        f"{name} {one.rss_mb:.1f} MB {one.files} files {one.threads} threads"
        for name, one in processes.items()
    ]
    picture = latency(*load.studio.latencies(0, picture=True))
    print(f"{now:6.0f} s {calls:5} calls  {'; '.join(words)}; picture p99 {picture.p99:.1f} ms", flush=True)
    return sum(one.rss_mb for name, one in processes.items() if name != "clients")


def _slope(samples: Sequence[tuple[float, float]]) -> float:
    """Least squares, per second."""
    count = len(samples)
    if count < 2:
        return float("nan")
    middle_x, middle_y = (sum(sample[axis] for sample in samples) / count for axis in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _ in samples)
    return sum((x - middle_x) * (y - middle_y) for x, y in samples) / spread if spread else float("nan")


SCENES: dict[str, Callable[[str, Load], Awaitable[None]]] = {
    "six": six, "class": taught, "storm": storm, "wall": wall,
}  # fmt: skip
