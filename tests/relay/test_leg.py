"""Rows T14, T15, and how a leg ends and moves."""

from __future__ import annotations

import asyncio

import pytest

from bench.wire import ClientWire
from relay.hub import Seat
from tests.relay.peers import Heard, Peer, check, house, quiet

SOUND = b"\x78opus"


async def test_t14_a_certificate_other_than_the_answers_ends_the_leg():
    # Guards _Dtls._validate_peer_identity and the reason in Leg.connect.
    async with house() as home:
        anna = Peer("anna")
        home.peers.append(anna)
        offer = await home.hub.join(anna.leg, Seat("anna", anna.publishes, 1))
        other = ":".join(["AB"] * 32)
        await home.hub.answer(anna.leg, anna.answer(offer, fingerprint=other))
        assert anna.offered is not None
        await anna.wire.connect(anna.offered.remote)
        await home.heard.until(("failed", anna.leg, "fingerprint"))
        assert ("connected", anna.leg) not in home.heard.news


async def test_t14_a_leg_whose_checks_never_come_fails_by_name():
    # Guards the timeout in Member.run.
    async with house(handshake_seconds=0.05) as home:
        anna = Peer("anna")
        home.peers.append(anna)
        offer = await home.hub.join(anna.leg, Seat("anna", anna.publishes, 1))
        await home.hub.answer(anna.leg, anna.answer(offer))
        await home.heard.until(("failed", anna.leg, "handshake"))
        assert home.relay.stats().legs == 0


async def test_t15_five_seconds_of_silence_are_told_once_and_so_is_the_return():
    # Guards the silence watch in Member.beat.
    async with house() as home:
        anna, _ = await home.pair()
        anna.send("audio", 1, SOUND)
        await quiet(home, anna)
        protocol, anna.wire._transport.protocol = (
            anna.wire._transport.protocol,
            None,
        )  # answers no more checks
        home.clock.turn(4.5)
        await asyncio.sleep(0.1)  # several beats
        assert ("silent", anna.leg) not in home.heard.news
        home.clock.turn(0.6)
        await home.heard.until(("silent", anna.leg))
        assert home.hub.stats()[anna.leg].line == 0
        anna.send("audio", 2, SOUND)
        await home.heard.until(("heard", anna.leg))
        assert home.heard.news.count(("silent", anna.leg)) == 1
        anna.wire._transport.protocol = protocol


async def test_a_browser_that_closes_is_told_as_closed():
    async with house() as home:
        anna, _ = await home.pair()
        await anna.close()
        await home.heard.until(("failed", anna.leg, "closed_by_peer"))
        assert anna.leg not in home.hub.stats()


async def test_a_browser_that_moves_to_another_port_keeps_its_leg():
    async with house() as home:
        anna, pekka = await home.pair()
        moved = ClientWire(anna._rtp, anna._rtcp, anna.changed)
        assert anna.offered is not None
        remote = anna.offered.remote
        moved.send_raw(check(f"{remote.ufrag}:{anna.wire.ufrag}", remote.pwd.encode()), home.address)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(anna.wire, "send_raw", moved.send_raw)
            anna.send("audio", 1, SOUND)
            await pekka.when(lambda: pekka.packets)
        await moved.close()


async def test_what_a_listener_throws_hurts_nobody():
    class Clumsy(Heard):
        def leg_connected(self, leg_id: str) -> None:
            super().leg_connected(leg_id)
            raise RuntimeError(leg_id)

    async with house() as home:
        clumsy = Clumsy()
        hub = home.relay.open_hub("clumsy", clumsy, observers=True)
        anna = Peer("anna")
        home.peers.append(anna)
        await anna.join(hub)
        await clumsy.until(("connected", anna.leg))
        await home.pair()
