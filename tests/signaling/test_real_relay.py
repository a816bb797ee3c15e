"""Signaling over the real relay: what people may hear is what the states say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from relay.hub import Hub, HubListener, ObserversRefused
from relay.member import Seat
from relay.relay import Relay, RelaySettings
from relay.table import Kind
from signaling import protocol as p
from tests.relay.peers import Heard, Peer, Turned, picture
from tests.signaling.house import House
from tests.signaling.wires import VirtualClock
from tests.visitation.world import World
from visitation.errors import Refused

SOUND = b"\x78opus"
CLOSED: frozenset[Kind] = frozenset({"audio", "video"})
OPEN: frozenset[Kind] = frozenset({"audio", "video", "preview"})


class Overheard(Heard):
    """Remembers what every hub told, and passes it on."""

    listeners: list[HubListener]

    def __init__(self) -> None:
        super().__init__()
        self.listeners = []

    def _add(self, *news: object) -> None:
        name, *args = news
        methods = {"intruded": "intruded", "level": "level_changed"}
        for listener in self.listeners:
            getattr(listener, methods.get(str(name), f"leg_{name}"))(*args)
        super()._add(*news)


@dataclass
class Overhearing:
    relay: Relay
    heard: Overheard

    def open_hub(self, name: str, listener: HubListener, *, observers: bool) -> Hub:
        self.heard.listeners.append(listener)
        return self.relay.open_hub(name, self.heard, observers=observers)


@dataclass
class Meeting:
    """The real relay below a house, and everybody's browser."""

    house: House
    turned: Turned
    relay: Relay
    heard: Heard
    sids: dict[str, str] = field(default_factory=dict)
    peers: list[Peer] = field(default_factory=list)

    @property
    def call(self):
        return next(iter(self.house.calls.by_visit.values()))

    async def enter(self, visitor: str = "anna", cell: str = "a-12") -> None:
        self.sids["prisoner"] = await self.house.enter("terminal", cell)
        self.sids["visitor"] = await self.house.enter("visitor", visitor)
        await self.house.say(self.sids["visitor"], p.Join())

    async def answer_ring(self) -> None:
        await self.house.say(self.sids["prisoner"], p.AnswerRing(self.call.facts.visit_id))

    async def browser(self, party: str, publishes: frozenset[Kind] = OPEN) -> Peer:
        """Opens a leg and shakes hands, as a browser does; back once the server knows it is there."""
        peer = Peer(party, publishes)
        self.peers.append(peer)
        offer = await self.house.say(self.sids[party], p.OpenLeg())
        await self.house.say(self.sids[party], p.AnswerLeg(offer.leg, peer.answer(offer.sdp)))
        await self.connected(peer, offer.leg)
        return peer

    async def watcher(self, officer: str) -> Peer:
        offer = await self.house.say(officer, p.Watch(self.call.facts.visit_id))
        peer = Peer(f"watcher-{offer.leg}", frozenset(), 2)
        self.peers.append(peer)
        await self.house.say(officer, p.AnswerLeg(offer.leg, peer.answer(offer.sdp)))
        await self.connected(peer, offer.leg)
        return peer

    async def connected(self, peer: Peer, leg: str) -> None:
        peer.leg = leg
        assert peer.offered is not None
        await peer.wire.connect(peer.offered.remote)
        await self.heard.until(("connected", leg))
        await self.house.settle()

    async def live(self) -> tuple[Peer, Peer]:
        await self.enter()
        await self.answer_ring()
        return await self.browser("visitor"), await self.browser("prisoner")


@asynccontextmanager
async def meeting(world: World, clock: VirtualClock) -> AsyncIterator[Meeting]:
    turned = Turned()
    relay = Relay(RelaySettings(host="127.0.0.1", media_addresses=("127.0.0.1",)), turned)
    await relay.start()
    heard = Overheard()
    house = House(world, clock, Overhearing(relay, heard))
    await house.calls.start()
    met = Meeting(house, turned, relay, heard)
    try:
        yield met
    finally:
        await house.calls.stop()
        for peer in met.peers:
            await peer.close()
        await relay.stop()


async def passed_through(met: Meeting, peer: Peer) -> None:
    """The relay has handled all the peer sent so far: datagrams of one socket keep their order on loopback."""
    handled = met.relay.stats().drops.get("unknown protocol", 0)
    peer.wire.send_raw(b"\xff", ("127.0.0.1", met.relay.port))
    async with asyncio.timeout(10):
        while met.relay.stats().drops.get("unknown protocol", 0) == handled:  # noqa: ASYNC110 - the counter has no event
            await asyncio.sleep(0)


