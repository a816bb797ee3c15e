"""The server as a process: what it says when it cannot serve, and how it stops."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


async def start(data: Path, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve", "--json-addresses", "--data", str(data), *options),
        cwd=CHECKOUT,
        env={**os.environ, "VISITATION_DEMO": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process: asyncio.subprocess.Process) -> dict[str, str]:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    return json.loads(line)


async def end(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    async with asyncio.timeout(PATIENCE):
        _, errors = await process.communicate()
    return process.returncode, errors.decode()


async def test_it_answers_stops_when_told_and_keeps_its_data(tmp_path: Path) -> None:
    for _ in range(2):
        process = await start(tmp_path, "--port", "0")
        url = (await said(process))["url"]
        async with aiohttp.ClientSession() as session, session.get(f"{url}/api/demo") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        code, errors = await end(process)
        complaints = [line for line in errors.splitlines() if '"level": "info"' not in line]
        assert (code, complaints) == (0, [])
    assert (tmp_path / "visitation.sqlite3").exists()


async def test_a_second_server_on_the_same_data_is_refused_in_words(tmp_path: Path) -> None:
    first = await start(tmp_path, "--port", "0")
    await said(first)
    code, errors = await end(await start(tmp_path, "--port", "0"))
    assert code == 2
    assert "already running on this data folder" in errors
    first.send_signal(signal.SIGTERM)
    assert (await end(first))[0] == 0


async def test_a_taken_port_is_refused_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, errors = await end(await start(tmp_path, "--port", port))
    assert code == 2
    assert f"Port {port} is already in use" in errors


async def test_reset_never_empties_what_the_demo_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "somebody's").write_text("own")
    code, errors = await end(await start(tmp_path, "--port", "0", "--reset"))
    assert code == 2
    assert "--reset empties the demo only" in errors
    assert (tmp_path / "somebody's").read_text() == "own"


async def test_reset_empties_the_demo(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    await said(process)
    process.send_signal(signal.SIGTERM)
    await end(process)
    (tmp_path / "vault" / "left").parent.mkdir(exist_ok=True)
    (tmp_path / "vault" / "left").write_text("x")
    process = await start(tmp_path, "--port", "0", "--reset")
    await said(process)
    process.send_signal(signal.SIGTERM)
    assert (await end(process))[0] == 0
    assert not (tmp_path / "vault" / "left").exists()
