"""Real browsers' answers, and the hostile ones made from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from relay.description import Kind, SlotLine, offer

HERE = Path(__file__).parent / "answers"
FINGERPRINT = ":".join(f"{number * 7 % 256:02X}" for number in range(32))
ALL: tuple[Kind, ...] = ("audio", "video", "preview")
# name of the file -> what the offer it answers had
OFFERS: dict[str, tuple[Sequence[Kind], int]] = {
    "party": (ALL, 2),
    "party-gathered": (ALL, 2),
    "party-without-devices": (ALL, 1),
    "party-without-preview": (ALL[:2], 1),
    "party-audio-nack": (ALL, 1),
    "watcher": ((), 3),
}


@dataclass(frozen=True)
class Real:
    """One browser's answer with the arguments of the offer it answers."""

    name: str
    sdp: str
    publishes: Sequence[Kind]
    slots: Sequence[SlotLine]


def slot_lines(count: int) -> list[SlotLine]:
    return [
        SlotLine(index, 1000 + index, 2000 + index, 3000 + index, f"cname{index}", f"slot{index}")
        for index in range(count)
    ]


def offer_text(publishes: Sequence[Kind], slots: int, port: int = 40000) -> str:
    return offer(
        ufrag="abcdefgh",
        pwd="p" * 24,
        fingerprint=FINGERPRINT,
        candidates=[("127.0.0.1", port), ("10.0.0.5", port)],
        publishes=publishes,
        slots=slot_lines(slots),
        session_id=1234567890123,
    )


def real_answers() -> list[Real]:
    answers = []
    for path in sorted(HERE.glob("*.sdp")):
        publishes, slots = OFFERS[path.stem.partition("-")[2]]
        answers.append(Real(path.stem, path.read_bytes().decode(), publishes, slot_lines(slots)))
    return answers


Change = Callable[[str], str]


def _sub(pattern: str, replacement: str, count: int = 1) -> Change:
    return lambda sdp: re.sub(pattern, lambda _: replacement, sdp, count=count, flags=re.MULTILINE)


def _after_mid(line: str) -> Change:
    return lambda sdp: re.sub(r"^(a=mid:.*)\r\n", rf"\1\r\n{line}\r\n", sdp, count=1, flags=re.MULTILINE)


def _append(text: str) -> Change:
    return lambda sdp: sdp + text


def _doubled_line(sdp: str) -> str:
    start = sdp.index("m=")
    end = sdp.find("m=", start + 2)
    return sdp[:end] + sdp[start:end] + sdp[end:]


def _lines_swapped(sdp: str) -> str:
    head, *lines = re.split(r"^(?=m=)", sdp, flags=re.MULTILINE)
    return head + "".join([lines[1], lines[0], *lines[2:]])


def _last_line_missing(sdp: str) -> str:
    return sdp[: sdp.rindex("m=")]


