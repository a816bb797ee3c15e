"""RTCP both ways: reports, feedback and congestion feedback, with vectors made by hand from the RFCs."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.packets import (
    Arrival,
    FullIntra,
    Goodbye,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
    TransportFeedback,
    bye,
    fir,
    last_arrival,
    nack,
    parse_rtcp,
    pli,
    rr,
    sdes,
    sr,
    twcc_feedback,
)

WORD = st.integers(0, 0xFFFFFFFF)
BLOCKS = st.lists(
    st.builds(
        ReportBlock, WORD, st.integers(0, 255), st.integers(-(1 << 23), (1 << 23) - 1), WORD, WORD, WORD, WORD
    ),
    max_size=31,
).map(tuple)


@given(st.builds(SenderReport, WORD, st.integers(0, (1 << 64) - 1), WORD, WORD, WORD, BLOCKS))
def test_a_sender_report_is_read_as_written(report: SenderReport) -> None:
    assert parse_rtcp(sr(report)) == [report]


@given(WORD, BLOCKS)
def test_a_receiver_report_is_read_as_written(ssrc: int, blocks: tuple[ReportBlock, ...]) -> None:
    assert parse_rtcp(rr(ssrc, blocks)) == [ReceiverReport(ssrc, blocks)]


@given(WORD, st.text(max_size=60))
def test_a_description_is_read_as_written(ssrc: int, cname: str) -> None:
    assert parse_rtcp(sdes(ssrc, cname)) == [SourceDescription(((ssrc, cname),))]


@given(st.sets(st.integers(0, 0xFFFF), min_size=1, max_size=200))
def test_a_nack_names_the_packets_it_was_asked_for(sequences: set[int]) -> None:
    (packet,) = parse_rtcp(nack(1, 2, sorted(sequences)))
    assert isinstance(packet, Nack)
    assert (packet.sender_ssrc, packet.media_ssrc) == (1, 2)
    assert set(packet.sequences) == sequences
    assert len(packet.sequences) == len(sequences)


def test_a_nack_goes_over_the_wrap_in_one_pair() -> None:
    packet = nack(1, 2, [0xFFFE, 0xFFFF, 3])
    assert packet == bytes.fromhex("81cd0003 00000001 00000002 fffe 0011")


def test_a_compound_packet_is_read_in_order() -> None:
    compound = rr(1) + sdes(1, "abcdefgh") + pli(1, 2) + fir(1, 2, 7) + bye([1, 9])
    assert parse_rtcp(compound) == [
        ReceiverReport(1),
        SourceDescription(((1, "abcdefgh"),)),
        PictureLoss(1, 2),
        FullIntra(1, ((2, 7),)),
        Goodbye((1, 9)),
    ]


def test_what_is_not_known_is_skipped() -> None:
    application = bytes.fromhex("80cc0002 00000001 41424344")
    extended = bytes.fromhex("80cf0001 00000001")
    slice_loss = bytes.fromhex("82ce0003 00000001 00000002 00000000")
    bandwidth = bytes.fromhex("8fce0004 00000001 00000000 52454d42 00000000")
    assert parse_rtcp(application + extended + slice_loss + bandwidth + pli(1, 2)) == [PictureLoss(1, 2)]


def test_a_vector_of_a_sender_report() -> None:
    # RFC 3550 section 6.4.1, field by field
    packet = bytes.fromhex(
        "81 c8 000c 11111111 0000000180000000 22222222 00000003 00000004"
        "33333333 40 fffffe 00010005 00000006 00000007 00000008"
    )
    block = ReportBlock(0x33333333, 0x40, -2, 0x10005, 6, 7, 8)
    assert parse_rtcp(packet) == [SenderReport(0x11111111, 0x180000000, 0x22222222, 3, 4, (block,))]


def test_padding_at_the_end_is_no_part_of_the_packet() -> None:
    assert parse_rtcp(bytes.fromhex("a0c90002 00000001 00000004")) == [ReceiverReport(1)]


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "80c9",
        "80c90002 00000001",
        "40c90001 00000001",
        "81c90001 00000001",
        "80c80001 00000001",
        "a0c90001 00000000",
        "a0c90001 00000009",
        "a0c90002 00000001 00000004 80c90001 00000001",
        "81ca0001 00000001",
        "81ca0002 00000001 01ff4142",
        "82cb0001 00000001",
        "81cd0001 00000001",
        "84ce0003 00000001 00000002 00000003",
        "8fcd0002 00000001 00000002",
    ],
)
def test_a_packet_whose_lengths_lie_is_refused(packet: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_rtcp(bytes.fromhex(packet))


@given(st.binary(max_size=300))
def test_any_bytes_are_packets_or_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        parse_rtcp(data)


@given(st.sampled_from([200, 201, 202, 203, 205, 206]), st.integers(0, 31), st.binary(max_size=200))
def test_any_body_of_a_known_kind_is_a_packet_or_a_value_error(kind: int, count: int, body: bytes) -> None:
    body = body[: len(body) // 4 * 4]
    try:
        packets = parse_rtcp(bytes((0x80 | count, kind)) + (len(body) // 4).to_bytes(2, "big") + body)
    except ValueError:
        return
    assert len(packets) <= 1


def test_a_report_of_thirty_two_blocks_is_not_written() -> None:
    with pytest.raises(ValueError, match="31"):
        rr(1, [ReportBlock(1, 0, 0, 0, 0, 0, 0)] * 32)


def test_counts_beyond_their_fields_wrap_or_stop() -> None:
    block = ReportBlock(1, 300, 1 << 30, 1 << 33, 0, 0, 0)
    (report,) = parse_rtcp(sr(SenderReport(1, 2, 1 << 33, 1 << 33, 1 << 33, (block,))))
    assert isinstance(report, SenderReport)
    assert (report.rtp_timestamp, report.packets, report.octets) == (0, 0, 0)
    assert report.blocks[0].lost == (1 << 23) - 1


# draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1: base 5, 4 statuses, reference 1 (64 ms),
# a 2-bit vector chunk: small, lost, large, small; deltas 1 ms, -0.25 ms, 0
FEEDBACK = bytes.fromhex("8fcd0006 00000001 00000002 0005 0004 000001 09 d240 04 ffff 00 0000")


def test_a_vector_of_congestion_feedback() -> None:
    (packet,) = parse_rtcp(FEEDBACK)
    assert packet == TransportFeedback(1, 2, 9, ((5, 65000), (6, None), (7, 64750), (8, 64750)))


def test_the_reference_time_is_signed() -> None:
    (packet,) = parse_rtcp(bytes.fromhex("8fcd0005 00000001 00000002 0005 0001 ffffff 09 2001 04 00"))
    assert isinstance(packet, TransportFeedback)
    assert packet.arrivals == ((5, -63000),)


def test_chunks_of_all_three_forms_are_read() -> None:
    # run of 3 lost, 14 one-bit symbols (all small), 7 two-bit symbols of which one is asked for
    body = bytes.fromhex("0000 0012 000000 00 0003 bfff d000") + bytes([4] * 15) + bytes(3)
    (packet,) = parse_rtcp(bytes.fromhex("8fcd000a 00000001 00000002") + body)
    assert isinstance(packet, TransportFeedback)
    assert [arrival for _, arrival in packet.arrivals[:3]] == [None] * 3
    assert [arrival for _, arrival in packet.arrivals[3:]] == [1000 * (n + 1) for n in range(15)]


def test_feedback_that_claims_a_million_packets_is_refused() -> None:
    many = bytes.fromhex("8fcd0007 00000001 00000002 0000 ffff 000000 00") + b"\x1f\xff" * 8
    with pytest.raises(ValueError, match="too many"):
        parse_rtcp(many)
    some = bytes.fromhex("8fcd0005 00000001 00000002 0000 1f00 000000 00 1f00 0000")
    some = some[:2] + b"\x00\x05" + some[4:]
    assert len(parse_rtcp(some)) == 1
    with pytest.raises(ValueError, match="too many"):
        parse_rtcp(some * 2)


STEPS = st.lists(
    st.one_of(st.none(), st.integers(-20, 200), st.integers(-8000, 8000)), min_size=1, max_size=300
).filter(lambda steps: any(step is not None for step in steps))


@given(st.integers(0, 0xFFFF), st.integers(0, 1 << 40), st.integers(0, 255), STEPS)
def test_congestion_feedback_is_read_as_written(
    base: int, start: int, count: int, steps: list[int | None]
) -> None:
    ticks = start
    packets: list[Arrival] = []
    for index, step in enumerate(steps):
        ticks += step or 0
        packets.append(((base + index) & 0xFFFF, None if step is None else ticks * 250))
    (packet,) = parse_rtcp(twcc_feedback(1, 2, count, packets))
    assert isinstance(packet, TransportFeedback)
    assert (packet.sender_ssrc, packet.media_ssrc, packet.count) == (1, 2, count)
    assert [sequence for sequence, _ in packet.arrivals] == [sequence for sequence, _ in packets]
    wrap = (1 << 24) * 64000  # the reference time has 24 bits
    for (_, read), (_, written) in zip(packet.arrivals, packets, strict=True):
        assert (read is None) == (written is None)
        assert read is None or written is None or (read - written) % wrap == 0
    everything = len(packets) <= 400 and all(at is not None for _, at in packets)
    assert last_arrival(twcc_feedback(1, 2, count, packets)) == (packet.arrivals[-1] if everything else None)


def test_only_one_whole_feedback_can_be_no_news() -> None:
    whole = twcc_feedback(1, 2, 3, [(7, 64000), (8, 64250)])
    assert last_arrival(whole) == (8, 64250)
    for other in (whole + whole, whole[:-4], rr(1, []), whole[:2] + b"\0\7" + whole[4:], b""):
        assert last_arrival(other) is None


@pytest.mark.parametrize(
    "packets",
    [[], [(1, None)], [(1, 0), (3, 0)], [(1, 0), (2, 9_000_000)], [(number, 0) for number in range(9000)]],
)
def test_feedback_that_cannot_be_said_is_not_written(packets: list[Arrival]) -> None:
    with pytest.raises(ValueError, match=r"."):
        twcc_feedback(1, 2, 0, packets)
