"""A node on its machine: where its threads run, and what it says of settings that cannot be."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server import machine
from server.machine import cpu_words, read_cpus
from server.settings import SettingsRefused, read_settings
from server.version import packet_path
from tests.server.test_serving import CHECKOUT, end, said, start

FIRST, *_, LAST = [*sorted(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))]

MOVE_AND_SERVE = """
import sys
{move}
sys.argv = ["visitation", "serve", "--port", "0", "--data", {data!r}]
from server.cli import main
main()
"""
MOVES = {
    "StunProtocol": "import aioice.ice; del aioice.ice.StunProtocol",
    "RTCCertificate": "import aiortc; del aiortc.RTCCertificate",
    "_binding": "import pylibsrtp; sys.modules['pylibsrtp._binding'] = None",
    "srtp_protect_rtcp": """
import pylibsrtp, types
lib = pylibsrtp.lib
names = [name for name in dir(lib) if name != 'srtp_protect_rtcp']
sys.modules['pylibsrtp._binding'].lib = types.SimpleNamespace(**{name: getattr(lib, name) for name in names})
""",
    "Session._srtp": """
import pylibsrtp
made = pylibsrtp.Session.__init__
def remade(self, *given):
    made(self, *given)
    self.other = self.__dict__.pop('_srtp')
pylibsrtp.Session.__init__ = remade
""",
}


@pytest.mark.parametrize("name", MOVES)
def test_a_library_that_moved_is_named_and_nothing_is_served(tmp_path, name):
    program = MOVE_AND_SERVE.format(move=MOVES[name], data=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "A library has another version than this server was made for" in done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


async def test_each_thread_runs_where_it_was_put_and_the_log_says_how_media_goes(tmp_path, monkeypatch):
    for name, cpu in (("CPUS", FIRST), ("MEDIA_CPUS", LAST), ("RECORDER_CPUS", LAST)):
        monkeypatch.setenv(f"VISITATION_{name}", str(cpu))
    process = await start(tmp_path, "--port", "0")
    await said(process)
    tasks = Path(f"/proc/{process.pid}/task")
    places = sorted(_status(task, "Cpus_allowed_list") for task in tasks.iterdir())
    ranks = sorted(os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in tasks.iterdir())
    (recorder,) = (tasks / str(process.pid) / "children").read_text().split()
    assert _status(Path("/proc") / recorder, "Cpus_allowed_list") == str(LAST)
    assert _status(Path("/proc") / str(process.pid), "Cpus_allowed_list") == str(FIRST)
    assert FIRST == LAST or places.count(str(LAST)) == 1
    allowed = os.geteuid() == 0
    assert ranks.count(machine.NICE) == allowed
    soft, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard
    process.send_signal(signal.SIGTERM)
    code, errors = await end(process)
    assert code == 0
    (media,) = [line for line in map(json.loads, errors.splitlines()) if line["event"] == "media"]
    assert media["packet_path"] == packet_path("auto")
    assert media["priority"] == (f"nice {machine.NICE}" if allowed else "normal")
    assert media["receive_buffer"] > 0


def _status(folder: Path, name: str) -> str:
    return dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines())[name]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CPUS", "4000", "VISITATION_CPUS names processors that this process may not use (4000)"),
        ("MEDIA_PORT", "x", "VISITATION_MEDIA_PORT: Input should be a valid integer"),
    ],
)
async def test_a_server_refuses_what_it_cannot_follow(tmp_path, monkeypatch, name, value, words):
    monkeypatch.setenv(f"VISITATION_{name}", value)
    code, errors = await end(await start(tmp_path, "--port", "0"))
    assert (code, words in errors, "Traceback" in errors) == (2, True, False), errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CPUS", "a"), ("CPUS", "3-1"), ("CPUS", "1,,2"), ("MEDIA_CPUS", "-1"), ("RECORDER_CPUS", "0-99999"),
        ("MEDIA_BUFFER", "1"), ("MEDIA_BUFFER", "999999999999"), ("MEDIA_PRIORITY", "high"), ("MEDIA_PATH", "fast"),
        ("MEDIA_ADDRESSES", "10.0.0.1"), ("MEDIA_ADDRESSES", '["visits.example"]'),
        ("MEDIA_ADDRESSES", '["10.0.0.1:x"]'), ("MEDIA_ADDRESSES", '["10.0.0.1:65536"]'), ("GC_FREEZE", "perhaps"),
        ("LOG_LEVEL", "LOUD"), ("PORT", "65536"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(f"VISITATION_{name}", value)
    with pytest.raises(SettingsRefused, match=f"(?i){name}"):
        read_settings()


@pytest.mark.parametrize("text", ["", "0", "0-2,5", "1,3,5-7"])
def test_lists_of_processors_are_read_as_the_kernel_writes_them(text):
    assert cpu_words(read_cpus(text)) == text


def test_the_media_thread_cannot_be_placed_where_there_is_none():
    for settings in (read_settings(media_cpus=str(FIRST)), read_settings(media_priority="realtime")):
        with pytest.raises(machine.Unfit, match="packets go through Python"):
            machine.place_media_thread(None, "Python", settings)
    assert machine.place_media_thread(None, "Python", read_settings()) == "normal"


NOT_PERMITTED = """
import os, threading
from server import machine
from server.settings import read_settings
if os.geteuid() == 0:
    os.setgroups([]); os.setuid(65534)
print(machine.place_media_thread(threading.get_native_id(), "native", read_settings()))
try:
    machine.place_media_thread(threading.get_native_id(), "native", read_settings(media_priority="realtime"))
except machine.Unfit as refused:
    print(refused)
"""


def test_a_rank_that_is_not_permitted_is_refused_only_if_it_was_asked_for():
    done = subprocess.run(
        [sys.executable, "-c", NOT_PERMITTED], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    default, asked = done.stdout.splitlines()
    assert default == "normal"
    assert "CAP_SYS_NICE" in asked


def test_what_lives_as_long_as_the_process_is_set_aside():
    before = gc.get_freeze_count()
    try:
        machine.freeze()
        assert gc.get_freeze_count() > before + 1000
    finally:
        gc.unfreeze()
