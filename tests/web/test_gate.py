"""What the gate refuses before a handler sees it, and that nothing of it is a crash."""

from __future__ import annotations

import gzip

import pytest

from tests.web.furniture import ROLES
from web.words import refusal_words

SESSION = "/api/visitor/session"
OFFICE = "/api/office/day"
HOMES = {
    "visitor": "/api/visitor/visit",
    "terminal": "/api/terminal/day",
    "officer": "/api/officer/me",
    "office": "/api/office/me",
}
JSON = {"Content-Type": "application/json"}


async def code_of(answer) -> str:
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["status"] == answer.status
    return body["code"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "{own}.elsewhere.example"},
        {"Origin": "{own}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "{own}", "Sec-Fetch-Site": "same-site"},
        {"Origin": "{own}", "Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", SESSION), ("DELETE", SESSION), ("POST", "/api/visitor/ticket")]
)
async def test_what_changes_something_is_asked_by_a_page_of_ours(house, method, path, headers):
    given = {name: value.format(own=house.origin) for name, value in headers.items()}
    answer = await house.client.request(
        method, path, json={"link": "x"}, headers={**house.cookie("visitor"), **given}
    )
    assert answer.status == 403
    assert await code_of(answer) == "bad_origin"
    assert (await house.ask("GET", "/api/visitor/visit", "visitor")).status == 200


async def test_the_address_behind_a_proxy_is_our_own(house):
    answer = await house.ask("POST", "/api/visitor/ticket", "visitor", headers={"Origin": house.public})
    assert answer.status == 200


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "",
    ],
)
async def test_a_body_that_is_no_json_is_refused(house, kind):
    answer = await house.ask("POST", SESSION, data=b'{"link":"x"}', headers={"Content-Type": kind})
    assert answer.status == 415
    assert await code_of(answer) == "bad_input"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"link": 7}',
        b'{"link": ""}',
        b'{"link": "a b"}',
        b'{"link": "\xff"}',
        b'{"link": "\\ud800"}',
        b'{"link": "x", "app": "officer"}',
        b'{"link": "x"} trailing',
        b'{"link": NaN}',
        b"[" * 5000,
        b'{"link":' * 1000 + b"1" + b"}" * 1000,
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_a_body_of_another_shape_is_refused_without_being_quoted(house, body):
    answer = await house.ask("POST", SESSION, data=body, headers=JSON)
    assert answer.status == 400
    assert await code_of(answer) == "bad_input"
    assert (await answer.json())["params"] == {}


async def chunks(size: int):
    for _ in range(size // 1024):
        yield b" " * 1024


@pytest.mark.parametrize(
    "body", [b" " * 20_000, b"x" * 900_000, "chunked"], ids=["20 kB", "900 kB", "chunked"]
)
async def test_a_body_over_the_limit_is_refused(house, body):
    answer = await house.ask(
        "POST", SESSION, data=chunks(64 * 1024) if body == "chunked" else body, headers=JSON
    )
    assert answer.status == 413
    assert await code_of(answer) == "too_large"


async def test_a_small_body_that_unpacks_to_a_large_one_is_refused(house):
    bomb = gzip.compress(b" " * 20_000_000)
    assert len(bomb) > 16 * 1024
    small = gzip.compress(b" " * 2_000_000)
    assert len(small) < 16 * 1024
    for packed in (bomb, small):
        answer = await house.ask("POST", SESSION, data=packed, headers={**JSON, "Content-Encoding": "gzip"})
        assert answer.status == 413


async def test_a_body_that_is_not_packed_as_it_says_is_refused(house):
    answer = await house.ask("POST", SESSION, data=b"not gzip", headers={**JSON, "Content-Encoding": "gzip"})
    assert answer.status == 400


@pytest.mark.parametrize("path", ["/api/visitor/ticket", "/api/officer/ticket"])
async def test_a_body_where_none_is_asked_for_is_refused(house, path):
    answer = await house.ask("POST", path, path.split("/")[2], data=b"{}", headers=JSON)
    assert answer.status == 400


@pytest.mark.parametrize(
    "query",
    [
        "?date=2026-13-01",
        "?date=today",
        "?date=",
        "?day=2026-01-01",
        "?date=2026-01-01&date=2026-01-02",
        "?date=%00",
    ],
)
async def test_a_query_of_another_shape_is_refused(house, query):
    answer = await house.ask("GET", OFFICE + query, "office")
    assert answer.status == 400
    assert await code_of(answer) == "bad_input"


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "x" * 201,
        "x" * 4000,
        '"quoted\\073"',
        "; __Host-officer",
        "../../../etc/passwd",
        "' OR 1=1 --",
        "é",
        "{token}x",
        "x{token}",
        "{token}; __Host-officer=other",
    ],
)
async def test_a_hostile_cookie_is_nobody(house, cookie):
    sent = "__Host-officer=" + cookie.replace("{token}", house.has.tokens["officer"])
    answer = await house.client.get("/api/officer/me", headers={"Cookie": sent})
    assert answer.status in (400, 401)
    assert await code_of(answer) in ("not_signed_in", "bad_input")


