"""Every permission has a row, and every door names one, and what of it is written down."""

from __future__ import annotations

from typing import ClassVar

import pytest

from signaling.message import Command
from signaling.protocol import COMMANDS
from tests.agreements.tracked import python_files
from visitation.policy.permissions import Permission
from visitation.policy.table import TABLE
from web.handlers import DEMO_MODULES, MODULES
from web.routes import UnguardedRoute, route, routes_of

ROUTES = routes_of([*MODULES, *(module for module in DEMO_MODULES if module not in MODULES)])


@pytest.mark.parametrize("permission", list(Permission))
def test_a_permission_has_a_row(permission):
    assert TABLE[permission], "no row means nobody may, so it would be a permission nobody needs"
    assert all(row for row in TABLE[permission]), "an empty row would mean everybody may"


def test_the_table_knows_only_permissions():
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("found", ROUTES, ids=lambda found: f"{found.method} {found.path}")
def test_a_route_names_its_permission_or_why_it_needs_none(found):
    assert (found.permission in TABLE) != bool(found.public)


@pytest.mark.parametrize("found", ROUTES, ids=lambda found: f"{found.method} {found.path}")
def test_a_route_names_its_line_of_the_audit_log_or_why_there_is_none(found):
    """That the named lines are written is asked of each route in tests/web/test_audited.py."""
    named = [bool(found.writes), bool(found.shows), bool(found.unlogged)]
    assert sum(named) == (1 if found.permission else 0)


def test_routes_without_a_line_are_few_and_change_nothing():
    unlogged = {f"{found.method} {found.path}" for found in ROUTES if found.unlogged}
    assert {each for each in unlogged if not each.startswith("GET ")} == {
        "POST /api/visitor/ticket",
        "POST /api/visitor/visits/{id}/ticket",
        "POST /api/terminal/ticket",
        "POST /api/officer/ticket",
    }, "a change that is not written down is a decision: write it down here"


def test_public_routes_read_nothing_of_anybodys():
    public = {
        f"{found.method} {found.path}" for found in ROUTES if found.public and found.path.startswith("/api/")
    }
    doors = {
        "POST /api/visitor/session",
        "POST /api/terminal/session",
        "POST /api/officer/session",
        "POST /api/office/session",
        "GET /api/demo",
        "GET /api/policies",
        "GET /api/policies/{pack}",
    }
    assert public <= doors, "a route that needs no permission is a decision: write it down here"


@pytest.mark.parametrize("event", list(COMMANDS))
def test_a_message_names_its_permission_for_every_sender(event):
    command = COMMANDS[event]
    assert command.event == event
    assert command.guards
    assert all(guard in TABLE for guard in command.guards.values())


def test_every_message_class_is_in_the_protocol():
    assert set(Command.__subclasses__()) == set(COMMANDS.values())


def test_an_unguarded_message_cannot_be_written():
    with pytest.raises(TypeError, match="names no Permission"):
        type("Unguarded", (Command,), {"__annotations__": {"event": ClassVar[str]}}, event="unguarded")


def test_an_unguarded_route_cannot_be_written():
    with pytest.raises((UnguardedRoute, TypeError)):
        route("GET", "/api/unguarded")  # type: ignore[call-overload]


def test_every_permission_guards_something():
    guarding = {guard for command in COMMANDS.values() for guard in command.guards.values()}
    guarding |= {found.permission for found in ROUTES if found.permission}
    rooms = "\n".join(path.read_text() for path in python_files("web", "signaling", "server"))
    unused = [
        permission
        for permission in set(Permission) - guarding
        if f"Permission.{permission.name}" not in rooms
    ]
    assert not unused
