"""The typed `@route` decorator: no handler reaches the application without its guard and its line in the audit log."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints, overload

from aiohttp import web
from pydantic import BaseModel

from visitation.policy.permissions import Permission
from visitation.services.audit import AuditKind
from web.answers import Created, Versioned
from web.sessions import SignedIn, SignedOut
from web.shapes import App, Place

Method = Literal["GET", "POST", "PUT", "DELETE"]
Handler = Callable[..., Awaitable[Any]]
Subjects = Callable[[Any], Awaitable[Any]]
PARTS: Final = {"place": Place, "query": Place, "body": BaseModel, "version": int}


class UnguardedRoute(TypeError):
    """A handler was declared without a guard or an audit line, or in a shape the gate cannot check. Raised at import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address: who may use it (`permission` on `subject`, or `public` and why), what of it is written down,
    and its shapes.

    `subject` loads the detached value the permission is asked about; None from it means "no such thing".
    Without it the permission is asked about nothing in particular.

    `writes` are the audit lines of which the handler's service writes one or more, in the transaction that
    does what they say. `shows` is the line the gate writes before the answer leaves. `unlogged` says why there
    is none to write. What is public shows nothing of anybody's and changes nothing.

    `keyed`: it is a command whose repeat, told by its Idempotency-Key, is not done again; of a POST that is not,
    `repeatable` says why a second one harms nobody.

    `edits`: the handler takes the `version` that If-Match names. `tagged`: its answer has one, the ETag.
    """

    method: Method
    path: str
    handler: Handler
    app: App | None
    permission: Permission | None
    public: str | None
    subject: Subjects | None
    writes: tuple[AuditKind, ...]
    shows: AuditKind | None
    unlogged: str | None
    keyed: bool
    repeatable: str | None
    place: type[Place] | None
    query: type[Place] | None
    body: type[BaseModel] | None
    edits: bool
    answer: type[BaseModel] | None
    tagged: bool
    status: int
    media: tuple[str, ...]
    summary: str

    @property
    def name(self) -> str:
        """The operation's name in the OpenAPI document, and the label its refusals are counted under."""
        return self.handler.__name__

    @property
    def unsafe(self) -> bool:
        """Whether it changes something (RFC 9110 section 9.2.1)."""
        return self.method != "GET"


@overload
def route(
    method: Method,
    path: str,
    *,
    app: App,
    permission: Permission,
    subject: Subjects | None = None,
    writes: tuple[AuditKind, ...] = (),
    shows: AuditKind | None = None,
    unlogged: str | None = None,
    keyed: bool = False,
    repeatable: str | None = None,
    media: tuple[str, ...] = (),
) -> Callable[[Handler], Route]: ...
@overload
def route(
    method: Method, path: str, *, public: str, app: App | None = None, media: tuple[str, ...] = ()
) -> Callable[[Handler], Route]: ...
def route(
    method: Method,
    path: str,
    *,
    app: App | None = None,
    permission: Permission | None = None,
    subject: Subjects | None = None,
    public: str | None = None,
    writes: tuple[AuditKind, ...] = (),
    shows: AuditKind | None = None,
    unlogged: str | None = None,
    keyed: bool = False,
    repeatable: str | None = None,
    media: tuple[str, ...] = (),
) -> Callable[[Handler], Route]:
    """Declare a handler. Raises UnguardedRoute unless one guard and one kind of audit are named, and all is typed."""
    if (permission is None) == (not public):
        raise UnguardedRoute(f"{method} {path} must name a Permission, or say why it is public")
    if permission is not None and app is None:
        raise UnguardedRoute(f"{method} {path} must say whose session its Permission is asked of")
    if sum(map(bool, (writes, shows, unlogged))) != (permission is not None):
        raise UnguardedRoute(f"{method} {path} must name its audit line, or say why there is none to write")
    if shows and method != "GET":
        raise UnguardedRoute(f"{method} {path}: a change writes its line in the change's own transaction")
    if keyed and (method == "GET" or public):
        raise UnguardedRoute(f"{method} {path}: only a command of somebody's is keyed")
    if bool(repeatable) != (method == "POST" and not keyed and not public):
        raise UnguardedRoute(f"{method} {path}: a POST is keyed, or says why it may be repeated")

    def declare(handler: Handler) -> Route:
        shapes = _shapes_of(handler)
        answer = _answer_of(shapes.pop("return"), bool(media))
        if path.startswith("/api/") and ("{" in path) != ("place" in shapes):
            raise UnguardedRoute(f"{method} {path}: what the address carries has no shape")
        if (method == "PUT" and "version" not in shapes) or (method == "GET" and "version" in shapes):
            raise UnguardedRoute(
                f"{method} {path}: an edit, and nothing but one, says which version it changes"
            )
        if keyed and not answer.kept:
            raise UnguardedRoute(f"{method} {path}: an answer of cookies or bytes is not kept for a repeat")
        return Route(
            method=method,
            path=path,
            handler=handler,
            app=app,
            permission=permission,
            public=public,
            subject=subject,
            writes=writes,
            shows=shows,
            unlogged=unlogged,
            keyed=keyed,
            repeatable=repeatable,
            place=shapes.get("place"),
            query=shapes.get("query"),
            body=shapes.get("body"),
            edits="version" in shapes,
            answer=answer.model,
            tagged=answer.tagged,
            status=answer.status,
            media=media,
            summary=inspect.getdoc(handler) or "",
        )

    return declare


def routes_of(modules: Iterable[ModuleType]) -> tuple[Route, ...]:
    """Every route declared in the modules, in their order; two of the same address are refused."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Route)]
    addresses = [(route.method, route.path) for route in found]
    if len(set(addresses)) != len(addresses):
        raise UnguardedRoute("two routes share one address")
    return tuple(found)


def _shapes_of(handler: Handler) -> dict[str, Any]:
    hints = get_type_hints(handler)
    names = list(inspect.signature(handler).parameters)[1:]
    for name in names:
        hint = hints.get(name, object)
        if name not in PARTS or not issubclass(hint, PARTS[name]) or (name == "body" and not _closed(hint)):
            raise UnguardedRoute(f"{handler.__name__}: parameter {name} has no strict shape")
    if "return" not in hints:
        raise UnguardedRoute(f"{handler.__name__}: the answer has no shape")
    return {name: hints[name] for name in [*names, "return"]}


def _closed(model: Any) -> bool:
    """A Shape, or a command of the house's own; both refuse fields they do not know."""
    return (
        isinstance(model, type)
        and issubclass(model, BaseModel)
        and model.model_config.get("extra") == "forbid"
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a handler answers when all is well; no model = nothing, or bytes."""

    status: int
    model: type[BaseModel] | None = None
    tagged: bool = False
    kept: bool = True


def _answer_of(answer: Any, bytes_follow: bool) -> _Answer:
    if answer in (type(None), SignedIn, SignedOut):
        return _Answer(204, kept=answer is type(None))
    wrapper, inner = get_origin(answer), get_args(answer)
    if wrapper in (Versioned, Created) and _closed(inner[0]):
        return _Answer(201 if wrapper is Created else 200, inner[0], tagged=True)
    if _closed(answer):
        return _Answer(200, answer)
    if bytes_follow or answer is web.StreamResponse:
        return _Answer(200, kept=False)
    raise UnguardedRoute(f"{answer!r} is not an answer this door can give")