async def test_a_token_is_good_for_its_own_app_only(house):
    for role, token in house.has.tokens.items():
        for app, path in HOMES.items():
            answer = await house.client.get(path, headers={"Cookie": f"__Host-{app}={token}"})
            assert (answer.status == 401) == (ROLES[role] != app)


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/officer/recordings/x/open",
        "/api/officer/recordings/%2e%2e/tracks/1/init",
        "/api/officer/recordings/00000000-0000-0000-0000-00000000000g/tracks/1/init",
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/..%2f..%2fkeys/init",
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/1/clusters/-1",
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/1/clusters/1e9",
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/1/clusters/" + "9" * 5000,
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/%00/init",
        "/api/officer/recordings/00000000-0000-4000-8000-000000000000/tracks/%ff/init",
    ],
    ids=lambda path: path[:80],
)
async def test_an_address_that_makes_no_sense_is_not_found(house, path):
    answer = await house.ask("GET", path, "officer")
    assert answer.status in (404, 405)
    assert await code_of(answer) in ("not_found", "bad_input")


async def test_a_wrong_method_is_told_the_right_ones(house):
    answer = await house.ask("PUT", SESSION, data=b"{}", headers=JSON)
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(",")) == {"DELETE", "POST"}
    assert await code_of(answer) == "bad_input"


async def test_every_way_of_not_getting_in_looks_the_same(house):
    answers = []
    for link in ("unknown", house.has.codes["officer"], house.has.expired_link):
        answer = await house.ask("POST", SESSION, json={"link": link})
        assert "Set-Cookie" not in answer.headers
        answers.append((answer.status, await answer.read()))
    assert len(set(answers)) == 1
    assert answers[0][0] == 401


async def test_what_breaks_inside_is_told_by_a_code_alone(house):
    house.clock.at = house.clock.at.replace(tzinfo=None)
    answer = await house.ask("GET", "/api/officer/me", "officer")
    assert answer.status == 500
    body = await answer.json()
    assert body == {
        "type": "urn:visitation:refusal:internal",
        "title": "The server made a mistake; it was logged.",
        "status": 500,
        "detail": refusal_words("internal", {}, "fi"),
        "code": "internal",
        "params": {},
        "refusals": [{"code": "internal", "detail": body["detail"], "params": {}, "at": None, "about": None}],
    }


@pytest.mark.slow
async def test_a_database_that_is_away_is_said_to_be_so(house):
    async with house.database.write() as session:
        await session.connection()  # somebody keeps the one writer's place
        answer = await house.ask("POST", "/api/visitor/ticket", "visitor")
    assert answer.status == 503
    assert await code_of(answer) == "unavailable"
    assert house.services.refused["visitor_ticket", "unavailable"] == 1


async def test_refusals_are_counted_by_operation_and_code(house):
    await house.client.get("/api/officer/me")
    await house.client.get("/api/officer/me")
    await house.ask("GET", "/api/nothing")
    assert house.services.refused["officer_me", "not_signed_in"] == 2
    assert house.services.refused["unrouted", "404"] == 1
