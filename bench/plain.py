"""The floor's calls: keys are handed out in clear, nobody is checked, and packets go through bench/floor.pyx."""

from __future__ import annotations

import random
import secrets
import socket
from dataclasses import dataclass
from typing import Any

from pylibsrtp import Policy, Session

from bench import floor  # type: ignore[attr-defined]  # compiled
from bench.shapes import Seating
from relay.leg import native_functions, native_pointer

KEY_OCTETS = 44  # AES-256-GCM: key and salt
BUFFER = 8 << 20


def session(key: bytes, *, sending: bool) -> Session:
    """One direction's SRTP, as our calls negotiate it."""
    direction = Policy.SSRC_ANY_OUTBOUND if sending else Policy.SSRC_ANY_INBOUND
    return Session(Policy(key=key, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM))


@dataclass(frozen=True, slots=True)
class _Leg:
    port: int
    sources: dict[str, int]  # mid -> SSRC
    sending: Session
    slots: dict[str, int]


class PlainCalls:
    """See bench.relay_server.Calls; `plain` takes the place of join and answer."""

    def __init__(self) -> None:
        self._floor = floor.Floor(native_functions())
        self._legs: dict[tuple[int, str], _Leg] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        self._socket.bind(("127.0.0.1", 0))

    async def start(self) -> None:
        self._floor.start(self._socket.fileno())

    async def stop(self) -> None:
        self._floor.stop()
        self._socket.close()

    async def plain(
        self, call: int, leg: str, port: int, sources: dict[str, int], slots: int
    ) -> dict[str, Any]:
        """A client on this port with these SSRCs by mid: the keys (hex) it sends and reads with, and its lines."""
        up, down = secrets.token_bytes(KEY_OCTETS), secrets.token_bytes(KEY_OCTETS)
        reading = session(up, sending=False)
        self._floor.source(port, reading, native_pointer(reading))
        lines = {f"{kind}{slot}": random.getrandbits(31) | 1 for slot in range(slots) for kind in "av"}
        self._legs[call, leg] = _Leg(port, sources, session(down, sending=True), lines)
        return {"port": self._socket.getsockname()[1], "up": up.hex(), "down": down.hex(), "lines": lines}

    async def begin(self, call: int, seatings: list[Seating]) -> None:
        for leg, slot, party, level in seatings:
            to, source = self._legs[call, leg], self._legs[call, party]
            pointer = native_pointer(to.sending)
            picture = "p" if level == "preview" else "v"
            for mid, kind in (("a", "a"), (picture, "v")):
                if mid in source.sources:
                    self._floor.route(
                        source.port,
                        source.sources[mid],
                        to.port,
                        to.sending,
                        pointer,
                        to.slots[f"{kind}{slot}"],
                    )

    def figures(self) -> dict[str, Any]:
        return {
            "recorder": None,
            "drops": {"dropped": self._floor.figures["dropped"]},
            "errors": 0,
            "unrecorded": 0,
        }
