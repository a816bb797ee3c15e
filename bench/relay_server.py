"""The process the bench measures: our relay with its recorder, or naive aiortc, told what to do by the bench."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import time
import uuid
from pathlib import Path
from typing import Any, Protocol

import structlog

from bench.control import answer_all
from bench.measures import percentile

LAG_SECONDS = 0.05


class Calls(Protocol):
    """What either server can do for the bench."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def join(self, call: int, leg: str, publishes: list[str], slots: int) -> str: ...
    async def answer(self, call: int, leg: str, sdp: str) -> None: ...
    async def begin(self, call: int) -> None: ...
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
        self._recordings: list[Any] = []

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

        if call not in self._hubs:
            self._hubs[call] = self._relay.open_hub(str(call), _Silent(), observers=True)
        seat = Seat(leg, frozenset(publishes), slots)  # type: ignore[arg-type]
        offer: str = await self._hubs[call].join(f"{call}-{leg}", seat)
        return offer

    async def answer(self, call: int, leg: str, sdp: str) -> None:
        await self._hubs[call].answer(f"{call}-{leg}", sdp)

    async def begin(self, call: int) -> None:
        """Each party sees the other, the watcher both; both are recorded."""
        hub = self._hubs[call]
        for leg, slot, party in (
            ("one", 0, "two"),
            ("two", 0, "one"),
            ("watcher", 0, "one"),
            ("watcher", 1, "two"),
        ):
            hub.seat(f"{call}-{leg}", slot, party, audio=True, video="main")
        hub.release()
        if self._host is not None:
            recording = self._host.open(self._spec(), _Silent())
            self._recordings.append(recording)
            hub.tap(recording, parties=frozenset({"one", "two"}), audio=True, video=True)

    def _spec(self) -> Any:
        from recording.spec import RecordingSpec

        recording_id, call_id, visit_id, prison_id = (str(uuid.uuid4()) for _ in range(4))
        return RecordingSpec(
            recording_id=recording_id,
            call_id=call_id,
            visit_id=visit_id,
            prison_id=prison_id,
            parties={"one": "One", "two": "Two"},
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
            "recorder": self._host.pid if self._host is not None else None,
            "drops": dict(stats.drops),
            "errors": stats.errors,
            "unrecorded": sum(sum(recording.dropped.values()) for recording in self._recordings),
        }


async def _sample_lag(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        late.append(loop.time() - due)


async def _serve(calls: Calls, fd: int) -> None:
    late: list[float] = []

    async def answer(what: str, values: dict[str, Any]) -> dict[str, Any]:
        if what == "join":
            return {"sdp": await calls.join(**values)}
        if what == "answer":
            await calls.answer(**values)
        elif what == "begin":
            await calls.begin(**values)
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["ours", "pump", "unrecorded", "forwarded", "naive"])
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--core", type=int)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if arguments.core is not None:
        os.sched_setaffinity(0, {arguments.core})

    async def run() -> None:
        if arguments.kind == "naive":
            from bench.naive import NaiveCalls

            await _serve(NaiveCalls(arguments.folder), arguments.fd)
        else:
            record = arguments.kind in ("ours", "pump")
            path = "native" if arguments.kind in ("pump", "forwarded") else "python"
            await _serve(OurCalls(arguments.folder, record=record, path=path), arguments.fd)

    factory = None
    if arguments.kind != "naive":
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
