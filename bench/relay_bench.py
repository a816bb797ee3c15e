"""`visitation bench relay`: what a call costs on our relay and on others, measured interleaved in one run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import namespace, scenes
from bench.client import Studio
from bench.clip import cached_clip
from bench.options import Options, options
from bench.report import as_rows, grouped, header, medians, past_its_limit, ratios, row
from bench.servers import recorded
from bench.shapes import visit
from bench.stretch import Load, Result, measure
from visitation._setup.talk import CHECKOUT, Stop

PREVIEW = {"width": 160, "height": 90, "fps": 8, "bitrate": 80_000}
NO_CALLS = (TimeoutError, RuntimeError, ConnectionError)


async def _run(wanted: Options) -> list[Result]:
    clips = CHECKOUT / "var" / "bench"
    clip, preview = cached_clip(clips), cached_clip(clips, **PREVIEW)
    cores = sorted(os.sched_getaffinity(0))
    core = cores[0] if len(cores) > 1 else None
    if core is not None:
        os.sched_setaffinity(0, set(cores[1:]))
    print(
        f"clip: {clip.bitrate / 1e6:.2f} Mbit/s, {clip.fps} frames/s; server on core {core}, clients on the rest"
    )
    async with Studio(clip, preview) as studio:
        load = Load(studio, core, wanted.warm_up, wanted.seconds, wanted.decode)
        if wanted.soak:
            await scenes.soak(load, wanted.soak)
            return []
        results = await _compare(wanted, load) if wanted.calls else []
        for scene in wanted.scenes:
            for kind in scenes.servers(wanted.servers):
                try:
                    await scenes.SCENES[scene](kind, load)
                except NO_CALLS as error:
                    print(f"{scene} on {kind}: it did not come about: {error!r}", flush=True)
        return results


async def _compare(wanted: Options, load: Load) -> list[Result]:
    """Every repeat asks every server once, so that what else the machine does hits them alike."""
    print(
        "latencies in ms; CPU s/c-min: seconds of all the server's processes per minute of one call\n"
        + header()
    )
    results: list[Result] = []
    stopped: set[tuple[str, bool]] = set()
    for calls in wanted.calls:
        for repeat in range(wanted.repeats):
            for kind, record in _kinds(wanted):
                if (kind, record) in stopped:
                    continue
                try:
                    result = await measure(
                        kind, visit(wanted.watchers), calls, load, record=record, repeat=repeat
                    )
                except NO_CALLS as error:
                    print(f"{kind:>7} {calls} calls did not come about: {error!r}", flush=True)
                    stopped.add((kind, record))
                    continue
                results.append(result)
                print(row(result), flush=True)
        if wanted.until_limit:
            stopped |= {
                (server, record)
                for (server, record, number), group in grouped(results).items()
                if number == calls and past_its_limit(group)
            }
    return results


def _kinds(wanted: Options) -> list[tuple[str, bool]]:
    """(server, recorded) pairs, each once."""
    pairs = [(kind, recorded(kind, wanted=record)) for record in wanted.recorded for kind in wanted.servers]
    return list(dict.fromkeys(pairs))


def main(argv: Sequence[str]) -> int:
    """Measure and print; nothing is asserted about time."""
    wanted = options(argv)
    try:
        if "janus" in wanted.servers:
            from bench.janus import find

            find()
            namespace.enter("bench", ["relay", *argv])
    except Stop as why:
        print(why, file=sys.stderr)
        return 1
    results = asyncio.run(_run(wanted))
    if results:
        print("\nmedians (least-most)\n" + medians(results))
        print("\n" + "\n".join(ratios(results)))
    if wanted.json is not None:
        Path(wanted.json).write_text(json.dumps(as_rows(results), indent=1) + "\n")
    return 0
