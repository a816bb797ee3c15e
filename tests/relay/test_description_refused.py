"""A hostile answer changes nothing in a call: no packet leaves, the audit is told, the leg may answer again."""

from __future__ import annotations

import pytest

from bench.clip import make_clip
from bench.peer import Peer
from relay.description import DescriptionRefused
from relay.hub import Level, Seat
from relay.relay import Relay, RelaySettings
from tests.relay.answers_corpus import ALL, hostile_answers


class Told:
    """A listener that keeps every word."""

    def __init__(self) -> None:
        self.words: list[tuple[str, ...]] = []

    def leg_connected(self, leg_id: str) -> None:
        self.words.append(("connected", leg_id))

    def leg_silent(self, leg_id: str) -> None:
        self.words.append(("silent", leg_id))

    def leg_heard(self, leg_id: str) -> None:
        self.words.append(("heard", leg_id))

    def leg_failed(self, leg_id: str, reason: str) -> None:
        self.words.append(("failed", leg_id, reason))

    def intruded(self, leg_id: str, what: str) -> None:
        self.words.append(("intruded", leg_id, what))

    def level_changed(self, leg_id: str, slot: int, level: Level) -> None:
        self.words.append(("level", leg_id, level))


async def test_every_hostile_answer_reaches_nothing_and_the_right_one_still_connects() -> None:
    relay = Relay(RelaySettings(host="127.0.0.1"))
    await relay.start()
    told = Told()
    hub = relay.open_hub("call", told, observers=False)
    offer = await hub.join("leg", Seat("visitor", frozenset(ALL), 2))
    # "of ours" names a source of the corpus' own offer; this leg's sources are others
    hostile = [case for case in hostile_answers() if len(case.slots) == 2 and "of ours" not in case.name]
    assert len(hostile) >= 200
    for case in hostile:
        with pytest.raises(DescriptionRefused) as refusal:
            await hub.answer("leg", case.sdp)
        assert refusal.value.code == case.code, case.name
    assert relay.stats().datagrams_out == 0
    assert {word[:2] for word in told.words} == {("intruded", "leg")}
    assert len(told.words) == len(hostile)
    peer = Peer(make_clip(width=64, height=48, bitrate=50_000, seconds=1), publishes=("a", "v", "p"))

    async def deliver(sdp: str) -> None:
        await hub.answer("leg", sdp)

    await peer.join(offer, deliver)
    await peer.until(lambda: len(peer.feedback) > 0)
    assert told.words[-1] == ("connected", "leg")
    await peer.close()
    await hub.close()
    await relay.stop()
