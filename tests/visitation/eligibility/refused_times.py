"""Steps 4 to 11: one thing changed about a proposal that could be booked, and every refusal that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from tests.visitation.eligibility.furniture import (
    AUTUMN,
    DAY,
    NOW,
    OTHER,
    SPRING,
    TODAY,
    Case,
    at_night,
    ban,
    booking,
    by_staff,
    case_of,
    hold,
    span,
)
from visitation.eligibility import (
    LinkState,
    Places,
    Presence,
    RefusalCode,
    Selection,
    Taken,
    TerminalFacts,
    UserType,
    VisitKind,
    Window,
)

C = RefusalCode
case = Case()
interprison = case_of(VisitKind.INTERPRISON)
remand = case.prison(remand_limit_per_week=2).prisoner(remand=True)
WEEK = (booking("mon", DAY - timedelta(days=3)), booking("sun", DAY + timedelta(days=3)))


REFUSED: list[tuple[str, Case, list[RefusalCode]]] = [
    # 4
    (
        "an end before the start",
        by_staff(template_id=None, start=time(13, 30), end=time(13, 0)),
        [C.TIME_BACKWARDS],
    ),
    (
        "off the grid",
        by_staff(template_id=None, start=time(13, 2)),
        [C.TIME_OFF_GRID],
    ),
    (
        "a second off the grid",
        by_staff(template_id=None, end=time(13, 30, 1)),
        [C.TIME_OFF_GRID],
    ),
    (
        "a time that the clocks leave out",
        at_night(SPRING, time(2, 45), time(3, 15)),
        [C.TIME_NONEXISTENT],
    ),
    ("a time that is there twice", at_night(AUTUMN, time(3, 0), time(3, 30)), [C.TIME_AMBIGUOUS]),
    (
        "an hour that would last another",
        at_night(SPRING, time(2, 0), time(4, 0)),
        [C.TIME_ACROSS_CLOCK_CHANGE],
    ),
    (
        "across the longer hour",
        at_night(AUTUMN, time(2, 0), time(4, 0)),
        [C.TIME_ACROSS_CLOCK_CHANGE],
    ),
    (
        "a time in the past",
        by_staff(date=TODAY, start=time(11, 30), end=time(11, 55), template_id=None),
        [C.TIME_IN_PAST],
    ),
    (
        "this very moment",
        by_staff(date=TODAY, start=time(12, 0), end=time(12, 30), template_id=None),
        [C.TIME_IN_PAST],
    ),
    ("longer than the kind may be", case.terms(max_minutes=25), [C.TOO_LONG]),
    (
        "too early",
        case.knowing(now=NOW + timedelta(days=6)),
        [C.DATE_TOO_EARLY],
    ),
    ("too late", case.terms(clients={UserType.PUBLIC: Window(2, 6)}), [C.DATE_TOO_LATE]),
    # 5
    ("an unknown session", case.proposing(template_id="x"), [C.SESSION_TEMPLATE_NOT_FOUND]),
    ("no session, not staff", case.proposing(template_id=None), [C.SESSION_TEMPLATE_NOT_FOUND]),
    ("a session out of use", case.template(active=False), [C.SESSION_NOT_AVAILABLE]),
    ("another weekday", case.template(weekday=2), [C.SESSION_NOT_AVAILABLE]),
    ("another hour", case.template(start=time(12, 0)), [C.SESSION_NOT_AVAILABLE]),
    ("another end", case.template(end=time(14, 0)), [C.SESSION_NOT_AVAILABLE]),
    ("not begun yet", case.template(valid_from=DAY + timedelta(days=1)), [C.SESSION_NOT_AVAILABLE]),
    ("over by then", case.template(valid_to=DAY - timedelta(days=1)), [C.SESSION_NOT_AVAILABLE]),
    (
        "the week between",
        case.template(every_weeks=2, valid_from=DAY - timedelta(days=8)),
        [C.SESSION_NOT_AVAILABLE],
    ),
    ("a session for other kinds", case.template(kinds=frozenset({"legal"})), [C.SESSION_KIND]),
    (
        "a session for other users",
        case.template(user_types=frozenset({UserType.STAFF})),
        [C.SESSION_USER_TYPE],
    ),
    ("adults alone in a children's slot", case.template(for_children=True), [C.SESSION_FOR_CHILDREN]),
    ("a blocked day", case.prison(excluded=frozenset({DAY})), [C.VISIT_DATE_BLOCKED]),
    (
        "a day blocked in the other prison",
        interprison.other(prison=replace(OTHER.prison, excluded=frozenset({DAY}))),
        [C.VISIT_DATE_BLOCKED],
    ),
    (
        "All Saints' Day, a Saturday",
        by_staff(date=date(2027, 11, 6))
        .knowing(now=NOW.replace(year=2027, month=11, day=1))
        .template(weekday=5),
        [C.PUBLIC_HOLIDAY],
    ),
    ("a day the session is not held", case.template(excluded=frozenset({DAY})), [C.SESSION_DATE_BLOCKED]),
    # 6
    ("another house", case.template(places=Places(frozenset({("B",)}))), [C.LOCATION_GROUP]),
    (
        "a landing left out",
        case.template(places=Places(frozenset({("A", "1")}), exclude=True)),
        [C.LOCATION_GROUP],
    ),
    ("another category", case.template(categories=Selection(frozenset({"c"}))), [C.CATEGORY_GROUP]),
    (
        "a category left out",
        case.prisoner(category="c").template(categories=Selection(frozenset({"c"}), exclude=True)),
        [C.CATEGORY_GROUP],
    ),
    ("another level", case.template(incentives=Selection(frozenset({"i"}))), [C.INCENTIVE_GROUP]),
    # 7
    (
        "somebody to be kept from comes that day",
        case.prisoner(non_association_days={DAY: ("foe",)}),
        [C.NON_ASSOCIATION],
    ),
    (
        "the other is to be kept from somebody",
        interprison.other(prisoner=replace(OTHER.prisoner, non_association_days={DAY: ("foe",)})),
        [C.NON_ASSOCIATION],
    ),
    (
        "the two are to be kept apart",
        interprison.other(prisoner=replace(OTHER.prisoner, non_associates=frozenset({"prisoner"}))),
        [C.NON_ASSOCIATION],
    ),
    # 8
    ("a visit at the same time", case.prisoner(bookings=(booking(),)), [C.VISIT_ALREADY_BOOKED]),
    (
        "a hold for the same prisoner",
        case.template(open_capacity=3).knowing(holds=(hold(prisoner_id="prisoner"),)),
        [C.VISIT_ALREADY_BOOKED],
    ),
    (
        "the other prisoner has a visit",
        interprison.other(prisoner=replace(OTHER.prisoner, bookings=(booking(),))),
        [C.VISIT_ALREADY_BOOKED],
    ),
    ("the visitor is elsewhere", case.visitor("sister", busy=(span(-25),)), [C.VISITOR_ALREADY_BOOKED]),
    (
        "the officer is elsewhere",
        by_staff(officer_id="o").knowing(officer_busy=(span(25),)),
        [C.OFFICER_ALREADY_BOOKED],
    ),
    ("no terminal", case.knowing(terminals=()), [C.TERMINAL_NOT_FOUND]),
    ("another terminal", case.proposing(terminal_id="x"), [C.TERMINAL_NOT_FOUND]),
    ("no terminal there", interprison.other(terminals=()), [C.TERMINAL_NOT_FOUND]),
    ("a terminal for others", case.terminal(kinds=frozenset({"legal"})), [C.TERMINAL_NOT_FOR_KIND]),
    ("a terminal out of use", case.terminal(active=False), [C.TERMINAL_BLOCKED]),
    ("a terminal being mended", case.terminal(blocked=(span(),)), [C.TERMINAL_BLOCKED]),
    ("a terminal that is taken", case.terminal(busy=(span(),)), [C.TERMINAL_ALREADY_BOOKED]),
    (
        "one is mended, one taken",
        case.knowing(terminals=(TerminalFacts("a", blocked=(span(),)), TerminalFacts("b", busy=(span(),)))),
        [C.TERMINAL_ALREADY_BOOKED],
    ),
    (
        "as many as the week has",
        remand.prisoner(bookings=WEEK),
        [C.REMAND_VISIT_LIMIT_FOR_WEEK_REACHED],
    ),
    # 9
    ("at court", case.prisoner(appointments=(span(-60, 65),)), [C.HIGHER_PRIORITY_APPOINTMENT]),
    # 10, 11
    (
        "a full session",
        case.knowing(taken={("thursdays", DAY): Taken(open=2)}),
        [C.NO_SLOT_CAPACITY],
    ),
    (
        "full with somebody's hold",
        case.knowing(taken={("thursdays", DAY): Taken(open=1)}, holds=(hold(),)),
        [C.NO_SLOT_CAPACITY],
    ),
    (
        "a closed visit where there is no room for it",
        case.proposing(closed_wanted=True).template(closed_capacity=0),
        [C.NO_CLOSED_CAPACITY],
    ),
    (
        "a closed visit, full with a hold",
        case.proposing(closed_wanted=True).knowing(holds=(hold(closed=True),)),
        [C.NO_CLOSED_CAPACITY],
    ),
    # several
    (
        "everything wrong at once, in the order of the checks",
        case.prison(excluded=frozenset({DAY}))
        .prisoner(presence=Presence.RELEASED, non_association_days={DAY: ("foe",)}, bookings=(booking(),))
        .visitor("sister", restrictions=(ban(),), link=LinkState.REJECTED)
        .knowing(now=NOW + timedelta(days=7, hours=2), allowance=None, terminals=())
        .template(open_capacity=0, weekday=4),
        [
            C.PRISONER_RELEASED,
            C.NO_ALLOWANCE,
            C.VISITOR_NOT_APPROVED,
            C.VISITOR_BANNED,
            C.TIME_IN_PAST,
            C.DATE_TOO_EARLY,
            C.SESSION_NOT_AVAILABLE,
            C.VISIT_DATE_BLOCKED,
            C.NON_ASSOCIATION,
            C.VISIT_ALREADY_BOOKED,
            C.TERMINAL_NOT_FOUND,
            C.NO_SLOT_CAPACITY,
        ],
    ),
]
