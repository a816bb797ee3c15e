"""A fictional prison in which one ordinary proposal may be booked, and ways to change one thing about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from visitation.eligibility import (
    AllowanceLeft,
    BookerFacts,
    Booking,
    ContactClass,
    Facts,
    Hold,
    KindTerms,
    LinkState,
    OfficialStatus,
    OtherSide,
    PrisonerFacts,
    PrisonFacts,
    Proposal,
    Restriction,
    RestrictionType,
    Span,
    Template,
    TerminalFacts,
    UserType,
    VisitKind,
    VisitorFacts,
    Window,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UTC)  # a Thursday, noon in Helsinki
TODAY = NOW.date()
DAY = date(2026, 11, 12)  # the Thursday after
START, END = time(13, 0), time(13, 30)
STARTS_AT = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
ENDS_AT = STARTS_AT + timedelta(minutes=30)
EVERYBODY = {each: Window(0, 60) if each is UserType.STAFF else Window(2, 28) for each in UserType}


def terms(kind: VisitKind, *classes: ContactClass, **changes: Any) -> KindTerms:
    given: dict[str, Any] = {
        "kind": kind,
        "clients": EVERYBODY,
        "contact_classes": frozenset(classes),
        "max_minutes": 60,
        "max_visitors": 4,
        "automatic": True,
    }
    return KindTerms(**(given | changes))


SOCIAL = terms(VisitKind.SOCIAL, ContactClass.SOCIAL, uses_allowance="video")
KINDS: dict[str, KindTerms] = {
    VisitKind.SOCIAL: SOCIAL,
    VisitKind.SOCIAL_CHILDREN: replace(SOCIAL, kind=VisitKind.SOCIAL_CHILDREN, needs_child=True),
    VisitKind.LEGAL: terms(VisitKind.LEGAL, ContactClass.PROFESSIONAL, standing="legal"),
    VisitKind.OVERSIGHT: terms(VisitKind.OVERSIGHT, ContactClass.AUTHORITY, standing="oversight"),
    VisitKind.AUTHORITY: terms(VisitKind.AUTHORITY, ContactClass.AUTHORITY, standing="authority"),
    VisitKind.HEALTH: terms(VisitKind.HEALTH, ContactClass.PROFESSIONAL),
    VisitKind.EDUCATION: terms(VisitKind.EDUCATION, ContactClass.PROFESSIONAL),
    VisitKind.INTERPRISON: terms(VisitKind.INTERPRISON, ContactClass.PRISONER),
    VisitKind.CONSULAR: terms(VisitKind.CONSULAR, ContactClass.AUTHORITY, standing="consular"),
    VisitKind.CLERGY: terms(VisitKind.CLERGY, ContactClass.PROFESSIONAL),
}
PRISON = PrisonFacts(id="kaislaranta", timezone=HELSINKI, kinds=KINDS)
PRISONER = PrisonerFacts(id="prisoner", prison_id="kaislaranta", housing=("A", "1", "2", "12"))
TEMPLATE = Template(
    id="thursdays",
    kinds=frozenset(VisitKind),
    weekday=3,
    start=START,
    end=END,
    valid_from=date(2026, 1, 1),
    open_capacity=2,
    closed_capacity=1,
)
SISTER = VisitorFacts("sister", ContactClass.SOCIAL, date(1990, 1, 1), LinkState.APPROVED)
FRIEND = VisitorFacts("friend", ContactClass.SOCIAL, date(1985, 5, 5), LinkState.APPROVED)
CHILD = VisitorFacts(
    "child", ContactClass.SOCIAL, date(2018, 3, 3), LinkState.APPROVED, responsible_ids=frozenset({"sister"})
)
YOUTH = replace(CHILD, id="youth", born=date(2010, 6, 6))


def verified(*standings: str, until: date = date(2027, 1, 1)) -> tuple[OfficialStatus, ...]:
    return tuple(OfficialStatus(each, "register", date(2026, 1, 1), until) for each in standings)


def official(who: str, contact_class: ContactClass, *standings: str) -> VisitorFacts:
    return VisitorFacts(who, contact_class, None, officials=verified(*standings))


COUNSEL = official("counsel", ContactClass.PROFESSIONAL, "legal")
OVERSEER = official("overseer", ContactClass.AUTHORITY, "oversight", "authority")
CONSUL = official("consul", ContactClass.AUTHORITY, "consular")
NURSE = VisitorFacts("nurse", ContactClass.PROFESSIONAL, None, LinkState.APPROVED)
BROTHER = VisitorFacts("brother", ContactClass.PRISONER, None, LinkState.APPROVED)
PEOPLE = {each.id: each for each in (SISTER, FRIEND, CHILD, YOUTH, COUNSEL, OVERSEER, CONSUL, NURSE, BROTHER)}
WHO_COMES: dict[VisitKind, tuple[str, ...]] = {
    VisitKind.SOCIAL: ("sister",),
    VisitKind.SOCIAL_CHILDREN: ("sister", "child"),
    VisitKind.LEGAL: ("counsel",),
    VisitKind.OVERSIGHT: ("overseer",),
    VisitKind.AUTHORITY: ("overseer",),
    VisitKind.HEALTH: ("nurse",),
    VisitKind.EDUCATION: ("nurse",),
    VisitKind.INTERPRISON: ("brother",),
    VisitKind.CONSULAR: ("consul",),
    VisitKind.CLERGY: ("nurse",),
}
SPRING = date(2027, 3, 28)  # in Helsinki 03:00 becomes 04:00
AUTUMN = date(2026, 10, 25)  # in Helsinki 04:00 becomes 03:00
BOOKER = BookerFacts("booker", frozenset({"prisoner"}), frozenset(PEOPLE))
OTHER = OtherSide(
    prison=replace(PRISON, id="niittyla"),
    prisoner=PrisonerFacts(id="other", prison_id="niittyla"),
    terminals=(TerminalFacts("n-3"),),
)
PROPOSAL = Proposal(
    kind=VisitKind.SOCIAL,
    prison_id="kaislaranta",
    prisoner_id="prisoner",
    date=DAY,
    start=START,
    end=END,
    template_id="thursdays",
    user_type=UserType.PUBLIC,
    visitor_ids=("sister",),
    booker_id="booker",
)
FACTS = Facts(
    now=NOW,
    prison=PRISON,
    prisoner=PRISONER,
    visitors=PEOPLE,
    booker=BOOKER,
    templates={"thursdays": TEMPLATE},
    terminals=(TerminalFacts("a-12"),),
    allowance=AllowanceLeft("video", ((date(2026, 11, 1), 60), (date(2026, 12, 1), 60))),
)


@dataclass(frozen=True)
class Case:
    """A proposal and its facts, with one method for each thing that a test may change."""

    proposal: Proposal = PROPOSAL
    facts: Facts = FACTS

    def proposing(self, **changes: Any) -> Case:
        return replace(self, proposal=replace(self.proposal, **changes))

    def knowing(self, **changes: Any) -> Case:
        return replace(self, facts=replace(self.facts, **changes))

    def prison(self, **changes: Any) -> Case:
        assert self.facts.prison is not None
        return self.knowing(prison=replace(self.facts.prison, **changes))

    def prisoner(self, **changes: Any) -> Case:
        assert self.facts.prisoner is not None
        return self.knowing(prisoner=replace(self.facts.prisoner, **changes))

    def template(self, **changes: Any) -> Case:
        return self.knowing(templates={"thursdays": replace(self.facts.templates["thursdays"], **changes)})

    def visitor(self, who: str, **changes: Any) -> Case:
        visitors = dict(self.facts.visitors)
        return self.knowing(visitors=visitors | {who: replace(visitors[who], **changes)})

    def terminal(self, **changes: Any) -> Case:
        return self.knowing(terminals=(replace(self.facts.terminals[0], **changes),))

    def terms(self, **changes: Any) -> Case:
        assert self.facts.prison is not None
        kinds = dict(self.facts.prison.kinds)
        kind = self.proposal.kind
        return self.prison(kinds=kinds | {kind: replace(kinds[kind], **changes)})

    def other(self, **changes: Any) -> Case:
        assert self.facts.other is not None
        return self.knowing(other=replace(self.facts.other, **changes))


def case_of(kind: VisitKind, **changes: Any) -> Case:
    """A proposal of this kind that may be booked."""
    case = Case().proposing(kind=kind, visitor_ids=WHO_COMES[kind], **changes)
    if kind is VisitKind.INTERPRISON:
        return case.proposing(other_prisoner_id="other").knowing(other=OTHER)
    return case


def by_staff(**changes: Any) -> Case:
    return Case().proposing(user_type=UserType.STAFF, booker_id=None, **changes)


def ban(last_day: date = date(2026, 12, 31), **changes: Any) -> Restriction:
    return Restriction("ban", RestrictionType.BAN, date(2026, 10, 1), last_day, **changes)


def court(**changes: Any) -> Restriction:
    return Restriction("court", RestrictionType.COURT_CONTACT, date(2026, 10, 1), **changes)


def restricted(kind: RestrictionType, **changes: Any) -> Restriction:
    return Restriction(kind.value, kind, date(2026, 10, 1), **changes)


def booking(visit_id: str = "booked", day: date = DAY, hour: int = 11, **changes: Any) -> Booking:
    """A half hour's visit from that hour in UTC."""
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Booking(visit_id, day, begins, begins + timedelta(minutes=30), **changes)


def span(minutes: int = 0, length: int = 30, **changes: Any) -> Span:
    """From so many minutes after the proposal's start."""
    begins = STARTS_AT + timedelta(minutes=minutes)
    return Span(begins, begins + timedelta(minutes=length), **changes)


def hold(**changes: object) -> Hold:
    given = Hold(
        "hold", "thursdays", DAY, span().starts_at, span().ends_at, "x", False, NOW + timedelta(minutes=1)
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def at_night(day: date, start: time, end: time) -> Case:
    """A session in the night in which the clocks are changed."""
    night = Template(
        "thursdays",
        frozenset(VisitKind),
        day.weekday(),
        start,
        end,
        date(2026, 1, 1),
        on_public_holidays=True,
    )
    long_window = {each: Window(0, 400) for each in UserType}
    return (
        Case()
        .proposing(date=day, start=start, end=end)
        .knowing(now=NOW.replace(month=10, day=1), templates={"thursdays": night})
        .terms(clients=long_window, uses_allowance=None, max_minutes=240)
    )
