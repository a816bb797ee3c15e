"""The light client does what a browser does: it joins, plays, repairs losses both ways, and measures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.clip import Clip, cached_clip, make_clip
from bench.impairment import Impairment, Line
from bench.peer import Peer
from relay.description import Kind, read_answer
from relay.hub import Hub, Level, Seat
from relay.relay import Relay, RelaySettings
from tests.relay.answers_corpus import ALL, offer_text, slot_lines

BOTH: frozenset[Kind] = frozenset({"audio", "video"})


@pytest.fixture(scope="session")
def clip() -> Clip:
    return make_clip(width=320, height=240, bitrate=300_000, seconds=2)


@dataclass
class Heard:
    """A hub's listener that remembers."""

    events: list[tuple[str, ...]] = field(default_factory=list)

    def leg_connected(self, leg_id: str) -> None:
        self.events.append(("connected", leg_id))

    def leg_silent(self, leg_id: str) -> None:
        self.events.append(("silent", leg_id))

    def leg_heard(self, leg_id: str) -> None:
        self.events.append(("heard", leg_id))

    def leg_failed(self, leg_id: str, reason: str) -> None:
        self.events.append(("failed", leg_id, reason))

    def intruded(self, leg_id: str, what: str) -> None:
        self.events.append(("intruded", leg_id, what))

    def level_changed(self, leg_id: str, slot: int, level: Level) -> None:
        self.events.append(("level", leg_id, level))


async def join(hub: Hub, name: str, peer: Peer, publishes: frozenset[Kind], slots: int) -> None:
    offer = await hub.join(name, Seat(name, publishes, slots))

    async def deliver(text: str) -> None:
        await hub.answer(name, text)

    await peer.join(offer, deliver)


@asynccontextmanager
async def a_call(clip: Clip, line: Impairment | None = None) -> AsyncIterator[tuple[Peer, Peer, Peer, Heard]]:
    """Two parties who see each other and a watcher of both, behind `line` if there is one."""
    relay = Relay(
        RelaySettings(host="127.0.0.1", media_addresses=(line.address,) if line else ("127.0.0.1",))
    )
    await relay.start()
    if line is not None:
        line.target = ("127.0.0.1", relay.port)
    heard = Heard()
    hub = relay.open_hub("call", heard, observers=True)
    one, two, watcher = Peer(clip), Peer(clip), Peer(clip, publishes=())
    try:
        await join(hub, "one", one, BOTH, 1)
        await join(hub, "two", two, BOTH, 1)
        await join(hub, "watcher", watcher, frozenset(), 2)
        hub.release()
        for leg, slot, party in (
            ("one", 0, "two"),
            ("two", 0, "one"),
            ("watcher", 0, "one"),
            ("watcher", 1, "two"),
        ):
            hub.seat(leg, slot, party, audio=True, video="main")
        one.expect(0, two)
        two.expect(0, one)
        watcher.expect(0, one)
        watcher.expect(1, two)
        yield one, two, watcher, heard
    finally:
        for peer in (one, two, watcher):
            await peer.close()
        await hub.close()
        await relay.stop()


async def frames(peer: Peer, count: int) -> None:
    """Until every stream of the peer has so many."""
    await peer.until(lambda: all(stream.frames > count for stream in peer.streams.values()))


async def whole(peer: Peer) -> None:
    """Until nothing is missing, come or given up."""
    await peer.until(lambda: not any(stream.missing for stream in peer.streams.values()))


async def test_an_answer_names_every_source(clip: Clip) -> None:
    peer = Peer(clip, publishes=("a", "v", "p"))
    answer = read_answer(peer.answer(offer_text(ALL, 2)), publishes=ALL, slots=slot_lines(2))
    assert set(answer.sources) == set(ALL)
    assert answer.sources["video"].ssrc == peer.outgoing["v"].ssrc
    assert answer.slots == {0, 1}
    await peer.close()


async def test_a_call_on_a_clear_line_loses_nothing_and_measures_every_frame(clip: Clip) -> None:
    async with a_call(clip) as (one, two, watcher, heard):
        streams = [*one.streams.values(), *two.streams.values(), *watcher.streams.values()]
        for peer in (one, two, watcher):
            await frames(peer, 30)
        assert len(streams) == 8
        for stream in streams:
            assert (stream.lost, stream.repeated, stream.missing) == (0, 0, {})
            assert len(stream.latencies_ns) == stream.frames
            assert min(stream.latencies_ns) > 0
        assert all(stream.key_frames for stream in streams if stream.mid[0] == "v")
        assert watcher.strangers + watcher.bad_control + watcher.wire.unreadable == 0
        await one.until(lambda: len(one.feedback) > 3)
        assert ("connected", "watcher") in heard.events


@pytest.mark.slow
async def test_five_percent_loss_each_way_is_repaired_in_picture_and_sound(clip: Clip) -> None:
    line = Impairment(up=Line(), down=Line(), seed=5)
    await line.start()
    try:
        async with a_call(clip, line) as (one, two, watcher, _):
            bad = Line(loss=0.05, delay=0.005)
            line.change(up=bad, down=bad)
            for peer in (one, two, watcher):
                await frames(peer, 120)
            line.change(up=Line(), down=Line())
            for peer in (one, two, watcher):
                await whole(peer)
            streams = [stream for peer in (one, two, watcher) for stream in peer.streams.values()]
            assert sum(stream.recovered for stream in streams) > 20
            assert sum(stream.nacks for stream in streams) > 20
            assert sum(peer.outgoing["v"].retransmitted for peer in (one, two)) > 5
            for stream in streams:
                assert stream.lost <= 0.01 * stream.packets, (stream.mid, stream.lost, stream.packets)
    finally:
        await line.stop()


async def test_a_peer_that_vanished_sends_nothing_more(clip: Clip) -> None:
    async with a_call(clip) as (one, two, _, _heard):
        await two.until(lambda: two.streams["a0"].frames > 3)
        one.vanish()
        before = one.outgoing["a"].packets
        came = two.streams["a0"].frames
        await two.until(lambda: len(two.feedback) > 5)
        assert one.outgoing["a"].packets == before
        assert two.streams["a0"].frames <= came + 2


async def test_an_empty_cache_folder_gets_the_clip_once(tmp_path: Path) -> None:
    first = cached_clip(tmp_path, width=64, height=48, bitrate=50_000, seconds=1)
    (path,) = tmp_path.iterdir()
    made = path.stat().st_mtime_ns
    assert cached_clip(tmp_path, width=64, height=48, bitrate=50_000, seconds=1) == first
    assert path.stat().st_mtime_ns == made
