"""The native client sends, repairs, restarts and counts as a browser would."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

pytest.importorskip("bench.load", reason="the bench's clients were not built: no compiler")

from bench.answering import Line
from bench.call import Call
from bench.client import Studio
from bench.clip import Clip, make_clip
from bench.measures import latency
from bench.plain import session
from bench.shapes import visit
from relay.packets import Nack, PictureLoss, ReceiverReport, TransportFeedback, nack, pli
from tests.bench.far_end import LINES, PICTURE, RTX, SOUND, gone, joined, rtp


@pytest.fixture(scope="session")
def clip() -> Clip:
    return make_clip(width=320, height=240, bitrate=300_000, seconds=2)


@pytest.fixture
async def studio(clip: Clip) -> AsyncIterator[Studio]:
    async with Studio(clip) as studio:
        yield studio


def sequence(packet: bytes) -> int:
    return int.from_bytes(packet[2:4], "big")


def picture(packet: bytes) -> bytes:
    """A video packet's part of the frame: after the header, one extension word and the descriptor."""
    return packet[24:]


async def test_it_plays_the_clip_from_its_key_frame_on_and_in_order(studio: Studio, clip: Clip) -> None:
    client, wire = await joined(studio, ("v",), [])
    ssrc = client.sources["v"][0]
    await wire.until(lambda: len(wire.of(ssrc)) >= len(clip.frames[0]) + len(clip.frames[1]))
    sent = wire.of(ssrc)
    expected = [*clip.frames[0], *clip.frames[1]]
    assert [picture(packet) for packet in sent[: len(expected)]] == expected
    numbers = [sequence(packet) for packet in sent]
    assert numbers == [(numbers[0] + index) & 0xFFFF for index in range(len(numbers))]
    assert sent[len(clip.frames[0]) - 1][1] >> 7 == 1
    await gone(client, wire)


async def test_a_lost_packet_goes_out_again_as_rtx(studio: Studio) -> None:
    client, wire = await joined(studio, ("v",), [])
    ssrc, rtx = client.sources["v"]
    assert rtx is not None
    await wire.until(lambda: len(wire.of(ssrc)) > 3)
    lost = wire.of(ssrc)[2]
    wire.send_control(nack(1, ssrc, [sequence(lost)]))
    await wire.until(lambda: bool(wire.of(rtx)))
    (again,) = wire.of(rtx)
    assert again[1] & 0x7F == 97
    assert again[20:22] == lost[2:4]
    assert again[22:] == lost[20:]
    assert client.sent("v")["again"] == 1
    await gone(client, wire)


async def test_a_wanted_picture_begins_the_clip_again(studio: Studio, clip: Clip) -> None:
    client, wire = await joined(studio, ("v",), [])
    ssrc = client.sources["v"][0]
    first = clip.frames[0][0]
    await wire.until(lambda: len(wire.of(ssrc)) > len(clip.frames[0]) + 3)
    wire.send_control(pli(1, ssrc))
    await wire.until(lambda: [picture(packet) for packet in wire.of(ssrc)].count(first) == 2)
    assert client.sent("v")["plis"] == 1
    assert client.sent("v")["frames"] < len(clip.frames)  # it did not simply come round
    await gone(client, wire)


async def test_what_is_missing_is_asked_for_and_taken_from_rtx(studio: Studio) -> None:
    client, wire = await joined(studio, (), LINES)
    await wire.until(lambda: bool(wire.control))
    key_frame = b"\x90\x80\x80\x01" + bytes(20)
    for number in (65534, 65535, 1):  # 0 is lost, on the wrap
        wire.send(rtp(PICTURE, number, key_frame, number))
    await wire.until(lambda: any(isinstance(packet, Nack) for packet in wire.control))
    asked = next(packet for packet in wire.control if isinstance(packet, Nack))
    assert (asked.media_ssrc, list(asked.sequences)) == (PICTURE, [0])
    wire.send(rtp(RTX, 7, b"\0\0" + key_frame, 2, 97))
    await studio.until(lambda: client.came("v0")["recovered"] == 1)
    came = client.came("v0")
    assert (came["packets"], came["missing"], came["lost"], came["repeated"]) == (4, 0, 0, 0)
    wire.send(rtp(PICTURE, 0, key_frame, 3))
    await studio.until(lambda: client.came("v0")["repeated"] == 1)
    await gone(client, wire)


async def test_without_reduced_size_whatever_it_asks_follows_a_report(studio: Studio) -> None:
    client, wire = await joined(studio, (), LINES, compound=True)
    await wire.until(lambda: bool(wire.control))
    for number in (5, 7):
        wire.send(rtp(PICTURE, number, b"\x90\x80\x80\x01\x01" + bytes(20), number))
    wanted = (Nack, PictureLoss, TransportFeedback)
    await wire.until(lambda: all(any(isinstance(one, kind) for one in wire.control) for kind in wanted))
    for before, one in pairwise(wire.control):
        if isinstance(one, wanted):
            assert isinstance(before, ReceiverReport), one
    await gone(client, wire)


