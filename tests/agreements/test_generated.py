"""What is generated from the Python classes is as fresh as they are."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.agreements.tracked import CHECKOUT
from visitation._setup.client import npm_command, npm_environment

CLIENT = CHECKOUT / "web" / "client"


def test_the_browsers_half_of_the_protocol_is_fresh():
    from signaling.typescript import TARGET, generate

    assert TARGET.read_text() == generate(), "run: .venv/bin/python -m signaling.typescript"


def test_the_protocols_document_is_fresh():
    from signaling.document import TARGET, generate

    text = TARGET.read_text()
    assert "<!-- begin " in text
    assert generate(text) == text, "run: .venv/bin/python -m signaling.document"


@pytest.mark.slow
def test_the_browsers_half_of_the_api_is_fresh(tmp_path):
    from web.handlers import MODULES
    from web.openapi import document
    from web.routes import routes_of

    (tmp_path / "openapi.json").write_text(json.dumps(document(routes_of(MODULES)), ensure_ascii=False))
    (tmp_path / "src" / "api").mkdir(parents=True)
    shutil.copytree(CLIENT / "scripts", tmp_path / "scripts")
    (tmp_path / "node_modules").symlink_to(CLIENT / "node_modules")
    node = npm_command()[0]
    subprocess.run(
        [node, "scripts/api.mjs", "openapi.json"],
        cwd=tmp_path, env=npm_environment(), check=True, capture_output=True,
    )  # fmt: skip
    fresh = (tmp_path / "src" / "api" / "api.gen.ts").read_text()
    assert (CLIENT / "src" / "api" / "api.gen.ts").read_text() == fresh, "run: npm run api"
