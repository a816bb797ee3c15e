"""A line as it is shown."""

from __future__ import annotations

from relay.stats import LegStats
from signaling.quality import Smoothed


def leg(line: int, *, connected: bool = True) -> dict[str, LegStats]:
    return {"leg": LegStats("visitor", connected, 1.0, 0.0, 0.0, 0, 0, line)}


def test_a_line_worsens_at_once_and_betters_at_the_second_look():
    quality = Smoothed()
    assert quality.measure(leg(4)) == {"visitor": 4}
    assert quality.measure(leg(1)) == {"visitor": 1}
    assert quality.measure(leg(3)) == {"visitor": 1}
    assert quality.measure(leg(3)) == {"visitor": 3}
    assert quality.measure(leg(4)) == {"visitor": 3}
    assert quality.measure(leg(2)) == {"visitor": 2}


def test_a_leg_that_is_gone_is_forgotten():
    quality = Smoothed()
    quality.measure(leg(1))
    assert quality.measure(leg(1, connected=False)) == {}
    assert quality.measure(leg(4)) == {"visitor": 4}
