"""RTP headers, extensions, RTX and VP8's descriptor: what is read, what is written, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.packets import (
    Unwrapper,
    header_extension,
    is_rtcp,
    parse_rtp,
    sequence_newer,
    set_vp8_ids,
    unwrap_rtx,
    vp8_payload,
    wrap_rtx,
)

PLAIN = bytes.fromhex("80 e0 1234 00010203 deadbeef") + b"payload"
# RFC 8285 section 4.2: BEDE, two words: id 3 (two bytes), a padding byte, id 1 (one byte), padding
ONE_BYTE = bytes.fromhex("90 60 0001 00000002 00000003 bede 0002 31abcd 00 10ff 0000") + b"x"
# section 4.3: profile 1000, id 3 of two bytes, id 5 of none, padding
TWO_BYTE = bytes.fromhex("90 60 0001 00000002 00000003 1000 0002 0302abcd 0500 0000") + b"x"


def test_a_plain_packet_is_read() -> None:
    header = parse_rtp(PLAIN)
    assert (header.payload_type, header.marker, header.sequence) == (96, True, 0x1234)
    assert (header.timestamp, header.ssrc) == (0x00010203, 0xDEADBEEF)
    assert PLAIN[header.header_size :] == b"payload"


def test_contributing_sources_extension_and_padding_move_the_payload() -> None:
    packet = (
        bytes.fromhex("b2 6f 0001 00000002 00000003 00000004 00000005 bede 0001 31abcd00")
        + b"data"
        + b"\0\0\x03"
    )
    header = parse_rtp(packet)
    assert packet[header.header_size : len(packet) - header.padding] == b"data"
    assert header_extension(packet, header, 3) == b"\xab\xcd"


@pytest.mark.parametrize("packet", [ONE_BYTE, TWO_BYTE])
def test_both_forms_of_header_extension_are_read(packet: bytes) -> None:
    header = parse_rtp(packet)
    assert header_extension(packet, header, 3) == b"\xab\xcd"
    assert header_extension(packet, header, 7) is None
    assert header_extension(memoryview(packet), header, 3) == b"\xab\xcd"


def test_an_empty_element_of_the_two_byte_form_is_an_empty_value() -> None:
    assert header_extension(TWO_BYTE, parse_rtp(TWO_BYTE), 5) == b""


def test_id_fifteen_ends_the_one_byte_form() -> None:
    packet = bytes.fromhex("90 60 0001 00000002 00000003 bede 0001 f0 31abcd")
    assert header_extension(packet, parse_rtp(packet), 3) is None


def test_an_extension_of_another_profile_is_passed_over() -> None:
    packet = bytes.fromhex("90 60 0001 00000002 00000003 1234 0001 31abcd00")
    assert header_extension(packet, parse_rtp(packet), 3) is None


@pytest.mark.parametrize("element", ["3fabcdef", "000000 31", "10aa37ff"])
def test_an_extension_element_that_runs_out_of_its_space_is_refused(element: str) -> None:
    packet = bytes.fromhex("90 60 0001 00000002 00000003 bede 0001" + element) + bytes(40)
    with pytest.raises(ValueError, match="cut off"):
        header_extension(packet, parse_rtp(packet), 3)


def test_a_two_byte_element_that_runs_out_of_its_space_is_refused() -> None:
    packet = bytes.fromhex("90 60 0001 00000002 00000003 1000 0001 03ff0000") + bytes(400)
    with pytest.raises(ValueError, match="cut off"):
        header_extension(packet, parse_rtp(packet), 3)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        PLAIN[:11],
        b"\x40" + PLAIN[1:],
        b"\x8f" + PLAIN[1:],
        b"\x90" + PLAIN[1:12] + b"\xbe\xde\x00",
        b"\x90" + PLAIN[1:12] + b"\xbe\xde\xff\xff",
        b"\xa0" + PLAIN[1:-1] + b"\x00",
        b"\xa0" + PLAIN[1:-1] + b"\x08",
        b"\xa0" + PLAIN[1:12],
    ],
)
def test_a_packet_whose_lengths_lie_is_refused(packet: bytes) -> None:
    with pytest.raises(ValueError, match="RTP"):
        parse_rtp(packet)


@given(
    st.binary(max_size=200), st.sampled_from([b"\x80", b"\x90", b"\xb1", b"\xa0", b""]), st.integers(0, 255)
)
def test_any_bytes_are_a_packet_or_a_value_error(data: bytes, first: bytes, ext_id: int) -> None:
    packet = first + data
    try:
        header = parse_rtp(packet)
        assert 12 <= header.header_size <= len(packet) - header.padding
        header_extension(packet, header, ext_id)
        unwrap_rtx(packet, header, ssrc=1, payload_type=96)
        vp8_payload(packet[header.header_size :])
    except ValueError:
        pass


@given(st.binary(max_size=64), st.sampled_from([PLAIN, ONE_BYTE]), st.integers(0, 0xFFFF))
def test_a_retransmission_gives_back_the_packet_it_wraps(payload: bytes, head: bytes, sequence: int) -> None:
    packet = head + payload
    wrapped = wrap_rtx(packet, parse_rtp(packet), ssrc=77, payload_type=97, sequence=sequence)
    header = parse_rtp(wrapped)
    assert (header.ssrc, header.payload_type, header.sequence) == (77, 97, sequence)
    original = parse_rtp(packet)
    assert unwrap_rtx(wrapped, header, ssrc=original.ssrc, payload_type=96) == packet


def test_a_probe_of_padding_alone_wraps_nothing() -> None:
    probe = bytes.fromhex("a0 61 0001 00000002 00000003") + bytes(9) + b"\x0a"
    assert unwrap_rtx(probe, parse_rtp(probe), ssrc=1, payload_type=96) is None


def test_a_retransmission_too_short_for_its_sequence_number_is_refused() -> None:
    packet = bytes.fromhex("80 61 0001 00000002 00000003 00")
    with pytest.raises(ValueError, match="RTX"):
        unwrap_rtx(packet, parse_rtp(packet), ssrc=1, payload_type=96)


# RFC 7741 section 4.6.1: key frame in a single packet, two-byte picture id, here of 320 x 240
KEY_FRAME = bytes.fromhex("90 80 9234 10 02 00 9d012a 4001 f000") + b"rest"


def test_a_vp8_key_frame_tells_its_size_and_picture_id() -> None:
    start = vp8_payload(KEY_FRAME)
    assert start is not None
    assert (start.start, start.keyframe, start.width, start.height) == (True, True, 320, 240)
    assert (start.picture_id, start.picture_id_bits, start.tl0, start.header_size) == (0x1234, 15, None, 4)


def test_the_scaling_bits_are_no_part_of_the_size() -> None:
    start = vp8_payload(bytes.fromhex("10 02 00 00 9d012a 40c1 f040"))
    assert start is not None
    assert (start.width, start.height) == (320, 240)


def test_a_delta_frame_has_no_size() -> None:
    start = vp8_payload(bytes.fromhex("90 f0 7f 11 60 01 00"))
    assert start is not None
    assert (start.start, start.keyframe, start.width) == (True, False, None)
    assert (start.picture_id, start.picture_id_bits, start.tl0, start.header_size) == (0x7F, 7, 0x11, 5)


def test_the_rest_of_a_frame_is_no_start() -> None:
    start = vp8_payload(bytes.fromhex("80 80 05 00 ff"))
    assert start is not None
    assert not start.start
    assert not start.keyframe


def test_a_payload_without_extension_has_no_picture_id() -> None:
    start = vp8_payload(b"\x00x")
    assert start is not None
    assert (start.picture_id, start.tl0, start.header_size) == (None, None, 1)


def test_an_empty_payload_is_no_frame() -> None:
    assert vp8_payload(b"") is None


@pytest.mark.parametrize(
    "payload", ["10", "90", "9080", "908081", "90e005", "90800102 00", "10000000ffffff40010001"]
)
def test_a_vp8_payload_that_is_cut_off_or_no_key_frame_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="VP8"):
        vp8_payload(bytes.fromhex(payload))


@given(st.binary(max_size=20))
def test_any_bytes_are_a_vp8_payload_or_a_value_error(data: bytes) -> None:
    try:
        start = vp8_payload(data)
    except ValueError:
        return
    assert start is None or start.header_size < len(data)


@pytest.mark.parametrize(
    "payload", ["90c0 9234 05 01", "90c0 12 05 01", "9080 9234 01", "9040 05 01", "10 01"]
)
def test_other_ids_are_written_where_there_are_some(payload: str) -> None:
    packet = bytearray(b"head" + bytes.fromhex(payload))
    before = vp8_payload(packet[4:])
    assert before is not None
    set_vp8_ids(packet, 4, before, picture_id=0x7FF1, tl0=300)
    after = vp8_payload(packet[4:])
    assert after is not None
    assert packet[4 + after.header_size :] == b"\x01"
    assert after.picture_id == {15: 0x7FF1, 7: 0x71, 0: None}[before.picture_id_bits]
    assert after.tl0 == (None if before.tl0 is None else 44)


def test_sequence_numbers_are_compared_over_the_wrap() -> None:
    assert sequence_newer(1, 0)
    assert sequence_newer(0, 0xFFFF)
    assert not sequence_newer(0xFFFF, 0)
    assert not sequence_newer(5, 5)
    assert not sequence_newer(0x8000, 0)


@pytest.mark.parametrize("bits", [16, 32])
@given(steps=st.lists(st.integers(-100, 3000), max_size=100), first=st.integers(0, 0xFFFF))
def test_an_unwrapped_counter_follows_the_true_one(bits: int, steps: list[int], first: int) -> None:
    mask = (1 << bits) - 1
    true = mask - first
    unwrapper = Unwrapper(bits)
    assert unwrapper.unwrap(true & mask) == true
    for step in steps:
        true = true + step
        assert unwrapper.unwrap(true & mask) == true


def test_rtcp_and_rtp_are_told_apart_by_the_second_byte() -> None:
    assert is_rtcp(bytes.fromhex("80c8"))
    assert is_rtcp(bytes.fromhex("81ce0002"))
    assert not is_rtcp(PLAIN)
    assert not is_rtcp(b"\x80")
    assert not is_rtcp(b"\x16\xc8")
