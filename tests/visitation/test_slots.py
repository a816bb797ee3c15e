"""Slots: which sessions the coming weeks have for one prisoner, and that greying asks the refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visitation.eligibility.furniture import (
    AUTUMN,
    DAY,
    FACTS,
    HELSINKI,
    PRISON,
    PRISONER,
    SPRING,
    TEMPLATE,
    TODAY,
    ban,
    booking,
    span,
    terms,
)
from visitation.eligibility import (
    ContactClass,
    Facts,
    KindTerms,
    Places,
    RefusalCode,
    Selection,
    Taken,
    Template,
    UserType,
    VisitKind,
    VisitRestriction,
    Window,
    hold_refusals,
)
from visitation.slots import Search, Slot, slots

SEARCH = Search(VisitKind.SOCIAL, "kaislaranta", "prisoner", UserType.PUBLIC, ("sister",), "booker")
BY_STAFF = replace(SEARCH, user_type=UserType.STAFF, booker_id=None)


def found(search: Search = SEARCH, first: date = TODAY, days: int = 28, **facts: Any) -> tuple[Slot, ...]:
    return slots(search, first, days, replace(FACTS, **facts))


def of(*templates: Template) -> dict[str, Template]:
    return {each.id: each for each in templates}


def test_a_weekly_session_is_there_once_a_week_and_free_within_the_window():
    free = {slot.date: slot.free for slot in found(first=TODAY - timedelta(days=7), days=42)}
    assert list(free) == [TODAY + timedelta(days=ahead) for ahead in (-7, 0, 7, 14, 21, 28)]
    assert list(free.values()) == [False, False, True, True, True, True]


def test_a_slot_says_what_the_prisons_clock_shows_and_when_that_is():
    slot = found(first=DAY, days=1)[0]
    assert (slot.date, slot.start, slot.end) == (DAY, time(13, 0), time(13, 30))
    assert slot.starts_at == datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
    assert (slot.left, slot.restriction) == (2, VisitRestriction.OPEN)


def test_the_hour_on_the_wall_stays_when_the_clocks_are_changed():
    template = replace(TEMPLATE, weekday=SPRING.weekday())
    spring = found(first=SPRING - timedelta(days=7), days=14, templates=of(template))
    assert [(slot.start, slot.starts_at.hour) for slot in spring] == [(time(13, 0), 11), (time(13, 0), 10)]


@pytest.mark.parametrize(("day", "shown"), [(SPRING, [1, 2, 4]), (AUTUMN, [1, 2, 4]), (TODAY, [1, 2, 3, 4])])
def test_no_slot_is_at_a_time_that_the_clocks_leave_out_or_show_twice(day: date, shown: list[int]):
    night = of(*(
        replace(TEMPLATE, id=f"at {hour}", weekday=day.weekday(), start=time(hour, 0), end=time(hour, 30))
        for hour in (1, 2, 3, 4)
    ))  # fmt: skip
    assert [slot.start.hour for slot in found(first=day, days=1, templates=night)] == shown


def test_a_blocked_day_a_holiday_and_an_excluded_session_are_shown_grey():
    assert [
        slot.free for slot in found(first=DAY, days=1, prison=replace(PRISON, excluded=frozenset({DAY})))
    ] == [False]
    eve = found(first=date(2026, 12, 24), days=1, search=BY_STAFF)[0]
    assert RefusalCode.PUBLIC_HOLIDAY in {each.code for each in eve.refusals}
    excluded = of(replace(TEMPLATE, excluded=frozenset({DAY})))
    assert found(first=DAY, days=1, templates=excluded)[0].refusals


def test_sessions_for_others_are_not_shown_but_staff_see_the_groups():
    others = of(
        replace(TEMPLATE, id="house", places=Places(frozenset({("B",)}))),
        replace(TEMPLATE, id="level", incentives=Selection(frozenset({"x"}))),
        replace(TEMPLATE, id="kind", kinds=frozenset({VisitKind.LEGAL})),
        replace(TEMPLATE, id="user", user_types=frozenset({UserType.PRISONER})),
        replace(TEMPLATE, id="off", active=False),
    )
    assert found(templates=others) == ()
    assert {slot.template_id for slot in found(BY_STAFF, templates=others)} == {"house", "level"}


def test_people_may_be_chosen_later():
    nobody = replace(SEARCH, visitor_ids=None)
    children = of(replace(TEMPLATE, for_children=True))
    assert [slot.free for slot in found(nobody, first=DAY, days=1, templates=children)] == [True]
    assert [slot.free for slot in found(SEARCH, first=DAY, days=1, templates=children)] == [False]


def test_an_unknown_prison_or_prisoner_has_no_slots():
    assert found(prison=None) == found(prisoner=None) == found(templates={}) == ()


def test_a_ban_that_ends_greys_the_days_it_lasts():
    sister = replace(FACTS.visitors["sister"], restrictions=(ban(DAY),))
    free = [slot.free for slot in found(visitors={**FACTS.visitors, "sister": sister})]
    assert free == [False, False, True, True]


hours = st.integers(0, 23)
templates = st.builds(
    lambda number, weekday, hour, length, every, first, last, room: replace(
        TEMPLATE,
        id=f"t{number}",
        weekday=weekday,
        start=time(hour, 0),
        end=time(hour, length),
        every_weeks=every,
        valid_from=first,
        valid_to=first + timedelta(days=last) if last else None,
        open_capacity=room,
    ),
    st.integers(0, 99),
    st.integers(0, 6),
    hours,
    st.sampled_from([20, 30, 45]),
    st.integers(1, 4),
    st.dates(TODAY - timedelta(days=50), TODAY + timedelta(days=30)),
    st.none() | st.integers(0, 60),
    st.integers(0, 2),
)
several = st.lists(templates, max_size=8, unique_by=lambda each: each.id)
starts = st.sampled_from([TODAY, DAY, SPRING - timedelta(days=5), AUTUMN - timedelta(days=5)])
LONG = {each: Window(0, 400) for each in UserType}


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    kinds: dict[str, KindTerms] = {VisitKind.SOCIAL: terms(VisitKind.SOCIAL, ContactClass.SOCIAL, clients=draw(
        st.sampled_from([LONG, {UserType.PUBLIC: Window(2, 28)}, {}])))}  # fmt: skip
    ahead = st.lists(st.integers(0, 28), max_size=4)
    chosen = draw(several)
    return replace(
        FACTS,
        prison=replace(
            PRISON,
            kinds=kinds,
            excluded=frozenset(TODAY + timedelta(days=each) for each in draw(ahead)),
            remand_limit_per_week=draw(st.none() | st.integers(0, 2)),
        ),
        prisoner=replace(
            PRISONER,
            remand=draw(st.booleans()),
            bookings=tuple(
                booking(f"b{each}", TODAY + timedelta(days=each), draw(hours)) for each in draw(ahead)
            ),
            appointments=tuple(span(60 * 24 * each, 240) for each in draw(ahead)),
            non_association_days={TODAY + timedelta(days=each): ("foe",) for each in draw(ahead)},
        ),
        templates=of(*chosen),
        taken={
            (each.id, TODAY + timedelta(days=draw(st.integers(0, 28)))): Taken(draw(st.integers(0, 2)))
            for each in chosen
        },
    )


@given(
    worlds(),
    starts,
    st.integers(0, 35),
    st.sampled_from([SEARCH, BY_STAFF, replace(SEARCH, visitor_ids=None)]),
)
def test_a_slot_is_grey_for_exactly_the_refusals_of_its_proposal(
    facts: Facts, first: date, days: int, search: Search
):
    for slot in slots(search, first, days, facts):
        proposal = search.at(facts.templates[slot.template_id], slot.date)
        assert slot.refusals == hold_refusals(proposal, facts)


@given(worlds(), starts, st.integers(0, 35))
def test_slots_come_in_order_each_once_at_a_time_that_is_on_the_clock(facts: Facts, first: date, days: int):
    shown = slots(SEARCH, first, days, facts)
    times = [slot.starts_at for slot in shown]
    assert times == sorted(times)
    assert len({(slot.template_id, slot.date) for slot in shown}) == len(shown)
    for slot in shown:
        assert first <= slot.date < first + timedelta(days=days)
        local = slot.starts_at.astimezone(HELSINKI)
        assert (local.date(), local.time()) == (slot.date, slot.start)
        assert slot.date.weekday() == facts.templates[slot.template_id].weekday


@given(worlds(), starts, st.integers(0, 35), st.integers(0, 9))
def test_more_days_only_add_slots_at_the_end(facts: Facts, first: date, days: int, more: int):
    short, longer = slots(SEARCH, first, days, facts), slots(SEARCH, first, days + more, facts)
    assert longer[: len(short)] == short


@given(worlds(), starts, templates)
def test_a_session_more_changes_no_other(facts: Facts, first: date, template: Template):
    if template.id in facts.templates:
        return
    added = replace(facts, templates={**facts.templates, template.id: template})
    others = [slot for slot in slots(SEARCH, first, 28, added) if slot.template_id != template.id]
    assert others == list(slots(SEARCH, first, 28, facts))


@given(worlds(), st.integers(0, 27), hours)
def test_a_booking_more_frees_nothing(facts: Facts, ahead: int, hour: int):
    assert facts.prisoner is not None
    day = TODAY + timedelta(days=ahead)
    bookings = (*facts.prisoner.bookings, booking("more", day, hour))
    fuller = replace(facts, prisoner=replace(facts.prisoner, bookings=bookings))
    for before, after in zip(slots(SEARCH, TODAY, 28, facts), slots(SEARCH, TODAY, 28, fuller), strict=True):
        assert set(before.refusals) <= set(after.refusals)
