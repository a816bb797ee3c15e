"""One leg in its hub: where it sits, its transport's life, its tracks both ways."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from relay import stats
from relay.congestion import LEVELS, Level
from relay.description import OPUS, VP8, VP8_RTX, Answer, SlotLine, offer, read_answer
from relay.identity import Identities
from relay.leg import Address, Leg, LegFailed
from relay.publication import Publication
from relay.reports import Reports, Slot
from relay.sender import Sender
from relay.shield import Shield
from relay.stats import LegStats
from relay.subscription import Clock, Subscription
from relay.table import Kind, Path, Table
from relay.turns import Turns

logger = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = ("audio", "video", "preview")
PAYLOAD_TYPES: dict[Kind, int] = {"audio": OPUS, "video": VP8, "preview": VP8}
PUBLISHING_MIDS = ("a", "v", "p")


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a leg sits: `party` names it to others; a watcher publishes nothing and takes any unique name."""

    party: str
    publishes: frozenset[Kind]
    slots: int


@dataclass(slots=True)
class Wish:
    """Who is wanted in a slot."""

    party: str | None = None
    audio: bool = False
    video: Level = "none"


@dataclass(frozen=True)
class Parts:
    """What a leg needs of the process."""

    table: Table
    sender: Sender
    shield: Shield
    candidates: list[Address]
    clock: Callable[[], int]
    silence_ns: int
    handshake_seconds: float
    identities: Identities
    turns: Turns = field(default_factory=Turns)


class Watch(Protocol):
    """What a leg tells its hub."""

    def connected(self, member: Member) -> None: ...
    def failed(self, member: Member, reason: str) -> None: ...
    def silence(self, member: Member, silent: bool) -> None: ...
    def line_changed(self, member: Member) -> None: ...


