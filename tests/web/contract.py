"""Answers held against the OpenAPI document: nothing leaves the API that it does not declare."""

from __future__ import annotations

import json
import re
from typing import Any

from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

HERE = "urn:visitation:api"
UNDECLARED = (405, 500)  # of the house, not of an operation: a Problem all the same


class Contract:
    """What one document says of every answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._registry = Registry().with_resource(HERE, DRAFT202012.create_resource(document))
        self._operations = {
            (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path))): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def check(self, method: str, path: str, status: int, headers: Any, body: bytes) -> None:
        """Raises AssertionError for an answer that the document does not declare so."""
        operation = self._operation(method, path.partition("?")[0])
        if operation is None or status in UNDECLARED:
            self._valid({"$ref": "#/components/schemas/Problem"}, json.loads(body))
            return
        declared = operation["responses"].get(str(status))
        assert declared is not None, f"{method} {path} answered {status}, which it does not declare"
        for name, header in declared.get("headers", {}).items():
            assert name in headers or not header.get("required"), f"{method} {path} lacks {name}"
        self._content(declared.get("content", {}), headers.get("Content-Type", ""), body)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        found = (
            operation
            for (verb, address), operation in self._operations.items()
            if verb == method and address.fullmatch(path)
        )
        return next(found, None)

    def _content(self, content: dict[str, Any], kind: str, body: bytes) -> None:
        if not content:
            assert body == b"", "an answer that declares nothing holds nothing"
            return
        media = kind.partition(";")[0]
        assert media in content, f"{media} is not among {list(content)}"
        if media.endswith("json"):
            self._valid(content[media]["schema"], json.loads(body))

    def _valid(self, schema: dict[str, Any], value: Any) -> None:
        named = json.loads(json.dumps(schema).replace('"#/', f'"{HERE}#/'))
        faults = list(OAS31Validator(named, registry=self._registry).iter_errors(value))
        assert not faults, "; ".join(f"{fault.json_path}: {fault.message}" for fault in faults)
