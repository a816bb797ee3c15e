"""A command that is sent twice, by two taps or a lost answer, is done once."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from sqlalchemy import text

from tests.web.notebook import NOTES
from visitation.errors import NotNow

KEY = "0b6f3a52-3d35-4f0e-9f5e-3f8f2f3d9a11"


async def send(house, key: str | None = KEY, said: str = "once", **more):
    headers = {} if key is None else {"Idempotency-Key": key}
    return await house.ask("POST", NOTES, "office", json={"text": said}, headers=headers, **more)


async def code(answer) -> tuple[int, str]:
    return answer.status, (await answer.json())["code"]


async def test_a_repeat_is_answered_as_the_first_was_and_does_nothing(writing, notebook):
    first, again = await send(writing), await send(writing)
    assert first.status == again.status == 201
    assert await first.read() == await again.read()
    for name in ("ETag", "Location", "Content-Type", "Content-Security-Policy", "Cache-Control"):
        assert first.headers[name] == again.headers[name]
    assert len(notebook.notes) == 1


async def test_two_wishes_for_the_same_are_two(writing, notebook):
    await send(writing)
    await send(writing, str(uuid.uuid4()))
    assert len(notebook.notes) == 2


async def test_a_key_may_be_quoted(writing, notebook):
    await send(writing, f'"{KEY}"')
    await send(writing, KEY)
    assert len(notebook.notes) == 1


async def test_how_the_json_is_laid_out_makes_no_other_command(writing, notebook):
    headers = {"Idempotency-Key": KEY, "Content-Type": "application/json"}
    for body in (b'{"text":"once"}', b' {\n"text" : "\\u006fnce"}'):
        assert (await writing.ask("POST", NOTES, "office", data=body, headers=headers)).status == 201
    assert len(notebook.notes) == 1


async def test_the_same_key_with_another_wish_is_refused(writing, notebook):
    await send(writing)
    assert await code(await send(writing, said="twice")) == (422, "key_reused")
    assert [note.text for note in notebook.notes] == ["once"]


async def test_a_repeat_while_the_first_is_being_done_is_told_to_wait(writing, notebook):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await go_on.wait()

    notebook.before_writing = slowly
    first = asyncio.create_task(send(writing))
    await begun.wait()
    assert await code(await send(writing)) == (409, "still_running")
    assert await code(await send(writing, said="twice")) == (422, "key_reused")
    go_on.set()
    assert (await first).status == (await send(writing)).status == 201
    assert len(notebook.notes) == 1


async def test_what_was_refused_was_not_done_and_may_be_tried_again(writing, notebook):
    async def refuse() -> None:
        raise NotNow("already_decided")

    before, notebook.before_writing = notebook.before_writing, refuse
    for _ in range(2):
        assert await code(await send(writing)) == (409, "already_decided")
    notebook.before_writing = before
    assert (await send(writing)).status == 201


async def test_what_broke_on_the_way_is_not_done_again_by_itself(writing, notebook):
    async def break_() -> None:
        raise ZeroDivisionError

    before, notebook.before_writing = notebook.before_writing, break_
    assert (await send(writing)).status == 500
    notebook.before_writing = before
    assert await code(await send(writing)) == (409, "outcome_unknown")
    assert notebook.notes == []


async def test_what_was_done_is_answered_though_its_answer_cannot_be_kept(writing, notebook):
    async def lose() -> None:
        async with writing.database.write() as session:
            await session.execute(text("ALTER TABLE keyed_command RENAME TO lost"))

    notebook.before_writing = lose
    assert (await send(writing)).status == 201


@pytest.mark.parametrize(
    "key", [None, "", "short", "x" * 65, "sixteen chars ok", f"{KEY}, {KEY}", '"' + KEY, "é" * 16]
)
async def test_a_command_without_a_key_is_refused_before_it_is_done(writing, notebook, key):
    answer = await send(writing, key)
    assert answer.status == 400
    (refusal,) = (await answer.json())["refusals"]
    assert (refusal["code"], refusal["at"]) == ("key_missing", "Idempotency-Key")
    assert notebook.notes == []


async def test_what_is_malformed_uses_no_key_up(writing, notebook):
    assert await code(await send(writing, said="")) == (400, "bad_input")
    assert (await send(writing)).status == 201


async def test_whoever_may_no_longer_ask_is_not_answered_from_memory(writing, notebook):
    await send(writing)
    await writing.accounts.close(writing.has.tokens["office"])
    assert await code(await send(writing)) == (401, "not_signed_in")
