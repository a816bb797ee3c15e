"""Requests made up from the OpenAPI document, right and wrong: the answers are always those it declares."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.test_openapi import DOCUMENT, OPERATIONS
from web.openapi import document
from web.routes import routes_of

not_a_server_error = schemathesis.checks.not_a_server_error
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def drive(described: dict[str, Any], name: str, mode: GenerationMode, origin: str, cookies: str) -> int:
    """Ask up to 12 made-up requests of one operation; how many there were."""
    method, path = name.split(" ")
    operation = schemathesis.openapi.from_dict(described)[path][method]
    asked = 0

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        nonlocal asked
        asked += 1
        answer = case.call(base_url=origin, headers={"Origin": origin, "Cookie": cookies}, timeout=10)
        case.validate_response(answer, checks=CHECKS)

    ask()
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation_answers_as_declared(house, name, mode):
    await answers_as_declared(house, DOCUMENT, name, mode)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
async def test_the_machinery_answers_as_declared(writing, notebook, mode):
    notebook.add("there")
    described = document(routes_of([notebook.module]))
    for path, methods in described["paths"].items():
        for method in methods:
            await answers_as_declared(writing, described, f"{method.upper()} {path}", mode)


async def answers_as_declared(house, described: dict[str, Any], name: str, mode: GenerationMode) -> None:
    method, path = name.split(" ")
    operation = described["paths"][path][method.lower()]
    takes_something = operation["parameters"] or "requestBody" in operation
    if mode is GenerationMode.NEGATIVE and not takes_something:
        return
    cookies = "; ".join(f"__Host-{app}={token}" for app, token in house.has.tokens.items())
    try:
        asked = await asyncio.to_thread(drive, described, name, mode, house.origin, cookies)
    except Exception as failure:  # a failing case prints whole bodies, a megabyte of them once
        pytest.fail(f"{type(failure).__name__}: {str(failure)[:800]}", pytrace=False)
    assert asked > 0
