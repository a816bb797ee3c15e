"""Laying tracks on one time line: drift, delay, jitter and reports that lie."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from recording.clocks import Report, Samples, leg_clocks

RATES = {"audio": 48_000, "video": 90_000}


def samples(
    kind: str,
    *,
    seconds: int = 600,
    delay_ms: float = 40,
    drift_ppm: float = 0,
    jitter_ms: float = 20,
    reports_from: int | None = 1,
    lie_us: int = 0,
    seed: int = 1,
) -> Samples:
    """A track captured from second 0; its sender's wall clock is a day ahead of ours."""
    chance, rate = random.Random(seed), RATES[kind]
    start = chance.randrange(1 << 32)

    def rtp(second: float) -> int:
        return start + round(second * rate * (1 + drift_ppm / 1e6))

    def arrival(second: float) -> int:
        return round((second + delay_ms / 1000 + chance.random() * jitter_ms / 1000) * 1e6)

    reports = [] if reports_from is None else [
        Report(rtp(s), 86_400_000_000 + s * 1_000_000 + lie_us + chance.randrange(-300, 300), arrival(s))
        for s in range(reports_from, seconds, 5)
    ]  # fmt: skip
    return Samples(rate, [(rtp(s), arrival(s)) for s in range(seconds)], reports)


def placed(tracks: list[Samples]) -> list[list[float]]:
    """Where each track's every second is laid, in ms, less the second itself."""
    clocks = leg_clocks(tracks)
    return [
        [clock.at(rtp) / 1000 - number * 1000 for number, (rtp, _) in enumerate(track.arrivals)]
        for clock, track in zip(clocks, tracks, strict=True)
    ]


@pytest.mark.parametrize("drift", [0, 80, -80])
def test_sound_that_comes_250_ms_later_than_the_picture_is_laid_beside_it(drift):
    video, audio = placed([samples("video"), samples("audio", delay_ms=290, drift_ppm=drift, seed=2)])
    assert max(abs(a - v) for a, v in zip(audio, video, strict=True)) < 5
    assert all(38 <= v <= 62 for v in video)


def test_without_any_report_tracks_go_by_their_quickest_arrivals():
    video, audio = placed(
        [samples("video", reports_from=None), samples("audio", delay_ms=290, reports_from=None)]
    )
    assert all(240 <= a - v <= 260 for a, v in zip(audio, video, strict=True))


def test_a_late_first_report_holds_for_what_came_before_it_without_a_step():
    video, audio = placed([samples("video"), samples("audio", delay_ms=290, reports_from=120)])
    assert max(abs(a - v) for a, v in zip(audio, video, strict=True)) < 5
    assert max(abs(b - a) for a, b in pairwise(audio)) < 2


def test_a_clock_that_drifts_by_a_thousandth_stays_beside_the_other():
    video, audio = placed([samples("video"), samples("audio", drift_ppm=1000, seed=3)])
    assert max(abs(a - v) for a, v in zip(audio, video, strict=True)) < 15


def test_reports_that_put_media_far_from_its_arrival_are_not_believed():
    video, audio = placed([samples("video", lie_us=3_600_000_000), samples("audio")])
    assert all(30 <= each <= 70 for each in [*video, *audio])


def test_one_wild_report_among_good_ones_changes_nothing():
    track = samples("video")
    reports = list(track.reports)
    reports[10] = Report(reports[10].rtp, reports[10].ntp_us + 1_500_000, reports[10].at_us)
    (wild,) = placed([Samples(track.rate, track.arrivals, reports)])
    (plain,) = placed([track])
    assert max(abs(a - b) for a, b in zip(wild, plain, strict=True)) < 5


def test_a_line_that_becomes_slower_in_the_middle_is_followed_gently():
    track = samples("video", jitter_ms=1)
    late = [(rtp, at + (200_000 if number >= 300 else 0)) for number, (rtp, at) in enumerate(track.arrivals)]
    (found,) = placed([Samples(track.rate, late, track.reports)])
    assert max(abs(b - a) for a, b in pairwise(found)) <= 31
    assert abs(found[-1] - 240) < 5


def test_nothing_at_all_is_laid_at_the_beginning():
    (clock,) = leg_clocks([Samples(90_000, [], [])])
    assert clock.at(0) == 0
