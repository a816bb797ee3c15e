"""The set-up compiles the packet path, and goes on without where that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from visitation._setup import native, system
from visitation._setup.door import need
from visitation._setup.talk import CHECKOUT, Stop


class Tools:
    """A checkout with two native modules, and a machine that may have a compiler."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.compiler: str | None = "/usr/bin/gcc"
        self.headers = folder / "include"
        self.headers.mkdir()
        (self.headers / "Python.h").touch()
        self.sources = [folder / "relay" / "pump.pyx", folder / "recording" / "batches.pyx"]
        for source in self.sources:
            source.parent.mkdir()
            source.write_text("one")
        self.commands: list[str] = []
        self.fails = False
        patch.setattr(native, "CHECKOUT", folder)
        patch.setattr(native, "STATE", folder)
        patch.setattr(native, "_compiler", lambda: self.compiler)
        patch.setattr(native, "_python", lambda: (self.headers, ".so"))
        patch.setattr(native, "run", self.run)
        patch.setattr(system, "install", self.install)
        self.installed: list[tuple[str, ...]] = []

    def run(self, command: list[object]) -> None:
        self.commands.append(Path(str(command[0])).name)
        if self.fails:
            raise Stop("it broke")
        Path(str(command[-1])).touch()

    def install(self, packages: tuple[str, ...], why: str) -> None:
        self.installed.append(tuple(packages))
        raise Stop(f"{why} Type this one line: sudo apt-get install {' '.join(packages)}")


@pytest.fixture
def tools(tmp_path, monkeypatch):
    return Tools(tmp_path, monkeypatch)


def test_they_are_compiled_once_and_again_when_a_source_changed(tools):
    assert not native.ready()
    native.build()
    assert all(source.with_suffix(".so").exists() for source in tools.sources)
    assert tools.commands == ["python", "gcc"] * 2
    assert native.ready()
    tools.sources[1].write_text("two")
    assert not native.ready()


def test_a_module_that_was_removed_is_missed_and_a_source_that_is_not_there_is_not(tools):
    native.build()
    tools.sources[1].with_suffix(".so").unlink()
    assert not native.ready()
    tools.sources[1].unlink()
    assert native.ready()


def test_every_module_that_is_to_be_compiled_has_its_source():
    assert [(CHECKOUT / module).exists() for module in native.MODULES] == [True, True]


def test_without_a_compiler_the_line_to_type_is_said_once_and_calls_go_on_in_python(tools, capsys):
    tools.compiler = None
    native.build()
    said = capsys.readouterr().out
    assert "sudo apt-get install gcc libc6-dev python3-dev" in said
    assert "runs in Python" in said
    assert native.ready()
    tools.compiler = "/usr/bin/gcc"
    assert not native.ready()  # now it can be built


def test_missing_headers_are_asked_for_too(tools):
    (tools.headers / "Python.h").unlink()
    native.build()
    assert tools.installed == [native.PACKAGES]
    assert not tools.commands


def test_a_failed_compilation_is_said_and_stops_nothing(tools, capsys):
    tools.fails = True
    native.build()
    assert "it broke" in capsys.readouterr().out
    assert native.ready()  # not tried at every start; a changed source is


def test_what_moves_packets_needs_it():
    assert need(["serve"]).native
    assert need(["bench", "relay"]).native
    assert not need(["version"]).native
