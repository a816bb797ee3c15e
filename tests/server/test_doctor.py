"""What the doctor says of real limits, of another system's proc, and of a node's settings; and its exit codes."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCDtlsTransport

import relay
from relay.packet_path import why_not_native
from server import doctor_machine
from server.doctor import examine
from server.findings import Finding, Grade
from server.settings import read_settings
from tests.server.test_serving import CHECKOUT

NOBODY = 65534


def doctor(
    *options: str, before: Callable[[], None] | None = None, **settings: str
) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and findings by name, of the command as a process."""
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "doctor", "--json", *options],
        cwd=CHECKOUT,
        env={**os.environ, **{f"VISITATION_{name}": value for name, value in settings.items()}},
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    found = {finding["name"]: finding for finding in said["findings"]}
    assert ["good", "change", "stops"][done.returncode] == said["grade"]
    assert all(finding["remedy"] for finding in found.values() if finding["grade"] != "good")
    return done.returncode, found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine on which all is well."""
    files = {
        "proc/sys/net/core/rmem_max": "8388608\n",
        "proc/sys/net/core/wmem_max": "8388608\n",
        "proc/stat": "cpu  100 0 100 9800 0 0 0 0 0 0\ncpu0 1 1\n",
        "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
        "sys/fs/cgroup/cpu.max": "max 100000\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def pages(tmp_path: Path) -> str:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "visitor.html").touch()
    return str(folder)


def test_it_looks_at_everything_and_its_exit_code_is_the_gravest(root, pages, tmp_path):
    _, found = doctor("--root", str(root), "--data", str(tmp_path / "data"), STATIC=pages)
    assert list(found) == [
        "version", "packet path", "libsrtp", "pages", "media port", "media addresses", "data folder", "receive buffer",
        "send buffer", "open files", "randomness", "clock source", "wall clock", "time zones", "processors",
        "media priority",
    ]  # fmt: skip
    assert not [name for name, finding in found.items() if finding["grade"] == "stops"]
    assert found["libsrtp"]["words"].startswith("libsrtp2 ")
    assert not (tmp_path / "data").exists()  # it only looks


def test_people_get_lines_and_what_to_type(root, pages):
    (root / "sys/devices/system/clocksource/clocksource0/current_clocksource").write_text("hpet")
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "doctor", "--root", str(root)],
        cwd=CHECKOUT, env={**os.environ, "VISITATION_STATIC": pages}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "change  clock source: hpet, of which each reading costs" in done.stdout
    assert "\n          Try `clocksource=tsc`" in done.stdout
    assert done.stdout.endswith("Calls can be held; what is marked `change` makes them better or safer.\n")


def test_a_low_limit_of_open_files_is_found(root, pages):
    def lower(to: int) -> Callable[[], None]:
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (to, to))

    code, found = doctor("--root", str(root), before=lower(1000), STATIC=pages)
    assert code == 1
    assert "the limit is 1000" in found["open files"]["words"]
    assert "LimitNOFILE=8192" in found["open files"]["remedy"]
    code, found = doctor("--root", str(root), before=lower(200), STATIC=pages)
    assert (code, found["open files"]["grade"]) == (2, "stops")


@pytest.mark.parametrize(("way", "limit"), [("receive", "rmem_max"), ("send", "wmem_max")])
def test_a_small_kernel_limit_of_the_buffers_is_found_and_the_line_to_type_is_said(
    root, pages, monkeypatch, way, limit
):
    (root / "proc/sys/net/core" / limit).write_text("212992\n")
    wanted = 1 << 28  # more than any kernel gives unasked
    (other,) = {"rmem_max", "wmem_max"} - {limit}
    (root / "proc/sys/net/core" / other).write_text(f"{wanted}\n")
    found = _as_nobody(root, MEDIA_BUFFER=str(wanted))
    assert found[f"{way} buffer"]["grade"] == "change"
    assert "allows 208 kB of the 256 MB wanted" in found[f"{way} buffer"]["words"]
    assert f"sysctl -w net.core.{limit}={wanted}" in found[f"{way} buffer"]["remedy"]
    assert [name for name in found if "buffer" in name and found[name]["grade"] != "good"] == [
        f"{way} buffer"
    ]


def test_who_may_not_raise_the_media_thread_is_told(root):
    assert "LimitNICE=-10" in _as_nobody(root)["media priority"]["remedy"]
    assert _as_nobody(root, MEDIA_PRIORITY="normal")["media priority"]["grade"] == "good"
    assert _as_nobody(root, MEDIA_PRIORITY="realtime")["media priority"]["grade"] == "stops"


AS_NOBODY = """
import dataclasses, json, os, pathlib, sys
from server import doctor_machine
from server.settings import read_settings
if os.geteuid() == 0:
    os.setgroups([]); os.setuid(int(sys.argv[2]))
