"""One command is done once: whoever was first does it, and everybody after them is told so."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.visitation.world import StillClock
from visitation.errors import NotNow
from visitation.model.idempotency import KeyedCommand
from visitation.policy.identity import Identity
from visitation.services.idempotency import KEPT, RUNS, Given, Idempotency
from visitation.storage.database import Database

KIRSI = Identity("office", "kirsi", "prison", "session", "Kirsi")
KEY, ASKED, OTHER = "a-key-of-16-chars", "1" * 64, "2" * 64
ANSWER = Given(201, {"Location": "/api/x"}, '{"name":"Änna"}')


@pytest.fixture
def commands(either: Database, clock: StillClock) -> Idempotency:
    return Idempotency(either, clock)


async def why_not(commands: Idempotency, who: Identity = KIRSI, asked: str = ASKED) -> str:
    with pytest.raises(NotNow) as refused:
        await commands.begin(who, KEY, asked)
    return refused.value.code


async def test_the_first_is_to_be_done_and_its_repeat_gets_the_same_answer(commands):
    assert await commands.begin(KIRSI, KEY, ASKED) is None
    await commands.answered(KIRSI, KEY, ANSWER)
    for _ in range(2):
        assert await commands.begin(KIRSI, KEY, ASKED) == ANSWER


async def test_of_many_at_once_one_is_first(commands):
    """The database decides, whichever node asks."""

    async def try_it() -> str:
        try:
            return "first" if await commands.begin(KIRSI, KEY, ASKED) is None else "answered"
        except NotNow as refused:
            return refused.code

    tries = Counter(await asyncio.gather(*(try_it() for _ in range(8))))
    assert tries == {"first": 1, "still_running": 7}


async def test_a_key_is_for_one_command(commands):
    await commands.begin(KIRSI, KEY, ASKED)
    assert await why_not(commands, asked=OTHER) == "key_reused"
    await commands.answered(KIRSI, KEY, ANSWER)
    assert await why_not(commands, asked=OTHER) == "key_reused"


@pytest.mark.parametrize("other", [{"person_id": "sari"}, {"kind": "officer"}])
async def test_a_key_is_its_senders_own(commands, other):
    await commands.begin(KIRSI, KEY, ASKED)
    await commands.answered(KIRSI, KEY, ANSWER)
    assert await commands.begin(replace(KIRSI, **other), KEY, ASKED) is None


async def test_a_sender_may_come_back_in_a_new_session(commands):
    await commands.begin(KIRSI, KEY, ASKED)
    await commands.answered(KIRSI, KEY, ANSWER)
    assert await commands.begin(replace(KIRSI, session_id="another"), KEY, ASKED) == ANSWER


async def test_what_was_refused_may_be_tried_again(commands):
    await commands.begin(KIRSI, KEY, ASKED)
    await commands.refused(KIRSI, KEY)
    assert await commands.begin(KIRSI, KEY, OTHER) is None


async def test_what_broke_is_never_done_again_by_itself(commands):
    await commands.begin(KIRSI, KEY, ASKED)
    await commands.broke(KIRSI, KEY)
    assert await why_not(commands) == "outcome_unknown"


async def test_what_its_process_left_is_known_to_be_interrupted_after_a_while(commands, clock):
    await commands.begin(KIRSI, KEY, ASKED)
    assert await why_not(commands) == "still_running"
    clock.forward(seconds=RUNS.total_seconds())
    assert await why_not(commands) == "outcome_unknown"


async def test_after_a_day_nothing_is_left(commands, clock, either):
    await commands.begin(KIRSI, KEY, ASKED)
    await commands.answered(KIRSI, KEY, ANSWER)
    clock.forward(seconds=KEPT.total_seconds() - 1)
    assert await commands.begin(KIRSI, KEY, ASKED) == ANSWER
    clock.forward(seconds=1)
    assert await commands.begin(replace(KIRSI, person_id="sari"), KEY, ASKED) is None
    async with either.read() as session:
        assert await session.scalar(select(func.count()).select_from(KeyedCommand)) == 1
    assert await commands.begin(KIRSI, KEY, OTHER) is None
