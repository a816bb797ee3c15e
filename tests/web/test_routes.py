"""A route cannot be written without its guard and its shapes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from aiohttp import web
from pydantic import BaseModel

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.answers import Created, Versioned
from web.handlers import MODULES
from web.recording_shapes import OpenRecording, RecordingPlace
from web.routes import Route, UnguardedRoute, route, routes_of
from web.sessions import SignedOut
from web.shapes import Me

ROUTES = routes_of(MODULES)
OPEN = {"/api/demo", "/api/policies", "/api/policies/{pack}"}  # invented people, and the law
SEEN = {"app": "officer", "permission": Permission.WALL_SEE}
GUARDED = {"app": "officer", "permission": Permission.WALL_SEE}
SEEN = {**GUARDED, "unlogged": "it is a test"}
LINE = (AuditKind.VISIT_BOOKED,)


async def answers(ask: Any) -> Me:
    raise NotImplementedError


def declare(path: str = "/api/x", handler: Any = answers, method: Any = "GET", **guard: Any) -> Route:
    return route(method, path, **guard)(handler)


@pytest.mark.parametrize(
    "guard",
    [
        {},
        {"public": ""},
        {"app": "officer"},
        {"permission": Permission.WALL_SEE},
        {**SEEN, "public": "everybody may"},
    ],
    ids=["nothing", "no reason", "an app only", "nobody's session", "two guards"],
)
def test_a_handler_without_exactly_one_whole_guard_is_refused(guard):
    with pytest.raises(UnguardedRoute):
        declare(**guard)


@pytest.mark.parametrize(
    "audit",
    [
        {},
        {"writes": ()},
        {"unlogged": ""},
        {"writes": LINE, "shows": AuditKind.DAY_VIEWED},
        {"writes": LINE, "unlogged": "no need"},
        {"shows": AuditKind.DAY_VIEWED, "method": "POST", "keyed": True},
    ],
    ids=["nothing", "no line", "no reason", "written twice", "written and not", "a change that is shown"],
)
def test_a_handler_that_does_not_say_what_is_written_down_is_refused(audit):
    with pytest.raises(UnguardedRoute):
        declare(**GUARDED, **audit)


def test_what_is_public_has_nothing_to_write_down():
    with pytest.raises(UnguardedRoute):
        declare(public="it is the door", writes=LINE)


def test_a_whole_guard_is_taken():
    assert declare(**SEEN).permission is Permission.WALL_SEE
    assert declare(public="it is the door").public == "it is the door"


async def takes_anything(ask: Any, body: dict[str, Any]) -> Me:
    raise NotImplementedError


class Open(BaseModel):
    name: str


async def takes_a_body_with_more_in_it(ask: Any, body: Open) -> Me:
    raise NotImplementedError


async def answers_with_more_in_it(ask: Any) -> Open:
    raise NotImplementedError


async def takes_a_body_as_place(ask: Any, place: OpenRecording) -> Me:
    raise NotImplementedError


async def takes_more(ask: Any, extra: RecordingPlace) -> Me:
    raise NotImplementedError


async def says_nothing(ask: Any):
    raise NotImplementedError


async def answers_anything(ask: Any) -> dict[str, Any]:
    raise NotImplementedError


async def answers_anything_versioned(ask: Any) -> Versioned[Any]:
    raise NotImplementedError


async def answers_no_shape_versioned(ask: Any) -> Created[int]:  # type: ignore[type-var]
    raise NotImplementedError


async def names_a_version(ask: Any, version: int) -> Me:
    raise NotImplementedError


async def names_a_version_of_another_kind(ask: Any, version: str) -> Me:
    raise NotImplementedError


@pytest.mark.parametrize(("method", "handler"), [("PUT", answers), ("GET", names_a_version)])
def test_an_edit_and_nothing_but_one_names_a_version(method, handler):
    with pytest.raises(UnguardedRoute):
        declare(handler=handler, method=method, **SEEN)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("POST", {}),
        ("POST", {"repeatable": ""}),
        ("POST", {"keyed": True, "repeatable": "it is harmless"}),
        ("GET", {"keyed": True}),
        ("GET", {"repeatable": "it is harmless"}),
        ("DELETE", {"repeatable": "it is harmless"}),
    ],
)
def test_a_post_is_keyed_or_says_why_it_may_be_repeated_and_nothing_else_does(method, said):
    with pytest.raises(UnguardedRoute):
        declare(method=method, **SEEN, **said)


@pytest.mark.parametrize(
    ("method", "said"),
    [("POST", {"keyed": True}), ("POST", {"repeatable": "it is harmless"}), ("DELETE", {"keyed": True})],
)
def test_a_command_that_says_what_its_repeat_does_is_taken(method, said):
    assert declare(method=method, **SEEN, **said).keyed is ("keyed" in said)


async def answers_a_cookie(ask: Any) -> SignedOut:
    raise NotImplementedError


async def answers_bytes(ask: Any) -> web.StreamResponse:
    raise NotImplementedError


@pytest.mark.parametrize("handler", [answers_a_cookie, answers_bytes])
def test_what_cannot_be_kept_for_a_repeat_is_not_keyed(handler):
    with pytest.raises(UnguardedRoute):
        declare(handler=handler, method="POST", keyed=True, **SEEN)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_change_that_names_its_version_is_an_edit(method):
    assert declare(handler=names_a_version, method=method, keyed=method == "POST", **SEEN).edits


@pytest.mark.parametrize(
    "handler",
    [
        takes_anything,
        takes_a_body_with_more_in_it,
        answers_with_more_in_it,
        takes_a_body_as_place,
        takes_more,
        names_a_version_of_another_kind,
        says_nothing,
        answers_anything,
        answers_anything_versioned,
        answers_no_shape_versioned,
    ],
)
def test_a_handler_without_strict_shapes_is_refused(handler):
    with pytest.raises(UnguardedRoute):
        declare(handler=handler, method="POST", keyed=True, **SEEN)


def test_an_address_that_carries_something_must_give_it_a_shape():
    with pytest.raises(UnguardedRoute):
        declare("/api/x/{id}", **SEEN)


def test_two_routes_of_one_address_are_refused():
    module = ModuleType("twice")
    vars(module).update(one=declare(**SEEN), two=declare(**SEEN))
    with pytest.raises(UnguardedRoute):
        routes_of([module])


@pytest.mark.parametrize("found", ROUTES, ids=lambda found: f"{found.method} {found.path}")
def test_what_changes_or_shows_something_of_the_prison_has_a_permission(found):
    if found.path.startswith("/api/") and found.path not in OPEN:
        assert found.permission is not None
    else:
        assert found.method == "GET"
