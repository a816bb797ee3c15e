"""Steps 1 to 3: one thing changed about a proposal that could be booked, and every refusal that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.visitation.eligibility.furniture import (
    DAY,
    OTHER,
    PEOPLE,
    TODAY,
    Case,
    ban,
    by_staff,
    case_of,
    court,
    verified,
)
from visitation.eligibility import (
    AllowanceLeft,
    BookerFacts,
    LinkState,
    Presence,
    RefusalCode,
    UserType,
    VisitKind,
    Window,
)

C = RefusalCode
case = Case()
legal = case_of(VisitKind.LEGAL)
interprison = case_of(VisitKind.INTERPRISON)
children = case.proposing(visitor_ids=("sister", "child"))
by_prisoner = case.proposing(user_type=UserType.PRISONER, booker_id="prisoner")


REFUSED: list[tuple[str, Case, list[RefusalCode]]] = [
    # 1
    ("an unknown prison", case.knowing(prison=None), [C.PRISON_NOT_FOUND]),
    ("neither", case.knowing(prison=None, prisoner=None), [C.PRISON_NOT_FOUND, C.PRISONER_NOT_FOUND]),
    ("facts of another prison", case.proposing(prison_id="x"), [C.PRISON_NOT_FOUND]),
    ("facts of another prisoner", case.proposing(prisoner_id="x"), [C.PRISONER_NOT_FOUND]),
    ("a closed prison", case.prison(active=False), [C.PRISON_CLOSED]),
    ("an unknown prisoner", case.knowing(prisoner=None), [C.PRISONER_NOT_FOUND]),
    ("a prisoner of another prison", case.prisoner(prison_id="x"), [C.PRISON_PRISONER_MISMATCH]),
    ("a released prisoner", case.prisoner(presence=Presence.RELEASED), [C.PRISONER_RELEASED]),
    ("released by then", case.prisoner(leaves_on=DAY), [C.PRISONER_LEAVES]),
    ("a prisoner on the way", case.prisoner(presence=Presence.TRANSFERRED), [C.PRISONER_TRANSFERRED]),
    (
        "the other prison is closed",
        interprison.other(prison=replace(OTHER.prison, active=False)),
        [C.PRISON_CLOSED],
    ),
    # 2
    (
        "a kind that nobody knows",
        case.proposing(kind="party"),
        [C.KIND_UNKNOWN, C.SESSION_KIND],
    ),
    ("a kind not held here", legal.prison(kinds={}), [C.KIND_NOT_AVAILABLE]),
    (
        "a kind the other prison does not allow",
        interprison.other(prison=replace(OTHER.prison, kinds={})),
        [C.KIND_NOT_AVAILABLE],
    ),
    ("no other prisoner", interprison.knowing(other=None), [C.OTHER_PRISONER_MISSING]),
    (
        "another prisoner than the one known",
        interprison.proposing(other_prisoner_id="x"),
        [C.OTHER_PRISONER_MISSING],
    ),
    (
        "a prisoner too many",
        case.proposing(other_prisoner_id="other").knowing(other=OTHER),
        [C.OTHER_PRISONER_MISSING],
    ),
    (
        "a user type the policy does not name",
        case.terms(clients={UserType.STAFF: Window(0, 60)}),
        [C.USER_TYPE],
    ),
    (
        "a prisoner where prisoners may not ask",
        by_prisoner.terms(clients={UserType.PUBLIC: Window(2, 28)}),
        [C.USER_TYPE],
    ),
    (
        "a prisoner for another",
        case.proposing(user_type=UserType.PRISONER, booker_id="x"),
        [C.BOOKER_NOT_PERMITTED],
    ),
    ("an account that is not known", case.knowing(booker=None), [C.BOOKER_NOT_PERMITTED]),
    ("another account", case.proposing(booker_id="x"), [C.BOOKER_NOT_PERMITTED]),
    (
        "an account without this prisoner",
        case.knowing(booker=BookerFacts("booker", frozenset(), frozenset(PEOPLE))),
        [C.BOOKER_NOT_PERMITTED],
    ),
    (
        "an account without this visitor",
        case.knowing(booker=BookerFacts("booker", frozenset({"prisoner"}), frozenset())),
        [C.BOOKER_VISITOR_NOT_PERMITTED],
    ),
    (
        "counsel in another's name",
        legal.knowing(booker=BookerFacts("booker", frozenset(), frozenset())),
        [C.BOOKER_VISITOR_NOT_PERMITTED],
    ),
    ("no allowance", case.knowing(allowance=None), [C.NO_ALLOWANCE]),
    ("another allowance", case.knowing(allowance=AllowanceLeft("x", ((TODAY, 90),))), [C.NO_ALLOWANCE]),
    (
        "an allowance used up",
        case.knowing(allowance=AllowanceLeft("video", ((TODAY, 29),))),
        [C.NO_ALLOWANCE],
    ),
    (
        "an allowance not begun",
        case.knowing(allowance=AllowanceLeft("video", ((DAY + timedelta(days=1), 60),))),
        [C.NO_ALLOWANCE],
    ),
    # 3
    ("nobody comes", case.proposing(visitor_ids=()), [C.NO_VISITORS]),
    ("nobody is chosen", case.proposing(visitor_ids=None), [C.NO_VISITORS]),
    (
        "an unknown visitor",
        by_staff(visitor_ids=("sister", "x")),
        [C.VISITOR_NOT_FOUND],
    ),
    ("a visitor without a link", case.visitor("sister", link=None), [C.VISITOR_NOT_LINKED]),
    (
        "a visitor who has only asked",
        case.visitor("sister", link=LinkState.REQUESTED),
        [C.VISITOR_NOT_APPROVED],
    ),
    ("a visitor once approved", case.visitor("sister", link=LinkState.ENDED), [C.VISITOR_NOT_APPROVED]),
    ("a nurse on a social visit", case.proposing(visitor_ids=("nurse",)), [C.VISITOR_NOT_FOR_KIND]),
    (
        "a visitor to a visit between prisons",
        interprison.proposing(visitor_ids=("sister",)),
        [C.VISITOR_NOT_FOR_KIND],
    ),
    (
        "a relative as counsel",
        legal.proposing(visitor_ids=("sister",)),
        [C.VISITOR_NOT_FOR_KIND, C.OFFICIAL_NOT_VERIFIED],
    ),
    ("counsel nobody has verified", legal.visitor("counsel", officials=()), [C.OFFICIAL_NOT_VERIFIED]),
    (
        "counsel nobody has verified, whatever the terms say",
        legal.terms(standing=None).visitor("counsel", officials=()),
        [C.OFFICIAL_NOT_VERIFIED],
    ),
    (
        "counsel verified as something else",
        legal.visitor("counsel", officials=verified("clergy")),
        [C.OFFICIAL_NOT_VERIFIED],
    ),
    (
        "counsel who is to be looked up again by then",
        legal.visitor("counsel", officials=verified("clergy", "legal", until=DAY)),
        [C.OFFICIAL_CHECK_EXPIRED],
    ),
    ("a banned visitor", case.visitor("sister", restrictions=(ban(),)), [C.VISITOR_BANNED]),
    ("banned until that day", case.visitor("sister", restrictions=(ban(DAY),)), [C.VISITOR_BANNED]),
    (
        "banned for this prisoner",
        case.prisoner(restrictions=(ban(contact_ids=frozenset({"sister"})),)),
        [C.VISITOR_BANNED],
    ),
    ("a banned prisoner", case.prisoner(restrictions=(ban(),)), [C.PRISONER_BANNED]),
    (
        "kept from everybody by the court",
        case.prisoner(restrictions=(court(),)),
        [C.COURT_CONTACT_RESTRICTION],
    ),
    (
        "kept from this one by the court",
        case.prisoner(restrictions=(court(contact_ids=frozenset({"sister"})),)),
        [C.COURT_CONTACT_RESTRICTION],
    ),
    (
        "kept away by the court",
        case.visitor("sister", restrictions=(court(),)),
        [C.COURT_CONTACT_RESTRICTION],
    ),
    (
        "kept from the other prisoner",
        interprison.prisoner(restrictions=(court(covers_visits=False, contact_ids=frozenset({"other"})),)),
        [C.COURT_CONTACT_RESTRICTION],
    ),
    (
        "the other kept from this one",
        interprison.other(prisoner=replace(OTHER.prisoner, restrictions=(court(),))),
        [C.COURT_CONTACT_RESTRICTION],
    ),
    (
        "a children's visit without a child",
        case_of(VisitKind.SOCIAL_CHILDREN).proposing(visitor_ids=("sister",)),
        [C.NO_CHILD],
    ),
    ("a birthday nobody knows", case.visitor("sister", born=None), [C.VISITOR_AGE_UNKNOWN]),
    (
        "a child alone",
        case.proposing(visitor_ids=("child",)),
        [C.NO_ADULT, C.RESPONSIBLE_ADULT_MISSING],
    ),
    (
        "a young person alone",
        case.proposing(visitor_ids=("youth",)),
        [C.NO_ADULT, C.RESPONSIBLE_ADULT_MISSING],
    ),
    (
        "a child with somebody else's adult",
        case.proposing(visitor_ids=("friend", "child")),
        [C.RESPONSIBLE_ADULT_MISSING],
    ),
    (
        "a child for whom nobody answers",
        children.visitor("child", responsible_ids=frozenset()),
        [C.RESPONSIBLE_ADULT_MISSING],
    ),
    ("more than the prison takes", children.prison(max_total=1), [C.TOO_MANY_VISITORS]),
    ("more than the kind takes", children.terms(max_visitors=1), [C.TOO_MANY_VISITORS]),
    (
        "too many adults",
        case.proposing(visitor_ids=("sister", "friend")).prison(max_adults=1),
        [C.TOO_MANY_ADULTS],
    ),
    ("too many children", children.prison(max_children=0), [C.TOO_MANY_CHILDREN]),
    (
        "too many children for one adult",
        case.proposing(visitor_ids=("sister", "child", "youth")).prison(max_children_per_adult=1),
        [C.TOO_MANY_CHILDREN_PER_ADULT],
    ),
]
