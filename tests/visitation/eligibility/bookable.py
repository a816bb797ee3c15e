"""What must not be refused: the near misses of every check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from tests.visitation.eligibility.furniture import (
    AUTUMN,
    DAY,
    NOW,
    SPRING,
    TODAY,
    Case,
    at_night,
    ban,
    booking,
    by_staff,
    case_of,
    court,
    hold,
    span,
    verified,
)
from visitation.eligibility import (
    AllowanceLeft,
    BookerFacts,
    Places,
    Presence,
    RefusalCode,
    Selection,
    Taken,
    TerminalFacts,
    UserType,
    VisitKind,
)

C = RefusalCode
case = Case()
legal = case_of(VisitKind.LEGAL)
remand = case.prison(remand_limit_per_week=2).prisoner(remand=True)
WEEK = (booking("mon", DAY - timedelta(days=3)), booking("sun", DAY + timedelta(days=3)))
children = case.proposing(visitor_ids=("sister", "child"))
by_prisoner = case.proposing(user_type=UserType.PRISONER, booker_id="prisoner")


BOOKABLE: list[tuple[str, Case]] = [
    *((f"a {kind} visit", case_of(kind)) for kind in VisitKind),
    ("asked for by the prisoner", by_prisoner),
    ("booked by staff", by_staff()),
    ("outside the sessions, by staff", by_staff(template_id=None)),
    ("today, by staff", by_staff(date=TODAY).template(start=time(13, 0))),
    ("leaving the day after", case.prisoner(leaves_on=DAY + timedelta(days=1))),
    ("at court today, back by then", case.prisoner(presence=Presence.AWAY)),
    ("counsel by an account without prisoners", legal.knowing(
        booker=BookerFacts("booker", frozenset(), frozenset({"counsel"})))),
    ("an allowance not needed", case.knowing(allowance=None).terms(uses_allowance=None)),
    ("the last day of the check", legal.visitor(
        "counsel", officials=verified("legal", until=DAY + timedelta(days=1)))),
    ("counsel looked up anew", legal.visitor(
        "counsel", officials=(*verified("legal", until=TODAY), *verified("legal")))),
    ("just enough of an allowance", case.knowing(allowance=AllowanceLeft("video", ((TODAY, 0), (DAY, 30))))),
    ("a ban over by then", case.visitor("sister", restrictions=(ban(DAY - timedelta(days=1)),))),
    ("a ban of somebody else", case.prisoner(restrictions=(ban(contact_ids=frozenset({"friend"})),))),
    ("letters alone are restricted", case.prisoner(
        restrictions=(court(covers_visits=False, covers_association=False),))),
    ("a child with its adult", children),
    ("children in the children's slot", children.template(for_children=True)),
    ("a young person who may come alone", case.proposing(visitor_ids=("youth",)).prison(alone_from_age=15)),
    ("of age on that very day", case.proposing(visitor_ids=("friend",)).visitor(
        "friend", born=date(DAY.year - 18, DAY.month, DAY.day))),
    ("as many children as adults may bring", case.proposing(
        visitor_ids=("sister", "child", "youth")).prison(max_children_per_adult=2)),
    ("every second week, in phase", case.template(every_weeks=2, valid_from=DAY - timedelta(days=15))),
    ("a holiday on which the session is held", by_staff(date=date(2027, 11, 6)).knowing(
        now=NOW.replace(year=2027, month=11, day=1)).template(weekday=5, on_public_holidays=True)),
    ("a prison without holidays", by_staff(date=date(2027, 11, 6)).knowing(
        now=NOW.replace(year=2027, month=11, day=1)).template(weekday=5).prison(country=None)),
    ("in the house", case.template(places=Places(frozenset({("A", "1")})))),
    ("another landing left out", case.template(places=Places(frozenset({("A", "2")}), exclude=True))),
    ("another category left out", case.prisoner(category="b").template(
        categories=Selection(frozenset({"c"}), exclude=True))),
    ("the day before", case.prisoner(non_association_days={DAY - timedelta(days=1): ("foe",)})),
    ("a visit just before", case.prisoner(bookings=(booking(hour=10, day=DAY),))),
    ("the visit that is being changed", case.proposing(replaces_visit_id="booked").prisoner(
        bookings=(booking(template_id="thursdays"),)).visitor("sister", busy=(span(id="booked"),)).terminal(
        busy=(span(id="booked"),)).knowing(taken={("thursdays", DAY): Taken(open=2)})),
    ("one's own hold", case.proposing(hold_id="hold").knowing(
        holds=(hold(prisoner_id="prisoner"),), taken={("thursdays", DAY): Taken(open=1)})),
    ("a hold that has run out", case.knowing(
        holds=(hold(expires_at=NOW),), taken={("thursdays", DAY): Taken(open=1)})),
    ("a second terminal", case.knowing(terminals=(TerminalFacts("a", busy=(span(),)), TerminalFacts("b")))),
    ("one visit less than the week has", remand.prisoner(bookings=WEEK[:1])),
    ("visits that do not count", remand.prisoner(
        bookings=tuple(replace(each, counts=False) for each in WEEK))),
    ("no remand prisoner", remand.prisoner(bookings=WEEK, remand=False)),
    ("a week that begins on Sunday", remand.prison(week_start=6).prisoner(bookings=WEEK)),
    ("at court just before", case.prisoner(appointments=(span(-60, 60),))),
    ("only closed room left, closed wanted", case.proposing(closed_wanted=True).knowing(
        taken={("thursdays", DAY): Taken(open=2)})),
    ("only open room left", case.knowing(taken={("thursdays", DAY): Taken(closed=1)})),
    ("before the clocks change", at_night(SPRING, time(2, 0), time(2, 55))),
    ("after the clocks change", at_night(AUTUMN, time(4, 0), time(4, 30))),
]  # fmt: skip
