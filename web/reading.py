"""What a request says, read into values: address, query, headers and body; bad bytes are a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from visitation.errors import BadInput, NotFound, NotNow
from web.faults import body_refused, query_refused
from web.problems import NotJson, TooLarge, VersionMissing
from web.routes import Route

M = TypeVar("M", bound=BaseModel)
_TAG: Final = re.compile(r'"(\d{1,18})"')


def place_of(route: Route, request: web.Request) -> Any:
    """What the address carries. Raises NotFound: text that is no id is no different from an unknown one."""
    if route.place is None:
        return None
    try:
        return route.place.model_validate(dict(request.match_info))
    except ValidationError:
        raise NotFound from None


async def parts_of(route: Route, request: web.Request) -> dict[str, Any]:
    """Query, version and body, as the handler's parameters. Raises BadInput and what the door refuses."""
    parts: dict[str, Any] = {}
    query = _query(request)
    if route.query:
        parts["query"] = _parsed(route.query, query)
    elif query and route.path.startswith("/api/"):
        raise BadInput
    if route.edits:
        parts["version"] = _version(request.headers.getall("If-Match", []))
    if route.body:
        parts["body"] = _body(route.body, await _read(request))
    elif route.unsafe and await _read(request, json_expected=False):
        raise BadInput
    return parts


def _version(given: list[str]) -> int:
    """The one version that is changed (RFC 9110 section 13.1.1). `*` would overwrite what nobody has seen."""
    if given in ([], ["*"]):
        raise VersionMissing
    tag = _TAG.fullmatch(given[0]) if len(given) == 1 else None
    if tag is None:
        raise NotNow("stale")  # a tag we never gave matches nothing
    return int(tag[1])


def _query(request: web.Request) -> dict[str, str]:
    values = dict(request.query)
    if len(values) != len(request.query):  # a name given twice
        raise BadInput
    return values


def _parsed(model: type[M], values: Mapping[str, str]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise query_refused(error) from None


def _body(model: type[M], data: bytes) -> M:
    try:
        return model.model_validate_json(data, strict=True)  # whatever the model allows to rows and files
    except ValidationError as error:
        raise body_refused(error) from None


async def _read(request: web.Request, *, json_expected: bool = True) -> bytes:
    """The body. The application's limit (BODY_LIMIT) is on what it unpacks to, counted as it comes."""
    if json_expected and request.content_type != "application/json":
        raise NotJson
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge from None
    except (web.RequestPayloadError, ValueError, OSError):
        raise BadInput from None
