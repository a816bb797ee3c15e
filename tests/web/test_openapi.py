"""The OpenAPI document is valid, complete and closed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from openapi_spec_validator import validate

from visitation.errors import REFUSAL_CODES
from web.handlers import MODULES
from web.openapi import document
from web.routes import routes_of

DOCUMENT = document(routes_of(MODULES))
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


def test_a_problem_names_the_closed_list_of_codes():
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(
        REFUSAL_CODES
    )
