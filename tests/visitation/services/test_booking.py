"""Slots are searched, held and booked by the rules; the rows say what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.visitation.bookings import (
    FRIDAY,
    NOON_THERE,
    Bureau,
    contact_of,
    inmate,
    prisoner_of,
    visitor,
    week,
    wish,
)
from tests.visitation.office import KIRSI, STRANGER
from tests.visitation.world import NOON, PRISON
from visitation.commands.booking import BookVisit, FindSlots, WantedSlot
from visitation.commands.contacts import LinkData
from visitation.commands.people import ContactData
from visitation.commands.restrictions import AlertData, NonAssociationData, RestrictionData
from visitation.commands.schedule import ExcludedDateData
from visitation.conditions import from_json
from visitation.eligibility import ReviewReason, VisitSubStatus
from visitation.errors import BadInput, NotFound, NotNow
from visitation.model.booking import Wish
from visitation.services.booked import NotBookable
from visitation.services.demo_people import demo_id
from visitation.storage.database import Database


@pytest.fixture
def bureau(either: Database) -> Bureau:
    return Bureau(either)


async def test_the_coming_sessions_are_free_or_say_why_not(bureau: Bureau):
    await bureau.session()
    await bureau.schedule.excluded_dates.add(ExcludedDateData(prison_id=PRISON, day=week(1)), KIRSI)
    assert await bureau.free() == [
        (FRIDAY - timedelta(weeks=1), []),
        (FRIDAY, []),
        (week(1), ["visit_date_blocked"]),
        (week(2), []),
    ]


async def test_a_search_for_nobody_finds_nothing(bureau: Bureau):
    with pytest.raises(NotFound):
        await bureau.booking.slots(FindSlots(prisoner_id="nobody", kind="social"), visitor("A-12"))


async def test_a_relative_books_and_has_it_at_once(bureau: Bureau):
    booked = await bureau.book(await bureau.session(), needs=["large_text"], method="website")
    assert (booked.sub_status, booked.starts_at) == (VisitSubStatus.AUTO_APPROVED, NOON_THERE)
    visit = await bureau.visit(booked.visit_id)
    assert (visit.status, visit.contact_id, visit.booked_by, visit.user_type, visit.needs, visit.method) == (
        "booked", contact_of("A-12"), contact_of("A-12"), "public", ["large_text"], "website",
    )  # fmt: skip
    assert from_json(visit.conditions).policy.rule == "fi.social"
    assert await bureau.claims(booked.visit_id) == 3 * 6
    assert bureau.arranged == [(booked.visit_id, "booked")]
    assert [kind for kind, *_ in await bureau.audit()][-1] == "visit.booked"


async def test_all_that_stands_against_it_comes_back_at_once_and_nothing_is_kept(bureau: Bureau):
    session = await bureau.session(open_capacity=0)
    before = await bureau.audit()
    assert await bureau.refused(session, visitor_ids=[contact_of("A-14")], kind="social") == [
        "booker_visitor_not_permitted", "visitor_not_linked", "no_slot_capacity",
    ]  # fmt: skip
    assert await bureau.audit() == before
    assert bureau.arranged == []


async def test_the_same_time_is_not_booked_twice(bureau: Bureau):
    session, other = await bureau.session(), await bureau.session(reference="FRI-12b")
    await bureau.book(session)
    assert {"visit_already_booked", "visitor_already_booked", "terminal_already_booked"} <= set(
        await bureau.refused(other)
    )


async def test_a_session_takes_as_many_as_it_has_room_for_open_and_closed_apart(bureau: Bureau):
    session = await bureau.session(open_capacity=1, closed_capacity=1)
    await bureau.book(session, "A-12")
    assert await bureau.refused(session, "A-14") == ["no_slot_capacity"]
    booked = await bureau.book(session, "A-14", closed_wanted=True)
    assert booked.restriction == "closed"


async def test_a_prisoner_asks_and_the_office_is_asked(bureau: Bureau):
    booked = await bureau.book(await bureau.session(), by=inmate("A-12"))
    assert booked.sub_status is VisitSubStatus.REQUESTED
    assert [cause.reason for cause in booked.review] == [ReviewReason.PRISONER_ASKS]
    assert [one.visit_id for one in await bureau.answers.waiting(PRISON)] == [booked.visit_id]


async def test_an_alert_sends_it_to_the_office(bureau: Bureau):
    alert = AlertData(prisoner_id=prisoner_of("A-12"), code="stalking", first_day=NOON.date())
    await bureau.restrictions.alerts.add(alert, KIRSI)
    booked = await bureau.book(await bureau.session())
    assert (booked.sub_status, [cause.reason for cause in booked.review]) == (
        VisitSubStatus.REQUESTED, [ReviewReason.PRISONER_ALERT],
    )  # fmt: skip


async def test_a_professional_books_what_they_were_verified_for(bureau: Bureau):
    session = await bureau.session()
    booked = await bureau.book(session, "A-17", kind="legal")
    visit = await bureau.visit(booked.visit_id)
    assert from_json(visit.conditions).closed
    assert await bureau.refused(session, "A-12", kind="legal") == [
        "visitor_not_for_kind",
        "official_not_verified",
    ]


async def test_what_restricts_a_relative_never_meets_counsel(bureau: Bureau):
    session = await bureau.session()
    for cell in ("A-12", "A-17"):
        court = {
            "type": "court_contact", "scope": "prisoner", "prisoner_id": prisoner_of(cell), "covers": ["visit"],
            "authority": "Helsingin käräjäoikeus", "first_day": NOON.date(),
        }  # fmt: skip
        await bureau.restrictions.impose(RestrictionData.model_validate(court), KIRSI)
    assert await bureau.refused(session, "A-12") == ["court_contact_restriction"]
    assert await bureau.refused(session, "A-17", kind="legal") == []


async def test_where_somebody_overhears_nothing_confidential_is_said(bureau: Bureau):
    session = await bureau.session()
    terminal = await bureau.prisons.terminals.get(demo_id("terminal", "A-17"))
    heard = terminal.data.model_copy(update={"acoustic_grade": "muffled"})
    await bureau.prisons.terminals.change(terminal.id, terminal.version, heard, KIRSI)
    assert await bureau.refused(session, "A-17", kind="legal") == ["terminal_not_for_kind"]


async def test_a_banned_visitor_may_come_after_the_last_day(bureau: Bureau):
    session = await bureau.session()
    ban = {
        "type": "ban", "scope": "contact", "contact_id": contact_of("A-12"), "authority": "Kaislaranta",
        "first_day": NOON.date(), "last_day": FRIDAY,
    }  # fmt: skip
    await bureau.restrictions.impose(RestrictionData.model_validate(ban), KIRSI)
    assert await bureau.refused(session) == ["visitor_banned"]
    assert await bureau.refused(session, day=week(1)) == []


async def test_two_who_are_kept_apart_do_not_come_on_one_day(bureau: Bureau):
    sessions = [await bureau.session(hour) for hour in (12, 15)]
    apart = NonAssociationData.model_validate(
        {"prisoner_id": prisoner_of("A-12"), "other_id": prisoner_of("A-14"), "reason": "threat",
         "first_day": NOON.date()}
    )  # fmt: skip
    await bureau.restrictions.non_associations.add(apart, KIRSI)
    await bureau.book(sessions[0], "A-12")
    assert await bureau.refused(sessions[1], "A-14") == ["non_association"]
    assert await bureau.refused(sessions[1], "A-14", day=week(1)) == []


async def test_the_best_wish_that_can_be_had_is_booked_and_all_are_kept(bureau: Bureau):
    first, second, third = [await bureau.session(hour, open_capacity=1) for hour in (12, 13, 15)]
    await bureau.book(first, "A-14")
    booked = await bureau.book(first, then=[second, third])
    assert (booked.wish, booked.starts_at) == (2, NOON_THERE + timedelta(hours=1))
    async with bureau.database.read() as session:
        wishes = (await session.execute(select(Wish.rank, Wish.template_id).order_by(Wish.rank))).all()
    assert wishes == [(1, first), (2, second), (3, third)]


async def test_without_a_wish_that_can_be_had_each_says_why(bureau: Bureau):
    first, second = await bureau.session(12, open_capacity=0), await bureau.session(13)
    await bureau.schedule.excluded_dates.add(
        ExcludedDateData(prison_id=PRISON, template_id=second, day=FRIDAY), KIRSI
    )
    with pytest.raises(NotBookable) as refused:
        await bureau.book(first, then=[second])
    assert [[each.code for each in wish] for wish in refused.value.by_wish] == [
        ["no_slot_capacity"], ["session_date_blocked"],
    ]  # fmt: skip


async def test_staff_overbook_by_saying_so_and_pass_nothing_else(bureau: Bureau):
    session = await bureau.session(open_capacity=0)
    assert await bureau.refused(session, by=KIRSI) == ["no_slot_capacity"]
    assert await bureau.refused(session, overrides=["overbook"]) == ["no_slot_capacity"]
    booked = await bureau.book(session, by=KIRSI, overrides=["overbook"])
    assert booked.sub_status is VisitSubStatus.AUTO_APPROVED
    assert await bureau.refused(session, by=KIRSI, overrides=["overbook"]) != []


async def test_staff_book_outside_every_session_and_in_their_prison_alone(bureau: Bureau):
    free = WantedSlot.model_validate({"day": FRIDAY, "start": "10:00", "end": "10:30"})
    wanted = wish("x").model_copy(update={"wishes": (free,)})
    with pytest.raises(NotBookable) as refused:
        await bureau.booking.book(wanted, visitor("A-12"))
    assert "session_template_not_found" in [each.code for each in refused.value.refusals]
    with pytest.raises(NotBookable) as refused:
        await bureau.booking.book(wanted, replace(STRANGER, prison_id=await bureau.another_prison()))
    assert "prison_prisoner_mismatch" in [each.code for each in refused.value.refusals]
    booked = await bureau.booking.book(wanted, KIRSI)
    assert booked.starts_at == NOON_THERE - timedelta(hours=2)


async def test_an_officer_is_one_of_the_prisons(bureau: Bureau):
    session = await bureau.session()
    for nobody in ("nobody", KIRSI.person_id):
        with pytest.raises(BadInput):
            await bureau.book(session, by=KIRSI, officer_id=nobody)
    booked = await bureau.book(session, by=KIRSI, officer_id=demo_id("staff", "Sari"))
    assert await bureau.claims(booked.visit_id) == 4 * 6
    again = await bureau.refused(session, "A-14", by=KIRSI, officer_id=demo_id("staff", "Sari"))
    assert again == ["officer_already_booked"]


async def test_a_visit_between_prisons_waits_until_both_allow_it(bureau: Bureau):
    session = await bureau.session(kinds=["interprison"])
    here, there = prisoner_of("A-12"), prisoner_of("A-14")
    contacts = []
    for one in (there, here):
        data = ContactData.model_validate({"kind": "prisoner", "name": "Mikko", "prisoner_id": one})
        contacts.append((await bureau.people.contacts.add(data, KIRSI)).id)
    await bureau.contacts.link(LinkData(prisoner_id=here, contact_id=contacts[0], relation="brother"), KIRSI)
    wanted: dict[str, Any] = {"kind": "interprison", "visitor_ids": [contacts[0]], "by": inmate("A-12")}
    booked = await bureau.book(session, **wanted)
    visit = await bureau.visit(booked.visit_id)
    assert (booked.sub_status, visit.conditions) == (VisitSubStatus.REQUESTED, None)
    assert visit.other_terminal_id == demo_id("terminal", "A-14")
    assert await bureau.claims(booked.visit_id) == 4 * 6
    with pytest.raises(NotNow):
        await bureau.changes.cancel(booked.visit_id, 99, inmate("A-12"))
    await bureau.contacts.link(LinkData(prisoner_id=there, contact_id=contacts[1], relation="brother"), KIRSI)
    approved = await bureau.answers.approve(booked.visit_id, booked.version, KIRSI)
    assert approved.sub_status is VisitSubStatus.APPROVED
    assert (await bureau.visit(booked.visit_id)).conditions is not None


def test_a_wish_names_a_session_or_a_time():
    for odd in ({}, {"template_id": "t", "start": "10:00", "end": "10:30"}, {"start": "10:00"}):
        with pytest.raises(ValueError, match="session"):
            WantedSlot.model_validate({"day": FRIDAY, **odd})
    with pytest.raises(ValueError, match="at most 3"):
        BookVisit.model_validate(
            wish("x").model_dump() | {"wishes": [{"template_id": "x", "day": FRIDAY}] * 4}
        )
