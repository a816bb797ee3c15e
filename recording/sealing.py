"""Seals frames of bytes so that nothing can be read, changed, moved, doubled or left out unseen: pure functions.

A sealed file is a header and frames, all little-endian, appended and never changed:

    header = "VSEALED1" u32 size, then that many bytes of canonical JSON
             {"key": {"id", "wrapped"}, "part", "recording", "track"}
    frame  = FRAME (below), then AES-256-GCM ciphertext with its 16-byte tag

Each file has a data key of its own, fresh, wrapped by the master key (AES key wrap, RFC 3394), so that no key
ever seals for two writers and the frame's index can be the nonce. The additional data are the recording, part,
track and the whole frame header, which holds the index and the hash before. The chain is
h0 = SHA-256(file header), hi = SHA-256(h(i-1) || frame header i || SHA-256(ciphertext i)).
"""

from __future__ import annotations

import hashlib
import json
import struct
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"VSEALED1"
FRAME_MAGIC = b"VSF1"
# magic, flags, blocks, ciphertext size, index, first rtp, first arrival us, last arrival us, length us,
# width, height, chain before
FRAME = struct.Struct("<4sHHIQqqqIHH32s")
TAG_SIZE = 16
LARGEST_FRAME = 64 << 20
LARGEST_HEADER = 4096
KEYFRAME, INIT, LAST = 1, 2, 4
_SIZE = struct.Struct("<8sI")
_PLACE = struct.Struct("<16sII")


class Altered(ValueError):
    """The bytes are not what was sealed here."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which file: canonical recording UUID, part from 1, track number."""

    recording: str
    part: int
    track: int

    def packed(self) -> bytes:
        return _PLACE.pack(uuid.UUID(self.recording).bytes, self.part, self.track)


class Meta(NamedTuple):
    """What a frame header tells without its key. Times in us from the recording's origin, by arrival."""

    flags: int = 0
    blocks: int = 0
    first_rtp: int = 0
    first_us: int = 0
    last_us: int = 0
    length_us: int = 0
    width: int = 0
    height: int = 0


class Header(NamedTuple):
    """A frame header as read: `size` of the ciphertext, `number` its index, `before` the chain before it."""

    raw: bytes
    size: int
    number: int
    meta: Meta
    before: bytes


def canonical(value: Any) -> bytes:
    """JSON that has one spelling only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def file_header(place: Place, key_id: str, wrapped: bytes) -> bytes:
    body = canonical({
        "key": {"id": key_id, "wrapped": wrapped.hex()},
        "part": place.part,
        "recording": place.recording,
        "track": place.track,
    })  # fmt: skip
    return _SIZE.pack(MAGIC, len(body)) + body


def read_file_header(data: bytes) -> tuple[bytes, Place, str, bytes]:
    """(raw header, place, key id, wrapped key) from the beginning of a file. Raises Altered."""
    try:
        magic, size = _SIZE.unpack_from(data)
        raw = data[: _SIZE.size + size]
        value = json.loads(raw[_SIZE.size :])
        place = Place(value["recording"], value["part"], value["track"])
        key_id, wrapped = str(value["key"]["id"]), bytes.fromhex(value["key"]["wrapped"])
        if magic != MAGIC or file_header(place, key_id, wrapped) != raw:
            raise Altered("file header is not in its one form")
        place.packed()
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Altered("file header cannot be read") from error
    return raw, place, key_id, wrapped


def read_frame_header(raw: bytes) -> Header:
    """Raises Altered for anything that no sealer wrote."""
    if len(raw) < FRAME.size:
        raise Altered("frame header is cut off")
    magic, flags, blocks, size, index, rtp, first, last, length, width, height, before = FRAME.unpack_from(
        raw
    )
    if magic != FRAME_MAGIC or not TAG_SIZE <= size <= LARGEST_FRAME:
        raise Altered("not a frame header")
    meta = Meta(flags, blocks, rtp, first, last, length, width, height)
    return Header(raw[: FRAME.size], size, index, meta, before)


def chained(before: bytes, header: bytes, ciphertext: bytes) -> bytes:
    return hashlib.sha256(before + header + hashlib.sha256(ciphertext).digest()).digest()


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")


class Sealer:
    """Seals the frames of one file in order. A failed write ends the file: an index is never sealed twice."""

    def __init__(self, key: bytes, place: Place, header: bytes) -> None:
        self._cipher = AESGCM(key)
        self._place = place.packed()
        self.head = hashlib.sha256(header).digest()
        self.index = 0

    def seal(self, plain: bytes, meta: Meta) -> tuple[bytes, bytes]:
        """The next frame: header and ciphertext, apart because a cluster is too large to be copied for nothing."""
        header = FRAME.pack(
            FRAME_MAGIC, meta.flags, meta.blocks, len(plain) + TAG_SIZE, self.index, *meta[2:], self.head
        )
        sealed = self._cipher.encrypt(_nonce(self.index), plain, self._place + header)
        self.head = chained(self.head, header, sealed)
        self.index += 1
        return header, sealed


class Opener:
    """Opens the frames of one file, in any order."""

    def __init__(self, key: bytes, place: Place) -> None:
        self._cipher = AESGCM(key)
        self._place = place.packed()

    def open(self, header: Header, sealed: bytes) -> bytes:
        """The plain bytes. Raises Altered."""
        try:
            return self._cipher.decrypt(_nonce(header.number), sealed, self._place + header.raw)
        except InvalidTag:
            raise Altered("frame does not open") from None
