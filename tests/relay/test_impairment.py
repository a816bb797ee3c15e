"""The bad line does what it is told, the same way each time, and the relay lives through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bench.impairment import Impairment, Line

CLEAR = Line()


class Ends(asyncio.DatagramProtocol):
    """One end of a line: keeps what comes, with where it came from and when."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, Any, float]] = []
        self._arrived = asyncio.Event()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.got.append((data, addr, asyncio.get_running_loop().time()))
        self._arrived.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self._arrived.clear()
                await self._arrived.wait()


@asynccontextmanager
async def a_line(up: Line = CLEAR, down: Line = CLEAR, seed: int = 1) -> AsyncIterator[Any]:
    """(impairment, server end, its transport, opener of client ends)."""
    loop = asyncio.get_running_loop()
    opened = []

    async def end(remote: Any = None) -> tuple[asyncio.DatagramTransport, Ends]:
        transport, ends = await loop.create_datagram_endpoint(
            Ends, remote_addr=remote, local_addr=None if remote else ("127.0.0.1", 0)
        )
        opened.append(transport)
        return transport, ends

    server_transport, server = await end()
    line = Impairment(up=up, down=down, seed=seed, target=server_transport.get_extra_info("sockname"))
    await line.start()
    host, port = line.address.split(":")

    async def client() -> tuple[asyncio.DatagramTransport, Ends]:
        return await end((host, int(port)))

    try:
        yield line, server, server_transport, client
    finally:
        await line.stop()
        for transport in opened:
            transport.close()
        await asyncio.sleep(0)


async def open_through(server: Ends, client: asyncio.DatagramTransport) -> Any:
    """The address the server sees of a client on a clear line."""
    before = len(server.got)
    client.sendto(b"first")
    await server.until(before + 1)
    return server.got[-1][1]


async def test_a_clear_line_changes_nothing_and_keeps_clients_apart() -> None:
    async with a_line() as (line, server, to_client, new_client):
        (one, one_end), (two, two_end) = await new_client(), await new_client()
        address_one, address_two = await open_through(server, one), await open_through(server, two)
        assert address_one != address_two
        to_client.sendto(b"for one", address_one)
        to_client.sendto(b"for two", address_two)
        await one_end.until(1)
        await two_end.until(1)
        assert (one_end.got[0][0], two_end.got[0][0]) == (b"for one", b"for two")
        assert (line.up_counts.passed, line.down_counts.passed, line.up_counts.lost) == (2, 2, 0)


async def lost_numbers(line_up: Line, seed: int, count: int = 2000) -> list[int]:
    """Which of `count` numbered datagrams never reached the server."""
    async with a_line(seed=seed) as (line, server, _, new_client):
        client, _ = await new_client()
        await open_through(server, client)
        line.change(up=line_up)
        counts = line.up_counts
        for number in range(count):
            client.sendto(number.to_bytes(2, "big"))
            if number % 50 == 49:  # stay within the sockets' buffers
                await line.until(lambda: counts.lost + counts.passed == number + 2)  # noqa: B023 (awaited here)
                await server.until(counts.passed)
        came = {int.from_bytes(data, "big") for data, _, _ in server.got[1:]}
        return [number for number in range(count) if number not in came]


async def test_the_same_seed_loses_the_same_datagrams_in_the_share_told() -> None:
    first = await lost_numbers(Line(loss=0.05), seed=1)
    assert 60 <= len(first) <= 140
    assert await lost_numbers(Line(loss=0.05), seed=1) == first
    assert await lost_numbers(Line(loss=0.05), seed=2) != first


async def test_bursts_lose_as_much_in_fewer_and_longer_holes() -> None:
    lost = await lost_numbers(Line(loss=0.1, burst=5), seed=3)
    holes = sum(1 for number in lost if number - 1 not in lost)
    assert 100 <= len(lost) <= 300
    assert 3 <= len(lost) / holes <= 8


async def test_loss_one_way_leaves_the_other_way_whole() -> None:
    async with a_line(up=Line(), down=Line(loss=1.0)) as (line, server, to_client, new_client):
        client, client_end = await new_client()
        address = await open_through(server, client)
        for _ in range(10):
            to_client.sendto(b"gone", address)
        await line.until(lambda: line.down_counts.lost == 10)
        await open_through(server, client)
        assert client_end.got == []


async def test_delay_keeps_the_order_and_adds_its_time() -> None:
    async with a_line() as (line, server, _, new_client):
        client, _ = await new_client()
        await open_through(server, client)
        line.change(up=Line(delay=0.05))
        sent = asyncio.get_running_loop().time()
        for number in range(20):
            client.sendto(bytes((number,)))
        await server.until(21)
        assert [data for data, _, _ in server.got[1:]] == [bytes((number,)) for number in range(20)]
        assert all(at - sent >= 0.049 for _, _, at in server.got[1:])


async def test_a_bottleneck_passes_its_rate_and_drops_what_would_wait_too_long() -> None:
    async with a_line() as (line, server, _, new_client):
        client, _ = await new_client()
        await open_through(server, client)
        # 1000 bytes are 8 ms here: of 50 at once about 1 + 100/8 fit the queue of 100 ms
        line.change(up=Line(rate=1_000_000, queue=0.1))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for _ in range(50):
            client.sendto(bytes(1000))
        await line.until(lambda: line.up_counts.passed + line.up_counts.overflowed == 51)
        passed, meanwhile = line.up_counts.passed - 1, loop.time() - begun
        assert 12 <= passed <= 16 + meanwhile / 0.008  # a slow machine gives the line time to empty its queue
        await server.until(1 + passed)
        assert server.got[-1][2] - begun >= 0.008 * (passed - 1)


async def test_more_clients_than_the_line_takes_are_refused_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bench.impairment.MAX_CLIENTS", 2)
    async with a_line() as (line, server, _, new_client):
        for _ in range(2):
            await open_through(server, (await new_client())[0])
        (await new_client())[0].sendto(b"one too many")
        await line.until(lambda: line.refused == 1)
        assert len(server.got) == 2
