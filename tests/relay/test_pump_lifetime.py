"""What dies, in whatever order, is used no more and leaves nothing behind; and only the table's own ways change it."""

from __future__ import annotations

import ctypes
import gc
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relay.packet_path import why_not_native

pytestmark = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))

CALL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int))
HOME, AWAY = ("192.0.2.1", 5000), ("192.0.2.2", 5001)
READS, SENDS = 0x1000, 0x2000  # what stands for the sessions of a leg


def sound(sequence: int) -> bytes:
    return struct.pack("!BBHII", 0x80, 111, sequence, 0, 1) + b"opus"


SOUND = sound(1)


class Bench:
    """A pump whose crypto is two functions that change nothing and write down which session was used."""

    def __init__(self) -> None:
        from relay import pump

        self.module = pump
        self.used: list[int] = []
        self.told: list[str] = []

        def crypto(session: Any, data: Any, size: Any) -> int:
            self.used.append(session)
            return 0

        self.crypto = CALL(crypto)
        address = ctypes.cast(self.crypto, ctypes.c_void_p).value
        self.pump = pump.Pump(socket.AF_INET, (address,) * 4, self)
        self.pump.capture()

    def path(self, number: int, address: tuple[str, int], sessions: tuple[object, ...] = ()) -> Any:
        path = self.module.Path(
            self.pump, f"leg {number}", sessions, address, 0, READS + number, SENDS + number
        )
        path.grant(1000, 1_000_000, 0)
        return path

    def heard(self) -> Any:
        """A track of a leg that is known at HOME."""
        path = self.path(1, HOME)
        self.pump.paths[HOME] = path
        track = self.module.Track(self.pump, 1, "audio", 111)
        path.announce(track)
        track.open = True
        return track

    def output(self, path: Any) -> Any:
        return self.module.Output(self.pump, path, "audio", 9, 111, None)

    def feed(self, data: bytes = SOUND, address: tuple[str, int] = HOME) -> int:
        """How many leave."""
        self.pump.feed(data, address, 1)
        return len(self.pump.take_sent())

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *news: self.told.append(name)


@pytest.fixture
def bench() -> Iterator[Bench]:
    gc.collect()
    gc.disable()  # crypto above makes Python objects while the mutex is held, which the pump itself never does
    yield Bench()
    gc.enable()


class Last:
    """Knows no garbage collector: it ends when that empties what holds it."""

    __slots__ = ()
    when: Callable[[], object] = staticmethod(lambda: None)

    def __del__(self) -> None:
        Last.when()


def test_a_legs_sessions_are_let_go_before_a_collection_ends_them(bench):
    # Guards Path.__del__: a leg and its sessions are garbage together, and the thread may be sending to it just then.
    track = bench.heard()
    path = bench.path(2, AWAY)
    output = bench.output(path)
    track.wait(output)
    assert bench.feed() == 1
    bench.used.clear()
    circle: list[object] = [output, path, Last()]
    circle.append(circle)
    Last.when = lambda: bench.feed(sound(2))
    del output, path, circle
    gc.collect()
    Last.when = staticmethod(lambda: None)
    assert bench.used == [READS + 1]
    assert bench.pump.dropped() == {"not protected": 1}


def test_an_output_that_ends_while_it_waits_is_never_filled(bench):
    track = bench.heard()
    path = bench.path(2, AWAY)
    ended, stays = bench.output(path), bench.output(path)
    for output in (ended, stays):
        track.wait(output)
    del output, ended
    assert bench.feed() == 1
    assert stays.filled


@pytest.mark.parametrize("order", ["track", "output", "path"])
def test_nothing_is_left_of_a_leg_whatever_of_it_ends_first(bench, order):
    _, before = bench.module.blocks()
    for waiting in (False, True):
        parts = {"track": bench.heard(), "path": bench.path(2, AWAY)}
        parts["output"] = bench.output(parts["path"])
        sink = bench.module.Sink(bench.pump, bytes)
        parts["track"].feed(sink, 1)
        parts["track"].wait(parts["output"])
        if not waiting:
            assert bench.feed() == 1
        del parts[order]
        bench.feed()
        bench.pump.paths.pop(HOME)
        parts.clear()
        del sink
    bench.pump.take_facts()
    assert bench.module.blocks()[1] == before


def test_nothing_is_left_of_a_pump_with_everything_still_in_it(bench):
    del bench.pump
    gc.collect()
    _, before = bench.module.blocks()
    again = Bench()
    track, path = again.heard(), again.path(2, AWAY)
    output = again.output(path)
    track.wait(output)
    again.feed()
    again.feed(b"\x16rubbish")
    again.feed(struct.pack("!BBHII", 0x80, 111, 1, 0, 7))
    del again, track, path, output
    gc.collect()
    assert bench.module.blocks()[1] == before


def test_an_address_is_known_and_forgotten_only_in_ways_that_reach_the_thread(bench):
    # Guards _Paths: a dict has many ways to lose a key, and a leg that is gone must not be heard any more.
    track = bench.heard()
    paths = bench.pump.paths
    for way in (
        paths.clear,
        paths.popitem,
        lambda: paths.update({AWAY: paths[HOME]}),
        lambda: paths.setdefault(AWAY, paths[HOME]),
    ):
        with pytest.raises(TypeError):
            way()
    bench.feed()
    assert track.received == 1
    del paths[HOME]
    bench.feed(sound(2))
    assert track.received == 1
    with pytest.raises(KeyError):
        del paths[HOME]


def test_a_flood_from_outside_leaves_room_for_what_legs_have_to_say(bench):
    # Guards the share of the facts' buffer that a datagram from an unknown address may fill.
    bench.heard()
    for _ in range(1000):
        bench.feed(bytes(1400), AWAY)
    assert bench.pump.dropped()["facts not read"] > 500
    bench.feed(struct.pack("!BBHII", 0x80, 201, 2, 5, 5), HOME)
    bench.feed(b"\0\1" + bytes(18), HOME)
    while bench.pump.take_facts():
        pass
    assert bench.told.count("control") == 1
    assert len(bench.told) == 1000 - bench.pump.dropped()["facts not read"] + 2
