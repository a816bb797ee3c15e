"""What is no HTTP at all is answered in the house's words, and quotes nothing."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from web.runner import IDLE_SECONDS, Runner


async def answer_to(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nbad header SECRET\r\n\r\n",
        b"SECRET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01SECRET\r\n\r\n",
        b"GET /" + b"SECRET" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"SECRET" * 3000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: SECRET\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nSECRET",
    ],
    ids=["header", "line", "tls", "address", "long header", "length", "smuggled"],
)
async def test_a_malformed_request_is_refused_without_an_echo(sent):
    runner = Runner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        answer = await answer_to(runner.addresses[0][1], sent)
    finally:
        await runner.cleanup()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b"application/problem+json" in head
    assert b"nosniff" in head
    assert b'"code":"bad_input"' in body
    assert b"SECRET" not in answer


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo"], ids=["silent", "slow"])
async def test_a_connection_that_asks_nothing_is_closed(sent):
    assert 0 < IDLE_SECONDS < 60
    runner = Runner(web.Application(), keepalive_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        assert await answer_to(runner.addresses[0][1], sent) == b""
    finally:
        await runner.cleanup()
