"""Random life on a packet path: `python -m tests.relay.fuzz KIND SEED STEPS`, KIND python, native, live or storm."""

from __future__ import annotations

import gc
import random
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from relay.packets import rr
from tests.relay.fuzz_roads import LiveRoad, NativeRoad, PythonRoad
from tests.relay.fuzz_stage import Actor, Stage
from tests.relay.odd_packets import KINDS

IN_FLIGHT = 100  # datagrams between two looks: no socket's buffer may overflow, or the account would be wrong


def change(stage: Stage) -> None:
    """One change of the table that the parts that decide could make."""
    odd = stage.odd
    actor = odd.choice(list(stage.actors.values()))
    other = odd.choice(list(stage.actors.values()))
    kind = odd.choice(KINDS)
    _, track = actor.tracks[kind]
    sink = odd.choice(stage.sinks)
    places = list(actor.outputs)
    changes: list[Callable[[], object]] = [
        lambda: stage.shut(actor, kind),
        *[lambda: stage.open(actor, kind)] * 3,
        lambda: stage.announce(actor, kind),
        lambda: stage.know(actor, known=False),
        *[lambda: stage.know(actor, known=True)] * 3,
        lambda: stage.move(actor),
        lambda: feed(track, sink, odd.randrange(256)),
        lambda: track.unfeed(sink),
        lambda: track.ask(stage.now, 5_000_000, odd.randrange(3)),
        lambda: track.note(2, bytes(12), stage.now),
        lambda: stage.road.sender.send_control(actor.path, rr(9, [])),
        lambda: actor.path.refill((900, 2000), (600_000, 1_500_000), 20_000),
        lambda: actor.path.grant(2, 2000, 0),
        *[lambda: actor.path.pace(odd.choice((1, 8_000, 300_000, 3_000_000, 0)))] * 3,
    ]
    if places:
        place = odd.choice(places)
        output = actor.outputs[place]
        fitting = "audio" if place[2] == "audio" else odd.choice(("video", "video", "preview"))
        changes += [
            *[lambda: stage.point(place, output, other, fitting)] * 6,
            lambda: stage.turn_away(place, output),
            *[lambda: again(stage, place, output)] * 6,
        ]
        if odd.random() < 0.2:
            changes += [lambda: stage.end_output(place)] * 3
    if len(stage.actors) < 5:
        changes.append(stage.come)
    if len(stage.actors) > 2 and odd.random() < 0.5:
        changes.append(lambda: stage.leave(actor))
    odd.choice(changes)()


def feed(track: Any, sink: Any, number: int) -> None:
    track.unfeed(sink)
    track.feed(sink, number)


def heal(stage: Stage) -> None:
    """Or soon nothing would flow: gates open, homes known, every place pointed at somebody, allowances full."""
    odd = stage.odd
    everybody = list(stage.actors.values())
    for actor in everybody:
        stage.know(actor, known=True)
        actor.path.take_feedback(0)
        actor.path.report_arrivals(1, 2, odd.choice((0, 20_000_000)))
        actor.path.expect_calm(odd.choice((0, 1 << 62)), odd.randrange(1 << 40))
        actor.path.grant(10_000, 10_000_000, 20_000)
        actor.path.pace(odd.choice((0, 0, 300_000)))
        for kind in KINDS:
            stage.open(actor, kind)
            feed(actor.tracks[kind][1], odd.choice(stage.sinks), odd.randrange(256))
        for place, output in actor.outputs.items():
            kind = "audio" if place[2] == "audio" else odd.choice(("video", "preview"))
            stage.point(place, output, odd.choice(everybody), kind)
    if odd.random() < 0.25:  # seldom: what is gathered for a tap must fill more than one chunk
        for sink in stage.sinks:
            sink.flush()


def again(stage: Stage, place: Any, output: Any) -> None:
    """What a NACK asks for: numbers that left, and a few that did not."""
    stage.look()
    odd = stage.odd
    sequences = []
    for _ in range(odd.choice((1, 1, 2, 70))):
        sequence = odd.randrange(65_536)
        if stage.recent[place] and odd.random() < 0.9:
            sequence = struct.unpack_from("!H", odd.choice(stage.recent[place]), 2)[0] + odd.choice(
                (0, 0, 0, 1, -1, 5)
            )
        sequences.append(sequence & 0xFFFF)
    stage.road.sender.resend(output, sequences, odd.choice((-1_000_000_000, 0)))
    stage.look()


