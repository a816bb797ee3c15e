"""The bench's figures as lines of text and as rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from bench.measures import Latency
from bench.stretch import Result

CORE_LIMIT, P99_LIMIT_MS, DELIVERED_LIMIT = 0.8, 20.0, 0.999

Cell = Callable[[Result], str]


def _cpu(result: Result, process: str) -> str:
    spent = result.cpu.get(process)
    if spent is None:
        return "-"
    return f"{spent.user / result.minutes:.2f}+{spent.system / result.minutes:.2f}"


def _latency(one: Latency) -> str:
    return f"{one.p50:.1f}/{one.p99:.1f}/{one.worst:.0f}"


def _each(values: Iterable[float]) -> str:
    return "/".join(f"{value:.0f}" for value in values)


def _recorded(result: Result) -> str:
    if not result.record:
        return "-"
    kept = result.recorded
    return f"{kept.frames}/{result.pictures_sent}" + (f" {kept.errors} bad" if kept.errors else "")


COLUMNS: tuple[tuple[str, int, Cell], ...] = (
    ("server", 7, lambda one: one.server),
    ("rec", 3, lambda one: "yes" if one.record else "no"),
    ("calls", 5, lambda one: str(one.calls)),
    ("CPU s/c-min", 11, lambda one: f"{one.cpu_s_per_call_minute:.2f}"),
    ("relay u+s", 9, lambda one: _cpu(one, "relay")),
    ("rec. u+s", 9, lambda one: _cpu(one, "recorder")),
    ("us/pkt", 6, lambda one: f"{one.us_per_packet:.1f}"),
    ("core", 5, lambda one: f"{one.core:.0%}"),
    ("calls/core", 10, lambda one: f"{60 / one.cpu_s_per_call_minute:.0f}" if one.cpu_s_per_call_minute else "-"),
    ("RSS MB", 9, lambda one: _each(process.rss_mb for process in one.held.values())),
    ("thr.", 5, lambda one: _each(process.threads for process in one.held.values())),
    ("picture p50/p99/max", 19, lambda one: _latency(one.picture)),
    ("sound p50/p99/max", 17, lambda one: _latency(one.sound)),
    ("arrived", 8, lambda one: f"{one.delivered:.3%}"),
    ("NACK/RTX/PLI", 13, lambda one: f"{one.asked}/{one.resent}/{one.pictures}"),
    ("frames rec.", 12, _recorded),
    ("decoded", 7, lambda one: str(one.recorded.decoded) if one.recorded.decoded else "-"),
    ("clients", 7, lambda one: f"{one.clients:.0%}"),
    ("others", 6, lambda one: f"{one.others:.0%}"),
    ("steal", 5, lambda one: f"{one.steal:.1%}"),
    ("dropped", 0, lambda one: ", ".join(f"{why} {count}" for why, count in one.drops.items()) or "-"),
)  # fmt: skip


def header() -> str:
    return " ".join(name.rjust(width) for name, width, _ in COLUMNS)


def row(result: Result) -> str:
    """One line of the table."""
    return " ".join(cell(result).rjust(width) for _, width, cell in COLUMNS)


def as_row(result: Result) -> dict[str, Any]:
    """The row of a file: latencies are those of the later of picture and sound."""
    return {
        "server": result.server,
        "calls": result.calls,
        "watchers": result.watchers,
        "recorded": result.record,
        "repeat": result.repeat,
        "cpu_s_per_call_minute": round(result.cpu_s_per_call_minute, 4),
        "p50_ms": round(result.worse.p50, 3),
        "p99_ms": round(result.worse.p99, 3),
        "delivered": round(result.delivered, 6),
        "rss_mb": round(result.rss_mb, 1),
    }


Key = tuple[str, bool, int]


def grouped(results: Sequence[Result]) -> dict[Key, list[Result]]:
    """By server, recorded or not, and number of calls."""
    groups: dict[Key, list[Result]] = {}
    for result in results:
        groups.setdefault((result.server, result.record, result.calls), []).append(result)
    return groups


def past_its_limit(group: Sequence[Result]) -> str | None:
    """Why this server takes no more calls, by the medians; None if it does."""
    if median(result.core for result in group) > CORE_LIMIT:
        return f"its core is over {CORE_LIMIT:.0%}"
    if median(result.worse.p99 for result in group) > P99_LIMIT_MS:
        return f"p99 is over {P99_LIMIT_MS:.0f} ms"
    if median(result.delivered for result in group) < DELIVERED_LIMIT:
        return f"less than {DELIVERED_LIMIT:.1%} arrives"
    return None


MIDDLES: tuple[tuple[str, int, Callable[[Result], float], str], ...] = (
    ("CPU s/c-min", 18, lambda one: one.cpu_s_per_call_minute, ".2f"),
    ("us/pkt", 18, lambda one: one.us_per_packet, ".1f"),
    ("core %", 16, lambda one: 100 * one.core, ".0f"),
    ("RSS MB", 16, lambda one: one.rss_mb, ".0f"),
    ("p50 ms", 18, lambda one: one.worse.p50, ".1f"),
    ("p99 ms", 20, lambda one: one.worse.p99, ".1f"),
    ("arrived %", 24, lambda one: 100 * one.delivered, ".3f"),
    ("steal %", 16, lambda one: 100 * one.steal, ".1f"),
)


def medians(results: Sequence[Result]) -> str:
    """A table: the median of the repeats and, in brackets, the least and the most."""
    heads = [f"{'server':>7} {'rec':>3} {'calls':>5}"] + [name.rjust(width) for name, width, _, _ in MIDDLES]
    lines = [" ".join(heads)]
    for (server, record, calls), group in grouped(results).items():
        cells = [f"{server:>7} {'yes' if record else 'no':>3} {calls:>5}"]
        for _, width, figure, form in MIDDLES:
            values = [figure(result) for result in group]
            spread = f" ({min(values):{form}}-{max(values):{form}})" if len(values) > 1 else ""
            cells.append(f"{median(values):{form}}{spread}".rjust(width))
        limit = past_its_limit(group)
        lines.append(" ".join(cells) + (f"  {limit}" if limit else ""))
    return "\n".join(lines)


def ratios(results: Sequence[Result]) -> list[str]:
    """What the figures say against each other, of the same run."""
    middle = {
        key: median(result.cpu_s_per_call_minute for result in group)
        for key, group in grouped(results).items()
    }
    words = []
    for (server, record, calls), cpu in middle.items():
        janus, floor = middle.get(("janus", record, calls)), middle.get(("floor", False, calls))
        if server in ("pump", "python") and janus:
            how = "recorded" if record else "forwarding alone"
            words.append(f"{server}, {calls} calls, {how}: {cpu / janus:.2f} of Janus")
        if server in ("pump", "python", "janus") and floor and not record:
            words.append(f"{server}, {calls} calls, forwarding alone: {cpu / floor:.1f} times the floor")
    return words + _per_call(results)


def _per_call(results: Sequence[Result]) -> list[str]:
    held: dict[tuple[str, bool], dict[int, float]] = {}
    for (server, record, calls), group in grouped(results).items():
        held.setdefault((server, record), {})[calls] = median(result.rss_mb for result in group)
    words = []
    for (server, record), by_calls in held.items():
        if len(by_calls) > 1:
            few, many = min(by_calls), max(by_calls)
            each = (by_calls[many] - by_calls[few]) / (many - few)
            how = "recorded" if record else "forwarding alone"
            words.append(f"{server}, {how}: {each:.2f} MB for each call from {few} to {many}")
    return words


def as_rows(results: Sequence[Result]) -> list[Mapping[str, Any]]:
    return [as_row(result) for result in results]