class Member:
    """Made at join, connected after the answer, closed once; `path` and `reports` are there once connected."""

    def __init__(self, leg_id: str, seat: Seat, parts: Parts, watch: Watch) -> None:
        self.leg_id = leg_id
        self.seat = seat
        self._parts = parts
        self._watch = watch
        self._leg = Leg(leg_id, parts.candidates[0], parts.sender.send, parts.identities(), parts.turns)
        self._guarded = parts.shield.guard(self._leg)
        self._ssrcs = _ssrcs()
        self._control_ssrc = next(self._ssrcs)
        self._lines = [self._slot_line(index) for index in range(seat.slots)]
        self.wishes = [Wish() for _ in range(seat.slots)]
        self.answered = self.silent = self.closed = False
        self.path: Path | None = None
        self.reports: Reports | None = None
        self.publications: dict[Kind, Publication] = {}
        self.slots: dict[int, Slot] = {}

    def _slot_line(self, index: int) -> SlotLine:
        name = secrets.token_hex(8)
        return SlotLine(index, next(self._ssrcs), next(self._ssrcs), next(self._ssrcs), name, name)

    @property
    def cap(self) -> Level:
        """The best level its line takes."""
        return self.reports.downlink.cap if self.reports else "main"

    @property
    def takes(self) -> int | None:
        """What its line takes, in bit/s; None while that never mattered."""
        return self.reports.estimate.limit if self.reports else None

    @property
    def exhausted(self) -> bool:
        """Whether even the least a sender can be asked for is too much for its line."""
        return self.reports is not None and self.reports.estimate.exhausted

    @property
    def clock(self) -> Clock | None:
        return self.reports.clock if self.reports else None

    def wants(self, party: str, level: Level) -> bool:
        """Whether one of its slots wants that party's picture, at this level or better."""
        least = LEVELS.index(level)
        return any(wish.party == party and LEVELS.index(wish.video) >= least for wish in self.wishes)

    async def offer(self) -> str:
        await self._leg.open()
        return offer(
            ufrag=self._leg.ufrag,
            pwd=self._leg.pwd,
            fingerprint=self._leg.fingerprint,
            candidates=self._parts.candidates,
            publishes=self._kinds(),
            slots=self._lines,
            session_id=secrets.randbits(62),
        )

    def _kinds(self) -> list[Kind]:
        return [kind for kind in KINDS if kind in self.seat.publishes]

    def read(self, sdp: str) -> Answer:
        """Raises DescriptionRefused; changes nothing."""
        return read_answer(sdp, publishes=self._kinds(), slots=self._lines)

    async def run(self, answer: Answer) -> None:
        """Shake hands; tells the hub how it ended. Owned by the relay's task group."""
        try:
            async with asyncio.timeout(self._parts.handshake_seconds):
                await self._leg.connect(
                    ufrag=answer.ufrag,
                    pwd=answer.pwd,
                    fingerprint=answer.fingerprint,
                    client=answer.setup == "passive",
                )
            self._connect(answer)
        except (LegFailed, TimeoutError) as failure:
            self._fail(failure.reason if isinstance(failure, LegFailed) else "handshake")
        except Exception:
            logger.exception("leg %s: handshake broke", self.leg_id)
            self._fail("handshake")

    def _fail(self, reason: str) -> None:
        if not self.closed:
            self._watch.failed(self, reason)

    def _connect(self, answer: Answer) -> None:
        address = self._leg.address
        if self.closed or address is None:
            self._fail("handshake")
            return
        self._leg.when_closed(lambda: self._fail("closed_by_peer"))
        path = self.path = self._parts.table.path(
            self.leg_id, self._leg.sessions, address, self._parts.clock()
        )
        identifiers = [answer.transport_cc[mid] for mid in PUBLISHING_MIDS if mid in answer.transport_cc]
        path.congestion_tag = identifiers[0] << 4 | 1 if identifiers else 0
        for kind, source in answer.sources.items():
            self._publish(path, kind, source.ssrc, source.rtx_ssrc)
        for line in self._lines:
            if line.index in answer.slots:
                self.slots[line.index] = self._open_slot(path, line, answer)
        self.reports = Reports(
            path,
            self.publications,
            self.slots,
            sender=self._parts.sender,
            control_ssrc=self._control_ssrc,
            line_changed=lambda: self._watch.line_changed(self),
        )
        self._parts.shield.connect(self._guarded, path)
        self._watch.connected(self)

    def _publish(self, path: Path, kind: Kind, ssrc: int, rtx_ssrc: int | None) -> None:
        table = self._parts.table
        track = table.track(ssrc, kind, PAYLOAD_TYPES[kind])
        path.announce(track)
        if rtx_ssrc is not None:
            path.announce(table.track(rtx_ssrc, kind, VP8_RTX, primary=track))
        self.publications[kind] = Publication(self.leg_id, self.seat.party, kind, track, self._control_ssrc)

    def _open_slot(self, path: Path, line: SlotLine, answer: Answer) -> Slot:
        table = self._parts.table
        audio = table.output(path, "audio", line.audio_ssrc, OPUS, None)
        video = table.output(path, "video", line.video_ssrc, VP8, (line.rtx_ssrc, VP8_RTX))
        for output, mid in ((audio, f"a{line.index}"), (video, f"v{line.index}")):
            identifier = answer.transport_cc.get(mid)
            output.wide = identifier << 4 | 1 if identifier else 0
        return Slot(Subscription(audio, line.cname), Subscription(video, line.cname))

    def judge(self, need: int, now: int) -> None:
        """Whether its line carries the full pictures it wants, which cost `need` bit/s."""
        if self.reports is not None and not self.closed:
            self.reports.judge(need, now)

    def control(self, data: bytes, now: int) -> None:
        """One authentic compound RTCP packet (ValueError: malformed)."""
        if self.reports is not None:
            self.reports.read(data, now)

    def beat(self, now: int) -> None:
        """What is due by time, and the silence watch (T15)."""
        if self.reports is None or self.path is None or self.closed or not self.reports.due(now):
            return
        self.reports.beat(now)
        silent = now - self.path.heard >= self._parts.silence_ns
        if silent != self.silent:
            self.silent = silent
            self._watch.silence(self, silent)

    def stats(self) -> LegStats:
        loss_up = max((one.loss for one in self.publications.values()), default=0.0)
        loss_down = self.reports.downlink.loss if self.reports else 0.0
        rtt = self.reports.downlink.rtt_ms if self.reports else None
        up, down = self.reports.rates if self.reports else (0, 0)
        heard = self.reports is not None and not self.silent
        return LegStats(
            party=self.seat.party,
            connected=heard,
            rtt_ms=rtt,
            loss_up=loss_up,
            loss_down=loss_down,
            bitrate_up=up,
            bitrate_down=down,
            line=stats.line(heard=heard, loss=max(loss_up, loss_down), rtt_ms=rtt),
            levels={index: slot.level for index, slot in self.slots.items()},
            publishing=frozenset(kind for kind, one in self.publications.items() if one.track.received),
        )

    def shut(self) -> None:
        """From now on nothing is forwarded from or to it."""
        self.closed = True
        self._parts.shield.forget(self._guarded)
        for publication in self.publications.values():
            publication.track.shut()
        for slot in self.slots.values():
            slot.audio.point(None, None)
            slot.video.point(None, None)

    async def close(self) -> None:
        """The transport's end, after shut()."""
        try:
            await self._leg.close()
        finally:  # a call's packets and keys go with it: in a cycle they waited for a garbage collection, and megabytes with them
            self.path = self.reports = None
            self.publications.clear()
            self.slots.clear()


def _ssrcs() -> Iterator[int]:
    used = {0}
    while True:
        ssrc = secrets.randbits(32)
        if ssrc not in used:
            used.add(ssrc)
            yield ssrc
