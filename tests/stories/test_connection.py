"""(c) A reload, and a connection that dies: a new leg into the same call, and the other side is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from bench.impairment import Impairment, Line
from tests.stories.namespaces import two_machines
from tests.stories.people import counts, is_at, sees_and_hears, sees_words, talk, until


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


async def test_a_pulled_cable_is_told_to_the_other_and_the_call_survives(story):
    async with two_machines() as (prison, home):
        await story.begin("--tls", "--host", prison.address, machine=prison)
        terminal = await story.enter("terminal", "a-12", machine=prison)
        visitor = await story.enter("visitor", "anna", machine=home)
        await talk(visitor, terminal)
        await home.pull_the_cable()
        await sees_words(terminal, "call.lost.title")
        await sees_words(visitor, "call.own_lost.title")
        await home.plug_the_cable()
        await is_at(visitor, "live")
        await sees_and_hears(visitor)
        await sees_and_hears(terminal)
        await expect(terminal.locator('[data-scene="other_lost"]')).to_have_count(0)
        await story.close_browsers()


async def test_a_killed_socket_is_a_new_one_and_the_picture_goes_on(lined):
    story, _, visitor, terminal = lined
    story.wires["visitor"].cut()
    await sees_and_hears(terminal)
    story.wires["visitor"].mend()
    await is_at(visitor, "live")
    await sees_and_hears(visitor)
    await sees_and_hears(terminal)


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
        both = await asyncio.gather(frames_between(visitor, terminal), frames_between(terminal, visitor))
        kept = [came / sent for sent, came in both]
        print(f"pictures kept at 5 % loss each way: {kept}")
        assert line.up_counts.lost > 50
        assert line.down_counts.lost > 50
        assert min(kept) > 0.95
        sent = await visitor.evaluate(PICTURES_SENT)
        assert sent["v"] > 1.5 * sent["p"], "the preview's slower pace must not be the picture's"


PICTURES_SENT = """async () => Object.fromEntries((await Promise.all(senses.peers.map((peer) => peer.getStats())))
    .flatMap((reports) => [...reports.values()])
    .filter((report) => report.type === 'outbound-rtp' && report.kind === 'video')
    .map((report) => [report.mid, report.framesSent]))"""
FULL_PICTURES_SENT = """async () => {
    let most = 0;
    for (const peer of senses.peers)
        for (const report of (await peer.getStats()).values())
            if (report.type === 'outbound-rtp' && report.kind === 'video') most = Math.max(most, report.framesSent ?? 0);
    return most;
}"""


async def frames_between(sender, receiver, frames: int = 240) -> tuple[int, int]:
    """Pictures sent and pictures that came whole meanwhile, counted at the same two moments: the delay cancels out.

    Whole, not decoded: a busy machine's decoder skips pictures that the line and the relay kept.
    """
    begin = await both_frames(sender, receiver)
    await until(
        sender, f"async most => (await ({FULL_PICTURES_SENT})()) >= most", begin[0] + frames, within=90_000
    )
    end = await both_frames(sender, receiver)
    return end[0] - begin[0], end[1] - begin[1]


async def both_frames(sender, receiver) -> tuple[int, int]:
    sent, seen = await asyncio.gather(sender.evaluate(FULL_PICTURES_SENT), counts(receiver))
    return int(sent), int(seen["framesWhole"])
