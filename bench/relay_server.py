"""The process the bench measures: our relay with its recorder, the floor, or naive aiortc, as the bench tells it."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import time
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any, Protocol

import structlog

from bench.control import answer_all
from bench.measures import percentile
from bench.shapes import Seating

LAG_SECONDS = 0.05


class Calls(Protocol):
    """What every server can do for the bench; the floor has `plain` in the place of join and answer."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def begin(self, call: int, seatings: list[Seating]) -> None: ...
    def figures(self) -> dict[str, Any]: ...


class _Silent:
    """A hub's listener and a recording's: the bench counts at the clients."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


class OurCalls:
    """The relay and, if `record`, the recorder process, as the server wires them."""

    def __init__(self, folder: Path, *, record: bool, path: str) -> None:
        from recording.host import RecorderHost
        from recording.keys import Keys
        from relay.relay import Relay, RelaySettings

        self._relay = Relay(
            RelaySettings(host="127.0.0.1", media_addresses=("127.0.0.1",), path=path)  # type: ignore[arg-type]
        )
        Keys.load_or_create(folder / "keys")
        self._host = RecorderHost(folder / "vault", folder / "keys") if record else None
        self._hubs: dict[int, Any] = {}
        self._recordings: dict[int, Any] = {}
        self._parties: dict[int, set[str]] = defaultdict(set)
        self._unrecorded = 0

    async def start(self) -> None:
        await self._relay.start()
        if self._host is not None:
            await self._host.start()
            while not self._host.ready:  # noqa: ASYNC110 (a second at most, before anything is measured)
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        for hub in self._hubs.values():
            await hub.close()
        if self._host is not None:
            await self._host.stop()
        await self._relay.stop()

    async def join(self, call: int, leg: str, publishes: list[str], slots: int) -> str:
        from relay.hub import Seat

        if publishes:
            self._parties[call].add(leg)
        if call not in self._hubs:
            self._hubs[call] = self._relay.open_hub(str(call), _Silent(), observers=True)
        seat = Seat(leg, frozenset(publishes), slots)  # type: ignore[arg-type]
        offer: str = await self._hubs[call].join(f"{call}-{leg}", seat)
        return offer

    async def answer(self, call: int, leg: str, sdp: str) -> None:
        await self._hubs[call].answer(f"{call}-{leg}", sdp)

    async def begin(self, call: int, seatings: list[Seating]) -> None:
        """Everybody sees whom the seatings say; every party is recorded."""
        hub = self._hubs[call]
        for leg, slot, party, level in seatings:
            hub.seat(f"{call}-{leg}", slot, party, audio=level == "main", video=level)
        hub.release()
        if self._host is not None:
            recording = self._recordings[call] = self._host.open(self._spec(call), _Silent())
            hub.tap(recording, parties=frozenset(self._parties[call]), audio=True, video=True)

    async def leave(self, call: int) -> None:
        """The call is over."""
        await self._hubs.pop(call).close()
        self._parties.pop(call, None)
        recording = self._recordings.pop(call, None)
        if recording is not None:
            self._unrecorded += sum(recording.dropped.values())
            await recording.close("ended")

    def _spec(self, call: int) -> Any:
        from recording.spec import RecordingSpec

        recording_id, call_id, visit_id, prison_id = (str(uuid.uuid4()) for _ in range(4))
        return RecordingSpec(
            recording_id=recording_id,
            call_id=call_id,
            visit_id=visit_id,
            prison_id=prison_id,
            parties={party: party.title() for party in self._parties[call]},
            picture=True,
            sound=True,
            sound_playable=True,
            picture_playable=True,
            policy="bench",
            begun_ms=time.time_ns() // 1_000_000,
        )

    def figures(self) -> dict[str, Any]:
        stats = self._relay.stats()
        return {
            "datagrams": (stats.datagrams_in, stats.datagrams_out),
            "recorder": self._host.pid if self._host is not None else None,
            "drops": dict(stats.drops),
            "errors": stats.errors,
            "unrecorded": self._unrecorded
            + sum(sum(recording.dropped.values()) for recording in self._recordings.values()),
        }


async def _sample_lag(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        late.append(loop.time() - due)


async def _serve(calls: Any, fd: int) -> None:
    late: list[float] = []

    async def answer(what: str, values: dict[str, Any]) -> dict[str, Any]:
        if what == "join":
            return {"sdp": await calls.join(**values)}
        if what == "plain":
            given: dict[str, Any] = await calls.plain(**values)
            return given
        if what in ("answer", "begin", "leave"):
            await getattr(calls, what)(**values)
        elif what == "mark":
            gc.collect()
            gc.freeze()
            await asyncio.sleep(2 * LAG_SECONDS)  # what the collection held up is not the relay's
            late.clear()
        lags = {name: percentile(late, share) * 1000 for name, share in (("lag_p50", 0.5), ("lag_p99", 0.99))}
        return {"pid": os.getpid(), **lags, **calls.figures()}

    await calls.start()
    async with asyncio.TaskGroup() as group:
        sampler = group.create_task(_sample_lag(late))
        await answer_all(fd, answer)
        sampler.cancel()
    await calls.stop()


def _calls(kind: str, folder: Path, *, record: bool) -> Calls:
    if kind == "naive":
        from bench.naive import NaiveCalls

        return NaiveCalls(folder)
    if kind == "floor":
        from bench.plain import PlainCalls

        return PlainCalls()
    return OurCalls(folder, record=record, path="native" if kind == "pump" else "python")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["pump", "python", "floor", "naive"])
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--core", type=int)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if arguments.core is not None:
        os.sched_setaffinity(0, {arguments.core})

    async def run() -> None:
        await _serve(_calls(arguments.kind, arguments.folder, record=arguments.record), arguments.fd)

    factory = None
    if arguments.kind in ("pump", "python"):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
