"""The newcomer's door sets up once, resumes what was cut short, and says what to type."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands in for uv at the wire: notes each call, makes an environment without packages, fails or hangs on demand.
FAKE_UV = """#!{python}
import pathlib, subprocess, sys, time
here = pathlib.Path({checkout!r})
with (here / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "venv":
    sys.exit(subprocess.call([{python!r}, "-m", "venv", "--without-pip", sys.argv[-1]]))
if (here / "network-down").exists():
    sys.exit("no route to the index")
while (here / "hang").exists():
    time.sleep(0.01)
"""


class Checkout:
    """A checkout of nothing but the door, a lock, and a server that prints what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        (self.folder / "server").mkdir(parents=True)
        for name in ("__init__.py", "__main__.py"):
            (self.folder / "visitation").mkdir(exist_ok=True)
            shutil.copy(ROOT / "visitation" / name, self.folder / "visitation" / name)
        shutil.copytree(ROOT / "visitation" / "_setup", self.folder / "visitation" / "_setup")
        (self.folder / "server" / "__init__.py").touch()
        (self.folder / "server" / "cli.py").write_text("import sys\nprint('served', *sys.argv[1:])\n")
        (self.folder / "requirements.lock").write_text("thing==1.0 \\\n    --hash=sha256:00\n")
        tools = folder / "tools"
        tools.mkdir()
        uv = tools / "uv"
        uv.write_text(FAKE_UV.format(python=sys.executable, checkout=str(self.folder)))
        uv.chmod(0o755)
        self.environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "visitation", *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        words, _ = process.communicate(timeout=60)
        return process.returncode, words

    def calls(self) -> list[str]:
        path = self.folder / "calls"
        return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def wait_until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_the_first_start_sets_up_and_the_second_only_hands_over(checkout):
    code, words = checkout.said("version")
    assert code == 0
    assert "requirements.lock" in words
    assert "served version" in words
    assert checkout.calls() == ["venv", "pip"]

    assert checkout.said("version") == (0, "served version\n")
    assert checkout.calls() == ["venv", "pip"]


def test_a_changed_lock_is_installed_into_the_same_environment(checkout):
    checkout.said("version")
    (checkout.folder / "requirements.lock").write_text("thing==2.0 \\\n    --hash=sha256:11\n")
    assert checkout.said("version")[0] == 0
    assert checkout.calls() == ["venv", "pip", "pip"]


def test_a_failed_installation_says_so_and_is_taken_up_again(checkout):
    (checkout.folder / "network-down").touch()
    code, words = checkout.said("version")
    assert code == 1
    assert "no route to the index" in words
    assert "Traceback" not in words

    (checkout.folder / "network-down").unlink()
    code, words = checkout.said("version")
    assert code == 0
    assert "served version" in words


def test_a_set_up_killed_half_way_is_made_anew(checkout):
    (checkout.folder / "hang").touch()
    process = checkout.start("version")
    wait_until(lambda: checkout.calls() == ["venv", "pip"])
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)

    (checkout.folder / "hang").unlink()
    assert "served version" in checkout.said("version")[1]
    assert checkout.calls() == ["venv", "pip", "venv", "pip"]


def test_a_broken_environment_is_replaced(checkout):
    checkout.said("version")
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    assert "served version" in checkout.said("version")[1]


def test_two_starts_at_once_set_up_only_once(checkout):
    (checkout.folder / "hang").touch()
    first = checkout.start("version")
    wait_until(lambda: checkout.calls() == ["venv", "pip"])
    second = checkout.start("version")
    seen = ""
    assert second.stdout
    while "waiting for it" not in seen:
        line = second.stdout.readline()
        assert line, seen
        seen += line
    (checkout.folder / "hang").unlink()
    assert "served version" in first.communicate(timeout=20)[0]
    assert "served version" in second.communicate(timeout=20)[0]
    assert checkout.calls() == ["venv", "pip"]


def test_only_a_fresh_stamp_of_finished_work_counts(tmp_path):
    from visitation._setup.stamps import fingerprint, fresh, vouch

    source = tmp_path / "source"
    (source / "node_modules").mkdir(parents=True)
    (source / "a.ts").write_text("1")
    made = tmp_path / "made"
    made.mkdir()
    assert not fresh(made, fingerprint(source))
    vouch(made, fingerprint(source))
    (source / "node_modules" / "b.js").write_text("not ours")
    assert fresh(made, fingerprint(source))
    (source / "a.ts").write_text("2")
    assert not fresh(made, fingerprint(source))


def test_the_command_decides_what_is_needed():
    from visitation._setup.door import need

    assert need([]).apps
    assert need(["--reset"]).apps
    assert need(["serve", "--port", "1"]).apps
    assert need(["test", "--fast"]).browsers
    assert not need(["version"]).apps
    assert not need(["test", "--help"]).browsers
    assert need(["check"]).lock == "test"
    assert need(["recording", "verify", "x"]).lock == "run"


def test_an_old_python_is_told_the_version_it_needs():
    program = "import sys, runpy; sys.version_info = (3, 10, 0); runpy.run_module('visitation', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "3.11 or newer" in done.stderr