def life(stage: Stage, steps: int) -> None:
    """Packets and changes in turn; looked at after each."""
    for step in range(steps):
        stage.now += 3_000_000
        if step % 60 == 0:
            heal(stage)
        if stage.odd.random() < 0.85:
            stage.send(stage.odd.choice(list(stage.actors.values())))
        else:
            change(stage)
        stage.look()


def storm(stage: Stage, steps: int) -> None:
    """Packets from a thread of their own while the table changes under them: nothing waits for anything.

    What is taken back holds for every packet sent after; before something is granted all that was sent is looked at.
    """
    turn, over, blasted = threading.Lock(), threading.Event(), threading.Event()
    road: Any = stage.road

    def blast() -> None:
        odd = random.Random(7)
        while not over.is_set():
            with turn:
                for _ in range(odd.randrange(40)):
                    if stage.fed - stage.looked_at < IN_FLIGHT:
                        stage.send(odd.choice(list(stage.actors.values())))
            blasted.set()

    blaster = threading.Thread(target=blast)
    blaster.start()
    try:
        for step in range(steps):
            blasted.clear()
            blasted.wait()
            with turn:
                stage.now += 3_000_000
                if step % 12 == 0:
                    stage.look()
                    heal(stage)
                elif stage.odd.random() < 0.5:
                    stage.look()
                    change(stage)
                else:
                    take_back(stage)
                read(stage)
                road.pump.take_facts()
    finally:
        over.set()
        blaster.join()
    stage.look()


def read(stage: Stage) -> None:
    """Every figure that the beat and the reports read, while the thread writes it; and what they set."""
    for actor in stage.actors.values():
        path: Any = actor.path
        path.heard = path.heard
        path.congestion_tag = 0x31
        figures = [path.bytes_in, path.bytes_out, path.arrivals, path.resend_octets_left, path.wide_sequence]
        for _, one in actor.tracks.values():
            track: Any = one
            figures += [
                track.received,
                track.repaired,
                track.bytes,
                track.jitter,
                track.base,
                track.holes,
                track.waiting,
            ]
            figures += [
                track.started,
                track.open,
                track.extended_highest,
                track.highest_timestamp,
                track.last_arrival,
            ]
        for output in actor.outputs.values():
            figures += [output.packets, output.octets, output.resent, output.filled, output.spliced]
            output.spliced, output.wide = False, 0x31
        assert None not in figures
    assert stage.road.table.dropped() is not None


def take_back(stage: Stage) -> None:
    """In the middle of whatever is on its way."""
    odd = stage.odd
    actor: Actor = odd.choice(list(stage.actors.values()))
    place = odd.choice(list(actor.outputs) or [None])
    odd.choice((
        lambda: stage.shut(actor, odd.choice(KINDS)),
        lambda: stage.know(actor, known=False),
        lambda: stage.turn_away(place, actor.outputs[place]) if place else None,
        lambda: stage.end_output(place) if place and odd.random() < 0.3 else None,
        lambda: stage.leave(actor) if len(stage.actors) > 2 and odd.random() < 0.3 else None,
    ))()  # fmt: skip


def run(kind: str, seed: int, steps: int) -> tuple[Counter[str], dict[str, int]]:
    """(what happened, drops by reason); AssertionError where something left that should not have, or was left behind."""
    roads: dict[str, Callable[[], Any]] = {
        "python": PythonRoad,
        "native": NativeRoad,
        "live": lambda: LiveRoad(socket.AF_INET6 if seed % 2 else socket.AF_INET),
        "storm": LiveRoad,
    }
    gc.collect()  # what earlier tests left would be counted as given back
    before = memory()
    road: Any = roads[kind]()
    try:
        stage = road.stage = Stage(road, seed)
        (storm if kind == "storm" else life)(stage, steps)
        counts, drops = stage.counts, road.table.dropped()
    finally:
        if isinstance(road, LiveRoad):
            road.close()
    road.stage = stage = None  # type: ignore[assignment]
    del road
    gc.collect()
    assert memory() == before, f"{memory() - before} blocks of memory left behind"
    return counts, drops


def memory() -> int:
    try:
        from relay.pump import blocks
    except ImportError:
        return 0
    return int(blocks()[1])


if __name__ == "__main__":
    print(*run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sep="\n")
