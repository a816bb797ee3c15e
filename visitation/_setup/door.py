"""Decide which steps of set-up a command needs, do those that are not done, and hand over."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from visitation._setup import client, native, python, stamps, system
from visitation._setup.talk import Stop


@dataclass(frozen=True)
class Need:
    """What one command needs before it can run."""

    lock: str = "run"
    apps: bool = False
    native: bool = False
    client_packages: bool = False
    browsers: bool = False


NEEDS = {
    "serve": Need(apps=True, native=True),
    "dev": Need(lock="test", client_packages=True, native=True),
    "check": Need(lock="test", client_packages=True, native=True),
    "test": Need(lock="test", apps=True, client_packages=True, browsers=True, native=True),
    "wheel": Need(lock="test", apps=True, native=True),
    "bench": Need(lock="test", native=True),
}


def need(arguments: list[str]) -> Need:
    """What the command line asks for; without a command the demo is served."""
    if "--help" in arguments:
        return Need()
    commands = [argument for argument in arguments if not argument.startswith("-")]
    return NEEDS.get(commands[0], Need()) if commands else NEEDS["serve"]


def ready(wanted: Need) -> bool:
    """Whether every step of `wanted` is done, by stamps alone: no network, no child process."""
    return (
        python.ready(wanted.lock)
        and (not wanted.native or native.ready())
        and (not wanted.apps or client.built())
        and (not wanted.client_packages or client.packages_ready(client.CLIENT))
        and (
            not wanted.browsers
            or (client.packages_ready(client.BROWSER_TESTS) and not system.missing_for_tests())
        )
    )


def set_up(wanted: Need) -> None:
    """Does what is not done yet, in the order in which steps need each other."""
    if wanted.browsers and (missing := system.missing_for_tests()):
        system.install(missing, "The tests use real browsers, and two machines on one.")
    if not python.ready(wanted.lock):
        python.prepare(wanted.lock)
    if wanted.native and not native.ready():
        native.build()
    if wanted.client_packages:
        client.install_packages(client.CLIENT)
    if wanted.apps and not client.built():
        client.build()
    if wanted.browsers:
        client.install_packages(client.BROWSER_TESTS)


def main(arguments: list[str]) -> None:
    """The whole door; ends the process with words where it cannot go on."""
    wanted = need(arguments)
    try:
        if not ready(wanted):
            print("Setting up (the first time takes a minute or two):", flush=True)
            with stamps.alone():
                set_up(wanted)
        python.hand_over(arguments)
    except Stop as why:
        sys.exit(f"\n{why}")
    except KeyboardInterrupt:
        print("\nSet-up was interrupted; the next start takes it up again.", file=sys.stderr)
        sys.exit(130)
