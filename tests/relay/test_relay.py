"""The relay as a whole: other event loops, many legs, and nothing left behind."""

from __future__ import annotations

import asyncio

import pytest
import uvloop

from relay.hub import HubClosed, Seat
from relay.port import Port
from relay.relay import Relay, RelaySettings
from tests.relay.peers import Heard, Peer, house, quiet

SOUND = b"\x78opus"


def test_it_runs_on_uvloop():
    async def talk() -> None:
        async with house() as home:
            anna, pekka = await home.pair()
            anna.send("audio", 1, SOUND)
            await pekka.when(lambda: pekka.packets)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(talk())


async def test_legs_that_came_and_went_leave_nothing_behind():
    async with house() as home:
        for _ in range(3):
            legs = await asyncio.gather(*(home.peer(f"party{number}") for number in range(4)))
            for leg in legs:
                home.hub.seat(leg.leg, 0, "party0", audio=True, video="main")
            home.hub.release()
            legs[0].send("audio", 1, SOUND)
            await legs[1].got_any()
            for leg in legs:
                await home.hub.leave(leg.leg)
        relay = home.relay
        assert relay.stats().legs == 0
        assert not relay._table.paths
        assert not relay._shield._book
        assert not relay._shield._by_ufrag


async def test_calls_on_one_port_do_not_hear_each_other():
    async with house() as home:
        anna, pekka = await home.pair()
        other = home.relay.open_hub("other", heard := Heard(), observers=True)
        maria = Peer("pekka")
        home.peers.append(maria)
        await maria.join(other)
        await heard.until(("connected", maria.leg))
        other.seat(maria.leg, 0, "anna", audio=True, video="main")
        other.release()
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.packets)
        await quiet(home, maria)
        assert not maria.packets


async def test_a_closed_hub_takes_nobody_and_its_legs_are_gone():
    async with house() as home:
        await home.pair()
        await home.hub.close()
        assert home.relay.stats().legs == 0
        with pytest.raises(HubClosed):
            await home.hub.join("late", Seat("late", frozenset({"audio"}), 1))


async def test_stop_ends_calls_that_still_run():
    relay = Relay(RelaySettings(host="127.0.0.1"))
    await relay.start()
    hub = relay.open_hub("running", Heard(), observers=True)
    await hub.join("leg", Seat("anna", frozenset({"audio"}), 1))
    await relay.stop()
    assert relay.stats().legs == 0


def test_the_offer_lists_what_was_set_or_loopback_and_every_interface():
    port = Port("0.0.0.0", 0)
    try:
        assert port.candidates(("192.0.2.1", "192.0.2.2:9")) == [("192.0.2.1", port.number), ("192.0.2.2", 9)]
        assert port.candidates(())[0] == ("127.0.0.1", port.number)
    finally:
        port.close()
