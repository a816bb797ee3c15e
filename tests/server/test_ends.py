"""A server that ends in the middle of a call: by a word, by a blow, with a log that cannot be written."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

from server.logs import Steady
from tests.server.strangers import signed_in, talk
from tests.server.test_serving import end, said, start


async def recordings(url: str) -> list[dict]:
    async with signed_in(url, "officer", "sari") as officer:
        status, told = await officer.ask("GET", "/api/officer/recordings")
        assert status == 200, told
        return told["items"]


def lines_about(data: Path, recording: str) -> list[str]:
    """What the audit log says of a recording, in order."""
    with sqlite3.connect(data / "visitation.sqlite3") as database:
        found = database.execute(
            "SELECT kind FROM audit_line WHERE subject = ? ORDER BY number", (recording,)
        )
        return [kind for (kind,) in found]


async def test_a_server_that_is_stopped_tells_both_and_closes_the_recording(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    url = (await said(process))["url"]
    async with talk(url) as call:
        await call.speak()
        process.send_signal(signal.SIGTERM)
        for person in (call.visitor, call.prisoner):
            state = await person.told("call_state", lambda state: state["ended"])
            assert state["ended"]["reason"] == "node"
        assert (await end(process))[0] == 0
    process = await start(tmp_path, "--port", "0")
    (row,) = await recordings((await said(process))["url"])
    assert row["status"] == "closed"
    assert lines_about(tmp_path, row["recording"]) == ["recording.begun", "recording.ended"]
    process.send_signal(signal.SIGTERM)
    await end(process)


async def test_a_killed_servers_recording_is_listed_as_interrupted_and_plays(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    url = (await said(process))["url"]
    async with talk(url) as call:
        await call.speak()
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process = await start(tmp_path, "--port", "0")
    url = (await said(process))["url"]
    (row,) = await recordings(url)
    assert row["status"] == "open_ended"
    assert row["duration_ms"] >= 1_000
    async with signed_in(url, "officer", "sari") as officer:
        place = f"/api/officer/recordings/{row['recording']}"
        _, opened = await officer.ask("POST", f"{place}/open", {"reason": "technical", "note": ""})
        track = opened["tracks"][0]
        assert (await officer.ask("GET", f"{place}/tracks/{track['id']}/init"))[0] == 200
        assert (await officer.ask("GET", f"{place}/tracks/{track['id']}/clusters/0"))[0] == 200
    async with talk(url):  # and the visit can be taken up again
        process.send_signal(signal.SIGTERM)
        assert (await end(process))[0] == 0


async def test_a_locked_database_does_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    url = (await said(process))["url"]
    async with talk(url) as call, signed_in(url, "officer", "sari") as officer:
        database = sqlite3.connect(tmp_path / "visitation.sqlite3", isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        await officer.send("hold", visit=call.visit, reason="order", text="Planted words")
        for _ in range(3):
            await officer.send("warn", visit=call.visit, code="order", text="Planted words")
        assert (await call.visitor.send("sync"))["calls"][0]["phase"] == "held"
        process.send_signal(signal.SIGTERM)
        code, errors = await end(process)
        database.close()
    assert code == 0
    assert "Planted" not in errors
    assert errors.count("clerk.not_written") <= 2  # not once for each paper


def test_a_log_that_cannot_be_written_costs_a_line_and_nothing_else() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as broken:
        steady = Steady(broken)
        steady.write("a line\n")
        steady.flush()
        assert steady.lost == 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)  # so that closing it has somewhere to go


async def test_nothing_is_left_of_the_recorder_when_the_server_is_killed(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    await said(process)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with asyncio.timeout(20):  # its standard error is ours: it ends when the last of them has ended
        assert process.stderr is not None
        await process.stderr.read()
