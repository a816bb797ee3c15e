"""What is rewritten, what is stripped, and what the gates let through."""

from __future__ import annotations

from relay.packets import PictureLoss, vp8_payload
from tests.relay.peers import ALL, Packet, Peer, house, picture, quiet

SOUND = b"\x78opus"


def picture_id(packet: Packet) -> int:
    start = vp8_payload(packet.payload)
    assert start is not None
    assert start.picture_id is not None
    return start.picture_id


async def test_sound_arrives_whole_under_the_slots_ssrc_with_contiguous_numbers():
    async with house() as home:
        anna, pekka = await home.pair()
        for number in range(20):
            anna.send("audio", 65530 + number, SOUND + bytes((number,)), timestamp=960 * number, wide=number)
        await pekka.when(lambda: len(pekka.got(pekka.slot("a0"))) == 20)
        got = pekka.got(pekka.slot("a0"))
        assert [packet.payload[-1] for packet in got] == list(range(20))
        first = got[0].header.sequence
        assert [packet.header.sequence for packet in got] == [(first + n) & 0xFFFF for n in range(20)]
        assert {packet.header.timestamp - 960 * n for n, packet in enumerate(got)} == {0}


async def test_the_publishers_extensions_are_stripped_and_the_slot_carries_the_servers_own_count():
    async with house() as home:
        anna, pekka = await home.pair()
        for number in range(5):
            anna.send("audio", number, SOUND, wide=40000 + 7 * number)
        await pekka.when(lambda: len(pekka.got(pekka.slot("a0"))) == 5)
        words = [packet.extension for packet in pekka.got(pekka.slot("a0"))]
        assert [word[0] for word in words] == [0x31] * 5
        counts = [int.from_bytes(word[1:3], "big") for word in words]
        assert counts == list(range(counts[0], counts[0] + 5))
        assert counts[0] < 1000


async def test_a_picture_begins_with_a_keyframe_that_was_asked_for():
    async with house() as home:
        anna, pekka = await home.pair()
        await anna.when(lambda: anna.told(PictureLoss))
        anna.send("video", 1, picture(1))
        anna.send("video", 2, picture(2, key=True))
        anna.send("video", 3, picture(3))
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 2)
        assert [picture_id(packet) for packet in pekka.got(pekka.slot("v0"))] == [2, 3]


async def test_before_release_and_while_held_nothing_leaves():
    async with house() as home:
        anna, pekka = await home.pair()
        home.hub.hold()
        anna.send("audio", 1, SOUND)
        anna.send("video", 1, picture(1, key=True))
        await quiet(home, anna)
        home.hub.release()
        anna.send("audio", 2, SOUND + b"after")
        await pekka.when(lambda: pekka.packets)
        assert [packet.payload for packet in pekka.packets] == [SOUND + b"after"]


async def test_after_a_hold_numbers_go_on_and_a_keyframe_is_asked():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("audio", 1, SOUND)
        anna.send("video", 1, picture(1, key=True), timestamp=3000)
        await pekka.when(lambda: len(pekka.packets) == 2)
        home.hub.hold()
        for number in range(2, 50):
            anna.send("audio", number, SOUND)
            anna.send("video", number, picture(number), timestamp=3000 * number)
        await quiet(home, anna)
        asked = len(anna.told(PictureLoss))
        home.hub.release()
        await anna.when(lambda: len(anna.told(PictureLoss)) > asked)
        anna.send("audio", 50, SOUND)
        anna.send("video", 50, picture(50), timestamp=150000)
        anna.send("video", 51, picture(51, key=True), timestamp=153000)
        await pekka.when(lambda: len(pekka.packets) == 4)
        sound, video = pekka.got(pekka.slot("a0")), pekka.got(pekka.slot("v0"))
        assert sound[1].header.sequence == sound[0].header.sequence + 1
        assert sound[1].header.timestamp == 50 * 960  # the publisher's own clock went on
        assert video[1].header.sequence == video[0].header.sequence + 1
        assert [picture_id(packet) for packet in video] == [1, 2]


