"""A name of a library that moved keeps a node from serving, and is named; only a path that was never built is done without."""

from __future__ import annotations

import ast
import importlib
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCDtlsTransport
from pylibsrtp import _binding

from relay import identity, leg, packet_path, self_test
from relay.packet_path import NotBuilt, why_not_native
from relay.relay import Relay, RelaySettings

THEIRS = [(owner, name) for owner, names in leg.THEIRS.items() for name in names]
# Private names in leg.py that are its own; all others are the libraries', and looked for at start.
OWN = {
    "_Connection", "_Dtls", "_clock", "_context", "_current", "_made", "_shake", "_turns", "_waiting", "_Gatherer", "_Wire", "_closing", "_dtls", "_ice", "_key", "_local", "_on_closed", "_send",
    "_state_changed", "_wire",
}  # fmt: skip


def move(patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """As a new version of the library would: the class or its instances have the name no more."""
    if name in vars(owner):
        patch.delattr(owner, name)
        return
    if name in getattr(owner, "__annotations__", {}):
        patch.delitem(owner.__annotations__, name)
        return
    made = vars(owner)["__init__"]

    def remade(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        self.__dict__.pop(name, None)

    patch.setattr(owner, "__init__", remade)


@pytest.mark.parametrize("choice", ["auto", "python"])
async def test_one_packet_goes_through_under_keys_of_a_real_handshake(choice):
    chosen = "native" if choice == "auto" and why_not_native() is None else "Python"
    assert await self_test.self_test(choice) == chosen


@pytest.mark.parametrize(("owner", "name"), THEIRS, ids=[f"{o.__name__}.{n}" for o, n in THEIRS])
async def test_a_moved_name_keeps_the_relay_from_starting_and_is_named(monkeypatch, owner, name):
    relay = Relay(RelaySettings(host="127.0.0.1"))
    move(monkeypatch, owner, name)
    with pytest.raises(leg.RelayBroken, match=name):
        await relay.start()


def test_every_private_name_that_the_leg_reads_is_looked_for():
    read = {
        node.attr
        for module in (leg, identity)
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text()))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    }
    assert read - OWN == {name for _, name in THEIRS if name.startswith("_")}


@pytest.mark.parametrize(
    "name", ["srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"]
)
async def test_a_function_that_libsrtp_lost_is_named(monkeypatch, name):
    def addressof(lib: Any, asked: str) -> object:
        if asked == name:
            raise AttributeError(name)
        return _binding.ffi.addressof(lib, asked)

    monkeypatch.setattr(leg, "ffi", types.SimpleNamespace(cast=_binding.ffi.cast, addressof=addressof))
    with pytest.raises(leg.RelayBroken, match=f"libsrtp cannot be reached.*{name}"):
        await self_test.self_test("auto")


async def test_a_handshake_that_goes_wrong_inside_a_library_is_told(monkeypatch):
    monkeypatch.setattr(RTCDtlsTransport, "_setup_srtp", lambda self: None)
    with pytest.raises(leg.RelayBroken, match="one packet did not come through"):
        await self_test.self_test("auto")
    monkeypatch.setattr(RTCDtlsTransport, "_set_role", lambda self, role: 1 / 0)
    with pytest.raises(leg.RelayBroken, match="two legs of one process cannot connect"):
        await self_test.self_test("auto")


@pytest.mark.parametrize("choice", ["auto", "python"])
async def test_a_packet_that_comes_out_otherwise_is_told(monkeypatch, choice):
    asked = packet_path.PythonPath if choice == "python" or why_not_native() else packet_path.NativePath
    begin = asked.start

    def start(self: Any, sock: Any) -> None:
        begin(self, sock)
        output = self.table.output
        self.table.output = lambda path, kind, ssrc, *rest: output(path, kind, ssrc + 1, *rest)

    monkeypatch.setattr(asked, "start", start)
    with pytest.raises(leg.RelayBroken, match="one packet came wrong"):
        await self_test.self_test(choice)


@pytest.fixture
def forgotten(monkeypatch):
    """As at the start of a process: nothing of the pump is loaded or decided."""
    monkeypatch.delitem(sys.modules, "relay.pump", raising=False)
    monkeypatch.delattr(importlib.import_module("relay"), "pump", raising=False)
    why_not_native.cache_clear()
    yield monkeypatch
    why_not_native.cache_clear()


async def test_without_a_built_file_python_serves_unless_native_was_demanded(forgotten):
    forgotten.setattr(importlib.import_module("relay"), "__path__", [str(Path(__file__).parent)])
    assert await self_test.self_test("auto") == "Python"
    assert "not built" in (why_not_native() or "")
    with pytest.raises(NotBuilt, match="not built"):
        await self_test.self_test("native")


@pytest.mark.parametrize("content", [b"", b"no library"])
async def test_a_built_file_that_does_not_load_is_never_replaced_by_python_in_silence(
    forgotten, tmp_path, content
):
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    (tmp_path / f"pump{suffix}").write_bytes(content)
    forgotten.setattr(importlib.import_module("relay"), "__path__", [str(tmp_path)])
    importlib.invalidate_caches()
    with pytest.raises(leg.RelayBroken, match="relay/pump cannot be loaded"):
        await self_test.self_test("auto")
    assert await self_test.self_test("python") == "Python"  # it can be chosen


async def test_a_pump_of_another_shape_is_named(forgotten):
    other = types.ModuleType("relay.pump")
    forgotten.setitem(sys.modules, "relay.pump", other)
    forgotten.setattr(importlib.import_module("relay"), "pump", other, raising=False)
    with pytest.raises(leg.RelayBroken, match="Pump"):
        await self_test.self_test("auto")
