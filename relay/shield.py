"""What reaches ICE, DTLS and SRTP at all: demultiplexing, limits, and only validated addresses (T1-T5, T10, T11).

An address is validated by a STUN binding request that carries a leg's local ufrag and a MESSAGE-INTEGRITY made
with its password (RFC 8489 section 9.1). Everything else from anywhere is dropped in silence and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from aioice import stun

from relay.leg import Address, Leg
from relay.table import Path, Table, refilled

MAX_ADDRESSES = 8  # validated at a time, per leg; the one heard least lately goes
MAX_ADDRESSES_EVER = 64  # aioice remembers each: a leg that wanders further must be made anew
CHECKS_PER_SECOND = 50  # per leg; a browser sends about 20 while it connects, later one in 2 s
MOVE_BEATS = 2  # how often it is looked where a browser's nominated address is now
RESEND_BURST = 30_000  # bytes: what a keyframe may lose at once
SECOND = 1_000_000_000
CLAIM_NS = 5_000_000_000  # an address in use belongs to its leg: a spoofed source must not take it away

_COOKIE = stun.COOKIE.to_bytes(4, "big")
_REQUEST, _RESPONSE, _ERROR = b"\x00\x01", b"\x01\x01", b"\x01\x11"
_USERNAME = 0x0006


@dataclass(frozen=True, slots=True)
class Limits:
    """T4: what one leg may send per second and at once (twice what the offered lines need)."""

    packets: int = 1000
    packet_burst: int = 1500
    octets: int = 1_000_000
    octet_burst: int = 1_500_000


@dataclass(slots=True, eq=False)
class Guarded:
    """A leg as the shield sees it: its validated addresses, and its media path once connected."""

    leg: Leg
    path: Path | None = None
    heard: int = 0
    checks_left: int = CHECKS_PER_SECOND
    addresses: dict[Address, int] = field(default_factory=dict)
    known: set[Address] = field(default_factory=set)


def username(message: bytes) -> bytes | None:
    """The USERNAME of a STUN message, found without parsing the rest (RFC 8489 section 14); None if absent."""
    at, end = 20, len(message)
    while at + 4 <= end:
        kind, size = (
            int.from_bytes(message[at : at + 2], "big"),
            int.from_bytes(message[at + 2 : at + 4], "big"),
        )
        if kind == _USERNAME:
            return message[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return None


class Shield:
    """Owns the address book; tells nobody but the legs."""

    def __init__(self, table: Table, limits: Limits) -> None:
        self._table = table
        self._limits = limits
        self._by_ufrag: dict[bytes, Guarded] = {}
        self._book: dict[Address, Guarded] = {}
        self._beaten = self._beats = 0

    def guard(self, leg: Leg) -> Guarded:
        """From now on checks for this leg are answered."""
        guarded = self._by_ufrag[leg.ufrag.encode()] = Guarded(leg)
        return guarded

    def connect(self, guarded: Guarded, path: Path) -> None:
        """Its validated addresses may send media now."""
        guarded.path = path
        path.grant(self._limits.packet_burst, self._limits.octet_burst, RESEND_BURST)
        for address in guarded.addresses:
            self._table.paths[address] = path

    def forget(self, guarded: Guarded) -> None:
        """Nothing for this leg is accepted any more."""
        self._by_ufrag.pop(guarded.leg.ufrag.encode(), None)
        for address in list(guarded.addresses):
            self._release(guarded, address)
        guarded.path = None

    def beat(self, now: int) -> None:
        """Refill the buckets and follow browsers that moved; call it some ten times a second."""
        elapsed = min(now - self._beaten, 1_000_000_000) if self._beaten else 0
        self._beaten = now
        self._beats += 1
        moving = self._beats % MOVE_BEATS == 0
        limits = self._limits
        for guarded in self._by_ufrag.values():
            guarded.checks_left = refilled(
                guarded.checks_left, CHECKS_PER_SECOND * elapsed // SECOND, CHECKS_PER_SECOND
            )
            path = guarded.path
            if path is None:
                continue
            path.refill((limits.packets * elapsed // SECOND, limits.packet_burst),
                        (limits.octets * elapsed // SECOND, limits.octet_burst), path.resend_burst)  # fmt: skip
            if moving:
                path.address = guarded.leg.address or path.address

    def datagram(self, data: bytes, address: Address, now: int) -> None:
        """One datagram that is not media of a connected leg (RFC 7983 tells them apart by the first byte)."""
        if not data:
            return self._table.drop("empty")  # T1
        first = data[0]
        if first < 4:
            return self._stun(data, address, now)
        guarded = self._book.get(address)
        if 20 <= first <= 63:
            if guarded is None:
                return self._table.drop("handshake from elsewhere")  # T2
            if not guarded.leg.handshake(data):
                self._table.drop("handshake too fast")
        elif 128 <= first <= 191:
            self._table.drop("media from elsewhere" if guarded is None else "media too early")  # T3
        else:
            self._table.drop("unknown protocol")
        return None

    def _stun(self, data: bytes, address: Address, now: int) -> None:
        if len(data) < 20 or data[4:8] != _COOKIE:
            return self._table.drop("malformed check")
        kind = data[:2]
        if kind == _REQUEST:
            self._request(data, address, now)
        elif kind in (_RESPONSE, _ERROR):
            self._response(data, address, now)
        else:
            self._table.drop("check not asked for")
        return None

    def _request(self, data: bytes, address: Address, now: int) -> None:
        local, _, _ = (username(data) or b"").partition(b":")
        guarded = self._by_ufrag.get(local)
        if guarded is None:
            return self._table.drop("check for nobody")  # T11: no answer, no reflection
        guarded.checks_left -= 1
        if guarded.checks_left < 0:  # counted only for who knows the leg's ufrag: strangers cannot use it up
            return self._table.drop("checks too fast")
        try:
            message = stun.parse_message(data)
        except Exception:
            return self._table.drop("malformed check")
        if not guarded.leg.authentic(message) or "PRIORITY" not in message.attributes:
            return self._table.drop("check not authentic")
        if not self._validate(guarded, address, now):
            return self._table.drop("address refused")
        guarded.leg.checked(message, address)
        return None

    def _response(self, data: bytes, address: Address, now: int) -> None:
        guarded = self._book.get(address)
        if guarded is None or not guarded.leg.asked(data[8:20]):
            return self._table.drop("check not asked for")
        try:
            message = stun.parse_message(data)
        except Exception:
            return self._table.drop("malformed check")
        if not guarded.leg.answered(message, address):
            return self._table.drop("check not asked for")
        self._heard(guarded, address, now)
        return None

    def _validate(self, guarded: Guarded, address: Address, now: int) -> bool:
        owner = self._book.get(address)
        if owner is not guarded:
            if owner is not None and now - owner.addresses.get(address, 0) < CLAIM_NS:
                return False
            if address not in guarded.known:
                if len(guarded.known) >= MAX_ADDRESSES_EVER:
                    return False
                guarded.known.add(address)
            if owner is not None:
                self._release(owner, address)
            while len(guarded.addresses) >= MAX_ADDRESSES:
                self._release(guarded, min(guarded.addresses, key=guarded.addresses.__getitem__))
            self._book[address] = guarded
            if guarded.path is not None:
                self._table.paths[address] = guarded.path
        self._heard(guarded, address, now)
        return True

    def _heard(self, guarded: Guarded, address: Address, now: int) -> None:
        guarded.addresses[address] = guarded.heard = now
        if guarded.path is not None:
            guarded.path.heard = now

    def _release(self, guarded: Guarded, address: Address) -> None:
        guarded.addresses.pop(address, None)
        if self._book.get(address) is guarded:
            del self._book[address]
            self._table.paths.pop(address, None)