async def test_mute_is_enforced_here_and_not_asked_of_the_browser():
    async with house() as home:
        anna, pekka = await home.pair()
        home.hub.mute("anna", audio=True, video=False)
        anna.send("audio", 1, SOUND)
        anna.send("video", 1, picture(1, key=True))
        await pekka.when(lambda: pekka.got(pekka.slot("v0")))
        await quiet(home, anna)
        assert not pekka.got(pekka.slot("a0"))
        home.hub.mute("anna", audio=False, video=True)
        anna.send("video", 2, picture(2))
        anna.send("audio", 2, SOUND)
        await pekka.when(lambda: pekka.got(pekka.slot("a0")))
        assert len(pekka.got(pekka.slot("v0"))) == 1


async def test_another_picture_takes_the_slot_at_its_keyframe_and_every_counter_goes_on():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 7000, picture(5000, key=True), timestamp=90000)
        anna.send("video", 7001, picture(5001), timestamp=93000)
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 2)
        home.hub.seat(pekka.leg, 0, "anna", audio=True, video="preview")
        anna.send("video", 7002, picture(5002), timestamp=96000)
        anna.send("preview", 20, picture(3), timestamp=4)
        anna.send("preview", 21, picture(4, key=True), timestamp=3004)
        anna.send("video", 7003, picture(5003), timestamp=99000)
        anna.send("preview", 22, picture(5), timestamp=6004)
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 5)
        got = pekka.got(pekka.slot("v0"))
        first = got[0].header.sequence
        assert [packet.header.sequence for packet in got] == list(range(first, first + 5))
        assert [picture_id(packet) for packet in got] == [5000, 5001, 5002, 5003, 5004]
        stamps = [packet.header.timestamp for packet in got]
        assert stamps == sorted(stamps)
        assert stamps[4] - stamps[3] == 3000


async def test_a_packet_of_another_payload_type_or_twice_the_same_goes_nowhere():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("audio", 1, SOUND)
        anna.send("audio", 2, SOUND, payload_type=96)
        await quiet(home, anna)
        assert home.drops("payload type") == 1
        anna.send("video", 1, picture(1, key=True))
        anna.send_rtx("video", 1, 1, picture(1, key=True), 960)
        await quiet(home, anna)
        assert home.drops("duplicate") == 1
        anna.send("audio", 3, SOUND + b"last")
        await pekka.when(lambda: pekka.packets and pekka.packets[-1].payload.endswith(b"last"))
        assert len(pekka.packets) == 3


async def test_a_late_packet_from_before_a_switch_is_not_sent_into_the_new_numbers():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("video", 1, picture(1))
        anna.send("video", 3, picture(3, key=True))
        anna.send_rtx("video", 1, 2, picture(2), 2 * 960)
        anna.send("video", 4, picture(4))
        await pekka.when(lambda: len(pekka.got(pekka.slot("v0"))) == 2)
        assert [picture_id(packet) for packet in pekka.got(pekka.slot("v0"))] == [3, 4]


async def test_a_party_that_joins_again_takes_over_its_slots():
    async with house() as home:
        anna, pekka = await home.pair()
        anna.send("audio", 1, SOUND)
        await pekka.when(lambda: pekka.packets)
        again = Peer("anna", ALL)
        home.peers.append(again)
        await again.join(home.hub)
        await home.heard.until(("failed", anna.leg, "replaced"), ("connected", again.leg))
        again.send("audio", 9000, SOUND + b"again")
        await pekka.when(lambda: len(pekka.packets) == 2)
        got = pekka.got(pekka.slot("a0"))
        assert got[1].payload.endswith(b"again")
        assert got[1].header.sequence == got[0].header.sequence + 1


async def test_sound_and_picture_are_chosen_apart():
    async with house() as home:
        anna = await home.peer("anna")
        officer = await home.peer("officer", frozenset(), 1)
        home.hub.seat(officer.leg, 0, "anna", audio=False, video="preview")
        home.hub.release()
        anna.send("audio", 1, SOUND)
        anna.send("video", 1, picture(1, key=True))
        anna.send("preview", 1, picture(9, key=True))
        await officer.when(lambda: officer.packets)
        await quiet(home, anna)
        assert [picture_id(packet) for packet in officer.packets] == [9]
