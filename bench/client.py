"""A load client: it joins like a browser in Python, and its media runs natively (load.pyx)."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Self

from bench import load  # type: ignore[attr-defined]  # compiled
from bench.answering import Identity, Line, Offered, read_offer, write_answer, write_offer
from bench.clip import AUDIO_SECONDS, SAMPLE_RATE, Clip
from bench.wire import Address, ClientWire
from relay.leg import native_functions, native_pointer

OPUS, VP8, VP8_RTX = 111, 96, 97
VIDEO_RATE = 90000
JITTER = 40  # ticks of 90 kHz, under half a millisecond: who re-encodes frames is still recognised by them


class Studio:
    """What all clients of this process share: the native thread and the reels that it plays."""

    def __init__(self, clip: Clip, preview: Clip | None = None) -> None:
        self._load = load.Load(native_functions())
        self.reels = {"a": _sounds(clip), "v": _pictures(clip)}
        if preview is not None:
            self.reels["p"] = _pictures(preview)
        self._clients: dict[tuple[int, int], LoadClient] = {}
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._load.event, self._news)
        self._load.start()
        return self

    async def __aexit__(self, *why: object) -> None:
        self._load.stop()
        asyncio.get_running_loop().remove_reader(self._load.event)

    def _news(self) -> None:
        for place, generation, datagram in self._load.take_up():
            client = self._clients.get((place, generation))
            if client is not None:
                client.wire.received(datagram)
        for condition, waiter in self._waiters:
            if not waiter.done() and condition():
                waiter.set_result(None)
        self._waiters = [(condition, waiter) for condition, waiter in self._waiters if not waiter.done()]
        self._load.tell(bool(self._waiters))

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until what was received fulfils a condition; TimeoutError names nothing, the caller knows."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((condition, waiter))
        self._load.tell(True)
        await asyncio.wait_for(waiter, seconds)

    def client(
        self,
        wire: ClientWire | None,
        descriptor: int,
        server: Address,
        sessions: tuple[Any, Any],
        **wide: int,
    ) -> Any:
        """A native client on a socket under these (receiving, sending) SRTP sessions."""
        receiving, sending = map(native_pointer, sessions)
        return load.Client(self._load, descriptor, server, sessions, receiving, sending, **wide)

    def enter(self, native: Any, client: LoadClient) -> None:
        self._clients[native.name] = client

    def leave(self, native: Any) -> None:
        self._clients.pop(native.name, None)

    def open_window(self) -> None:
        """Begin to measure."""
        self._load.open_window()

    def close_window(self) -> None:
        self._load.close_window()

    def latencies(self, group: int, *, picture: bool) -> tuple[dict[int, int], float]:
        """({microseconds: frames}, the worst in microseconds) of the window."""
        counts, worst = self._load.latencies(group, picture)
        return counts, worst

    @property
    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = self._load.figures
        return figures


def _pictures(clip: Clip) -> Any:
    return load.Reel(
        [list(frame) for frame in clip.frames],
        rate=VIDEO_RATE,
        ticks=VIDEO_RATE // clip.fps,
        period=1 / clip.fps,
        picture=True,
    )


def _sounds(clip: Clip) -> Any:
    return load.Reel(
        [[sound] for sound in clip.sounds],
        rate=SAMPLE_RATE,
        ticks=round(SAMPLE_RATE * AUDIO_SECONDS),
        period=AUDIO_SECONDS,
        picture=False,
    )


class LoadClient:
    """Publishes `publishes` (mids of "a", "v", "p") and receives on what the offer sends; `group` of its latencies."""

    def __init__(
        self,
        studio: Studio,
        publishes: Collection[str] = ("a", "v"),
        *,
        group: int = 0,
        log: bool = False,
        offers: bool = False,
        host: str = "127.0.0.1",
    ) -> None:
        """`log`: keep times and timestamps of pictures; `offers`: offer() instead of answer()."""
        self._studio = studio
        self._group, self._log = group, log
        self.sources = {mid: (_ssrc(), None if mid == "a" else _ssrc()) for mid in publishes}
        self.wire = ClientWire(_nothing, _nothing, lambda: None, controlling=offers, host=host)
        self._offered: Offered | None = None
        self._native: Any = None
        self.outs: dict[str, int] = {}
        self.ins: dict[str, int] = {}

    @property
    def _identity(self) -> Identity:
        return Identity(self.wire.ufrag, self.wire.pwd, self.wire.fingerprint, self.sources)

    def answer(self, offer: str) -> str:
        """The answer to an offer; connect() comes next."""
        self._offered = read_offer(offer)
        return write_answer(self._offered, self._identity)

    def offer(self) -> str:
        """An offer of one's own; accept() and connect() come next."""
        return write_offer(self._identity, self.wire.local)

    def accept(self, answer: str) -> None:
        self._offered = read_offer(answer)

    async def connect(self) -> None:
        """ICE and DTLS, then media. ConnectionError where it does not come about."""
        assert self._offered is not None
        remote, lines = self._offered.remote, self._offered.lines
        await self.wire.connect(remote)
        ids = {True: 0, False: 0} | {line.mid in self.sources: line.wide for line in lines if line.wide}
        self.begin(
            self.wire.hand_over(),
            remote.address,
            self.wire.sessions,
            [line for line in lines if line.mid not in self.sources],
            wide_out=ids[True],
            wide_in=ids[False],
            compound=not all("a=rtcp-rsize" in line.attributes for line in lines),
        )

    async def join(self, offer: str, deliver: Callable[[str], Awaitable[object]]) -> None:
        """answer(), hand the answer over, connect()."""
        await asyncio.gather(deliver(self.answer(offer)), self.connect())

    def begin(
        self,
        descriptor: int,
        server: Address,
        sessions: tuple[Any, Any],
        lines: Collection[Line],
        **wide: int,
    ) -> None:
        """Play and listen natively; `lines` are what the server sends."""
        native = self._studio.client(self.wire, descriptor, server, sessions, **wide)
        for mid, (ssrc, rtx) in self.sources.items():
            self.outs[mid] = native.add_out(
                self._studio.reels[mid],
                ssrc=ssrc,
                rtx_ssrc=rtx or 0,
                payload_type=OPUS if mid == "a" else VP8,
                rtx_type=VP8_RTX if rtx else 0,
                jitter=JITTER if mid == "v" else 0,
                log=self._log and mid == "v",
            )
        for line in lines:
            picture = line.media == "video"
            self.ins[line.mid] = native.add_in(
                ssrc=line.ssrc or 0,
                rtx_ssrc=line.rtx_ssrc or 0,
                rate=VIDEO_RATE if picture else SAMPLE_RATE,
                picture=picture,
                group=self._group,
                log=self._log and picture,
            )
        self._native = native
        native.begin()
        self._studio.enter(native, self)

    def expect(self, mid: str, source: LoadClient, sent: str) -> None:
        """What `source` sends as `sent` arrives on the line `mid`: only then can its latency be known."""
        self._native.listen(self.ins[mid], source._native, source.outs[sent])

    def sent(self, mid: str) -> Mapping[str, int]:
        figures: Mapping[str, int] = self._native.sent(self.outs[mid])
        return figures

    def came(self, mid: str) -> Mapping[str, int]:
        figures: Mapping[str, int] = self._native.came(self.ins[mid])
        return figures

    def frames_sent(self, mid: str) -> list[tuple[int, int]]:
        """[(RTP timestamp, ns)] of the window, if logged."""
        stamps: list[tuple[int, int]] = self._native.log(True, self.outs[mid])
        return stamps

    def frames_came(self, mid: str) -> list[tuple[int, int]]:
        stamps: list[tuple[int, int]] = self._native.log(False, self.ins[mid])
        return stamps

    @property
    def faults(self) -> Mapping[str, int]:
        """Packets that could not be read, sent, or belong to no line."""
        faults: Mapping[str, int] = self._native.faults if self._native is not None else defaultdict(int)
        return faults

    async def close(self) -> None:
        if self._native is not None:
            self._native.end()
            self._studio.leave(self._native)
        await self.wire.close()


def _ssrc() -> int:
    return random.getrandbits(31) | 1


def _nothing(view: memoryview, size: int) -> None:
    """Media before the native thread listens: nothing is measured yet."""
