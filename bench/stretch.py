"""One measurement: so many calls on a fresh server, a stretch of time, and everything counted over it."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from bench.call import Call
from bench.client import Studio
from bench.measures import Held, Latency, Used, held, latency, latency_of, machine_ticks, used
from bench.recorded import Recorded, read
from bench.servers import Server, recorded, start
from bench.shapes import Shape
from bench.streams import matched_ns

AT_ONCE = 8  # calls that join together
LATE_SECONDS = 1.2  # what was sent in the measured time may still come, the last of it by retransmission


@dataclass(frozen=True, slots=True)
class Load:
    """What every measurement of a run has in common; `decode` calls' recordings are decoded afterwards."""

    studio: Studio
    core: int | None
    warm_up: float
    seconds: float
    decode: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """CPU is in seconds over the stretch, by process; `core`, `clients` and `steal` are shares of one core.

    `asked`, `resent` and `pictures` count NACKed packets, packets sent again, and PLI or FIR, of both directions and
    since the calls began.
    """

    server: str
    shape: str
    calls: int
    watchers: int
    record: bool
    repeat: int
    seconds: float
    cpu: Mapping[str, Used]
    held: Mapping[str, Held]
    picture: Latency
    sound: Latency
    came: int
    sent: int
    core: float
    clients: float
    others: float
    steal: float
    asked: int
    resent: int
    pictures: int
    lag_p99: float
    drops: Mapping[str, int]
    recorded: Recorded = field(default_factory=Recorded)
    pictures_sent: int = 0

    @property
    def minutes(self) -> float:
        return self.seconds / 60 * self.calls

    @property
    def cpu_s_per_call_minute(self) -> float:
        return sum(map(sum, self.cpu.values())) / self.minutes

    @property
    def us_per_packet(self) -> float:
        """CPU of all the server's processes per packet that arrived."""
        return sum(map(sum, self.cpu.values())) * 1e6 / max(1, self.came)

    @property
    def delivered(self) -> float:
        return self.came / max(1, self.sent)

    @property
    def rss_mb(self) -> float:
        return sum(process.rss_mb for process in self.held.values())

    @property
    def worse(self) -> Latency:
        """Of picture and sound, the later."""
        return max(self.picture, self.sound, key=lambda one: one.p99)


async def measure(
    kind: str, shape: Shape, calls: int, load: Load, *, record: bool, repeat: int = 0
) -> Result:
    """Raises TimeoutError, RuntimeError or ConnectionError where the calls do not come about."""
    record = recorded(kind, wanted=record)
    running = [Call(number, shape, load.studio, log=kind == "naive") for number in range(calls)]
    async with start(kind, load.core, record=record) as server:
        try:
            await join(server, running, load.studio)
            await asyncio.sleep(load.warm_up)
            result = await stretch(kind, server, running, load, record=record, repeat=repeat)
        finally:
            for call in running:
                await call.close()
        await server.finish()
        if record:
            kept = await asyncio.to_thread(read, server.folder, load.decode)
            result = replace(result, recorded=kept)
    gc.collect()
    return result


async def join(server: Server, calls: Sequence[Call], studio: Studio) -> None:
    """Everybody is in and sees a picture."""
    for first in range(0, len(calls), AT_ONCE):
        await asyncio.gather(*(server.join(call) for call in calls[first : first + AT_ONCE]))
    await studio.until(lambda: all(call.flowing() for call in calls), 60)


async def stretch(
    kind: str, server: Server, calls: Sequence[Call], load: Load, *, record: bool, repeat: int, group: int = 0
) -> Result:
    """Measure `calls` for the load's seconds."""
    processes = await server.processes()
    await server.mark()
    gc.collect()
    before = {name: used(pid) for name, pid in processes.items()}
    own, machine, begun = used(os.getpid()), machine_ticks(), perf_counter()
    load.studio.open_window()
    await asyncio.sleep(load.seconds)
    load.studio.close_window()
    spent = {name: used(pid) - before[name] for name, pid in processes.items()}
    clients, machine_after, seconds = used(os.getpid()) - own, machine_ticks(), perf_counter() - begun
    now = {name: held(pid) for name, pid in processes.items()}
    await asyncio.sleep(LATE_SECONDS)
    figures = await server.figures()
    ours = sum(map(sum, spent.values()))
    sources = [source for call in calls for source in call.sources()]
    lines = [line for call in calls for line in call.lines()]
    picture, sound, came, sent = _arrived(kind, calls, load.studio, group)
    return Result(
        server=kind,
        shape=calls[0].shape.name,
        calls=len(calls),
        watchers=calls[0].shape.watchers,
        record=record,
        repeat=repeat,
        seconds=seconds,
        cpu=spent,
        held=now,
        picture=picture,
        sound=sound,
        came=came,
        sent=sent,
        core=ours / seconds,
        clients=sum(clients) / seconds,
        others=max(0.0, machine_after.busy - machine.busy - ours - sum(clients))
        / seconds,  # by ticks: roughly
        steal=(machine_after.stolen - machine.stolen) / seconds,
        asked=sum(line["nacks"] for line in lines) + sum(source["nacked"] for source in sources),
        resent=sum(line["recovered"] for line in lines) + sum(source["again"] for source in sources),
        pictures=sum(line["plis"] for line in lines) + sum(source["plis"] for source in sources),
        lag_p99=figures.get("lag_p99", float("nan")),
        drops=_drops(figures, calls),
        pictures_sent=pictures_sent(calls),
    )


def _arrived(
    kind: str, calls: Sequence[Call], studio: Studio, group: int
) -> tuple[Latency, Latency, int, int]:
    if kind != "naive":
        counted = [call.delivered() for call in calls]
        picture, sound = (latency(*studio.latencies(group, picture=picture)) for picture in (True, False))
        return picture, sound, sum(came for came, _ in counted), sum(sent for _, sent in counted)
    # It encodes anew: no packet can be known again, but frames can, by the wandering of their timestamps.
    values: list[int] = []
    sent = 0
    for one in (one for call in calls for one in call.listening if one.sent == "v"):
        frames = one.source.frames_sent("v")
        sent += len(frames)
        values += matched_ns(frames, one.client.frames_came(one.mid))
    return latency_of(values), latency_of([]), len(values), sent


def pictures_sent(calls: Sequence[Call]) -> int:
    """Since they began: a recording starts a little later."""
    return sum(
        client.sent("v")["frames"]
        for call in calls
        for client in call.publishers.values()
        if "v" in client.outs
    )


def _drops(figures: Mapping[str, Any], calls: Sequence[Call]) -> dict[str, int]:
    counts = {
        **figures["drops"],
        "errors": figures["errors"],
        "unrecorded": figures["unrecorded"],
        "clients' faults": sum(call.faults() for call in calls),
    }
    return {why: count for why, count in counts.items() if count}
