"""The OpenAPI 3.1 document, written from the routes; `python -m web.openapi` prints it without a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from web.once import HEADER, PATTERN
from web.paging import Page
from web.routes import Route
from web.sessions import APPS, cookie_name
from web.shapes import Problem

REF = "#/components/schemas/{model}"
VERSION = "1"
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was read: an edit changes that version and no other",
    "schema": {"type": "string", "maxLength": 20, "pattern": r'^"\d{1,18}"$'},
}
IDEMPOTENCY_KEY: Final = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "New for each command, the same for each try of it: a repeat within 24 hours gets the same answer",
    "schema": {"type": "string", "maxLength": 66, "pattern": f'^"?{PATTERN}"?$'},
}
REFUSALS = {
    400: "Malformed: the address, a header, the query or the body",
    401: "Nobody is signed in to this app",
    403: "Not permitted, or asked from another site",
    404: "No such thing, or not yours",
    409: "Not now",
    412: "Changed since the version that If-Match names",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "The Idempotency-Key was sent before, with another command",
    428: "If-Match is missing",
    503: "Not available at the moment",
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API routes (pages are not in it)."""
    described = [route for route in routes if route.path.startswith("/api/")]
    schemas, components = models_json_schema(_models(described), ref_template=REF)
    refs = {model: schema for (model, _mode), schema in schemas.items()}
    paths: dict[str, dict[str, Any]] = {}
    for route in described:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    described_so = {
        "openapi": "3.1.0",
        "info": {"title": "Visitation", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": components.get("$defs", {}) | _in_parameters(described),
            "securitySchemes": _cookies(),
        },
    }
    # One text for one API, in whatever order the handlers stand: types are generated from it.
    return cast("dict[str, Any]", json.loads(json.dumps(described_so, sort_keys=True)))


def _models(routes: Sequence[Route]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    models: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for route in routes:
        if route.body:
            models[route.body] = "validation"
        if route.answer:
            models[route.answer] = "serialization"
    return list(models.items())


def _in_parameters(routes: Sequence[Route]) -> dict[str, Any]:
    """What the schemas of paths and queries refer to, such as a list of choices."""
    models = [model for route in routes for model in (route.place, route.query) if model]
    return {
        name: schema
        for model in models
        for name, schema in model.model_json_schema(ref_template=REF).get("$defs", {}).items()
    }


def _operation(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary.partition("\n")[0],
        "description": _guards(route),
        "parameters": [
            *_parameters(route.place, "path"),
            *_parameters(route.query, "query"),
            *([IF_MATCH] if route.edits else []),
            *([IDEMPOTENCY_KEY] if route.keyed else []),
        ],
        "responses": {str(route.status): _answer(route, refs), **_problems(route, refs)},
    }
    if route.permission and route.app:
        operation["security"] = [{route.app: []}]
    if route.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": refs[route.body]}},
        }
    return operation


def _guards(route: Route) -> str:
    if route.permission is None:
        return f"Public: {route.public}."
    kinds = " or ".join(route.writes) or route.shows or f"none, {route.unlogged}"
    return f"Permission: {route.permission.name}. Audit: {kinds}."


def _answer(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {media: {} for media in route.media}
    if route.answer:
        content["application/json"] = {"schema": refs[route.answer]}
    answer = {"description": "Done", "content": content, "headers": _headers(route)}
    return {name: value for name, value in answer.items() if value}


def _headers(route: Route) -> dict[str, Any]:
    """What an answer says beside its body."""
    headers = {}
    if route.tagged:
        headers["ETag"] = _header("The version, for the If-Match of an edit", required=True)
    if route.status == HTTPStatus.CREATED:
        headers["Location"] = _header("The address of what was made", required=True)
    if route.answer and issubclass(route.answer, Page):
        headers["Link"] = _header('The next page, rel="next"; none on the last', required=False)
    return headers


def _header(description: str, *, required: bool) -> dict[str, Any]:
    return {"description": description, "required": required, "schema": {"type": "string"}}


def _problems(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    # 413 and 415 can answer any request: a body is refused even where none is asked for.
    statuses = (
        {400, 403, 404, 413, 415, 503}
        | ({401} if route.permission else set())
        | ({409} if route.body else set())
        | ({412, 428} if route.edits else set())
        | ({409, 422} if route.keyed else set())
    )
    content = {"application/problem+json": {"schema": refs[Problem]}}
    return {str(status): {"description": REFUSALS[status], "content": content} for status in sorted(statuses)}


def _parameters(model: type[BaseModel] | None, where: str) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=REF)
    required = set(schema.get("required", ())) if where == "query" else set(schema["properties"])
    return [
        {"name": name, "in": where, "required": name in required, "schema": _without_null(field)}
        for name, field in schema["properties"].items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """An optional query value may be left out, but the text "null" is no value of it."""
    kept = {key: value for key, value in field.items() if key not in ("default", "title", "anyOf")}
    for choice in field.get("anyOf", ()):
        if choice.get("type") != "null":
            kept.update(choice)
    return kept


def _cookies() -> dict[str, Any]:
    return {app: {"type": "apiKey", "in": "cookie", "name": cookie_name(app)} for app in APPS}


def main() -> None:
    """Print the document of every route, the demo's too."""
    from web.handlers import (
        MODULES,
    )  # the handlers import this module's neighbours; only the command needs them
    from web.routes import routes_of

    json.dump(document(routes_of(MODULES)), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
