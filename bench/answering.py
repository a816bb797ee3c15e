"""Session descriptions as a client reads and writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.wire import Remote


@dataclass(frozen=True, slots=True)
class Line:
    """One m-line: its mid, what it carries, and the SSRCs the server will send on a slot (media, RTX)."""

    mid: str
    media: str
    codecs: str
    ours: bool
    ssrc: int | None
    rtx_ssrc: int | None
    attributes: tuple[str, ...]

    @property
    def wide(self) -> int:
        """Id of the transport-wide sequence number's header extension; 0 where there is none."""
        found = re.search(r"a=extmap:(\d+)\S* \S*transport-wide-cc", "\n".join(self.attributes))
        return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class Offered:
    remote: Remote
    lines: tuple[Line, ...]


def read_offer(sdp: str) -> Offered:
    """Read a server's offer or answer (one bundle); the first candidate is the one that is called."""
    text = sdp.replace("\r\n", "\n")
    _, *sections = text.split("\nm=")
    algorithm, value = _one(r"a=fingerprint:(\S+) (\S+)", text)
    host, port = _one(r"a=candidate:\S+ 1 (?i:udp) \d+ (\S+) (\d+) typ host", text)
    (ufrag,), (pwd,) = _one(r"a=ice-ufrag:(\S+)", text), _one(r"a=ice-pwd:(\S+)", text)
    remote = Remote((host, int(port)), ufrag, pwd, (algorithm, value), active="a=setup:active" in text)
    return Offered(remote, tuple(_line(section) for section in sections))


def _one(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"the offer has no {pattern}")
    return match.groups()


def _line(section: str) -> Line:
    head, *attributes = section.strip().split("\n")
    ssrcs = list(dict.fromkeys(int(number) for number in re.findall(r"a=ssrc:(\d+) ", section)))
    group = re.search(r"a=ssrc-group:FID (\d+) (\d+)", section)
    if group:
        ssrcs = [int(group[1]), int(group[2])]
    kept = ("a=rtpmap", "a=fmtp", "a=rtcp-fb", "a=extmap", "a=rtcp-mux", "a=rtcp-rsize")
    return Line(
        mid=_one(r"a=mid:(\S+)", section)[0],
        media=head.split()[0],
        codecs=" ".join(head.split()[3:]),
        ours="a=recvonly" in attributes,
        ssrc=ssrcs[0] if ssrcs else None,
        rtx_ssrc=ssrcs[1] if len(ssrcs) > 1 else None,
        attributes=tuple(line for line in attributes if line.startswith(kept)),
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """What an answer says of the client itself; `sources` by mid are (SSRC, RTX SSRC or None)."""

    ufrag: str
    pwd: str
    fingerprint: str
    sources: dict[str, tuple[int, int | None]]


def write_answer(offered: Offered, me: Identity) -> str:
    """Accept everything, as a browser that sends on a, v, p and receives on every slot."""
    text = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    text.append(f"a=group:BUNDLE {' '.join(line.mid for line in offered.lines)}")
    for line in offered.lines:
        text += [
            f"m={line.media} 9 UDP/TLS/RTP/SAVPF {line.codecs}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{me.ufrag}",
            f"a=ice-pwd:{me.pwd}",
            f"a=fingerprint:sha-256 {me.fingerprint}",
            "a=setup:active",
            f"a=mid:{line.mid}",
            "a=sendonly" if line.ours else "a=recvonly",
            *line.attributes,
            *_source(me.sources.get(line.mid)),
        ]
    return "\r\n".join(text) + "\r\n"


OFFERED = {
    "a": (
        "audio",
        "111",
        ("a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1", "a=rtcp-fb:111 transport-cc"),
    ),
    "v": (
        "video",
        "96 97",
        (
            "a=rtpmap:96 VP8/90000",
            *(f"a=rtcp-fb:96 {feedback}" for feedback in ("nack", "nack pli", "ccm fir", "transport-cc")),
            "a=rtpmap:97 rtx/90000",
            "a=fmtp:97 apt=96",
        ),
    ),
}
WIDE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


def write_offer(me: Identity, address: tuple[str, int]) -> str:
    """A publisher's own offer, where the server wants one: it sends, and receives nothing."""
    text = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {' '.join(me.sources)}"]
    for mid, source in me.sources.items():
        media, codecs, attributes = OFFERED[mid]
        text += [
            f"m={media} 9 UDP/TLS/RTP/SAVPF {codecs}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{me.ufrag}",
            f"a=ice-pwd:{me.pwd}",
            f"a=fingerprint:sha-256 {me.fingerprint}",
            "a=setup:actpass",
            f"a=mid:{mid}",
            "a=sendonly",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            f"a=extmap:3 {WIDE}",
            *attributes,
            *_source(source),
            f"a=candidate:1 1 udp 2130706431 {address[0]} {address[1]} typ host",
            "a=end-of-candidates",
        ]
    return "\r\n".join(text) + "\r\n"


def _source(source: tuple[int, int | None] | None) -> list[str]:
    if source is None:
        return []
    ssrc, rtx = source
    if rtx is None:
        return [f"a=ssrc:{ssrc} cname:bench"]
    return [f"a=ssrc-group:FID {ssrc} {rtx}", f"a=ssrc:{ssrc} cname:bench", f"a=ssrc:{rtx} cname:bench"]