async def test_packets_pass_from_the_answer_on_and_stop_with_a_hold(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        await met.enter()
        anna = await met.browser("visitor")
        anna.send("audio", 1, SOUND + b"early")
        await met.answer_ring()
        pekka = await met.browser("prisoner")
        anna.send("audio", 2, SOUND + b"live")
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        officer = await met.house.enter("officer")
        visit = met.call.facts.visit_id
        await met.house.say(officer, p.Hold(visit, "order"))
        anna.send("audio", 3, SOUND + b"held")
        await passed_through(met, anna)
        await met.house.say(officer, p.Resume(visit))
        await met.house.say(met.sids["visitor"], p.SetMedia(audio=False, video=True))
        anna.send("audio", 4, SOUND + b"muted")
        await passed_through(met, anna)
        await met.house.say(met.sids["visitor"], p.SetMedia(audio=True, video=True))
        anna.send("audio", 5, SOUND + b"after")
        await pekka.when(lambda: len(pekka.got(pekka.slot("a0"))) == 2)
        assert [packet.payload for packet in pekka.got(pekka.slot("a0"))] == [
            SOUND + b"live",
            SOUND + b"after",
        ]


def presence(met: Meeting, party: str) -> list[str]:
    state = met.house.last(met.sids[party])
    return [one["presence"] for one in state["parties"]]


async def test_a_closed_browser_is_told_lost_and_a_new_leg_is_back(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        anna, pekka = await met.live()
        await anna.close()
        await met.heard.until(("failed", anna.leg, "closed_by_peer"))
        await met.house.advance(5)
        assert presence(met, "prisoner") == ["here", "lost"]
        again = await met.browser("visitor")
        again.send("audio", 1, SOUND + b"back")
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        assert presence(met, "prisoner") == ["here", "here"]


async def test_a_silent_line_is_lost_and_is_back_when_it_is_heard(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        anna, _pekka = await met.live()
        met.turned.turn(6)
        await met.heard.until(("silent", anna.leg))
        await met.house.hears(
            met.sids["prisoner"], "call_state", lambda state: state["parties"][1]["presence"] == "lost"
        )
        anna.send("audio", 1, SOUND)
        await met.heard.until(("heard", anna.leg))
        await met.house.settle()
        assert presence(met, "prisoner")[1] == "here"


async def test_an_officer_sees_previews_and_hears_nothing(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        anna, _pekka = await met.live()
        officer = await met.house.enter("officer")
        sari = await met.watcher(officer)
        anna.send("audio", 1, SOUND)
        anna.send("preview", 1, picture(1, key=True))
        anna.send("video", 1, picture(1, b"full", key=True))
        await sari.when(lambda: sari.got(sari.slot("v1")))
        await met.house.say(officer, p.Focus(met.call.facts.visit_id, full=True))
        anna.send("audio", 2, SOUND)
        anna.send("video", 2, picture(2, b"full", key=True))
        await sari.when(lambda: len(sari.got(sari.slot("v1"))) == 2)
        assert sari.got(sari.slot("a0")) == sari.got(sari.slot("a1")) == []


async def test_a_watcher_that_sends_is_cut_off_and_the_call_goes_on(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        await met.live()
        officer = await met.house.enter("officer")
        sari = await met.watcher(officer)
        sari.send("audio", 1, SOUND, ssrc=7)
        closed = await met.house.hears(officer, "leg_closed")
        assert closed == {"leg": sari.leg, "reason": "intrusion"}
        await met.house.settle()
        await met.house.written()
        assert "leg.intruded" in await world.audit_kinds()
        assert met.call.phase == "live"


async def test_a_privileged_calls_offers_have_no_preview_and_its_hub_no_observer(
    world: World, clock: VirtualClock
):
    async with meeting(world, clock) as met:
        await met.enter("maria", "a-17")
        await met.answer_ring()
        maria = await met.browser("visitor", CLOSED)
        tero = await met.browser("prisoner", CLOSED)
        for peer in (maria, tero):
            assert peer.offered is not None
            assert [line.mid for line in peer.offered.lines] == ["a", "v", "a0", "v0"]
        officer = await met.house.enter("officer")
        with pytest.raises(Refused) as refused:
            await met.house.say(officer, p.Watch(met.call.facts.visit_id))
        assert refused.value.code == "visit_closed"
        with pytest.raises(ObserversRefused):
            await met.call.hub.join("watcher", Seat("watcher", frozenset(), 2))
        maria.send("audio", 1, SOUND)
        await tero.when(lambda: tero.got(tero.slot("a0")))


async def test_an_answer_that_does_not_fit_is_refused_and_harms_nobody(world: World, clock: VirtualClock):
    async with meeting(world, clock) as met:
        anna, pekka = await met.live()
        await met.enter("maria", "a-17")
        offer = await met.house.say(met.sids["visitor"], p.OpenLeg())
        with pytest.raises(Refused) as refused:
            await met.house.say(met.sids["visitor"], p.AnswerLeg(offer.leg, "v=0\r\nm=application 9 x\r\n"))
        assert refused.value.code == "bad_description"
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))


async def test_a_browser_with_another_certificate_than_it_said_is_shut_out_and_written_down(
    world: World, clock: VirtualClock
):
    async with meeting(world, clock) as met:
        await met.enter()
        await met.answer_ring()
        pekka = await met.browser("prisoner")
        offer = await met.house.say(met.sids["visitor"], p.OpenLeg())
        impostor = Peer("visitor", OPEN)
        met.peers.append(impostor)
        answer = impostor.answer(offer.sdp, fingerprint=pekka.wire.fingerprint)
        with pytest.raises(Refused) as refused:  # one that is at work in another leg is refused at once
            await met.house.say(met.sids["visitor"], p.AnswerLeg(offer.leg, answer))
        assert refused.value.code == "bad_description"
        assert ("intruded", offer.leg, "description: answer_identity") in met.heard.news
        answer = impostor.answer(offer.sdp, fingerprint=":".join(["AB"] * 32))
        await met.house.say(met.sids["visitor"], p.AnswerLeg(offer.leg, answer))
        assert impostor.offered is not None
        with contextlib.suppress(ConnectionError):
            await impostor.wire.connect(impostor.offered.remote)
        await met.heard.until(("failed", offer.leg, "fingerprint"))
        await met.house.settle()
        await met.house.written()
        assert "leg.failed" in await world.audit_kinds()
        assert met.call.phase == "live"