async def test_a_client_without_a_key_frame_asks_for_one(studio: Studio) -> None:
    client, wire = await joined(studio, (), LINES)
    await wire.until(lambda: bool(wire.control))
    wire.send(rtp(PICTURE, 5, b"\x90\x80\x80\x01\x01" + bytes(20), 1))
    await wire.until(lambda: any(isinstance(packet, PictureLoss) for packet in wire.control))
    wire.send(rtp(PICTURE, 6, b"\x90\x80\x80\x02" + bytes(20), 2))
    await studio.until(lambda: client.came("v0")["key_frames"] == 1)
    await gone(client, wire)


async def test_its_feedback_names_what_came_and_what_did_not(studio: Studio) -> None:
    client, wire = await joined(studio, (), LINES)
    await wire.until(lambda: bool(wire.control))
    came = [*range(65500, 65536), 0, *range(2, 30)]
    for number in came:
        wire.send(rtp(SOUND, number, bytes(30), number, 111))

    def told() -> dict[int, bool]:
        return {
            number & 0xFFFF: at is not None
            for packet in wire.control
            if isinstance(packet, TransportFeedback)
            for number, at in packet.arrivals
        }

    await wire.until(lambda: len(told()) >= len(came) + 1)
    assert told() == dict.fromkeys(came, True) | {1: False}
    assert any(isinstance(packet, ReceiverReport) for packet in wire.control)
    await gone(client, wire)


async def test_foreign_and_broken_datagrams_are_counted_and_harm_nothing(studio: Studio) -> None:
    client, wire = await joined(studio, (), LINES)
    await wire.until(lambda: bool(wire.control))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for data in (
            b"\x80" * 40,
            b"\x80" * 12,
            b"\x80\xc8" + bytes(30),
            bytes(5),
            b"\x90" * 1400,
            b"\x16" * 100,
        ):
            other.sendto(data, client.wire.local)
    wire.send(rtp(PICTURE + 77, 1, bytes(30), 1))
    bad = rtp(PICTURE, 1, bytes(4), 1)
    wire.send(bytes((bad[0] | 0x20,)) + bad[1:-1] + b"\xff")  # more padding than packet
    await studio.until(lambda: client.faults["malformed"] == 2 and client.faults["strangers"] == 1)
    assert client.faults["unreadable"] == 4
    assert client.came("v0")["packets"] == 0
    await gone(client, wire)


async def test_on_the_floor_every_packet_arrives_and_every_frame_is_timed(studio: Studio) -> None:
    from bench.plain import PlainCalls

    server = PlainCalls()
    await server.start()
    call = Call(0, visit(1), studio)
    for leg in call.shape.legs:
        client = call.client(leg)
        sources = {mid: ssrc for mid, (ssrc, _) in client.sources.items()}
        given = await server.plain(0, leg.name, client.wire.local[1], sources, len(leg.sees))
        keys = (
            session(bytes.fromhex(given["down"]), sending=False),
            session(bytes.fromhex(given["up"]), sending=True),
        )
        lines = [Line(mid, {"a": "audio", "v": "video"}[mid[0]], "", False, ssrc, None, ())
                 for mid, ssrc in given["lines"].items()]  # fmt: skip
        client.begin(client.wire.hand_over(), ("127.0.0.1", given["port"]), keys, lines)
    await server.begin(0, call.shape.seatings)
    call.listen_by_slots()
    studio.open_window()
    await studio.until(lambda: all(line["frames"] > 20 for line in call.lines()))
    studio.close_window()
    await studio.until(lambda: call.delivered()[0] == call.delivered()[1])
    came, sent = call.delivered()
    assert came == sent > 8 * 20
    counts, worst = studio.latencies(0, picture=True)
    assert sum(counts.values()) == sum(
        line.client.came(line.mid)["window_frames"] for line in call.listening if line.sent == "v"
    )
    assert latency(counts, worst).worst >= latency(counts, worst).p50 > 0
    assert call.faults() == 0
    await call.close()
    await server.stop()


async def test_a_client_that_left_is_heard_no_more_and_the_others_go_on(studio: Studio, clip: Clip) -> None:
    one, wire_one = await joined(studio, ("a",), [])
    two, wire_two = await joined(studio, ("a",), LINES)
    await wire_one.until(lambda: len(wire_one.packets) > 3)
    two.expect("a0", one, "a")
    await gone(one, wire_one)
    before = len(wire_two.packets)
    await wire_two.until(lambda: len(wire_two.packets) > before + 5)
    wire_two.send(rtp(SOUND, 1, clip.sounds[0], 1, 111))  # known while the one who sent it was there
    await studio.until(lambda: two.came("a0")["unknown"] == 1)
    await gone(two, wire_two)


def test_a_clip_that_cannot_be_told_apart_is_refused() -> None:
    from bench import load  # type: ignore[attr-defined]  # compiled

    for units in ([], [[b"x" * 8]], [[b"x" * 40], [b"x" * 40]], [[b"x" * 1500]]):
        with pytest.raises(ValueError, match="clip"):
            load.Reel(units, rate=90000, ticks=3000, period=1 / 30, picture=True)
