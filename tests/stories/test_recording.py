"""(a) What two people said and showed is on the record, in step; (e) and a killed recorder loses next to nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.stories.clip import PERIOD, flash_and_beep
from tests.stories.house import CHECKOUT
from tests.stories.insider import insider
from tests.stories.ledger import audit, call_seconds, outcome
from tests.stories.people import (
    both_play,
    is_at,
    leaves,
    opens_the_recording,
    press,
    sees_and_hears,
    sees_words,
    talk,
)
from tests.stories.tape import opened, recording_of, track

WATCHED_MS = 13_000  # four flashes
CLIP_SECONDS = 240  # longer than any call here, on the slowest machine


@asynccontextmanager
async def an_officer(house):
    """An officer with a socket, who knows the visit that is going on."""
    async with insider(house.url, "officer", "/demo/officer") as officer:
        await officer.connect()
        await officer.send("sync")
        wall = await officer.told("wall_state", lambda wall: wall["calls"])
        yield officer, wall["calls"][0]["visit"]


@dataclass(frozen=True)
class Seen:
    """When flashes and beeps began somewhere, in ms since the epoch: one machine, one clock."""

    flashes: list[float]
    beeps: list[float]

    def behind(self, sender: Seen) -> float:
        """By how many ms more the picture came later than the sound did, on the way from `sender` to here."""
        return _delay(self.flashes, sender.flashes) - _delay(self.beeps, sender.beeps)


def _delay(here: list[float], there: list[float]) -> float:
    """The median time from each instant there to the one instant here that is near it."""
    pairs = [now - then for then in there for now in here if abs(now - then) < PERIOD * 1000 / 2]
    assert len(pairs) >= 2, (here, there)
    return statistics.median(pairs)


async def perceived(page, picture: str, sense: str = "flashesAndBeeps") -> Seen:
    found = await page.get_by_test_id(picture).first.evaluate(
        """async (video, [sense, ms]) => {
            const found = await senses[sense](video, ms);
            const wall = (times) => times.map((time) => performance.timeOrigin + time);
            return [wall(found.flashes), wall(found.beeps)];
        }""",
        [sense, WATCHED_MS],
    )
    return Seen(*found)


async def comes_into_step(visitor, terminal) -> list[float]:
    """By how much the picture is behind the sound at the receiver: measured until it is little, or thrice."""
    measured: list[float] = []
    while len(measured) < 3 and (not measured or abs(measured[-1]) > 80):
        sent, received = await asyncio.gather(
            perceived(visitor, "own-picture"), perceived(terminal, "other-picture")
        )
        measured.append(round(received.behind(sent)))
    return measured


async def verified(house, recording: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "recording", "verify", recording, "--data", str(house.data)),
        cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def is_played_back(officer, url: str) -> None:
    """An officer opens it with a reason, and both sides play in step from wherever they are sought."""
    await opens_the_recording(officer, url)
    await press(officer, "review.play")
    await both_play(officer)
    await officer.keyboard.press("l")
    await both_play(officer)
    await officer.keyboard.press("j")
    await both_play(officer)
    await officer.get_by_test_id("picture-visitor").locator("video").evaluate("video => video.load()")
    await both_play(officer)  # the browser gave up what it had of one picture


async def test_a_visit_from_the_lobby_to_its_recording_keeps_sound_and_picture_in_step(story, tmp_path):
    clip = flash_and_beep(tmp_path / "clip", CLIP_SECONDS)
    house = await story.begin()
    terminal = await story.enter("terminal", "a-14")
    visitor = await story.enter("visitor", "leena", flags=clip.flags())
    await talk(visitor, terminal)
    async with an_officer(house) as (officer, visit):
        measured = await comes_into_step(visitor, terminal)
        sent = await perceived(visitor, "own-picture", "captured")
        await leaves(visitor)
        await is_at(terminal, "ended")
        row = await recording_of(officer, visit)
        timeline = await opened(officer, row["recording"])
        tracks = [await track(officer, row["recording"], told) for told in timeline["tracks"]]
    await is_played_back(await story.enter("officer", "sari"), house.url)

    by_name = {(each.party, each.kind): each for each in tracks}
    assert set(by_name) == {(party, kind) for party in ("prisoner", "visitor") for kind in ("audio", "video")}
    tape = Seen(
        [timeline["begun_at"] + 1000 * time for time in by_name["visitor", "video"].flashes()],
        [timeline["begun_at"] + 1000 * time for time in by_name["visitor", "audio"].beeps()],
    )
    print(f"picture behind sound: {measured} ms when received, {tape.behind(sent):.0f} ms when recorded")
    assert abs(tape.behind(sent)) <= 100
    assert abs(measured[-1]) <= 80

    took = call_seconds(house.data, visit)
    assert abs(timeline["duration_ms"] / 1000 - took) <= 0.5
    for each in tracks:
        assert each.times == sorted(each.times)
        assert abs(each.times[-1] - took) <= 1.5, (each.party, each.kind, each.times[-1], took)
    assert timeline["proof"]["verified"]
    assert not timeline["gaps"]
    assert outcome(house.data, visit) == "visitor_completed_early"
    assert "recording.opened" in [line.kind for line in audit(house.data) if line.actor_kind == "officer"]
    await verified(house, row["recording"])


async def test_a_killed_recorder_comes_back_as_a_new_part_and_the_call_goes_on(story):
    house = await story.begin()
    terminal = await story.enter("terminal", "a-12")
    visitor = await story.enter("visitor", "anna")
    await talk(visitor, terminal)
    (recorder,) = house.children("recording.recorder")
    async with an_officer(house) as (officer, visit):
        await officer.send("watch", visit=visit)
        await officer.told("call_state", lambda state: state["recording"] == "on")
        os.kill(recorder, signal.SIGKILL)
        state = await officer.told("call_state", lambda state: "recorder_back" in kinds(state))
        assert "gap" in kinds(state), "the wall shows it"
        row = await recording_of(officer, visit, lambda row: row["gaps"] == 1)
        assert row["status"] == "recording", "and so does the list, before the end"
        assert state["phase"] == "live"
        await sees_and_hears(visitor)
        await sees_and_hears(terminal)
        await leaves(terminal)
        await is_at(visitor, "ended")
        await sees_words(visitor, "call.ended.left.other")
        row = await recording_of(officer, visit)
        timeline = await opened(officer, row["recording"])
        tracks = [await track(officer, row["recording"], told) for told in timeline["tracks"]]

    assert house.children("recording.recorder") != [recorder]
    assert row["gaps"] >= 1
    assert timeline["gaps"], "the hole is named"
    assert all(gap["to_ms"] - gap["from_ms"] < 10_000 for gap in timeline["gaps"])
    assert timeline["proof"]["parts"] == 2
    assert {each.kind for each in tracks} == {"video"}, "the sound of this visit is not recorded"
    for each in tracks:
        before = [seconds for seconds in each.times if seconds * 1000 <= timeline["gaps"][0]["from_ms"] + 1]
        after = [seconds for seconds in each.times if seconds * 1000 >= timeline["gaps"][0]["to_ms"] - 1000]
        assert before, each.party
        assert after, each.party
    await verified(house, row["recording"])


def kinds(state) -> list[str]:
    return [event["kind"] for event in state["events"]]
