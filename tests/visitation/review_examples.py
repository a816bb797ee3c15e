"""One thing that changed since a visit was booked, and what a review finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.visitation.eligibility.furniture import (
    DAY,
    NOW,
    OTHER,
    TODAY,
    Case,
    ban,
    case_of,
    court,
    restricted,
    span,
    verified,
)
from visitation.eligibility import (
    Alert,
    LinkState,
    Presence,
    RestrictionType,
    VisitKind,
)
from visitation.review_causes import (
    Consequence,
    NotificationEventType,
    Offer,
)

E = NotificationEventType
FLAG, REMOVE, CANCEL = Consequence
ALERT = Alert("alert", "rdv", TODAY)
CLOSING = (restricted(RestrictionType.CLOSED),)
case = Case()
two = case.proposing(visitor_ids=("sister", "friend"))
child = case.proposing(visitor_ids=("sister", "child"))
legal = case_of(VisitKind.LEGAL)
interprison = case_of(VisitKind.INTERPRISON)
KEEP, CANCEL_IT, MOVE = Offer.KEEP, Offer.CANCEL, Offer.MOVE
ANEW = (KEEP, MOVE, CANCEL_IT)

CHANGED: list[
    tuple[str, Case, list[tuple[NotificationEventType, str | None, Consequence, tuple[Offer, ...]]]]
] = [
    ("nothing", case, []),
    (
        "released",
        case.prisoner(presence=Presence.RELEASED),
        [(E.PRISONER_RELEASED_EVENT, "prisoner", CANCEL, (CANCEL_IT,))],
    ),
    (
        "forgotten",
        case.knowing(prisoner=None),
        [(E.PRISONER_RELEASED_EVENT, "prisoner", CANCEL, (CANCEL_IT,))],
    ),
    (
        "received in another prison",
        case.prisoner(prison_id="niittyla"),
        [(E.PRISONER_RECEIVED_EVENT, "prisoner", FLAG, (Offer.FOLLOW_TO_PRISON, CANCEL_IT))],
    ),
    (
        "leaving before",
        case.prisoner(leaves_on=DAY),
        [(E.PRISONER_LEAVES_EVENT, "prisoner", FLAG, ANEW)],
    ),
    (
        "at court or in hospital",
        case.prisoner(presence=Presence.AWAY),
        [(E.PRISONER_AWAY_EVENT, "prisoner", FLAG, ANEW)],
    ),
    (
        "a kind no longer held",
        legal.prison(kinds={}),
        [(E.POLICY_CHANGED_EVENT, "kaislaranta", FLAG, (Offer.CHANGE_KIND, CANCEL_IT))],
    ),
    (
        "approval lost",
        case.visitor("sister", link=LinkState.ENDED),
        [
            (
                E.VISITOR_UNAPPROVED_EVENT,
                "sister",
                FLAG,
                (Offer.APPROVE_VISITOR, Offer.CHANGE_PEOPLE, CANCEL_IT),
            )
        ],
    ),
    (
        "standing lost",
        legal.visitor("counsel", officials=()),
        [
            (
                E.OFFICIAL_STATUS_CHANGED_EVENT,
                "counsel",
                FLAG,
                (Offer.VERIFY_OFFICIAL, Offer.CHANGE_PEOPLE, Offer.CHANGE_KIND, CANCEL_IT),
            )
        ],
    ),
    (
        "to be looked up again",
        legal.visitor("counsel", officials=verified("legal", until=DAY)),
        [
            (
                E.OFFICIAL_STATUS_CHANGED_EVENT,
                "counsel",
                FLAG,
                (Offer.VERIFY_OFFICIAL, Offer.CHANGE_PEOPLE, Offer.CHANGE_KIND, CANCEL_IT),
            )
        ],
    ),
    (
        "the only visitor banned",
        case.visitor("sister", restrictions=(ban(),)),
        [(E.PERSON_RESTRICTION_UPSERTED_EVENT, "ban", CANCEL, (CANCEL_IT,))],
    ),
    (
        "one of two banned",
        two.prisoner(restrictions=(ban(contact_ids=frozenset({"friend"})),)),
        [(E.VISITOR_RESTRICTION_UPSERTED_EVENT, "ban", REMOVE, (Offer.CHANGE_PEOPLE, CANCEL_IT))],
    ),
    (
        "the child's adult banned",
        child.visitor("sister", restrictions=(ban(),)),
        [(E.PERSON_RESTRICTION_UPSERTED_EVENT, "ban", CANCEL, (CANCEL_IT,))],
    ),
    (
        "the prisoner banned",
        two.prisoner(restrictions=(ban(),)),
        [(E.PRISONER_RESTRICTION_CHANGE_EVENT, "ban", CANCEL, (CANCEL_IT,))],
    ),
    (
        "kept from everybody by the court",
        two.prisoner(restrictions=(court(),)),
        [(E.PRISONER_RESTRICTION_CHANGE_EVENT, "court", CANCEL, (CANCEL_IT,))],
    ),
    (
        "the other kept from this one by the court",
        interprison.other(prisoner=replace(OTHER.prisoner, restrictions=(court(),))),
        [(E.PRISONER_RESTRICTION_CHANGE_EVENT, "court", CANCEL, (CANCEL_IT,))],
    ),
    ("kept from everybody but counsel", legal.prisoner(restrictions=(court(), ban(), *CLOSING)), []),
    (
        "a restriction to weigh",
        case.visitor("sister", restrictions=(restricted(RestrictionType.RESTRICTED),)),
        [
            (
                E.PERSON_RESTRICTION_UPSERTED_EVENT,
                "restricted",
                FLAG,
                (KEEP, Offer.CHANGE_PEOPLE, MOVE, CANCEL_IT),
            )
        ],
    ),
    (
        "children to be vetted",
        child.prisoner(restrictions=(restricted(RestrictionType.CHILD),)),
        [(E.PRISONER_RESTRICTION_CHANGE_EVENT, "child", FLAG, ANEW)],
    ),
    ("no child comes", case.prisoner(restrictions=(restricted(RestrictionType.CHILD),)), []),
    (
        "closed from now on, with room",
        case.prisoner(restrictions=CLOSING),
        [
            (
                E.PRISONER_RESTRICTION_CHANGE_EVENT,
                "closed",
                FLAG,
                (KEEP, Offer.MOVE_TO_CLOSED, MOVE, CANCEL_IT),
            )
        ],
    ),
    (
        "closed from now on, without",
        case.prisoner(restrictions=CLOSING).template(closed_capacity=0),
        [(E.PRISONER_RESTRICTION_CHANGE_EVENT, "closed", FLAG, ANEW)],
    ),
    (
        "the adult no longer answers for the child",
        child.visitor("child", responsible_ids=frozenset()),
        [(E.CHILD_WITHOUT_ADULT_EVENT, "child", FLAG, (Offer.CHANGE_PEOPLE, CANCEL_IT))],
    ),
    (
        "the prison closed that day",
        case.prison(excluded=frozenset({DAY})),
        [(E.PRISON_VISITS_BLOCKED_FOR_DATE, "kaislaranta", FLAG, (MOVE, CANCEL_IT))],
    ),
    (
        "the session off that day",
        case.template(excluded=frozenset({DAY})),
        [(E.SESSION_VISITS_BLOCKED_FOR_DATE, "thursdays", FLAG, (MOVE, CANCEL_IT))],
    ),
    (
        "the session at another time",
        case.template(weekday=4),
        [(E.SESSION_CHANGED_EVENT, "thursdays", FLAG, ANEW)],
    ),
    (
        "somebody to be kept from comes too",
        case.prisoner(non_association_days={DAY: ("foe",)}),
        [(E.NON_ASSOCIATION_EVENT, "foe", FLAG, ANEW)],
    ),
    (
        "at court at that time",
        case.prisoner(appointments=(span(id="hearing"),)),
        [(E.APPOINTMENT_CREATED_OR_UPDATED_EVENT, "hearing", FLAG, ANEW)],
    ),
    (
        "a new alert",
        case.prisoner(alerts=(ALERT,)),
        [(E.PRISONER_ALERT_CREATED_EVENT, "alert", FLAG, ANEW)],
    ),
    ("an alert that does not touch counsel", legal.prisoner(alerts=(ALERT,)), []),
    ("a window that has moved on", case.knowing(now=NOW + timedelta(days=6)), []),
    ("rules of today for tomorrow", case.prison(max_total=0, remand_limit_per_week=0).terms(clients={}), []),
    (
        "several at once, the weightiest first",
        case.prisoner(alerts=(ALERT,), presence=Presence.RELEASED).prison(excluded=frozenset({DAY})),
        [
            (E.PRISONER_RELEASED_EVENT, "prisoner", CANCEL, (CANCEL_IT,)),
            (E.PRISON_VISITS_BLOCKED_FOR_DATE, "kaislaranta", FLAG, (MOVE, CANCEL_IT)),
            (E.PRISONER_ALERT_CREATED_EVENT, "alert", FLAG, ANEW),
        ],
    ),
]
