"""(c) A reload, and a connection that dies: a new leg into the same call, and the other side is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from bench.impairment import Impairment, Line
from tests.stories.people import counts, is_at, sees_and_hears, sees_words, talk, until

LOST = Line(loss=1.0)
CLEAR = Line()


@asynccontextmanager
async def bad_line(**both: float):
    """A line for media in front of a server that is started with its address."""
    line = Impairment(up=Line(**both), down=Line(**both))
    await line.start()
    try:
        yield line
    finally:
        await line.stop()


@pytest.fixture
async def lined(story):
    """An ordinary visit whose two people come through lines that can be cut: TCP the visitor's, media both."""
    async with bad_line() as line:
        house = await story.begin("--media-address", line.address)
        line.target = ("127.0.0.1", house.media_port)
        terminal = await story.enter("terminal", "a-12")
        visitor = await story.enter("visitor", "anna", wired=True)
        await talk(visitor, terminal)
        yield story, line, visitor, terminal


async def test_a_reload_is_a_new_leg_into_the_same_call(lined):
    _, _, visitor, terminal = lined
    before = await counts(terminal)
    await visitor.reload()
    await is_at(visitor, "live")
    await sees_and_hears(visitor)
    await sees_and_hears(terminal)
    after = await counts(terminal)
    assert after["open"] == before["open"] == 1, "the other side keeps its own leg"


async def test_a_killed_connection_is_told_to_the_other_and_the_call_survives(lined):
    story, line, visitor, terminal = lined
    story.wires["visitor"].cut()
    line.change(up=LOST, down=LOST)  # both lose media for a moment; only the visitor's socket is cut
    await sees_words(terminal, "call.lost.title")
    line.change(up=CLEAR, down=CLEAR)
    story.wires["visitor"].mend()
    await is_at(visitor, "live")
    await sees_and_hears(visitor)
    await sees_and_hears(terminal)
    await expect(terminal.locator('[data-scene="other_lost"]')).to_have_count(0)


async def test_a_closed_page_is_told_and_opened_again_goes_straight_back(lined):
    story, _, visitor, terminal = lined
    address = visitor.url
    context = visitor.context
    await visitor.close()
    await sees_words(terminal, "call.lost.title")
    again = await story.page("visitor", context)
    await again.goto(address)
    await is_at(again, "live")
    await sees_and_hears(again)
    await sees_and_hears(terminal)


async def test_five_percent_loss_each_way_costs_less_than_five_percent_of_the_frames(story):
    async with bad_line(loss=0.05) as line:
        house = await story.begin("--media-address", line.address)
        line.target = ("127.0.0.1", house.media_port)
        terminal = await story.enter("terminal", "a-12")
        visitor = await story.enter("visitor", "anna")
        await talk(visitor, terminal)
        await until(
            terminal, "async frames => (await senses.counts()).framesIn >= frames", 150, within=60_000
        )
        sent, came = await asyncio.gather(sent_frames(visitor), sent_frames(terminal))
        shares = [await shown(terminal, sent), await shown(visitor, came)]
        print(
            f"frames shown of those sent, at 5 % loss each way: {shares}; lost {line.up_counts} {line.down_counts}"
        )
        assert line.up_counts.lost > 50
        assert line.down_counts.lost > 50
        assert min(shares) > 0.95


async def sent_frames(page) -> int:
    """Pictures of the full size that the page has sent so far."""
    return int(
        await page.evaluate(
            """async () => {
                let most = 0;
                for (const peer of senses.peers)
                    for (const report of (await peer.getStats()).values())
                        if (report.type === 'outbound-rtp' && report.kind === 'video')
                            most = Math.max(most, report.framesSent ?? 0);
                return most;
            }"""
        )
    )


async def shown(page, sent: int) -> float:
    """The share of `sent` pictures that the page decodes, once what is on its way has come."""
    await until(page, "async frames => (await senses.counts()).framesIn >= frames", int(sent * 0.8))
    return float((await counts(page))["framesIn"]) / sent
