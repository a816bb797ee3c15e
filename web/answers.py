"""What handlers answer, put into HTTP: JSON with its version, its address or its next page, and cookies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel

from web.paging import Page
from web.sessions import SignedIn, SignedOut, set_cookie

A = TypeVar("A", bound=BaseModel)
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Versioned(Generic[A]):
    """A handler's answer that can be edited: an edit must name its `version`, which is the ETag."""

    value: A
    version: int


@dataclass(frozen=True, slots=True)
class Created(Generic[A]):
    """A handler's answer that did not exist before. `at` is its address, from which it can be read."""

    value: A
    at: str
    version: int


def respond(given: Any, request: web.Request) -> web.StreamResponse:
    """The response for whatever a handler returns; None is done, with nothing to say."""
    if isinstance(given, web.StreamResponse):
        return given
    if given is None:
        return web.Response(status=204)
    if isinstance(given, SignedIn | SignedOut):
        response = web.Response(status=204)
        set_cookie(response, given)
        return response
    if isinstance(given, Versioned):
        return _json(given.value, {"ETag": etag(given.version)})
    if isinstance(given, Created):
        return _json(given.value, {"ETag": etag(given.version), "Location": given.at}, status=201)
    return _json(given, _next(given, request) if isinstance(given, Page) else {})


def etag(version: int) -> str:
    """The entity tag of a version (RFC 9110 section 8.8.3); a strong one, for one version has one text."""
    return f'"{version}"'


def _json(value: BaseModel, headers: dict[str, str], status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=value.model_dump_json().encode(), content_type=JSON, headers=headers
    )


def _next(page: Page[Any], request: web.Request) -> dict[str, str]:
    """The address of the next page (RFC 8288), all but the cursor as it was asked for."""
    if page.next is None:
        return {}
    return {"Link": f'<{request.rel_url.update_query(cursor=page.next)}>; rel="next"'}
