"""Rows T4-T6, T9, T13: what a logged-in leg may do to others."""

from __future__ import annotations

import asyncio
import struct

import pytest

from relay.forwarder import MAX_CONTROL_SOURCES
from relay.hub import DescriptionRefused, ObserversRefused, RelayFull, Seat
from relay.packets import ReceiverReport, nack, pli
from relay.shield import RESEND_BURST, Limits
from tests.relay.peers import Heard, Peer, house, picture, quiet

SOUND = b"\x78opus"


class NoTap:
    def track(self, number: int, party: str, kind: str, leg_id: str, clock_rate: int) -> None:
        raise AssertionError

    def push(self, batch: bytes) -> None:
        raise AssertionError


async def test_t4_a_flood_is_cut_to_its_limit_and_the_others_lose_nothing():
    # Guards "too fast" in Forwarder._media.
    async with house(limits=Limits(packets=100, packet_burst=150)) as home:
        anna, pekka = await home.pair()
        other = home.relay.open_hub("other", heard := Heard(), observers=False)
        maria, veikko = Peer("maria"), Peer("veikko")
        home.peers += [maria, veikko]
        await asyncio.gather(maria.join(other), veikko.join(other))
        await heard.until(("connected", maria.leg), ("connected", veikko.leg))
        other.seat(veikko.leg, 0, "maria", audio=True, video="main")
        other.release()
        for number in range(2000):
            anna.send("audio", number, SOUND)
            if number % 20 == 0:
                maria.send("audio", number // 20, SOUND)
                await asyncio.sleep(0)
        await quiet(home, anna)
        await veikko.when(lambda: len(veikko.packets) == 100)
        assert home.drops("too fast") > 1000
        assert len(pekka.packets) < 1000


async def test_t4_resending_has_a_budget_and_one_packet_is_resent_once_per_round_trip():
    # Guards Subscription.nacked: on a full line resending everything would push out what is asked for.
    async with house() as home:
        anna, pekka = await home.pair()
        for number in range(100):
            anna.send("video", number, picture(number, bytes(1000), key=number == 0))
        await pekka.when(lambda: len(pekka.packets) == 100)
        sequences = [packet.header.sequence for packet in pekka.packets]
        for _ in range(5):
            pekka.wire.send_rtcp(nack(1, pekka.slot("v0"), sequences[:3]))
        await quiet(home, pekka)
        await pekka.when(lambda: len(pekka.got(pekka.slot_rtx("v0"))) == 3)
        for start in range(0, 100, 20):
            pekka.wire.send_rtcp(nack(1, pekka.slot("v0"), sequences[start : start + 20]))
        await quiet(home, pekka)
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        resent = sum(len(packet.payload) for packet in pekka.got(pekka.slot_rtx("v0")))
        assert resent < RESEND_BURST + 100 * 1100 // 4 + 1100
        assert len(pekka.got(pekka.slot_rtx("v0"))) < 60


async def test_t5_sources_that_were_not_announced_are_dropped_and_told_once():
    # Guards the look-up of path.tracks before any decryption in Forwarder._media.
    async with house() as home:
        anna, pekka = await home.pair()
        for ssrc in range(1, 700):
            anna.send("audio", 1, SOUND, ssrc=ssrc)
        await quiet(home, anna)
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.packets)
        assert len(pekka.packets) == 1
        assert home.heard.news.count(("intruded", anna.leg, "media that was not announced")) == 1
        told = len(anna.told(ReceiverReport))
        await anna.when(lambda: len(anna.told(ReceiverReport)) > told)  # the reports go on
        assert home.drops("unannounced media") == 699


async def test_t5_control_from_ever_new_sources_is_dropped():
    # Guards MAX_CONTROL_SOURCES in Forwarder._control.
    async with house() as home:
        anna, _ = await home.pair()
        for ssrc in range(100):
            anna.wire.send_rtcp(pli(ssrc, 1))
        await quiet(home, anna)
        assert home.drops("too many control sources") == 100 - MAX_CONTROL_SOURCES


