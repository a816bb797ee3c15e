"""`visitation bench relay`: what a call costs on our relay and on naive aiortc, measured in one run."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.clip import Clip, cached_clip
from bench.control import Asker, asker
from bench.measures import machine_ticks, peak_mb, percentile, used
from bench.peer import Peer
from bench.report import Result, header, medians, row
from bench.streams import matched_ns

CHECKOUT = Path(__file__).resolve().parent.parent
JITTER = 40  # ticks of 90 kHz, under half a millisecond
PUBLISHED = ["audio", "video"]


class Call:
    """Two parties and a watcher on one call of the measured server."""

    def __init__(self, number: int, clip: Clip, preview: Clip | None) -> None:
        self.number = number
        mids = ("a", "v", "p") if preview else ("a", "v")
        self.kinds = [*PUBLISHED, "preview"] if preview else PUBLISHED
        self.one, self.two = (Peer(clip, publishes=mids, preview=preview) for _ in range(2))
        self.watcher = Peer(clip, publishes=())
        self.peers = (self.one, self.two, self.watcher)
        self.sent_before: dict[int, int] = {}
        for party in (self.one, self.two):
            party.outgoing["v"].jitter, party.outgoing["v"].sent = JITTER, []

    async def begin(self, server: Asker) -> None:
        for leg, peer in (("one", self.one), ("two", self.two), ("watcher", self.watcher)):
            slots = 2 if peer is self.watcher else 1
            kinds = [] if peer is self.watcher else self.kinds
            joined = await server.ask("join", call=self.number, leg=leg, publishes=kinds, slots=slots)

            async def deliver(sdp: str, leg: str = leg) -> None:
                await server.ask("answer", call=self.number, leg=leg, sdp=sdp)

            await asyncio.wait_for(peer.join(joined["sdp"], deliver), 30)
        await server.ask("begin", call=self.number)
        self.one.expect(0, self.two)
        self.two.expect(0, self.one)
        self.watcher.expect(0, self.one)
        self.watcher.expect(1, self.two)

    def mark(self) -> None:
        """Forget what was measured so far."""
        for peer in self.peers:
            for out in peer.outgoing.values():
                self.sent_before[out.ssrc] = out.frames
            for stream in peer.streams.values():
                stream.arrived = []
                stream.latencies_ns.clear()

    def latencies(self, kind: str, *, reencoded: bool) -> Iterator[int]:
        for peer in self.peers:
            for stream in peer.streams.values():
                if stream.mid[0] == kind and not reencoded:
                    yield from stream.latencies_ns
                elif stream.mid[0] == kind == "v" and stream.source is not None:
                    yield from matched_ns(stream.source.sent or [], stream.arrived or [])

    def received_share(self) -> tuple[int, int]:
        """(frames that arrived, frames that were sent to somebody), pictures only."""
        streams = [stream for peer in self.peers for stream in peer.streams.values() if stream.mid[0] == "v"]
        sources = [stream.source for stream in streams if stream.source is not None]
        sent = sum(source.frames - self.sent_before[source.ssrc] for source in sources)
        return sum(len(stream.arrived or []) for stream in streams), sent


@asynccontextmanager
async def _server(kind: str, core: int | None) -> Any:
    """A fresh server process and the way to talk to it."""
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [
            sys.executable,
            "-m",
            "bench.relay_server",
            kind,
            "--fd",
            str(theirs.fileno()),
            "--folder",
            folder,
        ]
        if core is not None:
            command += ["--core", str(core)]
        process = await asyncio.create_subprocess_exec(*command, pass_fds=(theirs.fileno(),), cwd=CHECKOUT)
        theirs.close()
        server = await asker(ours)
        try:
            yield server
        finally:
            server.close()
            try:
                await asyncio.wait_for(process.wait(), 60)
            except TimeoutError:
                process.kill()
                await process.wait()


@dataclass(frozen=True, slots=True)
class Load:
    """What every run has in common."""

    clip: Clip
    preview: Clip | None
    core: int | None
    warm_up: float
    seconds: float


async def measure(kind: str, calls: int, load: Load) -> Result:
    """One fresh server, so many calls, one measured stretch after the warm-up."""
    preview = load.preview if kind != "naive" else None
    running = [Call(number, load.clip, preview) for number in range(calls)]
    try:
        async with _server(kind, load.core) as server:
            for call in running:
                await call.begin(server)
            await asyncio.sleep(load.warm_up)
            result = await _stretch(kind, running, server, load.seconds)
            for call in running:
                for peer in call.peers:
                    await peer.close()
            return result
    finally:
        gc.collect()


async def _stretch(kind: str, calls: Sequence[Call], server: Asker, seconds: float) -> Result:
    gc.collect()
    marked = await server.ask("mark")
    pids = [pid for pid in (marked["pid"], marked["recorder"]) if pid]
    for call in calls:
        call.mark()
    before, own, machine = [used(pid) for pid in pids], used(os.getpid()), machine_ticks()
    begun = perf_counter()
    await asyncio.sleep(seconds)
    after, own_spent, machine_after = [used(pid) for pid in pids], used(os.getpid()) - own, machine_ticks()
    elapsed = perf_counter() - begun
    figures = await server.ask("figures")
    minutes = elapsed / 60 * len(calls)
    spent = [late - early for late, early in zip(after, before, strict=True)]
    shares = [call.received_share() for call in calls]
    latencies = {
        media: [ns / 1e6 for call in calls for ns in call.latencies(media, reencoded=kind == "naive")]
        for media in "av"
    }
    return Result(
        kind=kind,
        calls=len(calls),
        cpu=[(one.user / minutes, one.system / minutes) for one in spent],
        peak_mb=[peak_mb(pid) for pid in pids],
        lag_ms=(figures["lag_p50"], figures["lag_p99"]),
        video_ms=(percentile(latencies["v"], 0.5), percentile(latencies["v"], 0.99)),
        audio_ms=(percentile(latencies["a"], 0.5), percentile(latencies["a"], 0.99)),
        frames=sum(arrived for arrived, _ in shares) / max(1, sum(sent for _, sent in shares)),
        core=sum(map(sum, spent)) / elapsed,
        client_core=sum(own_spent) / elapsed,
        others=(machine_after.busy - machine.busy - sum(map(sum, spent)) - sum(own_spent)) / elapsed,
        steal=(machine_after.stolen - machine.stolen) / elapsed,
        drops=figures["drops"],
        errors=figures["errors"],
        unrecorded=figures["unrecorded"],
    )


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="visitation bench relay", description=__doc__)
    parser.add_argument(
        "--calls", default="1,5,10,20", help="numbers of calls at once (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=15, help="measured stretch of each run")
    parser.add_argument("--warm-up", type=float, default=4, help="seconds before each measured stretch")
    parser.add_argument(
        "--repeats", type=int, default=2, help="rounds over all servers and numbers, interleaved"
    )
    parser.add_argument(
        "--servers",
        default="naive,ours,pump",
        help="of naive, ours (packet path in Python), pump (native), and unrecorded, forwarded: the same two"
        " without a recorder (default: %(default)s)",
    )
    parser.add_argument(
        "--preview", action="store_true", help="parties also send the small preview, as browsers do"
    )
    return parser.parse_args(argv)


async def _run(arguments: argparse.Namespace) -> None:
    clip = await asyncio.to_thread(cached_clip, CHECKOUT / "var" / "bench")
    preview = None
    if arguments.preview:
        size = {"width": 160, "height": 90, "fps": 8, "bitrate": 80_000}
        preview = await asyncio.to_thread(lambda: cached_clip(CHECKOUT / "var" / "bench", **size))
    cores = sorted(os.sched_getaffinity(0))
    core = cores[0] if len(cores) > 1 else None
    if core is not None:
        os.sched_setaffinity(0, set(cores[1:]))
    gc.disable()  # a pause of the clients would count as the server's latency
    print(
        f"clip: {clip.bitrate / 1e6:.2f} Mbit/s, {clip.fps} frames/s; server on core {core}, clients on the rest"
    )
    print(
        "CPU s per call-minute: user+system of the relay process, then of the recorder process\n" + header()
    )
    numbers = [int(number) for number in arguments.calls.split(",")]
    load = Load(clip, preview, core, arguments.warm_up, arguments.seconds)
    results = []
    for _ in range(arguments.repeats):
        for kind in arguments.servers.split(","):
            for calls in [1] if kind == "naive" else numbers:
                result = await measure(kind, calls, load)
                results.append(result)
                print(row(result), flush=True)
    if arguments.repeats > 1:
        print("medians\n" + "\n".join(row(result) for result in medians(results)))


def main(argv: Sequence[str]) -> int:
    """Measure and print; nothing is asserted about time."""
    arguments = _arguments(argv)
    asyncio.run(_run(arguments))
    return 0
