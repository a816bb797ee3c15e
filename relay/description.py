"""Session descriptions of a leg in one place to import from: the offer we write, the answer we read."""

from relay.answer import Answer, DescriptionRefused, RefusalCode, Source, read_answer
from relay.offer import (
    OPUS,
    TRANSPORT_CC_ID,
    VP8,
    VP8_RTX,
    Kind,
    SlotLine,
    offer,
)

__all__ = [
    "OPUS",
    "TRANSPORT_CC_ID",
    "VP8",
    "VP8_RTX",
    "Answer",
    "DescriptionRefused",
    "Kind",
    "RefusalCode",
    "SlotLine",
    "Source",
    "offer",
    "read_answer",
]
