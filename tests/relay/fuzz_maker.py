"""A browser of the fuzzer: odd packets whose payloads say which they are."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator

from pylibsrtp import Policy

from tests.relay.fuzz_model import MAGIC, MARK
from tests.relay.odd_packets import KINDS, RTX_TYPE, Peer, session


class Maker(Peer):
    """A browser whose payloads say whose they are."""

    def __init__(self, number: int, profile: int, odd: random.Random, count: Iterator[int]) -> None:
        super().__init__(number, profile, odd)
        self.keys = session(profile, 1 + 2 * (number % 100), Policy.SSRC_ANY_OUTBOUND)
        self.marks: dict[str, int] = {}
        self.packets: dict[bytes, tuple[int, str]] = {}  # by datagram: number, kind
        self.waiting: deque[bytes] = deque()
        self.latest = 0, ""
        self.count = count

    def ssrc(self, kind: str) -> int:
        return 1000 * self.number + KINDS.index(kind)

    def payload(self, kind: str) -> bytes:
        self.latest = next(self.count), kind
        return super().payload(kind) + MARK.pack(MAGIC, self.latest[0])

    def protect(self, packet: bytes) -> bytes:
        datagram = super().protect(packet)
        self.packets[datagram] = self.latest
        return datagram

    def media(self) -> list[bytes]:
        """One at a time: each has its own serial."""
        if not self.waiting and self.odd.random() < 0.03:  # a probe of the line (RFC 4588 without a payload)
            self.latest = 0, "video"
            self.rtx = (self.rtx + 1) & 0xFFFF
            self.waiting.append(
                self.protect(self.packet("video", self.rtx, b"", ssrc=self.ssrc("video") + 50, pt=RTX_TYPE))
            )
        if not self.waiting:
            self.waiting.extend(super().media())
        return [self.waiting.popleft()] if self.waiting else []
