"""How much one receiver's line takes, from what it says of the packets it was sent (pure: no clock, no sockets).

After draft-ietf-rmcat-gcc-02, in the sender's place: packets in groups of 5 ms (section 5.2), a trend of their
one-way delay (in place of the filter of section 5.3), an over-use detector whose threshold adapts (section 5.4),
a rate that is cut to what came through and rises slowly (section 5.5), and losses (section 6, allowance.py).

Where it differs, and why: the rate is unknown (None) until over-use or loss has measured it, and forgotten when it
has risen far beyond what is sent. A sender that has little to say thus never limits itself by its own silence, which
couples the loops of sender and receiver and holds both at half a megabit. A queue counts as over-use only when it is
also long: packets that arrive late because the receiver's machine was busy must not cost the picture.

Everything the other side says is bounded: packets that were not sent are left out, arrivals are only compared with one
another, and the rate stays between FLOOR and CEILING. Who lies about his own line changes what he himself is sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Literal

from relay.allowance import CEILING, FLOOR, RISE, RISE_NEAR, SHARE, Allowance

Use = Literal["normal", "over", "under"]
Row = tuple[int, int | None, int]  # left (ns, ours), arrived (us, theirs; None: lost), bytes

MILLISECOND = 1_000_000
SECOND = 1_000_000_000
GROUP_NS = 5 * MILLISECOND  # section 5.2: BURST_TIME
WINDOW = 20  # groups in one trend
GAIN = 4.0
LONGEST_STEP_MS = 3000.0  # between two groups: beyond it their clock jumped, and the trend begins anew
THRESHOLD_MS, LEAST_MS, MOST_MS = 12.5, 6.0, 600.0  # section 5.4: del_var_th(0) and its bounds
RISES, FALLS = 0.0087, 0.039  # section 5.4: K_u, K_d, per ms
OVERUSE_NS = 100 * MILLISECOND  # how long it lasts before it counts
QUEUE_MS = 60.0  # how long the queue is before it counts; below half of it nothing is even computed
STANDING_MS, STANDING_NS = 150.0, SECOND  # a queue so long for so long counts though it does not grow
BASE_NS = 10 * SECOND  # the least delay of so long is an empty queue's
CAME_NS = 500 * MILLISECOND  # what came through is measured over so long
LOSS_NS = SECOND
ALERT_NS = 2 * SECOND  # after the last sign of trouble
LEAST_COUNTED = 20  # packets in a share of losses
AGAIN_NS = 500 * MILLISECOND  # between two cuts
MOST_PACKETS = 4096
FORGOTTEN = 4  # times what is sent: a rate that high limits nothing


class Delay:
    """The trend of one-way delay: `use` says whether the queue grows; states and their tests as in section 5.4."""

    def __init__(self) -> None:
        self.use: Use = "normal"
        self.queue_ms = 0.0
        self._group: tuple[int, int, int] | None = (
            None  # first left, last left, last arrival of the open group
        )
        self._before: tuple[int, int] | None = None  # last left and last arrival of the group before
        self._smooth = self._sum = 0.0
        self._points: deque[tuple[float, float]] = deque(maxlen=WINDOW)  # (arrival, smoothed delay), ms
        self._threshold = THRESHOLD_MS
        self._trend = 0.0
        self._over_since: int | None = None
        self._standing_since: int | None = None
        self._looked = 0
        self._lows: deque[tuple[int, float]] = deque()  # rising minima of the delay sum, for the empty queue

    def packet(self, left: int, arrived: int) -> None:
        """One packet that arrived, in the order they were sent; ns on our clock, us on theirs."""
        group = self._group
        if group is not None and left - group[0] <= GROUP_NS and left >= group[0]:
            self._group = group[0], max(left, group[1]), max(arrived, group[2])
            return
        if group is not None:
            self._close(group[1], group[2])
        self._group = left, left, arrived

    def _close(self, left: int, arrived: int) -> None:
        before, self._before = self._before, (left, arrived)
        if before is None:
            return
        step = (arrived - before[1]) / 1000 - (left - before[0]) / MILLISECOND
        if not -LONGEST_STEP_MS < step < LONGEST_STEP_MS or left <= before[0]:
            self._begin_anew()
            return
        self._sum += step
        self._smooth = 0.9 * self._smooth + 0.1 * self._sum
        self._points.append((left / MILLISECOND, self._smooth))
        self._measure_queue(left)
        if self.queue_ms > QUEUE_MS / 2:
            self._detect(self._slope() * len(self._points) * GAIN, left)
        else:
            self._over_since = self._standing_since = None
            self.use = "normal"

    def _begin_anew(self) -> None:
        self._smooth = self._sum = self._trend = self.queue_ms = 0.0
        self._points.clear()
        self._lows.clear()
        self._over_since = self._standing_since = None
        self.use = "normal"

    def _measure_queue(self, now: int) -> None:
        lows = self._lows
        while lows and lows[-1][1] >= self._sum:
            lows.pop()
        lows.append((now, self._sum))
        while now - lows[0][0] > BASE_NS:
            lows.popleft()
        self.queue_ms = self._smooth - lows[0][1]

    def _slope(self) -> float:
        """Least squares over the window, ms of delay per ms."""
        points = self._points
        if len(points) < WINDOW // 2:
            return 0.0
        middle = sum(x for x, _ in points) / len(points)
        mean = sum(y for _, y in points) / len(points)
        spread = sum((x - middle) ** 2 for x, _ in points)
        return sum((x - middle) * (y - mean) for x, y in points) / spread if spread else 0.0

    def _detect(self, trend: float, now: int) -> None:
        threshold, before = self._threshold, self._trend
        self._trend = trend
        if trend > threshold and self.queue_ms > QUEUE_MS:
            self._over_since = now if self._over_since is None else self._over_since
            if now - self._over_since >= OVERUSE_NS and trend >= before:
                self.use = "over"
        else:
            self._over_since = None
            self.use = "under" if trend < -threshold else "normal"
        if self.queue_ms <= STANDING_MS:
            self._standing_since = None
        elif self._standing_since is None:
            self._standing_since = now
        elif now - self._standing_since >= STANDING_NS and self.use == "normal":
            self.use, self._standing_since = "over", None
        self._adapt(abs(trend), now)

    def _adapt(self, size: float, now: int) -> None:
        elapsed = min((now - self._looked) / MILLISECOND, 100.0) if self._looked else 0.0
        self._looked = now
        if size > self._threshold + 15:  # section 5.4: a sudden jump is not the line's ordinary restlessness
            return
        rate = RISES if size > self._threshold else FALLS
        self._threshold += elapsed * rate * (size - self._threshold)
        self._threshold = min(max(self._threshold, LEAST_MS), MOST_MS)


class Rate:
    """Bytes over the last CAME_NS of a clock that may be anybody's; a jump of it begins anew."""

    def __init__(self) -> None:
        self._packets: deque[tuple[int, int]] = deque(maxlen=MOST_PACKETS)
        self._bytes = 0

    def add(self, at: int, size: int) -> None:
        packets = self._packets
        if (packets and not -CAME_NS < at - packets[-1][0] < CAME_NS) or len(packets) == MOST_PACKETS:
            self.clear()
        packets.append((at, size))
        self._bytes += size
        while at - packets[0][0] > CAME_NS:
            self._bytes -= packets.popleft()[1]

    @property
    def bitrate(self) -> int | None:
        """None while too little is known."""
        if not self._packets:
            return None
        span = self._packets[-1][0] - self._packets[0][0]
        return self._bytes * 8 * SECOND // span if span >= CAME_NS // 2 else None

    def clear(self) -> None:
        self._packets.clear()
        self._bytes = 0


