"""The operator's package: one wheel that serves from anywhere, without compiler, Node or checkout."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from visitation._setup.door import need
from visitation._setup.native import MODULES

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built offline from this checkout as it is set up."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "wheel", "--to", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The `bin` of a fresh environment: the wheel installed, its dependencies lent by this one without its checkout."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    uv = shutil.which("uv")
    python = folder / "bin" / "python"
    if uv:
        _run(uv, "venv", "--python", sys.executable, str(folder))
        install = [uv, "pip", "install", "--python", str(python)]
    else:
        _run(sys.executable, "-m", "venv", str(folder))
        install = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    _run(*install, "--no-index", "--no-deps", str(wheel))
    (site,) = folder.glob("lib/python3*/site-packages")
    ours = Path(sys.prefix, *site.parts[-3:])
    (site / "lent.pth").write_text(f"{ours}\n")  # a path named so is not searched for such files itself
    return folder / "bin"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def _environment(home: Path) -> dict[str, str]:
    """An operator's: no compiler, no Node, nothing of the checkout."""
    return {"PATH": str(home / "nothing"), "HOME": str(home), "LANG": "C.UTF-8"}


def _said(installed: Path, home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / command[0]), *command[1:]],
        cwd=home, env=_environment(home), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@contextmanager
def _serving(installed: Path, home: Path) -> Iterator[str]:
    with subprocess.Popen(
        [installed / "visitation", "serve", "--demo", "--port", "0", "--json-addresses"],
        cwd=home, env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            line = process.stdout.readline()
            assert line, process.communicate()
            yield json.loads(line)["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        assert '"level": "error"' not in errors, errors


@pytest.mark.slow
def test_the_wheel_says_for_which_machines_it_is_and_holds_what_they_lack(wheel):
    assert wheel.name.split("-")[2:] == [
        f"cp{sys.version_info.major}{sys.version_info.minor}", f"cp{sys.version_info.major}{sys.version_info.minor}",
        f"linux_{os.uname().machine}.whl",
    ]  # fmt: skip
    names = zipfile.ZipFile(wheel).namelist()
    native = {Path(name).name.partition(".")[0] for name in names if name.endswith(".so")}
    assert native == {Path(module).stem for module in MODULES}
    assert "web/client/dist/visitor.html" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "visitation/_setup"))]
    words = "web/client/src/i18n/po/call"
    assert {name for name in names if name.startswith("web/client/src")} == {
        f"{words}/{lang}.po" for lang in ("fi", "sv", "en")
    }, "the server's refusals are in the apps' words, and no other source of theirs is wanted"
    assert not [name for name in names if name.endswith((".pyx", ".ts", ".tsx", ".map"))]


@pytest.mark.slow
@pytest.mark.parametrize("command", [("visitation",), ("python", "-m", "visitation")], ids=" ".join)
def test_the_installed_command_says_that_the_native_path_runs(installed, tmp_path, command):
    done = _said(installed, tmp_path, *command, "version")
    assert (done.returncode, "packet path: native;" in done.stdout) == (0, True), done.stderr + done.stdout
    assert "visitation 0.1.0" in done.stdout


@pytest.mark.slow
def test_what_runs_is_the_installed_package_and_not_the_checkout(installed, tmp_path):
    asks = "import relay.pump, server, web; print(relay.pump.__file__, server.__file__, web.__file__)"
    places = _said(installed, tmp_path, "python", "-c", asks).stdout.split()
    assert len(places) == 3
    assert all(place.startswith(str(installed.parent)) for place in places)


@pytest.mark.slow
def test_it_serves_pages_from_a_folder_of_its_own(installed, tmp_path):
    with _serving(installed, tmp_path) as url, urllib.request.urlopen(f"{url}/officer") as page:
        assert page.status == 200
        assert b"<script" in page.read()
    data = tmp_path / ".local/share/visitation"
    assert (data / "visitation.sqlite3").exists()
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_what_needs_a_checkout_says_so(installed, tmp_path):
    for command in ("test", "wheel"):
        done = _said(installed, tmp_path, "visitation", command)
        assert (done.returncode, "needs a checkout" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_wheel_without_native_code_is_refused(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "node_modules", "*.so", "tests", "bench", "var")
    )
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
        cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "The wheel would lack" in done.stderr
    assert "python3 -m visitation wheel" in done.stderr


def test_building_it_needs_the_browser_apps_and_the_native_code():
    assert need(["wheel"]).apps
    assert need(["wheel"]).native
