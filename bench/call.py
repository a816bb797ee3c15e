"""One measured call: its clients, who is expected to hear whom, and what of it arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.client import LoadClient, Studio
from bench.shapes import Leg, Shape


@dataclass(frozen=True, slots=True)
class Listening:
    """What `source` sends as `sent` arrives at `client` on the line `mid`."""

    client: LoadClient
    mid: str
    source: LoadClient
    sent: str


class Call:
    """Clients are made as the server wants them: one a leg, or one for each direction."""

    def __init__(
        self, number: int, shape: Shape, studio: Studio, *, group: int = 0, log: bool = False
    ) -> None:
        self.host = "127.0.0.1"  # of the clients
        self.number, self.shape = number, shape
        self._studio, self._group, self._log = studio, group, log
        self.publishers: dict[str, LoadClient] = {}
        self.receivers: dict[str, LoadClient] = {}
        self.listening: list[Listening] = []
        self._clients: list[LoadClient] = []

    def client(self, leg: Leg) -> LoadClient:
        """One client that publishes and receives what the leg does."""
        client = self.publishers[leg.name] = self.receivers[leg.name] = self._made(leg.publishes)
        return client

    def publisher(self, leg: Leg) -> LoadClient:
        """A client that only sends, and makes the offer."""
        client = self.publishers[leg.name] = self._made(leg.publishes, offers=True)
        return client

    def receiver(self, leg: Leg) -> LoadClient:
        client = self.receivers[leg.name] = self._made(())
        return client

    def _made(self, publishes: tuple[str, ...], *, offers: bool = False) -> LoadClient:
        client = LoadClient(
            self._studio, publishes, group=self._group, log=self._log, offers=offers, host=self.host
        )
        self._clients.append(client)
        return client

    def listen_by_slots(self) -> None:
        """Our own servers' lines are named by slot: a0 v0 a1 v1 ..."""
        for leg, slot, party, level in self.shape.seatings:
            for kind in "av":
                if level == "preview" and kind == "a":
                    continue  # the wall is silent
                sent = "p" if level == "preview" else kind
                self.listen(self.receivers[leg], f"{kind}{slot}", party, sent)

    def listen(self, client: LoadClient, mid: str, party: str, sent: str) -> None:
        source = self.publishers[party]
        client.expect(mid, source, sent)
        self.listening.append(Listening(client, mid, source, sent))

    def delivered(self) -> tuple[int, int]:
        """(packets that arrived, packets that were sent to somebody) of the window."""
        came = sum(one.client.came(one.mid)["window_packets"] for one in self.listening)
        return came, sum(one.source.sent(one.sent)["window_packets"] for one in self.listening)

    def flowing(self) -> bool:
        """Whether every line got something that its sender sent; a picture, a whole one from a key frame on."""
        return all(
            one.client.came(one.mid)["frames" if one.sent == "a" else "key_frames"] for one in self.listening
        )

    def sources(self) -> Iterator[Mapping[str, int]]:
        for client in self.publishers.values():
            yield from (client.sent(mid) for mid in client.outs)

    def lines(self) -> Iterator[Mapping[str, int]]:
        for client in set(self.receivers.values()):
            yield from (client.came(mid) for mid in client.ins)

    def faults(self) -> int:
        return sum(sum(client.faults.values()) for client in self._clients)

    async def close(self) -> None:
        await asyncio.gather(*(client.close() for client in self._clients))