class Estimate:
    """One receiver's line. `limit` in bit/s, None while nothing has shown one; `feedback` brings news of it."""

    def __init__(self) -> None:
        self.delay = Delay()
        self.losses = Allowance()
        self.heard: int | None = None  # when there was feedback last (ns)
        self._by_delay: int | None = None
        self._sent, self._came = Rate(), Rate()
        self._too_much = self._cut_at = self._raised_at = 0
        self._counted = self._lost = self._octets = self._loss_at = 0  # since the last share of losses
        self._newest = 0
        self._alert_until: int | None = None

    @property
    def limit(self) -> int | None:
        """The lower of what delay and what loss allow."""
        by_delay, by_losses = self._by_delay, self.losses.limit
        if by_delay is None or by_losses is None:
            return by_losses if by_delay is None else by_delay
        return min(by_delay, by_losses)

    @property
    def exhausted(self) -> bool:
        """At the floor: only sound can be saved."""
        return self.limit is not None and self.limit < 1.2 * FLOOR

    @property
    def sent(self) -> int:
        """bit/s, of what the feedback told of."""
        return self._sent.bitrate or 0

    @property
    def alert(self) -> bool:
        """Whether every feedback is wanted; while a line is calm and has no limit, a sample of them will do."""
        return self._alert_until is not None

    def feedback(self, rows: Sequence[Row], now: int) -> None:
        """What one feedback packet told of packets we sent, in their order; who asks leaves out what is not kept."""
        self.heard = now
        over = lost = False
        delay, alert = self.delay, self._alert_until is not None
        for left, arrived, size in rows:
            if left < self._newest:  # told of before: nothing new
                continue
            self._newest = left
            if arrived is None:
                lost = True
            else:
                delay.packet(left, arrived)
                over = over or delay.use == "over"
            if alert:
                self._count(left, arrived, size)
        self._watch(lost, now)
        if alert:
            self._steer(over, now)
            self._forget()
            self._report_losses(now)

    def _count(self, left: int, arrived: int | None, size: int) -> None:
        self._counted += 1
        self._octets += size
        self._sent.add(left, size)
        if arrived is None:
            self._lost += 1
        else:
            self._came.add(arrived * 1000, size)

    def _watch(self, lost: bool, now: int) -> None:
        """What is counted must be whole: it begins with the alert."""
        if lost or self.limit is not None or self.delay.queue_ms > QUEUE_MS / 2:
            if self._alert_until is None:
                self._sent.clear()
                self._came.clear()
                self._counted = self._lost = self._octets = 0
                self._loss_at = now
            self._alert_until = now + ALERT_NS
        elif self._alert_until is not None and now > self._alert_until:
            self._alert_until = None

    def _report_losses(self, now: int) -> None:
        if now - self._loss_at >= LOSS_NS and self._counted >= LEAST_COUNTED:
            seconds = min(max((now - self._loss_at) / SECOND, 1.0), 5.0)
            self.losses.report(self._lost / self._counted, int(self._octets * 8 / seconds), now)
            self._counted = self._lost = self._octets = 0
            self._loss_at = now

    def _steer(self, over: bool, now: int) -> None:
        """Section 5.5: down to a share of what came, then up by some per cent a second."""
        if over:
            self._cut(now)
        elif self._by_delay is not None and self.delay.queue_ms < QUEUE_MS and now - self._cut_at >= SECOND:
            elapsed = min(now - self._raised_at, SECOND) / SECOND
            near = 0.75 * self._too_much < self._by_delay < 1.1 * self._too_much
            self._by_delay = int(self._by_delay * (RISE_NEAR if near else RISE) ** elapsed)
            self._raised_at = now

    def _forget(self) -> None:
        """What limits nothing any more is no measure either."""
        most = min(CEILING - 1, FORGOTTEN * max(self.sent, FLOOR))
        if self._by_delay is not None and self._by_delay > most:
            self._by_delay = None
        if self.losses.limit is not None and self.losses.limit > most:
            self.losses.limit = None

    def _cut(self, now: int) -> None:
        came = self._came.bitrate
        if came is None or now - self._cut_at < AGAIN_NS:  # the last cut needs time to show
            return
        self._too_much = came
        wanted = max(FLOOR, min(int(came * SHARE), CEILING))
        self._by_delay = wanted if self._by_delay is None else min(wanted, self._by_delay)
        self._cut_at = self._raised_at = now
