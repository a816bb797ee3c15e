"""The OpenAPI document is valid, complete and closed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.web.notebook import Notebook
from visitation.errors import REFUSAL_CODES
from web.handlers import MODULES
from web.openapi import document
from web.routes import routes_of

DOCUMENT = document(routes_of(MODULES))
FIXED = {"uuid", "date", "time", "date-time"}
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def test_the_document_is_valid_openapi_31():
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_it_is_printed_without_a_server():
    printed = subprocess.run(
        [sys.executable, "-m", "web.openapi"], capture_output=True, check=True, timeout=60
    )
    assert json.loads(printed.stdout) == DOCUMENT


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_declares_what_can_refuse_it(name):
    operation = OPERATIONS[name]
    assert {"400", "403", "404", "413", "415"} <= set(operation["responses"])
    assert operation["description"].startswith(("Permission: ", "Public: "))
    for status, response in operation["responses"].items():
        assert status < "300" or set(response["content"]) == {"application/problem+json"}


def test_every_object_on_the_wire_is_closed():
    def objects(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for item in node for found in objects(item)]
        if not isinstance(node, dict):
            return []
        here = [node] if node.get("type") == "object" and "properties" in node else []
        return here + [found for item in node.values() for found in objects(item)]

    found = objects(DOCUMENT["components"]["schemas"])
    assert len(found) > 20
    assert all(schema["additionalProperties"] is False for schema in found)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name] if name else schema


def unbounded(schema: dict[str, Any], place: str) -> list[str]:
    """Where a value of this schema may be as long, large or many as somebody likes."""
    schema = resolved(schema)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return [found for choice in choices for found in unbounded(choice, place)]
    if "enum" in schema or "const" in schema or schema.get("type") in ("boolean", "null"):
        return []
    if schema.get("type") == "string":
        return [] if "maxLength" in schema or schema.get("format") in FIXED else [place]
    if schema.get("type") in ("integer", "number"):
        return [] if {"minimum", "maximum"} <= set(schema) else [place]
    if schema.get("type") == "array":
        inside = unbounded(schema.get("items", {}), f"{place}[]")
        return inside if "maxItems" in schema else [place, *inside]
    if schema.get("type") == "object" and schema.get("additionalProperties") is False:
        fields = schema.get("properties", {}).items()
        return [found for name, each in fields for found in unbounded(each, f"{place}.{name}")]
    return [place]  # a schema that says nothing lets everything through


@pytest.mark.parametrize("name", OPERATIONS)
def test_everything_that_may_be_sent_has_its_limits(name):
    operation = OPERATIONS[name]
    sent = [(each["schema"], each["name"]) for each in operation["parameters"]]
    body = operation.get("requestBody", {}).get("content", {})
    sent += [(content["schema"], "body") for content in body.values()]
    assert not [found for schema, place in sent for found in unbounded(schema, place)]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "string", "pattern": "^a*$"},
        {"type": "integer", "minimum": 0},
        {"type": "array", "items": {"type": "boolean"}},
        {"type": "array", "maxItems": 3, "items": {"type": "string"}},
        {"type": "array", "maxItems": 3},
        {"type": "object"},
        {"type": "object", "additionalProperties": False, "properties": {"x": {"type": "string"}}},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {"$ref": "#/components/schemas/Problem"},
    ],
)
def test_what_has_no_limits_is_found(schema):
    assert unbounded(schema, "x")


def test_a_problem_names_the_closed_list_of_codes():
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(
        REFUSAL_CODES
    )


def test_machinery_is_described():
    """Versions, addresses and pages are in the document, for a client that is made from it."""
    described = document(routes_of([Notebook().module]))
    validate(described)
    notes, note = described["paths"]["/api/office/notes"], described["paths"]["/api/office/notes/{id}"]
    assert set(note["get"]["responses"]["200"]["headers"]) == {"ETag"}
    assert set(notes["post"]["responses"]["201"]["headers"]) == {"ETag", "Location"}
    assert set(notes["get"]["responses"]["200"]["headers"]) == {"Link"}
    for edit in (note["put"], note["delete"]):
        assert {"412", "428"} <= set(edit["responses"])
        tags = [each for each in edit["parameters"] if each["name"] == "If-Match"]
        assert [(each["in"], each["required"]) for each in tags] == [("header", True)]
    (key,) = notes["post"]["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", True)
    assert {"409", "422"} <= set(notes["post"]["responses"])
    colour = next(each for each in notes["get"]["parameters"] if each["name"] == "colour")
    assert colour["schema"] == {"$ref": "#/components/schemas/Colour"}
    assert described["components"]["schemas"]["Colour"]["enum"] == ["red", "blue"]
