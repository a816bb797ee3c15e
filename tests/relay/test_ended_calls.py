"""What an ended call leaves in the process: nothing, neither objects nor blocks of the native packet path."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter

from aioice import ice
from aiortc import RTCDtlsTransport, RTCIceTransport
from pylibsrtp import Session

from relay.hub import Hub
from relay.leg import Leg
from relay.member import Member
from relay.packet_path import why_not_native
from relay.publication import Publication
from relay.reports import Reports
from relay.shield import Guarded
from relay.subscription import Subscription
from tests.relay.peers import Heard, House, Peer, house, picture, quiet

NAMES = {"Path", "Track", "Output", "Sink"}  # on either packet path
KINDS = (
    *(Hub, Leg, Member, Publication, Reports, Guarded, Subscription, Session),
    *(RTCDtlsTransport, RTCIceTransport, ice.Connection, ice.StunProtocol, asyncio.Task),
)
CALLS = 6
HEAVY = ("Path", "Track", "Output", "Member", "Leg", "Reports", "Publication", "Subscription", "_Dtls")


def held() -> Counter[str]:
    """Objects that a call is made of and that nothing frees, by type."""
    gc.collect()
    return count()


def count() -> Counter[str]:
    found: Counter[str] = Counter()
    for one in gc.get_objects():
        name, module = type(one).__name__, type(one).__module__
        if isinstance(one, KINDS) or (name in NAMES and module.startswith("relay.")):
            found[name] += 1
    return found


def blocks() -> int:
    """Of the native packet path's memory; 0 where there is none."""
    if why_not_native() is not None:
        return 0
    from relay import pump

    return int(pump.blocks()[1])


class NoTap:
    def track(self, *_: object) -> None:
        """Nobody records this."""

    def push(self, batch: bytes) -> None:
        """Nobody reads it."""


async def visit(house: House) -> None:
    """Two parties who speak and are seen and tapped, and a watcher; all leave in their own ways."""
    before = held()["Output"]  # earlier tests' garbage is none of this one's
    heard = Heard()
    hub = house.relay.open_hub("visit", heard, observers=True)
    anna, pekka = Peer("anna"), Peer("pekka")
    watcher = Peer("watcher", frozenset(), 2)
    for peer in (anna, pekka, watcher):
        await peer.join(hub)
        await heard.until(("connected", peer.leg))
    for peer, slot, party in (
        (anna, 0, "pekka"),
        (pekka, 0, "anna"),
        (watcher, 0, "anna"),
        (watcher, 1, "pekka"),
    ):
        hub.seat(peer.leg, slot, party, audio=True, video="main")
    hub.tap(NoTap(), parties=frozenset({"anna", "pekka"}), audio=True, video=True)
    hub.release()
    for sequence in range(40):
        for peer in (anna, pekka):
            peer.send("audio", sequence, b"sound" * (1 + sequence))  # up to what needs a block of its own
            peer.send("video", sequence, picture(sequence, bytes(900), key=True), timestamp=sequence * 3000)
        await quiet(house, anna)
    await quiet(house, pekka)
    await watcher.when(lambda: len(watcher.packets) >= 80)
    assert count()["Output"] - before == 8
    await pekka.close()  # he says goodbye himself
    await heard.until(("failed", pekka.leg, "closed_by_peer"))
    await hub.leave(anna.leg)
    await hub.close()  # with the watcher in it
    for peer in (anna, watcher):
        await peer.close()


async def emptied(house: House, tasks: int) -> None:
    """Every task of a leg has ended, and the thread has seen every change of the table."""
    async with asyncio.timeout(10):
        while house.relay.stats().legs or len(asyncio.all_tasks()) > tasks:  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(0)
    stranger = Peer("stranger")
    await quiet(house, stranger)
    await stranger.close()
    house.relay._packets.beat()


async def test_what_is_heavy_waits_for_no_garbage_collection() -> None:
    async with house() as whole:
        tasks = len(asyncio.all_tasks())
        await visit(whole)
        await emptied(whole, tasks)
        before, kept = held(), blocks()
        gc.disable()
        try:
            await visit(whole)
            await emptied(whole, tasks)
            after = count()
            assert {name: after[name] for name in HEAVY} == {name: before[name] for name in HEAVY}
            assert blocks() - kept <= 1  # the tap's sink, empty: it and its owner hold each other
        finally:
            gc.enable()


async def test_nothing_is_left() -> None:
    async with house() as whole:
        tasks = len(asyncio.all_tasks())
        await visit(whole)
        await emptied(whole, tasks)
        before, kept = held(), blocks()
        for _ in range(CALLS):
            await visit(whole)
        await emptied(whole, tasks)
        assert held() == before
        assert blocks() == kept
