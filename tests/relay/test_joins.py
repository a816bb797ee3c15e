"""A burst of joins: one costly step in each turn of the loop, one certificate for all, and nobody taken for another."""

from __future__ import annotations

import asyncio
import functools
from collections import Counter

import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES

from relay import turns as turns_module
from relay.description import DescriptionRefused
from relay.hub import Hub, Seat
from relay.identity import IDENTITY_NS, Identities, Identity
from relay.leg import Leg
from relay.turns import Turns
from tests.relay.peers import Peer, house

BURST = 12


class Counted:
    """Numbers the turns of the loop; `step` notes in which one something happened."""

    def __init__(self) -> None:
        self.turn = 0
        self.steps: list[int] = []
        self._handle = asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        self.turn += 1
        self._handle = asyncio.get_running_loop().call_soon(self._next)

    def step(self) -> None:
        self.steps.append(self.turn)

    def count(self, patch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        """Notes each call of a method."""
        method = getattr(owner, name)

        def noted(*given: object) -> object:
            self.step()
            return method(*given)

        patch.setattr(owner, name, noted)

    def end(self) -> None:
        self._handle.cancel()


async def test_no_two_steps_share_a_turn_and_their_order_is_kept():
    turns, counted, order = Turns(), Counted(), []

    def step(number: int) -> None:
        counted.step()
        order.append(number)
        if number == 3:  # what comes meanwhile waits behind
            turns.later(lambda: step(100))

    async def mine(number: int) -> None:
        await turns.mine()
        step(number)

    for number in range(10):
        turns.later(functools.partial(step, number))
    await mine(50)
    await turns.mine()
    counted.end()
    assert order == [*range(10), 50, 100]
    assert len(set(counted.steps)) == 12


async def test_who_gives_up_waiting_for_a_turn_costs_nobody_else_theirs():
    turns = Turns()
    first, second = asyncio.ensure_future(turns.mine()), asyncio.ensure_future(turns.mine())
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert first.cancelled()


async def test_steps_are_bounded_and_a_join_is_never_refused_by_them(monkeypatch):
    monkeypatch.setattr(turns_module, "MAX_WAITING", 3)
    turns = Turns()
    assert [turns.later(lambda: None) for _ in range(5)] == [True, True, True, False, False]
    assert turns.refused == 2
    await turns.mine()


async def test_a_burst_of_joins_takes_one_costly_step_in_each_turn(monkeypatch):
    async with house() as home:
        counted = Counted()
        for owner, name in ((Leg, "_shake"), (home.relay, "enter"), (home.relay, "claim")):
            counted.count(monkeypatch, owner, name)
        peers = [Peer(f"guest {number}") for number in range(BURST)]
        home.peers += peers
        hubs = [home.relay.open_hub(peer.leg, home.heard, observers=True) for peer in peers]
        await asyncio.gather(*(peer.join(hub) for peer, hub in zip(peers, hubs, strict=True)))
        await home.heard.until(*(("connected", peer.leg) for peer in peers))
        counted.end()
        assert len(counted.steps) >= 4 * BURST  # each: offer, answer, two datagrams of the handshake
        assert Counter(counted.steps).most_common(1)[0][1] == 1


async def test_all_legs_of_a_day_show_one_certificate_and_the_next_day_another(monkeypatch):
    made: list[Identity] = []
    begin = Identity.__init__

    def noted(self: Identity) -> None:
        made.append(self)
        begin(self)

    monkeypatch.setattr(Identity, "__init__", noted)
    async with house() as home:
        anna, pekka = Peer("anna"), Peer("pekka")
        home.peers += [anna, pekka]
        assert len(made) == 3  # the relay's, and two in its self-test
        offers = [
            await home.hub.join(peer.leg, Seat(peer.party, peer.publishes, 1)) for peer in (anna, pekka)
        ]
        prints = {line for offer in offers for line in offer.splitlines() if line.startswith("a=fingerprint")}
        assert len(prints) == 1
        home.clock.turn(IDENTITY_NS / 1e9)
        later = Peer("later")
        home.peers.append(later)
        offer = await home.hub.join(later.leg, Seat("later", later.publishes, 1))
        assert len(made) == 4
        assert prints.isdisjoint(offer.splitlines())
        await anna_still_connects(home.hub, anna, offers[0])
        await home.heard.until(("connected", anna.leg))


async def anna_still_connects(hub: Hub, anna: Peer, offer: str) -> None:
    await hub.answer(anna.leg, anna.answer(offer))
    assert anna.offered is not None
    await anna.wire.connect(anna.offered.remote)


async def test_a_context_is_made_once_for_each_certificate_and_resumes_no_session():
    identity = Identity()
    contexts = {id(identity.certificate._create_ssl_context(SRTP_PROFILES)) for _ in range(3)}
    assert len(contexts) == 1
    assert identity.certificate._create_ssl_context(SRTP_PROFILES).get_session_cache_mode() == 0
    assert Identities(lambda: 0)().fingerprint != identity.fingerprint


async def test_an_answer_with_another_legs_certificate_is_refused_and_told():
    async with house() as home:
        anna, _ = await home.pair()
        mallory = Peer("mallory")
        home.peers.append(mallory)
        hub: Hub = home.relay.open_hub("another call", home.heard, observers=True)
        offer = await hub.join(mallory.leg, Seat("mallory", mallory.publishes, 1))
        with pytest.raises(DescriptionRefused) as refused:
            await hub.answer(mallory.leg, mallory.answer(offer, fingerprint=anna.wire.fingerprint.lower()))
        assert refused.value.code == "answer_identity"
        assert ("intruded", mallory.leg, "description: answer_identity") in home.heard.news
        await anna_still_connects(hub, mallory, offer)  # as herself
        await home.heard.until(("connected", mallory.leg))
        await home.hub.leave(anna.leg)
        again = Peer("again")
        home.peers.append(again)
        offer = await hub.join(again.leg, Seat("again", again.publishes, 1))
        await hub.answer(
            again.leg, again.answer(offer, fingerprint=anna.wire.fingerprint)
        )  # nobody's any more