found = doctor_machine.findings(read_settings(), pathlib.Path(sys.argv[1]))
print(json.dumps({each.name: {**dataclasses.asdict(each), "grade": each.grade.name.lower()} for each in found}))
"""


def _as_nobody(root: Path, **settings: str) -> dict[str, dict[str, str]]:
    """The machine's findings for a user without rights; a whole command could not read the checkout as one."""
    for folder in (root, *root.parents):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o755)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(root), str(NOBODY)],
        cwd=CHECKOUT, env={**os.environ, **{f"VISITATION_{name}": value for name, value in settings.items()}},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


async def looked_at(root: Path, **settings: object) -> dict[str, Finding]:
    return {each.name: each for each in await examine(read_settings(**settings), root)}


@pytest.mark.parametrize(
    ("file", "text", "name", "words"),
    [
        ("proc/stat", "cpu  100 0 100 700 0 0 0 100 0 0\n", "processors", "10% of their time"),
        ("sys/fs/cgroup/cpu.max", "50000 100000\n", "processors", "0.50 of one"),
        ("sys/devices/system/clocksource/clocksource0/current_clocksource", "acpi_pm\n", "clock source", "acpi_pm"),
    ],
)  # fmt: skip
async def test_what_another_machine_lacks_is_said(root, file, text, name, words):
    (root / file).write_text(text)
    found = (await looked_at(root))[name]
    assert (found.grade, words in found.words) == (Grade.CHANGE, True), found


@pytest.mark.parametrize("text", ["", "rubbish", "cpu x", "cpu 1 2 3", "1 0", "cpu" + 9 * " 0"])
async def test_a_proc_that_cannot_be_read_ends_nothing(root, text):
    for file in ("proc/stat", "sys/fs/cgroup/cpu.max", "proc/sys/net/core/rmem_max"):
        (root / file).write_text(text)
    assert "processors" in await looked_at(root)


def test_a_clock_that_nobody_sets_is_told_from_one_that_is_kept():
    assert doctor_machine.clock_set(0x2001).grade is Grade.GOOD
    assert doctor_machine.clock_set(0x0040).grade is Grade.CHANGE
    assert doctor_machine.clock_set(None).grade is Grade.CHANGE
    assert doctor_machine.clock_status() is not None  # this kernel says it


@pytest.mark.parametrize(
    ("settings", "name", "grade", "words"),
    [
        ({"host": "0.0.0.0"}, "pages", "stops", "no browser on another machine opens its camera"),
        ({"host": "0.0.0.0", "tls": True}, "pages", "good", "own certificate"),
        ({"host": "0.0.0.0", "public_url": "https://visits.example"}, "pages", "good", "by the proxy"),
        ({"static": "/nowhere"}, "pages", "stops", "not in /nowhere"),
        ({"host": "0.0.0.0"}, "media port", "change", "no firewall can be told"),
        ({"media_host": "203.0.113.77"}, "media port", "stops", "cannot be used"),
        ({"host": "0.0.0.0", "media_addresses": ("127.0.0.1",)}, "media addresses", "stops", "no other machine"),
        ({"host": "0.0.0.0", "media_addresses": ("10.1.2.3",)}, "media addresses", "change", "inside the building"),
        ({"host": "0.0.0.0", "media_addresses": ("9.9.9.9:5",)}, "media addresses", "good", "a router must pass"),
        ({"media_path": "python"}, "packet path", "good", "it was chosen in the settings"),
        ({"cpus": "4000"}, "processors", "stops", "VISITATION_CPUS names processors"),
    ],
)  # fmt: skip
async def test_settings_that_do_not_fit_are_said(root, pages, settings, name, grade, words):
    found = (await looked_at(root, **{"static": pages, **settings}))[name]
    assert (found.grade.name.lower(), words in found.words) == (grade, True), found


async def test_a_port_that_another_holds_is_said(root):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("0.0.0.0", 0))
        found = await looked_at(root, media_port=other.getsockname()[1])
    assert "is in use" in found["media port"].words


async def test_a_library_that_moved_stops(root, monkeypatch):
    monkeypatch.delattr(RTCDtlsTransport, "_set_role")
    found = await looked_at(root)
    assert found["version"].grade is Grade.STOPS
    assert "RTCDtlsTransport._set_role is gone" in found["version"].words
    assert "packet path" not in found


async def test_a_path_that_was_never_built_is_a_thing_to_change(root, monkeypatch):
    monkeypatch.setattr(relay, "__path__", [str(root)])
    monkeypatch.delitem(sys.modules, "relay.pump", raising=False)
    monkeypatch.delattr(relay, "pump", raising=False)
    why_not_native.cache_clear()
    found = (await looked_at(root))["packet path"]
    why_not_native.cache_clear()
    assert found.grade is Grade.CHANGE
    assert "about twice the processor" in found.words
    assert "apt-get install gcc" in found.remedy


async def test_a_folder_that_cannot_be_written_stops_and_open_keys_too(root, tmp_path):
    (tmp_path / "file").touch()
    assert (await looked_at(root, data=tmp_path / "file"))["data folder"].grade is Grade.STOPS
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "master.key").touch(mode=0o644)
    assert "can be read by others" in (await looked_at(root, data=tmp_path))["keys"].words
