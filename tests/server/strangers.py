"""People at the doors of a real server process, without our pages: signed in by the demo, with media of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from tests.relay.peers import ALL, Peer, picture
from tests.stories.insider import Insider


@asynccontextmanager
async def signed_in(url: str, app: str, which: str) -> AsyncIterator[Insider]:
    """One person with a socket."""
    jar = aiohttp.CookieJar(treat_as_secure_origin=[URL(url)], unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{url}/demo/{app}/{which}", allow_redirects=False) as answer:
            place = answer.headers["Location"]
        person = Insider(url, app, session)
        if app == "visitor":
            status, told = await person.ask(
                "POST", "/api/visitor/session", {"link": place.removeprefix("/v/")}
            )
            assert status == 204, told
        await person.connect()
        try:
            yield person
        finally:
            await person.close()


@dataclass
class Talk:
    """A call that is live, both people's sockets and media."""

    visit: str
    visitor: Insider
    prisoner: Insider
    peers: tuple[Peer, Peer]

    async def speak(self, pictures: int = 60) -> None:
        """A little over two seconds of picture and sound, paced as a camera paces it."""
        for number in range(1, pictures + 1):
            for peer in self.peers:
                peer.send("audio", number, b"\x78opus", timestamp=number * 1920)
                peer.send(
                    "video",
                    number,
                    picture(number, bytes(200), key=number % 30 == 1),
                    timestamp=number * 3600,
                    marker=True,
                )
            await asyncio.sleep(0.04)


async def leg(person: Insider) -> Peer:
    offer = await person.send("open_leg")
    peer = Peer(person.app, ALL)
    answered = await person.send("answer_leg", leg=offer["leg"], sdp=peer.answer(offer["sdp"]))
    assert answered["ok"], answered
    assert peer.offered is not None
    await peer.wire.connect(peer.offered.remote)
    return peer


@asynccontextmanager
async def talk(url: str, visitor: str = "anna", cell: str = "a-12") -> AsyncIterator[Talk]:
    async with AsyncExitStack() as stack:
        relative = await stack.enter_async_context(signed_in(url, "visitor", visitor))
        prisoner = await stack.enter_async_context(signed_in(url, "terminal", cell))
        assert (await relative.send("join"))["ok"]
        visit = (await relative.send("sync"))["calls"][0]["visit"]
        assert (await prisoner.send("answer_ring", visit=visit))["ok"]
        peers = (await leg(relative), await leg(prisoner))
        for peer in peers:
            stack.push_async_callback(peer.close)
        yield Talk(visit, relative, prisoner, peers)
