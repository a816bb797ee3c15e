"""Signed statements of how far a part's chain has come: one line each in `manifest`, append only.

A line is the Ed25519 signature in hex, a space, and the signed canonical JSON:
{"part", "recording", "seq", "before": SHA-256 of the line before, "log": [frames, head], "tracks": {number:
[frames, head]}, "wall_ms", "mono_ns", "final", "signer": public key}. The log's head covers the tracks' too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from recording.keys import Keys
from recording.sealing import canonical


class ManifestRefused(ValueError):
    """A line that this signer did not write; `code` is one of verify's findings."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Statement:
    """One signed line. Heads are (frames sealed, chain head in hex)."""

    recording: str
    part: int
    seq: int
    before: str
    log: tuple[int, str]
    tracks: dict[int, tuple[int, str]]
    wall_ms: int
    mono_ns: int
    final: bool

    def body(self, signer: str) -> bytes:
        return canonical({
            "recording": self.recording,
            "part": self.part,
            "seq": self.seq,
            "before": self.before,
            "log": list(self.log),
            "tracks": {str(number): list(head) for number, head in self.tracks.items()},
            "wall_ms": self.wall_ms,
            "mono_ns": self.mono_ns,
            "final": self.final,
            "signer": signer,
        })  # fmt: skip


def signed_line(statement: Statement, keys: Keys) -> bytes:
    body = statement.body(keys.signer)
    return keys.sign(body).hex().encode() + b" " + body + b"\n"


def line_hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def read_line(line: bytes, trusted: str) -> Statement:
    """The statement of one line without its newline, signed by `trusted` (public key in hex).

    Raises ManifestRefused: manifest_altered, signer_unknown or signature_wrong.
    """
    signature, body, signer, statement = _parsed(line)
    if signer != trusted:
        raise ManifestRefused("signer_unknown", f"signed by {signer[:16]}, not by this node")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer)).verify(signature, body)
    except (InvalidSignature, ValueError):
        raise ManifestRefused("signature_wrong", "the signature does not fit") from None
    return statement


def _parsed(line: bytes) -> tuple[bytes, bytes, str, Statement]:
    try:
        spelled, _, body = line.partition(b" ")
        signature = bytes.fromhex(spelled.decode("ascii"))
        value = json.loads(body)
        statement, signer = _statement(value), str(value["signer"])
        if signature.hex().encode() != spelled or statement.body(signer) != body:
            raise ManifestRefused("manifest_altered", "not in its one form")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestRefused("manifest_altered", "the line cannot be read") from error
    return signature, body, signer, statement


def _statement(value: dict[str, Any]) -> Statement:
    tracks = {int(number): (int(head[0]), str(head[1])) for number, head in value["tracks"].items()}
    return Statement(
        recording=str(value["recording"]),
        part=int(value["part"]),
        seq=int(value["seq"]),
        before=str(value["before"]),
        log=(int(value["log"][0]), str(value["log"][1])),
        tracks=tracks,
        wall_ms=int(value["wall_ms"]),
        mono_ns=int(value["mono_ns"]),
        final=value["final"] is True,
    )
