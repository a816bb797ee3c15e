"""The wire formats of media, in one place to import from."""

from relay.rtcp import (
    FullIntra,
    Goodbye,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    TransportFeedback,
    is_rtcp,
    parse_rtcp,
)
from relay.rtcp_write import bye, fir, nack, pli, rr, sdes, sr, twcc_feedback
from relay.rtp import (
    Data,
    RtpHeader,
    Unwrapper,
    header_extension,
    parse_rtp,
    sequence_newer,
    unwrap_rtx,
    wrap_rtx,
)
from relay.twcc import Arrival
from relay.vp8 import Vp8Start, set_vp8_ids, vp8_payload

__all__ = [
    "Arrival",
    "Data",
    "FullIntra",
    "Goodbye",
    "Nack",
    "PictureLoss",
    "ReceiverReport",
    "ReportBlock",
    "RtcpPacket",
    "RtpHeader",
    "SenderReport",
    "SourceDescription",
    "TransportFeedback",
    "Unwrapper",
    "Vp8Start",
    "bye",
    "fir",
    "header_extension",
    "is_rtcp",
    "nack",
    "parse_rtcp",
    "parse_rtp",
    "pli",
    "rr",
    "sdes",
    "sequence_newer",
    "set_vp8_ids",
    "sr",
    "twcc_feedback",
    "unwrap_rtx",
    "vp8_payload",
    "wrap_rtx",
]
