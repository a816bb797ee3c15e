"""Where recording spends its time: the recorder's own code in this process, in virtual time, under a profiler."""

from __future__ import annotations

import cProfile
import pstats
import resource
import tempfile
from pathlib import Path

from bench.tapped import BEAT_NS, TRACKS, beats, moved
from recording.feed import Choice
from recording.keys import Keys
from recording.recorder import ROUND_NS, Recorder
from recording.spec import RecordingSpec
from recording.vault import Vault
from recording.wire import Framer, Kind, message, message_json
from relay.tap import FLUSH_NS

BEGIN_NS = 1_000_000_000_000
EVERY = FLUSH_NS // BEAT_NS
# Names as the profiler writes them; what is in none of these is "the rest".
STAGES = {
    "framing": ("wire.py:feed",),
    "packets to clusters": ("method 'feed'", "method 'cut'", "method 'tick'", "feed.py:feed", "feed.py:cut", "feed.py:tick"),
    "encryption": ("method 'encrypt'",),
    "hash chain": ("openssl_sha256", "method 'digest'"),
    "writing": ("posix.writev", "posix.write"),
    "log lines as JSON": ("sealing.py:canonical",),
    "signing": ("part.py:_sign",),
}  # fmt: skip


def stages(specs: list[RecordingSpec], seconds: int, path: Choice) -> list[str]:
    """Lines of a table: ms per call-minute of each stage; the profiler's own cost is in them."""
    with tempfile.TemporaryDirectory(prefix="bench-recorder-") as folder:
        vault = Vault(Path(folder) / "vault")
        vault.root.mkdir()
        recorder = Recorder(
            vault, Keys.load_or_create(Path(folder) / "keys"), lambda _: None, reserve=0, path=path
        )
        framer = Framer()
        _handle(
            recorder, framer, b"".join(_opening(number, spec) for number, spec in enumerate(specs)), BEGIN_NS
        )
        rounds = _streams(len(specs), seconds)
        profile, before = cProfile.Profile(), resource.getrusage(resource.RUSAGE_SELF)
        profile.runcall(_run, recorder, framer, rounds)
        after = resource.getrusage(resource.RUSAGE_SELF)
        recorder.end("time", BEGIN_NS + seconds * 1_000_000_000)
    minutes = len(specs) * seconds / 60
    user, system = (after.ru_utime - before.ru_utime) / minutes, (after.ru_stime - before.ru_stime) / minutes
    return [
        *_table(pstats.Stats(profile), minutes),
        f"{user:.3f} user, {system:.3f} sys CPU s with the flushing threads",
    ]


def _opening(number: int, spec: RecordingSpec) -> bytes:
    opening = {"spec": spec.to_json(), "origin_ns": BEGIN_NS, "resume_ns": BEGIN_NS}
    tracks = [
        {"number": track, "party": party, "kind": kind, "leg": party, "rate": rate}
        for track, kind, rate, party in TRACKS
    ]
    return message_json(Kind.OPEN, number, opening) + b"".join(
        message_json(Kind.TRACK, number, value) for value in tracks
    )


def _streams(calls: int, seconds: int) -> list[bytes]:
    """What comes over the socket, beat by beat."""
    drafts = [moved(beats(seconds, seed), BEGIN_NS) for seed in range(min(4, calls))]
    return [
        b"".join(
            message(
                Kind.MEDIA,
                number,
                b"".join(drafts[number % len(drafts)][max(0, beat + 1 - EVERY) : beat + 1]),
            )
            for number in range(calls)
            if (beat + number) % EVERY == 0
        )
        for beat in range(seconds * 50)
    ]


def _run(recorder: Recorder, framer: Framer, streams: list[bytes]) -> None:
    for beat, stream in enumerate(streams):
        now_ns = BEGIN_NS + (beat + 1) * BEAT_NS
        _handle(recorder, framer, stream, now_ns)
        if beat % (ROUND_NS // BEAT_NS) == 0:
            recorder.tick(now_ns)


def _handle(recorder: Recorder, framer: Framer, stream: bytes, now_ns: int) -> None:
    for kind, number, body in framer.feed(stream):
        recorder.handle(kind, number, body, now_ns)


def _table(stats: pstats.Stats, minutes: float) -> list[str]:
    timed: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = stats.stats  # type: ignore[attr-defined]
    total = sum(own for _, _, own, _, _ in timed.values())
    lines, known = [], 0.0
    for stage, names in STAGES.items():
        found = [
            cumulative
            for (file, _, name), (_, _, _, cumulative, _) in timed.items()
            if any(part in f"{Path(file).name}:{name}" for part in names)
        ]
        known += sum(found)
        lines.append(f"{stage:<20} {sum(found) / minutes * 1000:7.1f} ms")
    return [*lines, f"{'the rest':<20} {(total - known) / minutes * 1000:7.1f} ms"]
