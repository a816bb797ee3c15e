"""What holds answers against the document finds each way an answer can stray from it."""

from __future__ import annotations

import json

import pytest

from tests.web.contract import Contract
from tests.web.test_openapi import DOCUMENT

ME = {"name": "Sari", "prison": "Kaislaranta"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
PROBLEM = {"Content-Type": "application/problem+json"}


def check(body: object, status: int = 200, headers: dict[str, str] = JSON, path: str = "/api/officer/me"):
    sent = b"" if body is None else json.dumps(body).encode()
    Contract(DOCUMENT).check("GET", path, status, headers, sent)


def test_what_is_declared_passes():
    check(ME)


@pytest.mark.parametrize(
    "strayed",
    [
        lambda: check({**ME, "age": 41}),
        lambda: check({"name": "Sari"}),
        lambda: check({**ME, "name": None}),
        lambda: check(None),
        lambda: check(ME, status=201),
        lambda: check(ME, headers={"Content-Type": "text/html"}),
        lambda: check(ME, status=403, headers=PROBLEM),
        lambda: check({"code": "not_found"}, status=404, headers=PROBLEM, path="/api/nothing"),
    ],
    ids=["more", "less", "null", "nothing", "status", "media", "no problem", "unrouted"],
)
def test_an_answer_that_strays_is_found(strayed):
    with pytest.raises((AssertionError, json.JSONDecodeError)):
        strayed()