async def test_t6_authentic_but_malformed_packets_are_counted_and_end_nothing():
    # Guards the length checks in Forwarder._media and the ValueError in Relay.control.
    async with house() as home:
        anna, pekka = await home.pair()
        ssrc = anna.ssrcs["audio"]
        long_extension = struct.pack("!BBHIIHH", 0x90, 111, 1, 0, ssrc, 0xBEDE, 500) + bytes(8)
        short_element = struct.pack("!BBHIIHHB", 0x90, 111, 2, 0, ssrc, 0xBEDE, 1, 0x1F) + bytes(11)
        padding = struct.pack("!BBHII", 0xA0, 111, 3, 0, ssrc) + b"\xff"
        for packet in (long_extension, short_element, padding):
            anna.wire.send_rtp(packet)
        for control in (
            struct.pack("!BBHI", 0x81, 201, 1, 9),  # a report block that is not there
            struct.pack("!BBHIIHHI", 0x8F, 205, 4, 9, 0, 1, 65535, 0),
            struct.pack("!BBHI", 0x81, 200, 900, 9),
        ):
            anna.wire.send_rtcp(control)
        await quiet(home, anna)
        anna.send("audio", 10, SOUND)
        await pekka.when(lambda: pekka.packets and pekka.packets[-1].payload == SOUND)
        assert len(pekka.packets) == 1
        assert home.drops("malformed") == 2  # libsrtp refuses to protect the third
        assert home.drops("malformed control") >= 2
        assert home.drops("exception") == 0


async def test_t6_a_picture_that_is_no_vp8_waits_for_ever_and_ends_nothing():
    # Guards table.picture_start in Forwarder._splice.
    async with house() as home:
        anna, pekka = await home.pair()
        for number, payload in enumerate((b"", b"\x90", b"\x90\x80", b"\x90\x80\x80", b"\x10", b"\x10\x00")):
            anna.send("video", number, payload)
        await quiet(home, anna)
        anna.send("video", 20, picture(20, key=True))
        await pekka.when(lambda: pekka.packets)
        assert home.relay.stats().legs == 2


async def test_t6_rubbish_in_a_running_picture_stops_no_gate():
    # Guards table.picture_start: detaching reads the last packet's picture id.
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.packets)
        anna.send("video", 2, b"\x90")
        await pekka.when(lambda: len(pekka.packets) == 2)
        home.hub.hold()
        anna.send("video", 3, picture(3, key=True))
        await quiet(home, anna)
        home.hub.release()
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        assert len(pekka.packets) == 3


async def test_t9_an_answer_with_more_than_was_offered_changes_nothing_and_is_told():
    # Guards the refusal in Hub.answer, before a line of it reaches aiortc.
    async with house() as home:
        anna = Peer("anna")
        home.peers.append(anna)
        offer = await home.hub.join(anna.leg, Seat("anna", anna.publishes, 1))
        good = anna.answer(offer)
        with pytest.raises(DescriptionRefused):
            await home.hub.answer(anna.leg, good + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n")
        assert [news[0] for news in home.heard.news] == ["intruded"]
        await home.hub.answer(anna.leg, good)
        assert anna.offered is not None
        await anna.wire.connect(anna.offered.remote)
        await home.heard.until(("connected", anna.leg))


async def test_t13_a_watcher_that_sends_media_is_closed_and_nothing_of_it_is_forwarded():
    # Guards the drop in Hub.stranger.
    async with house() as home:
        anna, _ = await home.pair()
        officer = await home.peer("officer", frozenset(), 2)
        officer.ssrcs["audio"] = 4711
        officer.send("audio", 1, SOUND)
        await home.heard.until(
            ("intruded", officer.leg, "a watcher sent media"), ("failed", officer.leg, "intrusion")
        )
        assert officer.leg not in home.hub.stats()
        await quiet(home, anna)
        assert not anna.packets


async def test_t13_a_forged_packet_does_not_close_a_watcher():
    # Guards `authentic()` in Hub.stranger.
    async with house() as home:
        officer = await home.peer("officer", frozenset(), 2)
        officer.wire.send_raw(struct.pack("!BBHII", 0x80, 111, 1, 1, 4711) + bytes(60), home.address)
        await quiet(home, officer)
        assert officer.leg in home.hub.stats()


async def test_a_hub_without_observers_refuses_every_tap_and_every_watcher_for_ever():
    # Guards the first lines of Hub.tap and Hub.join.
    async with house(observers=False) as home:
        await home.pair()
        with pytest.raises(ObserversRefused):
            home.hub.tap(NoTap(), parties=frozenset({"anna"}), audio=True, video=True)
        with pytest.raises(ObserversRefused):
            await home.hub.join("officer", Seat("officer", frozenset(), 2))
        assert len(home.hub.stats()) == 2


async def test_more_legs_than_allowed_are_refused_and_the_others_go_on():
    async with house(max_legs=2) as home:
        await home.pair()
        with pytest.raises(RelayFull):
            await home.hub.join("third", Seat("third", frozenset(), 1))
        assert len(home.hub.stats()) == 2
