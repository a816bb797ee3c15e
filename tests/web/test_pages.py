"""The pages and files of the apps: what is served, how it is cached, and that nothing else is."""

from __future__ import annotations

import pytest

IMMUTABLE = "public, max-age=31536000, immutable"
PAGES = {
    "/": "index",
    "/v/any-secret_at.all~": "visitor",
    "/visitor": "visitor",
    "/visitor/": "visitor",
    "/visitor/lobby/anything": "visitor",
    "/terminal": "terminal",
    "/terminal/day": "terminal",
    "/officer": "officer",
    "/officer/recordings/1": "officer",
    "/office": "office",
    "/office/day": "office",
    "/what-happens": "policies",
    "/what-happens/": "policies",
}


@pytest.mark.parametrize("path", PAGES)
async def test_an_address_of_an_app_gets_its_page_and_is_asked_for_again(built, path):
    answer = await built.client.get(path)
    assert answer.status == 200
    assert await answer.text() == f"<!doctype html><title>{PAGES[path]}</title>"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", PAGES)
async def test_before_the_build_a_plain_page_says_so(house, path):
    answer = await house.client.get(path)
    assert answer.status == 503
    assert "have not been built" in await answer.text()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_build_is_served_without_a_restart(house, build):
    assert (await house.client.get("/officer")).status == 503
    build(house.static)
    assert (await house.client.get("/officer")).status == 200


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)],
)
async def test_a_hashed_file_is_kept_for_good_and_sent_as_small_as_the_browser_takes(built, accepted, sent):
    answer = await built.raw("/assets/app-1a2b.js", {"Accept-Encoding": accepted})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == IMMUTABLE
    assert answer.headers.get("Content-Encoding") == sent
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_icon_is_served_and_asked_for_again(built):
    answer = await built.client.get("/icons.svg")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_file_the_browser_has_is_not_sent_again(built):
    first = await built.client.get("/icons.svg")
    again = await built.client.get("/icons.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert "Content-Security-Policy" in again.headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/../secret.json",
        "/assets/..%2fsecret.json",
        "/assets/%2e%2e/%2e%2e/secret.json",
        "/assets/..%5csecret.json",
        "/assets//etc/passwd",
        "/assets/%00app-1a2b.js",
        "/assets/app-1a2b.js%00.png",
        "/assets/.hidden.js",
        "/assets/link.js",
        "/assets/linked/secret.json",
        "/assets/app-1a2b.js.br",
        "/assets/app-1a2b.js/",
        "/assets/app-1a2b.js.map",
        "/assets/none.js",
        "/assets/" + "a" * 300 + ".js",
        "/assets/CON.js",
        "/secret.json",
        "/link.json",
        "/.env",
        "/%2e%2e/secret.json",
        "/manifest.py",
    ],
)
async def test_nothing_but_the_built_files_is_served(built, path):
    answer = await built.raw(path)
    assert answer.status == 404
    assert b"secret" not in await answer.read()
