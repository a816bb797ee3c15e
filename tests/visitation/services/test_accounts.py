"""Ways in: codes, sessions with limits, tickets good once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.visitation.world import World
from visitation.errors import NotSignedIn
from visitation.events import SessionClosed
from visitation.policy.identity import Identity
from visitation.services.accounts import LIMITS, TICKETS_A_SESSION, sha256
from visitation.services.demo_people import demo_id


@pytest.mark.parametrize(
    ("app", "kind", "name"),
    [
        ("visitor", "visitor", "Anna"),
        ("terminal", "prisoner", "Pekka"),
        ("officer", "officer", "Sari"),
        ("office", "office", "Kirsi"),
    ],
)
async def test_a_code_opens_a_session_of_its_app(world: World, app, kind: str, name: str):
    token, identity = await world.sign_in(app)
    assert (identity.kind, identity.name, len(token)) == (kind, name, 43)
    assert (identity.visit_id is not None) == (app == "visitor")
    assert (identity.terminal_id is not None) == (app == "terminal")
    assert "session.opened" in await world.audit_kinds()


@pytest.mark.parametrize("code", ["", "x", "ä" * 300, "\ud800", "A" * 43])
async def test_an_unknown_code_opens_nothing_and_fills_no_log(world: World, code: str):
    before = await world.audit_kinds()
    with pytest.raises(NotSignedIn) as refused:
        await world.accounts.sign_in("officer", code)
    assert refused.value.code == "sign_in_refused"
    assert await world.audit_kinds() == before


async def test_a_code_of_another_app_opens_nothing_and_is_written_down(world: World):
    link = world.links.find("terminal")
    assert link is not None
    with pytest.raises(NotSignedIn):
        await world.accounts.sign_in("officer", link.code)
    assert (await world.audit_kinds())[-1] == "sign_in.refused"


async def test_a_code_that_is_too_old_opens_nothing(world: World):
    link = world.links.find("officer")
    assert link is not None
    world.clock.forward(hours=24)
    with pytest.raises(NotSignedIn):
        await world.accounts.sign_in("officer", link.code)


async def test_a_code_opens_nothing_for_staff_who_changed_their_work(world: World):
    link = world.links.find("officer")
    assert link is not None
    await world.sql("UPDATE staff SET role = 'office'")
    with pytest.raises(NotSignedIn):
        await world.accounts.sign_in("officer", link.code)


async def test_a_token_is_good_in_its_own_app_only(world: World):
    token, identity = await world.sign_in("officer")
    assert await world.accounts.identity("officer", token) == identity
    assert await world.accounts.identity("office", token) is None
    assert await world.accounts.identity("officer", token + "x") is None
    assert await world.accounts.identity("officer", "\ud800") is None


async def test_only_hashes_are_kept(world: World):
    token, identity = await world.sign_in("visitor")
    ticket = await world.accounts.ticket(identity, "call")
    link = world.links.find("visitor")
    assert link is not None
    async with world.database.read() as session:
        stored = [
            str((await session.execute(text(f"SELECT * FROM {table}"))).all())
            for table in ("session", "ticket", "sign_in_code", "audit_line")
        ]
    for secret in (token, ticket, link.code):
        assert not any(secret in rows for rows in stored)
    assert sha256(token) in stored[0]
    assert sha256(ticket) in stored[1]


@pytest.mark.parametrize("app", LIMITS)
async def test_an_unused_session_ends(world: World, app):
    token, _ = await world.sign_in(app)
    world.clock.moment += LIMITS[app].idle - timedelta(seconds=1)
    assert await world.accounts.identity(app, token) is not None
    world.clock.moment += LIMITS[app].idle
    assert await world.accounts.identity(app, token) is None


async def test_a_session_in_use_ends_all_the_same_at_its_limit(world: World):
    token, identity = await world.sign_in("officer")
    uses = []
    for _ in range(16):
        uses.append(await world.accounts.identity("officer", token) is not None)
        world.clock.forward(hours=1)
    assert uses == [True] * 12 + [False] * 4
    with pytest.raises(NotSignedIn):
        await world.accounts.ticket(replace(identity, session_id="gone"), "wall")


async def test_signing_out_ends_the_session_its_tickets_and_its_sockets(world: World):
    token, identity = await world.sign_in("officer")
    ticket = await world.accounts.ticket(identity, "wall")
    closed: list[SessionClosed] = []

    async def hear(event: SessionClosed) -> None:
        closed.append(event)

    world.events.subscribe(SessionClosed, hear)
    await world.accounts.close(token)
    assert await world.accounts.identity("officer", token) is None
    assert await world.accounts.redeem(ticket) is None
    with pytest.raises(NotSignedIn) as refused:
        await world.accounts.ticket(identity, "wall")
    assert refused.value.code == "session_ended"
    assert closed == [SessionClosed(identity.session_id)]
    assert (await world.audit_kinds())[-1] == "session.closed"
    await world.accounts.close(token)
    assert len(closed) == 1


async def test_a_ticket_is_good_once_and_says_for_what(world: World):
    _, identity = await world.sign_in("officer")
    ticket = await world.accounts.ticket(identity, "wall")
    redeemed = await world.accounts.redeem(ticket)
    assert redeemed is not None
    assert (redeemed.identity, redeemed.purpose) == (identity, "wall")
    assert await world.accounts.redeem(ticket) is None


async def test_a_personal_link_opens_pages_of_ones_own(world: World):
    _, identity = await world.sign_in("visitor", "own-anna")
    assert (identity.kind, identity.name) == ("visitor", "Anna")
    assert (identity.person_id, identity.prison_id) == (demo_id("contact", "A-12"), "")
    assert identity.visit_id is None


async def test_a_ticket_for_one_visit_leads_to_it_and_its_prison(world: World):
    _, identity = await world.sign_in("visitor", "own-anna")
    visit = await world.visit("A-12")
    redeemed = await world.accounts.redeem(await world.accounts.ticket(identity, "call", visit.visit_id))
    assert redeemed is not None
    assert redeemed.identity == replace(identity, visit_id=visit.visit_id, prison_id=visit.prison_id)
    redeemed = await world.accounts.redeem(await world.accounts.ticket(identity, "call"))
    assert redeemed is not None
    assert redeemed.identity == identity


async def test_of_rivals_with_one_ticket_one_gets_in(world: World):
    _, identity = await world.sign_in("visitor")
    ticket = await world.accounts.ticket(identity, "call")
    got = await asyncio.gather(*(world.accounts.redeem(ticket) for _ in range(8)))
    assert len([one for one in got if one]) == 1


async def test_a_ticket_lives_sixty_seconds(world: World):
    _, identity = await world.sign_in("visitor")
    young, old = [await world.accounts.ticket(identity, "call") for _ in range(2)]
    world.clock.forward(seconds=59.9)
    assert await world.accounts.redeem(young)
    world.clock.forward(seconds=0.1)
    assert await world.accounts.redeem(old) is None


@pytest.mark.parametrize("ticket", ["", "x", "\ud800", "A" * 10_000])
async def test_an_unknown_ticket_opens_nothing(world: World, ticket: str):
    assert await world.accounts.redeem(ticket) is None


async def test_a_session_holds_a_few_tickets_and_the_oldest_goes(world: World):
    _, identity = await world.sign_in("visitor")
    tickets = []
    for _ in range(TICKETS_A_SESSION + 2):
        tickets.append(await world.accounts.ticket(identity, "call"))
        world.clock.forward(seconds=1)
    got = [await world.accounts.redeem(ticket) is not None for ticket in tickets]
    assert got == [False, False] + [True] * TICKETS_A_SESSION


async def test_a_session_can_be_opened_for_somebody_already_known(world: World):
    someone = Identity("officer", "outi", "prison", "", "Outi")
    token = await world.accounts.open_session("officer", someone)
    identity = await world.accounts.identity("officer", token)
    assert identity is not None
    assert replace(identity, session_id="") == someone
    assert identity.session_id
