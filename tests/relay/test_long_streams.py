"""Streams that wrap, jump and begin anew: repairs go on, and no number of a slot is ever used for two packets."""

from __future__ import annotations

import struct

import pytest
from pylibsrtp import Policy

from relay.packet_path import why_not_native
from relay.table import EPOCH_REACH
from tests.relay.odd_packets import PROFILES, RTX_TYPE, TYPES, home_of, session
from tests.relay.path_sides import NativeSide, PythonSide, Side

KEYFRAME = b"\x90\x80\x12\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01"
DELTA = b"\x90\x80\x12\x31\x00\x00"
ANNA = {"audio": 0, "video": 1, "preview": 2}


class Studio:
    """Anna sends, one slot of Pekka shows her."""

    def __init__(self, side: type[Side], kind: str) -> None:
        self.side = side(3, PROFILES[0])
        self.kind = kind
        self.keys = session(PROFILES[0], 10, Policy.SSRC_ANY_OUTBOUND)
        self.track = self.side.tracks["anna", kind]
        self.output = self.side.outputs["pekka", 0, "audio" if kind == "audio" else "video"]
        self.rtx = 0
        self.track.open = True
        self.track.wait(self.output)

    def _feed(self, ssrc: int, payload_type: int, sequence: int, payload: bytes) -> list[bytes]:
        self.side.paths["anna"].grant(10, 10_000, 0)
        head = struct.pack("!BBHII", 0x80, payload_type, sequence & 0xFFFF, sequence & 0xFFFF, ssrc)
        self.side.feed(self.keys.protect(head + payload), home_of(0))
        return [data for data, _ in self.side.taken()]

    def send(self, sequence: int, payload: bytes, kind: str = "") -> list[bytes]:
        """What leaves for it."""
        kind = kind or self.kind
        return self._feed(ANNA[kind], TYPES[kind], sequence, payload)

    def repair(self, sequence: int, payload: bytes) -> list[bytes]:
        self.rtx += 1
        number = sequence.to_bytes(2, "big")
        return self._feed(ANNA[self.kind] + 50, RTX_TYPE, self.rtx, number + payload)

    def resend(self, sequence: int) -> list[bytes]:
        self.side.sender.resend(self.output, (sequence,), -1_000_000_000)
        return [data for data, _ in self.side.taken()]

    def go_on(self, sequence: int, packets: int) -> int:
        """With gaps too small to begin anew and never filled; the last number."""
        last = sequence
        for last in range(sequence + 200, sequence + packets, 200):
            assert len(self.send(last, DELTA)) == 1
            self.track.forget_holes()
        return last


def number(datagram: bytes) -> int:
    return int(struct.unpack_from("!H", datagram, 2)[0])


@pytest.fixture(
    params=[
        PythonSide,
        pytest.param(
            NativeSide, marks=pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))
        ),
    ]
)
def side(request: pytest.FixtureRequest) -> type[Side]:
    kind: type[Side] = request.param
    return kind


@pytest.mark.parametrize("minutes", [40_000, 70_000, 100_000])
def test_a_picture_is_repaired_both_ways_however_long_it_has_run(side, minutes):
    studio = Studio(side, "video")
    studio.send(65_000, KEYFRAME)
    last = studio.go_on(65_000, minutes)
    (shown,) = studio.send(last + 2, DELTA)
    (late,) = studio.send(last + 1, DELTA + b"late")
    assert number(late) == (number(shown) - 1) & 0xFFFF
    (again,) = studio.resend(number(shown))
    assert len(again) == len(shown) + 2
    assert not studio.resend((number(shown) - EPOCH_REACH * 2) & 0xFFFF)


def test_sound_is_repaired_however_long_it_has_run(side):
    studio = Studio(side, "audio")
    studio.send(1, b"first")
    last = studio.go_on(1, 40_000)
    (heard,) = studio.send(last + 1, b"opus")
    assert studio.resend(number(heard)) == [heard]


def test_what_was_heard_before_a_hold_is_not_sent_again_after_it(side):
    studio = Studio(side, "audio")
    (before,) = studio.send(1, b"before")
    studio.track.shut()
    assert not studio.resend(number(before))
    studio.track.open = True
    studio.track.wait(studio.output)
    (after,) = studio.send(2, b"after")
    assert not studio.resend(number(before))
    assert studio.resend(number(after)) == [after]


def test_who_was_turned_away_from_a_picture_can_ask_for_nothing_of_it(side):
    """The source goes on, and its later packets would answer to the numbers that the slot has not reached yet."""
    studio = Studio(side, "video")
    (shown,) = studio.send(1, KEYFRAME)
    studio.output.detach()
    for sequence in range(2, 50):
        assert not studio.send(sequence, DELTA)
    for ahead in range(50):
        assert not studio.resend(number(shown) + ahead)


def test_a_source_that_begins_anew_does_not_take_back_a_slot_that_was_pointed_elsewhere(side):
    studio = Studio(side, "video")
    assert studio.send(1, KEYFRAME)
    preview = studio.side.tracks["anna", "preview"]
    preview.open = True
    preview.wait(studio.output)
    assert studio.send(2, DELTA)  # until the other begins
    assert not studio.send(1000, DELTA)
    assert studio.send(1, KEYFRAME, "preview")
    assert not studio.send(1001, KEYFRAME)
    assert studio.send(2, DELTA, "preview")
    studio.output.detach()
    preview.wait(studio.output)
    studio.output.detach()
    assert not studio.send(3, KEYFRAME, "preview")


@pytest.mark.parametrize("jumps", [(14_000, 11_000, 13_998), (40_000, 5_000, 30_000, 25_000)])
def test_a_picture_that_begins_anew_never_uses_a_number_twice(side, jumps):
    """RFC 7714 section 8.1: two packets under one index give the authentication key away.

    A retransmission names any number it likes, so its sender could steer the slot's numbers back.
    """
    studio = Studio(side, "video")
    numbers = [number(data) for data in studio.send(10_000, KEYFRAME)]
    for at, jump in enumerate(jumps):
        for step in range(3):
            sent = studio.repair(jump + step, (DELTA if step else KEYFRAME) + bytes((at, step)))
            numbers += [number(data) for data in sent]
    first = numbers[0]
    assert numbers == [(first + step) & 0xFFFF for step in range(1 + 3 * len(jumps))]
    assert not studio.side.table.dropped()
