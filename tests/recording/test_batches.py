"""The native reader of batches against its specification: the same packets, and everything that comes out is the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from recording.contents import read_contents
from recording.depacketize import MOST_BYTES, MOST_PIECES
from recording.feed import PythonFeed, feed, why_not_native
from recording.made import Cluster, Counts, Made, Media
from recording.part import PartWriter
from recording.wire import RTP, record
from tests.recording.media import (
    MS,
    SECOND,
    Sent,
    Studio,
    audio,
    close,
    opus_frames,
    reports,
    rtp,
    spec,
    video,
    vp8_frames,
)
from tests.recording.odd_records import Odd

pytestmark = pytest.mark.skipif(why_not_native() is not None, reason=str(why_not_native()))


class Both:
    """The two readers; whatever is asked of them is compared."""

    def __init__(self, origin_ns: int = 0) -> None:
        self.spec, self.native = PythonFeed(origin_ns), feed(origin_ns, "native")
        self.tracks = 0
        self.made: list[Made] = []

    def __call__(self, what: str, *values: object) -> None:
        said = [getattr(side, what)(*values) for side in (self.spec, self.native)]
        assert said[0] == said[1]
        if what == "track":
            self.tracks += 1
        self.compare()

    def compare(self) -> None:
        expected, found = self.spec.take(), self.native.take()
        assert found == expected
        assert [type(each) for each in found] == [type(each) for each in expected]
        assert self.native.oldest_ns() == self.spec.oldest_ns()
        assert self.native.wanting() == self.spec.wanting()
        assert self.native.refused == self.spec.refused
        self.made += found

    def end(self, now_ns: int) -> None:
        self("end", now_ns)
        assert self.counts() == [self.native.counts(number) for number in range(1, self.tracks + 1)]

    def counts(self) -> list[Counts]:
        return [self.spec.counts(number) for number in range(1, self.tracks + 1)]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_both_readers_make_the_same_of_it(seed):
    odd = Odd(seed)
    both = Both(odd.origin)
    for _ in range(3):
        both("track", *odd.add())
    for step in range(300):
        chance = odd.odd.random()
        if chance < 0.003:
            both("track", *odd.add())
        elif chance < 0.005:
            both("forget", odd.odd.choice((0, 1, 200)))
        both("feed", odd.batch())
        if step % 4 == 0:
            both("tick", odd.now)
        if odd.odd.random() < 0.03:
            both("cut")
    both.end(odd.now)
    assert len(both.made) > 40


def test_the_odd_packets_reach_every_kind_of_result():
    kinds: Counter[str] = Counter()
    totals = Counts(0, 0, 0, 0)
    for seed in range(8):
        odd = Odd(seed)
        reader = PythonFeed(odd.origin)
        for _ in range(3):
            reader.track(*_typed(odd.add()))
        for _ in range(500):
            reader.feed(odd.batch())
        reader.end(odd.now)
        kinds.update(type(each).__name__ for each in reader.take())
        each = [reader.counts(number) for number in (1, 2, 3)]
        totals = Counts(*map(sum, zip(totals, *each, strict=True)))
        kinds["broken"] += reader.refused
    assert min(kinds[name] for name in ("Begun", "Cluster", "Gap", "Report", "broken")) > 10
    assert min(totals) > 10


def _typed(track: tuple[int, str, int]) -> tuple[int, Media, int]:
    number, kind, rate = track
    return number, "video" if kind == "video" else "audio", rate


def one(sequence: int, payload: bytes, at: int = 0, *, stamp: int = 0, marker: bool = False) -> bytes:
    return record(RTP, 1, at, rtp(96, sequence, stamp, payload, marker=marker))


KEY = b"\x10\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00"


def test_a_flood_of_beginnings_waits_within_its_bound():
    both = Both()
    both("track", 1, "video", 90_000)
    both("feed", b"".join(one(7 * number, KEY, marker=True) for number in range(5_000)))
    both("feed", b"".join(one(60_000 - 2 * number, KEY, MS) for number in range(5_000)))
    both.end(SECOND)
    assert sum(isinstance(made, Cluster) for made in both.made) > 0


def test_thousands_that_wait_for_one_hole_are_let_go_in_order():
    both = Both()
    both("track", 1, "video", 90_000)
    both("feed", one(0, KEY, marker=True) + one(1, b"\x10\x11", 200 * MS, stamp=1, marker=True))
    waiting = [
        one(3 + number, b"\x10\x11x", 210 * MS, stamp=2 + number, marker=True) for number in range(2_990)
    ]
    both("feed", b"".join(reversed(waiting)))
    both("feed", b"".join(waiting[::7]))
    both.end(SECOND)
    assert both.counts()[0].late > 400


@pytest.mark.parametrize("size", [10, 60_000])
def test_a_picture_that_nobody_ends_is_given_up_at_the_same_packet(size):
    both = Both()
    both("track", 1, "video", 90_000)
    both("feed", one(0, KEY, marker=True) + one(1, KEY, 200 * MS, stamp=9))
    most = min(MOST_PIECES, MOST_BYTES // size) + 3
    for number in range(most):
        both("feed", one(2 + number, b"\x00" + bytes(size), 200 * MS, stamp=9))
    assert both.spec.wanting() == [1]
    both.end(SECOND)


def test_blocks_of_every_length_are_written_with_the_same_size_fields():
    both = Both()
    both("track", 1, "video", 90_000)
    frames = [122, 123, 124, 16_378, 16_379, 16_380, 50_000]
    sent = [one(number, KEY + bytes(size - 10), number * MS, stamp=90 * number, marker=True)
            for number, size in enumerate(frames)]  # fmt: skip
    large = [one(7 + number, (KEY if number == 0 else b"\x00") + bytes(60_000), 300 * MS, stamp=40_000, marker=number == 40)
             for number in range(41)]  # fmt: skip
    both("feed", b"".join(sent))
    for each in large:
        both("feed", each)
    both.end(SECOND)
    assert sum(len(made.data) for made in both.made if isinstance(made, Cluster)) > 2_460_000 + sum(frames)


def test_tracks_beyond_what_a_record_can_name_and_clocks_of_no_use_are_refused():
    native = feed(0, "native")
    for values in ((256, "video", 90_000), (-1, "video", 90_000), (1, "video", 0), (1, "video", 1 << 40)):
        with pytest.raises((ValueError, OverflowError)):
            native.track(*_typed(values))
    with pytest.raises((ValueError, OverflowError)):
        feed(1 << 60, "native")
    with pytest.raises(IndexError):
        native.counts(1)


def _lossy() -> tuple[list[Sent], list[tuple[int, bytes]]]:
    sent = video(vp8_frames()) + audio(opus_frames())
    late = [each.delayed(350 * MS) if number % 9 == 4 else each for number, each in enumerate(sent)]
    kept = [each for number, each in enumerate(late) if number % 101 != 50]
    pictures = [each for each in kept if each.track == 1]
    return kept, reports(pictures, 0)


def test_a_recording_read_by_either_holds_the_same_clusters_and_the_same_log(tmp_path):
    found: list[Any] = []
    sent, said = _lossy()
    for path in ("python", "native"):
        (tmp_path / path).mkdir()
        studio, wanted = Studio(tmp_path / path), spec(recording_id="9f0ad9fc-9a5f-4c61-b8a5-0d6a1a5f0001")
        part = PartWriter(
            studio.vault, studio.keys, wanted, origin_ns=0, resume_ns=0, now_ns=0, wall_ms=lambda: 0, path=path,
        )  # fmt: skip
        studio.tracks(part)
        close(studio, part, sent, said)
        records = read_contents(studio.folder(wanted), studio.keys).records
        for each in records:  # what each run's own keys make
            each.pop("head", None), each.pop("signer", None), each.pop("spec", None)
        media = [studio.webm(wanted, track) for track in ("prisoner-video", "prisoner-audio")]
        found.append((records, media))
    assert found[0] == found[1]
    assert Counter(record["record"] for record in found[0][0])["gap"] > 2
