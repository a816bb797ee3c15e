"""What a line takes, estimated from synthetic lines: still, narrow, lossy, changing, skewed, and lying."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from relay.allowance import CEILING, FLOOR
from relay.estimate import Estimate, Row

SECOND = 1_000_000_000
FPS = 30


@dataclass
class Road:
    """A line of `rate` bit/s with `queue` seconds of waiting room; its far clock runs `skew` too fast."""

    rate: float | None = None
    queue: float = 0.3
    loss: float = 0.0
    jitter: float = 0.0
    skew: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    free_at: float = 0.0

    def carry(self, now: float, size: int) -> float | None:
        """When it is there; None: never."""
        if self.dice.random() < self.loss:
            return None
        leave = now
        if self.rate is not None:
            leave = max(now, self.free_at)
            if leave - now > self.queue:
                return None
            leave = self.free_at = leave + size * 8 / self.rate
        return leave + 0.02 + self.dice.random() * self.jitter


class Sender:
    """A picture of at most `bitrate` that obeys the estimate, and sound beside it; feedback ten times a second."""

    def __init__(self, bitrate: float = 1_200_000, *, obedient: bool = True) -> None:
        self.bitrate, self.obedient = bitrate, obedient
        self.estimate = Estimate()
        self.now = 100.0
        self.limits: list[int | None] = []
        self.queues: list[float] = []
        self._untold: list[tuple[float, float | None, int]] = []

    def seconds(self, count: float, road: Road, *, told: bool = True) -> int | None:
        """Send for so long; the limit afterwards."""
        for frame in range(int(count * FPS)):
            self._send(road)
            self.now += 1 / FPS
            if frame % 3 == 2:
                rows = self._feedback(road)
                if told:
                    self.estimate.feedback(rows, int(self.now * SECOND))
                self.limits.append(self.estimate.limit)
                self.queues.append(self.estimate.delay.queue_ms)
        return self.estimate.limit

    def _send(self, road: Road) -> None:
        limit = self.estimate.limit if self.obedient else None
        bitrate = self.bitrate if limit is None else min(self.bitrate, limit)
        count = max(1, int(bitrate / 8 / FPS / 1000))
        sizes = [int(bitrate / 8 / FPS / count)] * count + [100]
        for number, size in enumerate(sizes):
            at = self.now + number * 0.0002
            self._untold.append((at, road.carry(at, size), size))

    def _feedback(self, road: Road) -> list[Row]:
        there = [i for i, (_, at, _) in enumerate(self._untold) if at is not None and at <= self.now]
        end = there[-1] + 1 if there else 0
        rows, self._untold = self._untold[:end], self._untold[end:]
        return [
            (int(left * SECOND), None if at is None else int(at * (1 + road.skew) * 1_000_000), size)
            for left, at, size in rows
        ]


@pytest.mark.parametrize(
    "road",
    [Road(), Road(jitter=0.03), Road(loss=0.05), Road(rate=3_000_000), Road(skew=4e-3), Road(skew=-4e-3)],
    ids=["still", "restless", "5 % lost", "wide enough", "fast clock", "slow clock"],
)
def test_a_line_that_carries_all_has_no_limit(road: Road):
    sender = Sender()
    sender.seconds(60, road)
    assert set(sender.limits) == {None}


def test_a_bottleneck_is_found_before_its_queue_is_full_and_then_used():
    sender = Sender()
    sender.seconds(3, Road(rate=800_000, queue=1.0))
    first = next(limit for limit in sender.limits if limit is not None)
    assert 550_000 < first < 800_000
    assert max(sender.queues[: sender.limits.index(first) + 1]) < 300
    sender.limits.clear()
    sender.seconds(60, Road(rate=800_000, queue=1.0))
    assert min(limit or 0 for limit in sender.limits) > 450_000
    assert max(limit or CEILING for limit in sender.limits) < 1_000_000


def test_behind_a_bottleneck_with_a_short_queue_losses_tell_what_it_takes():
    sender = Sender()
    limit = sender.seconds(5, Road(rate=300_000, queue=0.05))
    assert limit is not None
    assert FLOOR < limit < 320_000


def test_heavy_loss_without_a_queue_lowers_and_never_below_the_floor():
    sender = Sender()
    assert (sender.seconds(4, Road(loss=0.3)) or CEILING) < 700_000
    assert sender.seconds(60, Road(loss=0.3)) == FLOOR


def test_a_line_that_narrows_and_widens_again_is_followed_both_ways_and_forgotten():
    sender = Sender()
    road = Road(rate=3_000_000)
    assert sender.seconds(10, road) is None
    road.rate = 400_000
    low = sender.seconds(10, road)
    assert low is not None
    assert 200_000 < low < 420_000
    road.rate = 3_000_000
    higher = sender.seconds(15, road)
    assert higher is not None
    assert higher > low
    sender.bitrate = 100_000  # what is four times as much limits nothing
    assert sender.seconds(5, road) is None


def test_a_sender_with_little_to_say_is_not_limited_by_its_silence():
    sender = Sender(bitrate=60_000)
    assert sender.seconds(30, Road(rate=1_000_000)) is None
    sender.bitrate = 900_000
    assert sender.seconds(20, Road(rate=1_000_000)) is None


def test_a_queue_that_stands_without_growing_is_emptied():
    sender = Sender()
    road = Road(rate=700_000, queue=2.0)
    sender.seconds(40, road)
    late = sender.queues[len(sender.queues) // 2 :]
    assert sum(queue > 250 for queue in late) < len(late) / 10


def test_packets_that_arrive_in_another_order_are_no_queue():
    road = Road()
    sender = Sender()
    dice = random.Random(3)
    straight = road.carry

    def crooked(now: float, size: int) -> float | None:
        at = straight(now, size)
        return at + 0.04 if at is not None and dice.random() < 0.05 else at

    road.carry = crooked  # type: ignore[method-assign]
    sender.seconds(30, road)
    assert set(sender.limits) == {None}


def test_lost_feedback_changes_nothing_and_the_next_is_understood():
    sender = Sender()
    road = Road()
    sender.seconds(5, road)
    sender.seconds(5, road, told=False)
    assert sender.seconds(5, road) is None
    road.rate = 300_000
    assert (sender.seconds(5, road) or CEILING) < 320_000


def rows(count: int, seed: int) -> list[Row]:
    """Feedback of a liar: any arrival at all."""
    dice = random.Random(seed)
    arrivals = [None, 0, -(1 << 40), 1 << 40, 1 << 62, dice.randrange(1 << 30)]
    return [
        ((1000 + n * dice.choice((0, 1, 50))) * 1_000_000, dice.choice(arrivals), 1000) for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_what_a_liar_says_stays_within_bounds(seed: int):
    estimate = Estimate()
    for number in range(100):
        estimate.feedback(rows(200, 1000 * seed + number), (1 + number) * SECOND)
        assert estimate.limit is None or FLOOR <= estimate.limit <= CEILING
        assert abs(estimate.delay.queue_ms) < 1e9


def test_the_same_feedback_again_and_again_says_nothing_new():
    sender = Sender()
    sender.seconds(3, Road())
    stuck: list[Row] = [(int(102 * SECOND) + n, None, 1000) for n in range(50)]
    for number in range(100):
        sender.estimate.feedback(stuck, int((110 + number) * SECOND))
    assert sender.estimate.limit is None
