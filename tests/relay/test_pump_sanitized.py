"""The native path compiled with AddressSanitizer and UndefinedBehaviorSanitizer, under the fuzzer and the comparison."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
FLAGS = (
    "-O1", "-g", "-fPIC", "-shared", "-pthread", "-ffp-contract=off", "-fno-strict-aliasing", "-fno-omit-frame-pointer",
    "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined",
)  # fmt: skip
COMPARE = """
from tests.relay.test_pump_differential import Pair
for seed in range(2):
    pair = Pair(seed)
    for number in range(400):
        if number % 60 == 0:
            pair.heal()
        pair.step()
print("compared")
"""
pytestmark = pytest.mark.slow


def runtime(name: str) -> str:
    """The library that has to be loaded before everything else."""
    found = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    path = found.stdout.strip()
    assert Path(path).is_absolute(), (
        f"gcc has no {name}: install libgcc-dev of the same version, it holds the sanitizers"
    )
    return os.path.realpath(path)


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with relay/ beside a sanitized pump, and tests/."""
    assert shutil.which("gcc"), "there is no gcc: the sanitizers come with it"
    room = tmp_path_factory.mktemp("sanitized")
    (room / "relay").mkdir()
    for source in (HERE / "relay").glob("*.py"):
        shutil.copy(source, room / "relay")
    shutil.copytree(HERE / "tests/relay", room / "tests/relay")
    for name in ("tests/conftest.py", "pyproject.toml"):
        shutil.copy(HERE / name, room / name)
    code = room / "pump.c"
    include, suffix = sysconfig.get_paths()["include"], sysconfig.get_config_var("EXT_SUFFIX")
    subprocess.run([sys.executable, "-m", "cython", "-3", HERE / "relay/pump.pyx", "-o", code], check=True)
    subprocess.run(["gcc", *FLAGS, f"-I{include}", code, "-o", room / f"relay/pump{suffix}"], check=True)
    return room


def alone(room: Path, *arguments: str) -> str:
    """What it said; fails with the sanitizer's report."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=room,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(room),
            "PYTHONMALLOC": "malloc",  # or an overrun of a Python object would go unseen
            "LD_PRELOAD": f"{runtime('libasan.so')} {runtime('libubsan.so')}",
            # Leaks are counted by the fuzzer, block by block; Python itself leaves much to the end of the process.
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=0:strict_string_checks=1:detect_stack_use_after_return=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-6000:]
    return done.stdout


@pytest.mark.parametrize(("kind", "steps"), [("native", 1200), ("live", 700), ("storm", 60)])
def test_a_random_life_touches_no_memory_that_is_not_its_own(sanitized, kind, steps):
    assert "media" in alone(sanitized, "-m", "tests.relay.fuzz", kind, "3", str(steps))


def test_the_comparison_touches_no_memory_that_is_not_its_own(sanitized):
    assert alone(sanitized, "-c", COMPARE) == "compared\n"


def test_what_dies_and_what_wraps_touches_no_memory_that_is_not_its_own(sanitized):
    files = [f"tests/relay/test_{name}.py" for name in ("pump_lifetime", "pump_costs", "long_streams")]
    assert " passed" in alone(sanitized, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files)


def test_the_sanitizer_would_say_so(sanitized):
    """The loaded library is the sanitized one, and its reports come through."""
    overrun = (
        "import relay.pump, ctypes; print(ctypes.CDLL(relay.pump.__file__).__asan_report_load1 is not None)"
    )
    assert alone(sanitized, "-c", overrun) == "True\n"
