"""Say which version this is and what it runs on."""

from __future__ import annotations

import importlib.metadata
import platform

from relay.packet_path import why_not_native


def describe() -> str:
    """One line: our version, Python's, and the packet path's parts."""
    parts = ["aiortc", "pylibsrtp", "aiohttp", "sqlalchemy"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in parts)
    reason = why_not_native()
    path = "native" if reason is None else f"Python, because {reason}"
    return f"visitation {_own()} (packet path: {path}; Python {platform.python_version()}; {versions})"


def _own() -> str:
    try:
        return importlib.metadata.version("visitation")
    except importlib.metadata.PackageNotFoundError:
        import tomllib
        from pathlib import Path

        text = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text()
        return str(tomllib.loads(text)["project"]["version"])
