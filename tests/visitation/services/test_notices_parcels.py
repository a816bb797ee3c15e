"""What leaves is for one person at today's address: their words, their way in, and nothing of others."""

from __future__ import annotations

from sqlalchemy import func, select, update

from tests.visitation.post import ANNA, LEENA, SENDER, STARTS, Pigeon, Post
from tests.visitation.world import NOON
from visitation.model.access import SignInCode
from visitation.model.notices import PushDevice
from visitation.model.people import Contact
from visitation.notices.carrying import Browser, Fate, NotCarried
from visitation.notices.kinds import Channel, Unsent
from visitation.services.accounts import Accounts


async def test_the_one_who_joins_gets_a_link_that_opens_the_visit(post: Post):
    visit = await post.booked(ANNA, LEENA)
    pigeon = Pigeon()
    await post.delivery(pigeon).run()
    texts = {parcel.to: parcel.message.text for parcel in pigeon.parcels}
    assert f"{SENDER.pages}/v/" not in texts["leena@example.org"]
    link = texts["anna@example.org"].split(f"{SENDER.pages}/v/")[1].split()[0]
    accounts = Accounts(post.office.database, post.office.clock)
    identity = await accounts.identity("visitor", await accounts.sign_in("visitor", link))
    assert identity is not None
    assert (identity.visit_id, identity.person_id) == (visit.id, ANNA)


async def test_who_wants_it_plain_reads_whom_and_where(post: Post):
    await post.choose(ANNA, openly=True)
    await post.booked(ANNA, LEENA)
    pigeon = Pigeon()
    await post.delivery(pigeon).run()
    plain = {parcel.to: "Pekka" in parcel.message.text for parcel in pigeon.parcels}
    assert plain == {"anna@example.org": True, "leena@example.org": False}


async def test_a_browser_is_told_without_a_secret(post: Post):
    async with post.office.database.write() as session:
        session.add(
            PushDevice(
                id="device",
                contact_id=ANNA,
                endpoint="https://push.example",
                p256dh="B",
                auth="s",
                made_at=NOON,
            )
        )
    await post.booked()
    pigeon = Pigeon()
    await post.delivery(pigeon, Channel.WEB_PUSH).run()
    (parcel,) = pigeon.parcels
    assert parcel.to == Browser("https://push.example", "B", "s")
    assert "/v/" not in parcel.message.short
    async with post.office.database.read() as session:
        query = select(func.count()).select_from(SignInCode).where(SignInCode.valid_until > STARTS)
        assert await session.scalar(query) == 0


async def test_a_browser_that_is_gone_is_forgotten(post: Post):
    await test_a_browser_is_told_without_a_secret(post)
    await post.booked()
    pigeon = Pigeon([NotCarried(Unsent.ADDRESS_REFUSED, Fate.REFUSED)])
    await post.delivery(pigeon, Channel.WEB_PUSH).run()
    async with post.office.database.read() as session:
        assert (await session.scalars(select(PushDevice))).all() == []


async def test_todays_address_is_the_one_that_is_used(post: Post):
    await post.booked()
    await post.give_addresses(email="new@example.org")
    pigeon = Pigeon()
    async with post.office.database.write() as session:
        await session.execute(update(Contact).where(Contact.id == ANNA).values(email="newer@example.org"))
    await post.delivery(pigeon).run()
    assert [parcel.to for parcel in pigeon.parcels] == ["newer@example.org"]
