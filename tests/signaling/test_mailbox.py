"""The one bounded queue of a call."""

from __future__ import annotations

import pytest

from signaling.mailbox import Mailbox
from visitation.errors import NotNow


async def nothing() -> None:
    pass


async def test_commands_are_refused_while_news_still_fit():
    mailbox = Mailbox(4)
    assert mailbox.command(nothing) is not None
    assert mailbox.command(nothing) is not None
    assert mailbox.command(nothing) is None
    for _ in range(3):
        mailbox.news(nothing)
    assert (mailbox.refused, mailbox.dropped) == (1, 1)


async def test_whoever_waits_at_the_end_is_told_so():
    mailbox = Mailbox()
    answer = mailbox.command(nothing)
    assert answer is not None
    mailbox.close()
    with pytest.raises(NotNow):
        await answer
    await mailbox.idle()
