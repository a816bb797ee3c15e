"""Say which version this is and what it runs on."""

from __future__ import annotations

import importlib.metadata
import platform
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from relay.leg import RelayBroken
from relay.packet_path import Choice, NotBuilt, why_not_native
from relay.self_test import self_test

if TYPE_CHECKING:
    from server.settings import Settings


async def say_version(settings: Settings) -> int:
    """Exit code 0, or 2 where serving would be refused."""
    words, good = await describe(settings.media_path)
    print(words)  # noqa: T201  words for a person
    return 0 if good else 2


async def describe(choice: Choice) -> tuple[str, bool]:
    """One line: our version, Python's, and the packet path after one packet went through it; whether one did."""
    parts = ["aiortc", "pylibsrtp", "aiohttp", "sqlalchemy"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in parts)
    refused: Exception | None = None
    try:
        await self_test(choice)
    except (RelayBroken, NotBuilt) as reason:
        refused = reason
    path = f"none, serving is refused: {refused}" if refused else packet_path(choice)
    line = f"visitation {own()} (packet path: {path}; Python {platform.python_version()}; {versions})"
    return line, refused is None


def packet_path(choice: Choice) -> str:
    """Which one runs under this setting, and why, in words; for who has tested it."""
    if choice == "python":
        return "Python, because it was chosen in the settings"
    reason = why_not_native()
    return "native" if reason is None else f"Python, because {reason}"


def own() -> str:
    """The version of the installed package, or of the checkout."""
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text())["project"]["version"])
    return importlib.metadata.version("visitation")