APPLICATION = (
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:x\r\na=sctp-port:5000\r\n"
)
# what is done to an answer, the code it is refused with
CHANGES: dict[str, tuple[Change, str]] = {
    "empty": (lambda _: "", "answer_grammar"),
    "one megabyte": (
        lambda sdp: sdp + "a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n" * 20000,
        "answer_too_long",
    ),
    "a thousand candidates": (
        _append("a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n" * 1000),
        "answer_too_long",
    ),
    "a long line": (_append("a=ssrc:1 cname:" + "x" * 9000), "answer_too_long"),
    "cut after the first line": (lambda sdp: sdp[: sdp.index("m=", sdp.index("m=") + 2)], "answer_lines"),
    "no first line": (lambda sdp: sdp[5:], "answer_grammar"),
    "version 1": (_sub(r"^v=0", "v=1"), "answer_grammar"),
    "version twice": (_append("v=0\r\n"), "answer_grammar"),
    "a null byte": (_append("a=x\x00\r\n"), "answer_grammar"),
    "not ASCII": (_append("a=ssrc:1 cname:ä\r\n"), "answer_grammar"),
    "an empty line": (_append("\r\n\r\n"), "answer_grammar"),
    "a bandwidth line": (_append("b=AS:1\r\n"), "answer_grammar"),
    "a key line": (_append("k=clear:secret\r\n"), "answer_grammar"),
    "an unknown attribute": (_after_mid("a=surprise:1"), "answer_grammar"),
    "crypto": (_after_mid("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40), "answer_grammar"),
    "ice-lite": (_sub(r"^a=group", "a=ice-lite\r\na=group"), "answer_grammar"),
    "simulcast": (_after_mid("a=simulcast:send h;l"), "answer_grammar"),
    "rid": (_after_mid("a=rid:h send"), "answer_grammar"),
    "a data channel": (_append(APPLICATION), "answer_grammar"),
    "one more line": (_doubled_line, "answer_lines"),
    "one line less": (_last_line_missing, "answer_lines"),
    "lines swapped": (_lines_swapped, "answer_lines"),
    "another mid": (_sub(r"^a=mid:\w+", "a=mid:zz"), "answer_lines"),
    "no mid": (_sub(r"^a=mid:.*\r\n", ""), "answer_lines"),
    "mid twice": (_after_mid("a=mid:a"), "answer_grammar"),
    "a rejected line": (_sub(r"^m=(audio|video) \d+", "m=audio 0"), "answer_lines"),
    "an impossible port": (_sub(r"^m=(audio|video) \d+", "m=audio 70000"), "answer_lines"),
    "plain RTP": (_sub(r"UDP/TLS/RTP/SAVPF", "RTP/AVP"), "answer_lines"),
    "SDES": (_sub(r"UDP/TLS/RTP/SAVPF", "RTP/SAVPF"), "answer_lines"),
    "no rtcp-mux": (_sub(r"^a=rtcp-mux\r\n", ""), "answer_lines"),
    "no bundle": (_sub(r"^a=group.*\r\n", ""), "answer_bundle"),
    "half a bundle": (_sub(r"^(a=group:BUNDLE).*", "a=group:BUNDLE a v"), "answer_bundle"),
    "group of another kind": (_sub(r"^a=group:BUNDLE", "a=group:LS"), "answer_grammar"),
    "another payload type": (_sub(r"SAVPF 111", "SAVPF 0"), "answer_codec"),
    "a payload type more": (_sub(r"SAVPF 96 97", "SAVPF 96 97 98"), "answer_codec"),
    "no RTX": (_sub(r"SAVPF 96 97", "SAVPF 96"), "answer_codec"),
    "H264 for VP8": (_sub(r"96 VP8/90000", "96 H264/90000"), "answer_codec"),
    "AV1 for VP8": (_sub(r"96 VP8/90000", "96 AV1/90000"), "answer_codec"),
    "PCMU for Opus": (_sub(r"111 opus/48000/2", "111 PCMU/8000"), "answer_codec"),
    "payload type described twice": (_after_mid("a=rtpmap:111 opus/48000/2"), "answer_codec"),
    "payload type not offered": (_after_mid("a=rtpmap:100 VP9/90000"), "answer_codec"),
    "RTX of itself": (_sub(r"97 apt=96", "97 apt=97"), "answer_codec"),
    "format of another type": (_after_mid("a=fmtp:100 profile-id=0"), "answer_codec"),
    "feedback not offered": (_after_mid("a=rtcp-fb:96 goog-remb"), "answer_codec"),
    "feedback for all types": (_after_mid("a=rtcp-fb:* nack"), "answer_grammar"),
    "an extension more": (
        _after_mid("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
        "answer_extension",
    ),
    "extension renumbered": (_sub(r"^a=extmap:3 ", "a=extmap:4 "), "answer_extension"),
    "extension of another kind": (
        _sub(r"^a=extmap:3 .*", "a=extmap:3 urn:ietf:params:rtp-hdrext:toffset"),
        "answer_extension",
    ),
    "both directions": (_sub(r"^a=(sendonly|recvonly)", "a=sendrecv"), "answer_grammar"),
    "two directions": (_after_mid("a=inactive"), "answer_direction"),
    "no direction": (_sub(r"^a=(sendonly|recvonly)\r\n", ""), "answer_direction"),
    "a slot that sends": (
        lambda sdp: (
            "".join(re.split(r"(^a=recvonly)", sdp, flags=re.MULTILINE)[:-2])
            + "a=sendonly"
            + re.split(r"^a=recvonly", sdp, flags=re.MULTILINE)[-1]
        ),
        "answer_direction",
    ),
    "no ufrag": (_sub(r"^a=ice-ufrag.*\r\n", "", 0), "answer_transport"),
    "two ufrags": (_sub(r"^a=ice-ufrag.*", "a=ice-ufrag:else"), "answer_transport"),
    "a short ufrag": (_sub(r"^a=ice-ufrag.*", "a=ice-ufrag:x", 0), "answer_transport"),
    "a ufrag with a colon": (_sub(r"^a=ice-ufrag.*", "a=ice-ufrag:abc:def", 0), "answer_transport"),
    "a long ufrag": (_sub(r"^a=ice-ufrag.*", "a=ice-ufrag:" + "x" * 257), "answer_transport"),
    "no password": (_sub(r"^a=ice-pwd.*\r\n", "", 0), "answer_transport"),
    "a short password": (_sub(r"^a=ice-pwd.*", "a=ice-pwd:short", 0), "answer_transport"),
    "two passwords": (_sub(r"^a=ice-pwd.*", "a=ice-pwd:" + "x" * 24), "answer_transport"),
    "no fingerprint": (_sub(r"^a=fingerprint.*\r\n", "", 0), "answer_transport"),
    "a weak fingerprint": (
        _sub(r"^a=fingerprint.*", "a=fingerprint:sha-1 " + "AA:" * 19 + "AA", 0),
        "answer_transport",
    ),
    "a cut fingerprint": (_sub(r"^a=fingerprint.*", "a=fingerprint:sha-256 AA:BB", 0), "answer_transport"),
    "two fingerprints": (_after_mid("a=fingerprint:sha-256 " + "AA:" * 31 + "AA"), "answer_transport"),
    "no role": (_sub(r"^a=setup.*\r\n", "", 0), "answer_transport"),
    "both roles": (_sub(r"^a=setup.*", "a=setup:actpass", 0), "answer_transport"),
    "two roles": (_sub(r"^a=setup.*", "a=setup:passive"), "answer_transport"),
    "an SSRC that is no number": (_after_mid("a=ssrc:x cname:y"), "answer_grammar"),
    "a group that is not FID": (_after_mid("a=ssrc-group:SIM 1 2 3"), "answer_grammar"),
}
# these touch only the sources of publishing lines; a watcher has none
SOURCE_CHANGES: dict[str, tuple[Change, str]] = {
    "a third SSRC": (_sub(r"^a=ssrc-group", "a=ssrc:77 cname:x\r\na=ssrc-group"), "answer_source"),
    "a second SSRC for sound": (_after_mid("a=ssrc:77 cname:x"), "answer_source"),
    "SSRC zero": (_sub(r"^a=ssrc:\d+ ", "a=ssrc:0 "), "answer_source"),
    "an SSRC of 33 bits": (_sub(r"^a=ssrc:\d+ ", "a=ssrc:4294967296 "), "answer_source"),
    "an SSRC of ours": (_sub(r"^a=ssrc:\d+ ", "a=ssrc:2000 "), "answer_source"),
    "a group of strangers": (_sub(r"^a=ssrc-group.*", "a=ssrc-group:FID 5 6"), "answer_source"),
    "two groups": (_sub(r"^a=ssrc-group", "a=ssrc-group:FID 5 6\r\na=ssrc-group"), "answer_source"),
    "a hundred SSRCs": (
        _after_mid("\r\n".join(f"a=ssrc:{n} x:y" for n in range(1, 60))),
        "answer_source",
    ),
}


@dataclass(frozen=True)
class Hostile:
    name: str
    code: str
    sdp: str
    publishes: Sequence[Kind]
    slots: Sequence[SlotLine]


def hostile_answers() -> Iterator[Hostile]:
    """Every change made to every real answer it changes at all."""
    for real in real_answers():
        changes = CHANGES | (SOURCE_CHANGES if real.publishes else {})
        for name, (change, code) in changes.items():
            sdp = change(real.sdp)
            if sdp != real.sdp:
                yield Hostile(f"{real.name}: {name}", code, sdp, real.publishes, real.slots)
