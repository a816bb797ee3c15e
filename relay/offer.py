"""The one offer a leg ever gets, written as text (RFC 8866, RFC 9429; nothing is renegotiated)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["audio", "video", "preview"]

MIDS: dict[Kind, str] = {"audio": "a", "video": "v", "preview": "p"}
OPUS, VP8, VP8_RTX = 111, 96, 97
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
TRANSPORT_CC_ID = 3

Media = Literal["audio", "video"]

# Payload types and their descriptions are the same on every line of every leg: forwarding never rewrites one.
PAYLOAD_TYPES: dict[Media, tuple[int, ...]] = {"audio": (OPUS,), "video": (VP8, VP8_RTX)}
RTPMAPS: dict[int, str] = {
    OPUS: "opus/48000/2",
    VP8: "VP8/90000",
    VP8_RTX: "rtx/90000",
}
FMTPS: dict[int, str] = {
    OPUS: "minptime=10;useinbandfec=1",
    VP8_RTX: f"apt={VP8}",
}
FEEDBACK: dict[int, tuple[str, ...]] = {
    OPUS: ("nack", "transport-cc"),
    VP8: ("nack", "nack pli", "ccm fir", "transport-cc"),
}


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One receiving slot: an audio and a video line that the browser shows as one MediaStream.

    Sound has no RTX: Chromium refuses a second SSRC on an audio line, so lost sound goes out again as it was.
    Chromium asks for lost sound because the offer says nack, though its answer does not repeat it; Firefox 153
    repeats its own sound when asked, and never asks.
    """

    index: int
    audio_ssrc: int
    video_ssrc: int
    rtx_ssrc: int
    cname: str
    msid: str


def mids(publishes: Sequence[Kind], slots: Sequence[SlotLine]) -> list[tuple[str, Media]]:
    """The m-lines in their order: a v p, then a0 v0 a1 v1 ..."""
    lines: list[tuple[str, Media]] = [
        (mid, "audio" if kind == "audio" else "video") for kind, mid in MIDS.items() if kind in publishes
    ]
    for slot in slots:
        lines += [(f"a{slot.index}", "audio"), (f"v{slot.index}", "video")]
    return lines


def offer(
    *,
    ufrag: str,
    pwd: str,
    fingerprint: str,
    candidates: Sequence[tuple[str, int]],
    publishes: Sequence[Kind],
    slots: Sequence[SlotLine],
    session_id: int,
) -> str:
    """The offer's text. `fingerprint` is the SHA-256 of the certificate as hex pairs with colons."""
    lines = mids(publishes, slots)
    transport = _transport(ufrag, pwd, fingerprint)
    sources = {mid: source for slot in slots for mid, source in _sources(slot).items()}
    text = [
        "v=0",
        f"o=- {session_id} 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(mid for mid, _ in lines)}",
        "a=msid-semantic:WMS *",
    ]
    for index, (mid, media) in enumerate(lines):
        text += _line(mid, media, transport, sources.get(mid))
        if index == 0:  # the bundle has one transport: its addresses are said once
            text += _candidates(candidates)
    return "\r\n".join(text) + "\r\n"


def _transport(ufrag: str, pwd: str, fingerprint: str) -> list[str]:
    return [
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        f"a=fingerprint:sha-256 {fingerprint}",
        "a=setup:actpass",
    ]


def _line(mid: str, media: Media, transport: list[str], sources: list[str] | None) -> list[str]:
    types = PAYLOAD_TYPES[media]
    return [
        f"m={media} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
        "c=IN IP4 0.0.0.0",
        *transport,
        f"a=mid:{mid}",
        "a=recvonly" if sources is None else "a=sendonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=extmap:{TRANSPORT_CC_ID} {TRANSPORT_CC}",
        *(line for payload_type in types for line in _codec(payload_type)),
        *(sources or ()),
    ]


def _codec(payload_type: int) -> Iterator[str]:
    yield f"a=rtpmap:{payload_type} {RTPMAPS[payload_type]}"
    if payload_type in FMTPS:
        yield f"a=fmtp:{payload_type} {FMTPS[payload_type]}"
    for feedback in FEEDBACK.get(payload_type, ()):
        yield f"a=rtcp-fb:{payload_type} {feedback}"


def _sources(slot: SlotLine) -> dict[str, list[str]]:
    cname = f"cname:{slot.cname}"
    audio = [f"a=msid:{slot.msid} {slot.msid}a", f"a=ssrc:{slot.audio_ssrc} {cname}"]
    video = [
        f"a=msid:{slot.msid} {slot.msid}v",
        f"a=ssrc-group:FID {slot.video_ssrc} {slot.rtx_ssrc}",
        f"a=ssrc:{slot.video_ssrc} {cname}",
        f"a=ssrc:{slot.rtx_ssrc} {cname}",
    ]
    return {f"a{slot.index}": audio, f"v{slot.index}": video}


def _candidates(candidates: Sequence[tuple[str, int]]) -> Iterator[str]:
    for index, (address, port) in enumerate(candidates):
        # RFC 8445 section 5.1.2.1: type preference 126 (host), component 1; the first is liked best.
        priority = 126 << 24 | (65535 - index) << 8 | 255
        yield f"a=candidate:{index + 1} 1 udp {priority} {address} {port} typ host"
    yield "a=end-of-candidates"
