"""Order and choose the tests, and let none be skipped in silence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import hypothesis
import pytest

HERE = Path(__file__).parent
# What is cheap and says most comes first; a browser starts only after all of it stands.
ORDER = (
    "door",
    "visitation",
    "relay",
    "recording",
    "signaling",
    "web",
    "server",
    "bench",
    "agreements",
    "stories",
)
SLOW_FOLDERS = ("stories", "server", "bench")  # whole servers, browsers and loads
# Each waits for real lines, real processes or many examples, and together they are half of the time.
SLOW_FILES = (
    "relay/test_ended_calls.py",
    "relay/test_congestion.py",
    "recording/test_depacketize.py",
    "recording/test_disk_full.py",
    "recording/test_host.py",
    "signaling/test_property.py",
    "signaling/test_real_relay.py",
    "web/test_matrix.py",
)
# Real pictures and sound at their real speed: two at once would push each other aside on a small machine.
ALONE = (
    "bench/",
    "relay/test_browsers.py",
    "stories/test_connection.py",
    "stories/test_firefox.py",
    "stories/test_interventions.py",
    "stories/test_one_browser.py",
    "stories/test_privileged.py",
    "stories/test_recording.py",
)

# A file's tests share what its fixtures start, so they stay on one core; these share nothing, and each takes a minute.
APART = ("stories/test_screens.py",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out what is marked slow; skips are allowed")
    parser.addoption("--long", action="store_true", help="add what is marked long")
    parser.addoption(
        "--tally", type=Path, help="a file for the numbers of tests that passed, failed and so on"
    )


def pytest_configure(config: pytest.Config) -> None:
    # No example has a deadline: a busy machine is no bug. The same examples every time, but in the long run.
    hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
    hypothesis.settings.register_profile("fast", deadline=None, derandomize=True, max_examples=15)
    hypothesis.settings.register_profile("long", deadline=None)
    chosen = "fast" if config.option.fast else "long" if config.option.long else "house"
    hypothesis.settings.load_profile(chosen)


@pytest.hookimpl(tryfirst=True)  # before the cores are given their groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _folder(item) in SLOW_FOLDERS or item.path.as_posix().endswith(SLOW_FILES):
            item.add_marker("slow")
        path = item.path.relative_to(HERE).as_posix()
        if path.startswith(ALONE):
            item.add_marker("alone")
        item.add_marker(pytest.mark.xdist_group(item.nodeid if path in APART else path))
    items.sort(key=_rank)
    unwanted = {
        name
        for name, left_out in (("slow", config.option.fast), ("long", not config.option.long))
        if left_out
    }
    kept = [item for item in items if not any(item.get_closest_marker(name) for name in unwanted)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _folder(item: pytest.Item) -> str:
    parts = item.path.relative_to(item.config.rootpath).parts
    return parts[1] if len(parts) > 2 else ""


def _rank(item: pytest.Item) -> tuple[bool, int]:
    folder = _folder(item)
    return (
        item.get_closest_marker("slow") is not None,
        ORDER.index(folder) if folder in ORDER else len(ORDER),
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A skip is a failure with the skip's reason, unless --fast asked for the quick half only."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and not item.config.option.fast:
        reason = report.longrepr[2] if isinstance(report.longrepr, Sequence) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be: {reason}"
    return report


COUNTED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The controller's numbers, for who runs several parts and closes with one line (tests/__main__.py)."""
    path: Path | None = terminalreporter.config.option.tally
    if path is not None:
        stats = {name: len(terminalreporter.stats.get(name, ())) for name in COUNTED}
        path.write_text(json.dumps({name: number for name, number in stats.items() if number}))
