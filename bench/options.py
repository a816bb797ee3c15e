"""The bench's command line, and its refusals in words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.servers import KINDS

SCENES = ("six", "class", "storm", "wall")
MOST_CALLS = 200
FULL = {"calls": "1,8,16,24,32,48,64", "seconds": 15.0, "warm_up": 4.0, "repeats": 3}
SHORT = {"calls": "8", "seconds": 6.0, "warm_up": 2.0, "repeats": 3}


@dataclass(frozen=True, slots=True)
class Options:
    """`recorded`: with a recorder, without, or both. `soak`: minutes, 0 for none.

    `until_limit`: a server past its limit is asked for no more calls.
    """

    calls: tuple[int, ...]
    until_limit: bool
    servers: tuple[str, ...]
    watchers: int
    recorded: tuple[bool, ...]
    seconds: float
    warm_up: float
    repeats: int
    decode: int
    scenes: tuple[str, ...]
    soak: float
    json: str | None


def options(argv: Sequence[str]) -> Options:
    """SystemExit with the reason where the line makes no sense."""
    parser = _parser()
    given = parser.parse_args(argv)
    usual = FULL if given.full else SHORT
    for name, value in usual.items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    alone = (given.scenes or given.soak) and "--calls" not in " ".join(argv) and not given.full
    wanted = Options(
        calls=() if alone else _numbers(parser, given.calls),
        until_limit=given.full,
        servers=_names(parser, "--servers", given.servers, KINDS),
        watchers=given.watchers,
        recorded={"yes": (True,), "no": (False,), "both": (True, False)}[given.recorded],
        seconds=given.seconds,
        warm_up=given.warm_up,
        repeats=given.repeats,
        decode=given.decode,
        scenes=_names(parser, "--scenes", given.scenes, SCENES) if given.scenes else (),
        soak=given.soak or 0.0,
        json=given.json,
    )
    _check(parser, wanted)
    return wanted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="visitation bench relay",
        description="What a call costs on our relay and on others, in one interleaved run. Without options: 8 calls on"
        " each server, three times, about five minutes. See docs/bench.md.",
    )
    add = parser.add_argument
    add(
        "--full",
        action="store_true",
        help="1 to 64 calls, 15 s each, until a server's limit: an hour and more",
    )
    add("--calls", metavar="N,N", help=f"numbers of calls at once (default {SHORT['calls']})")
    add("--servers", default="pump,python,janus,floor", metavar="NAME,NAME",
        help="of pump (ours), python (ours without native code), janus, naive (aiortc's MediaRelay), floor (a loop in C"
        " that does nothing else) (default %(default)s)")  # fmt: skip
    add("--watchers", type=int, default=1, help="who watch each call (default %(default)s)")
    add(
        "--recorded",
        choices=("yes", "no", "both"),
        default="both",
        help="(default %(default)s; floor never is)",
    )
    add("--seconds", type=float, help=f"of each measurement (default {SHORT['seconds']:.0f})")
    add("--warm-up", type=float, help=f"seconds before each (default {SHORT['warm_up']:.0f})")
    add("--repeats", type=int, help=f"rounds over all servers (default {SHORT['repeats']})")
    add(
        "--decode",
        type=int,
        default=1,
        metavar="CALLS",
        help="recordings to decode after each (default %(default)s)",
    )
    add("--scenes", metavar="NAME,NAME", help=f"other calls than visits, of {', '.join(SCENES)}")
    add("--soak", type=float, nargs="?", const=30.0, metavar="MINUTES",
        help="20 calls with joins and leaves for 30 minutes: does memory grow?")  # fmt: skip
    add("--json", metavar="FILE", help="also write the rows there")
    return parser


def _numbers(parser: argparse.ArgumentParser, text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(number) for number in text.split(","))
    except ValueError:
        parser.error(f"--calls takes whole numbers with commas, like 8,24; not {text!r}")
    if not all(0 < number <= MOST_CALLS for number in numbers):
        parser.error(f"--calls takes numbers from 1 to {MOST_CALLS}; not {text!r}")
    return tuple(sorted(set(numbers)))


def _names(parser: argparse.ArgumentParser, option: str, text: str, known: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"{option} knows {', '.join(known)}; not {', '.join(map(repr, unknown))}")
    return names


def _check(parser: argparse.ArgumentParser, wanted: Options) -> None:
    if not 0 <= wanted.watchers <= 8:
        parser.error("--watchers takes 0 to 8")
    if not 0.5 <= wanted.seconds <= 600 or not 0 <= wanted.warm_up <= 600:
        parser.error("--seconds takes 0.5 to 600, --warm-up 0 to 600")
    if not 1 <= wanted.repeats <= 50:
        parser.error("--repeats takes 1 to 50")
    if wanted.decode < 0:
        parser.error("--decode takes a number of calls, 0 for none")
    if wanted.soak and not 0.1 <= wanted.soak <= 24 * 60:
        parser.error("--soak takes minutes, 0.1 to 1440")
    if wanted.json is not None and (
        not Path(wanted.json).absolute().parent.is_dir() or Path(wanted.json).is_dir()
    ):
        parser.error(f"--json: {wanted.json!r} cannot be written")
