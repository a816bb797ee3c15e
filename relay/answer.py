"""A browser's answer to a leg's offer, read by a whitelist: what was not offered is refused (RFC 8866, RFC 9429).

Only credentials, fingerprint, role, sources and directions are taken from it. Candidates are allowed
and never read: the browser's address is learned from its own authenticated checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NoReturn, cast

from relay.offer import (
    FEEDBACK,
    FMTPS,
    MIDS,
    PAYLOAD_TYPES,
    RTPMAPS,
    TRANSPORT_CC,
    TRANSPORT_CC_ID,
    VP8_RTX,
    Kind,
    Media,
    SlotLine,
    mids,
)

RefusalCode = Literal[
    "answer_too_long",
    "answer_grammar",
    "answer_lines",
    "answer_bundle",
    "answer_codec",
    "answer_direction",
    "answer_extension",
    "answer_transport",
    "answer_source",
    "answer_identity",  # of another leg
]
Setup = Literal["active", "passive"]

BYTES_PER_LINE = 1024  # of each m-line and of the part before the first; browsers need about 600


class DescriptionRefused(Exception):
    """The answer says something that was not offered; `code` is what a browser may be told."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code


@dataclass(frozen=True, slots=True)
class Source:
    """What a publishing line will send: its SSRC and, for a picture, that of the retransmissions."""

    ssrc: int
    rtx_ssrc: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything taken from an answer.

    `fingerprint` is (algorithm, upper-case hex pairs with colons). `sources` lacks a kind whose line is
    inactive. `slots` are the indexes the browser will receive on. `transport_cc` is, by mid, the id of the
    header extension where it was kept.
    """

    ufrag: str
    pwd: str
    fingerprint: tuple[str, str]
    setup: Setup
    sources: dict[Kind, Source]
    slots: frozenset[int]
    transport_cc: dict[str, int]


@dataclass(slots=True)
class _Section:
    head: str = ""
    once: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)


_LINE = re.compile(r"([a-z])=([\x20-\x7e]+)")
_UNREAD = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")
_TRANSPORT = {
    "ice-ufrag": re.compile(r"[A-Za-z0-9+/]{4,256}"),
    "ice-pwd": re.compile(r"[A-Za-z0-9+/]{22,256}"),
    "fingerprint": re.compile(
        r"sha-256 ([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}"
        r"|sha-384 ([0-9A-Fa-f]{2}:){47}[0-9A-Fa-f]{2}"
        r"|sha-512 ([0-9A-Fa-f]{2}:){63}[0-9A-Fa-f]{2}"
    ),
    "setup": re.compile(r"active|passive"),
}
_SESSION_ONCE = {
    "sendrecv": re.compile(""),  # Firefox; every m-line must say its own
    **_TRANSPORT,
    "group": re.compile(r"BUNDLE( [a-z0-9]{1,4})+"),
    "msid-semantic": re.compile(r" ?WMS( [\x21-\x7e]+)*"),
    "ice-options": _UNREAD,
    "extmap-allow-mixed": re.compile(""),
}
_LINE_ONCE = {
    **_TRANSPORT,
    "mid": re.compile(r"[a-z0-9]{1,4}"),
    "msid": _UNREAD,
    "rtcp": _UNREAD,
    "rtcp-mux": re.compile(""),
    "rtcp-rsize": re.compile(""),
    "ice-options": _UNREAD,
    "end-of-candidates": re.compile(""),
    "extmap-allow-mixed": re.compile(""),
    "sendonly": re.compile(""),
    "recvonly": re.compile(""),
    "inactive": re.compile(""),
}
_LINE_MANY = {
    "candidate": _UNREAD,
    "extmap": _UNREAD,
    "rtpmap": re.compile(r"[0-9]{1,3} \S+"),
    "fmtp": re.compile(r"[0-9]{1,3} [A-Za-z0-9=;/ -]+"),
    "rtcp-fb": re.compile(r"[0-9]{1,3} [a-z ,-]+"),
    "ssrc": re.compile(r"[0-9]{1,10} [a-z]+:[\x21-\x7e]+( [\x21-\x7e]+)*"),
    "ssrc-group": re.compile(r"FID [0-9]{1,10} [0-9]{1,10}"),
}
_PLAIN = {
    "v": re.compile(r"0"),
    "o": re.compile(r"\S+ [0-9]{1,20} [0-9]{1,20} IN IP[46] \S+"),
    "s": _UNREAD,
    "t": re.compile(r"0 0"),
    "c": re.compile(r"IN IP[46] \S+"),
}
_DIRECTIONS = ("sendonly", "recvonly", "inactive")


def _refuse(code: RefusalCode) -> NoReturn:
    raise DescriptionRefused(code)


def read_answer(sdp: str, *, publishes: Sequence[Kind], slots: Sequence[SlotLine]) -> Answer:
    """Read the answer to the offer made with the same `publishes` and `slots`; else DescriptionRefused."""
    expected = mids(publishes, slots)
    if not isinstance(sdp, str) or len(sdp) > BYTES_PER_LINE * (len(expected) + 1):
        _refuse("answer_too_long" if isinstance(sdp, str) else "answer_grammar")
    session, *sections = _sections(sdp)
    if len(sections) != len(expected):
        _refuse("answer_lines")
    if session.once.get("group") != " ".join(["BUNDLE", *(mid for mid, _ in expected)]):
        _refuse("answer_bundle")
    lines = {mid: section for (mid, _), section in zip(expected, sections, strict=True)}
    for (mid, media), section in zip(expected, sections, strict=True):
        _check_line(mid, media, section)
    ufrag, pwd, fingerprint, setup = _transport([session, *sections])
    algorithm, _, value = fingerprint.partition(" ")
    return Answer(
        ufrag=ufrag,
        pwd=pwd,
        fingerprint=(algorithm, value.upper()),
        setup=cast("Setup", setup),
        sources=_sources(lines, slots),
        slots=_slots(lines, slots),
        transport_cc={mid: TRANSPORT_CC_ID for mid, section in lines.items() if "extmap" in section.many},
    )


def _sections(sdp: str) -> list[_Section]:
    """The part before the first m-line, then one section for each m-line; every line is known or refused."""
    sections = [_Section()]
    plain: set[str] = set()
    for number, text in enumerate(sdp.replace("\r\n", "\n").removesuffix("\n").split("\n")):
        match = _LINE.fullmatch(text)
        if match is None or (number == 0) != (text == "v=0"):
            _refuse("answer_grammar")
        letter, value = match.groups()
        if letter == "m":
            sections.append(_Section(head=value))
            plain = {"v", "o", "s", "t"}
        elif letter == "a":
            _attribute(sections[-1], value, session=len(sections) == 1)
        elif letter in plain or letter not in _PLAIN or not _PLAIN[letter].fullmatch(value):
            _refuse("answer_grammar")
        else:
            plain.add(letter)
    return sections


def _attribute(section: _Section, text: str, *, session: bool) -> None:
    name, _, value = text.partition(":")
    if name in (_SESSION_ONCE if session else _LINE_ONCE):
        pattern = (_SESSION_ONCE if session else _LINE_ONCE)[name]
        if name in section.once or not pattern.fullmatch(value):
            _refuse("answer_transport" if name in _TRANSPORT else "answer_grammar")
        section.once[name] = value
    elif not session and name in _LINE_MANY:
        if not _LINE_MANY[name].fullmatch(value):
            _refuse("answer_grammar")
        section.many.setdefault(name, []).append(value)
    else:
        _refuse("answer_grammar")


def _check_line(mid: str, media: Media, section: _Section) -> None:
    types = PAYLOAD_TYPES[media]
    head = re.fullmatch(r"(audio|video) ([0-9]{1,5}) UDP/TLS/RTP/SAVPF ([0-9 ]+)", section.head)
    if head is None or head[1] != media or section.once.get("mid") != mid:
        _refuse("answer_lines")
    if not 1 <= int(head[2]) <= 0xFFFF or "rtcp-mux" not in section.once:
        _refuse("answer_lines")
    if head[3] != " ".join(map(str, types)):
        _refuse("answer_codec")
    allowed = ("sendonly", "inactive") if mid in MIDS.values() else ("recvonly", "inactive")
    if [name for name in _DIRECTIONS if name in section.once] not in [[name] for name in allowed]:
        _refuse("answer_direction")
    if section.many.get("extmap", []) not in ([], [f"{TRANSPORT_CC_ID} {TRANSPORT_CC}"]):
        _refuse("answer_extension")
    _check_codecs(types, section.many)


def _check_codecs(types: Sequence[int], many: Mapping[str, list[str]]) -> None:
    rtpmaps = sorted(line.lower() for line in many.get("rtpmap", []))
    if rtpmaps != sorted(f"{number} {RTPMAPS[number]}".lower() for number in types):
        _refuse("answer_codec")
    described = [int(line.partition(" ")[0]) for line in many.get("fmtp", [])]
    if len(set(described)) != len(described) or not set(described) <= set(types):
        _refuse("answer_codec")
    if VP8_RTX in types and f"{VP8_RTX} {FMTPS[VP8_RTX]}" not in many.get("fmtp", []):
        _refuse("answer_codec")
    offered = {f"{number} {feedback}" for number in types for feedback in FEEDBACK.get(number, ())}
    if not set(many.get("rtcp-fb", [])) <= offered:
        _refuse("answer_codec")


def _transport(sections: Sequence[_Section]) -> list[str]:
    """The bundle has one transport: where a line repeats a value it must be the same."""
    values = []
    for name in _TRANSPORT:
        found = {section.once[name] for section in sections if name in section.once}
        if len(found) != 1:
            _refuse("answer_transport")
        values.append(found.pop())
    return values


def _sources(lines: Mapping[str, _Section], slots: Sequence[SlotLine]) -> dict[Kind, Source]:
    sources: dict[Kind, Source] = {}
    taken = {number for slot in slots for number in (slot.audio_ssrc, slot.video_ssrc, slot.rtx_ssrc)}
    for kind, mid in MIDS.items():
        if mid not in lines or "sendonly" not in lines[mid].once:
            continue
        source = _source(kind, lines[mid].many)
        if source is None:
            continue
        for number in (source.ssrc, source.rtx_ssrc):
            if number is not None and (number in taken or not 0 < number < 1 << 32):
                _refuse("answer_source")
            taken.add(number or 0)
        sources[kind] = source
    return sources


def _source(kind: Kind, many: Mapping[str, list[str]]) -> Source | None:
    numbers = list(dict.fromkeys(int(line.partition(" ")[0]) for line in many.get("ssrc", [])))
    groups = [[int(number) for number in line.split()[1:]] for line in many.get("ssrc-group", [])]
    if not numbers and not groups:
        return None
    if len(numbers) == 1 and not groups:
        return Source(numbers[0], None)
    if kind == "audio" or len(groups) != 1 or sorted(groups[0]) != sorted(numbers) or len(numbers) != 2:
        _refuse("answer_source")
    return Source(*groups[0])


def _slots(lines: Mapping[str, _Section], slots: Sequence[SlotLine]) -> frozenset[int]:
    return frozenset(
        slot.index
        for slot in slots
        if all("recvonly" in lines[mid].once for mid in (f"a{slot.index}", f"v{slot.index}"))
    )
