"""Nobody overwrites what they have not seen."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from tests.web.notebook import NOTES

TEXT = {"text": "other"}


async def told(answer, status: int, code: str) -> None:
    assert (answer.status, (await answer.json())["code"]) == (status, code)


@pytest.fixture
def place(notebook) -> str:
    return f"{NOTES}/{notebook.add('first').id}"


async def edit(house, place: str, tag: str | None, method: str = "PUT"):
    headers = {} if tag is None else {"If-Match": tag}
    return await house.ask(method, place, "office", json=TEXT if method == "PUT" else None, headers=headers)


async def test_what_is_read_can_be_changed_and_changed_again(writing, notebook, place):
    tag = (await writing.ask("GET", place, "office")).headers["ETag"]
    for _ in range(2):
        answer = await edit(writing, place, tag)
        assert answer.status == 200
        assert answer.headers["ETag"] != tag
        tag = answer.headers["ETag"]
    assert (notebook.notes[0].text, notebook.notes[0].version) == ("other", 3)
    assert (await edit(writing, place, tag, "DELETE")).status == 204
    assert notebook.notes == []


async def test_what_was_made_can_be_read_at_its_address_and_changed(writing):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    made = await writing.ask("POST", NOTES, "office", json={"text": "new"}, headers=key)
    assert made.status == 201
    read = await writing.ask("GET", made.headers["Location"], "office")
    assert (await read.json(), read.headers["ETag"]) == (await made.json(), made.headers["ETag"])
    assert (await edit(writing, made.headers["Location"], made.headers["ETag"])).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_of_two_who_read_the_same_the_second_is_told(writing, notebook, place, method):
    tag = (await writing.ask("GET", place, "office")).headers["ETag"]
    answers = await asyncio.gather(*(edit(writing, place, tag) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412, 412]
    await told(await edit(writing, place, tag, method), 412, "stale")
    assert notebook.notes[0].version == 2


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("tag", [None, "*"])
async def test_an_edit_that_names_no_version_is_refused(writing, notebook, place, method, tag):
    await told(await edit(writing, place, tag, method), 428, "version_missing")
    assert (notebook.notes[0].text, notebook.notes[0].version) == ("first", 1)


@pytest.mark.parametrize(
    "tag", ['W/"1"', "1", '"1", "2"', '"one"', '""', '"-1"', '"' + "9" * 4000 + '"', '"2"', '"1', "'1'", " "]
)
async def test_a_tag_that_was_never_given_matches_nothing(writing, notebook, place, tag):
    await told(await edit(writing, place, tag), 412, "stale")
    assert notebook.notes[0].text == "first"


async def test_what_is_not_there_is_not_found_whatever_its_version(writing):
    await told(await edit(writing, f"{NOTES}/{uuid.uuid4()}", '"1"'), 404, "not_found")
