"""What can come between a visit and its day: the causes for review, what they lead to and what ends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from visitation.eligibility import PublicCode, RefusalCode, Source
from visitation.texts import texts
from visitation.words import Words


class NotificationEventType(StrEnum):
    """In the order in which causes are given."""

    PRISONER_RELEASED_EVENT = "prisoner_released_event"
    PRISONER_RECEIVED_EVENT = "prisoner_received_event"  # in another prison
    PRISONER_LEAVES_EVENT = "prisoner_leaves_event"  # a day of release or transfer became known
    PRISONER_AWAY_EVENT = "prisoner_away_event"
    POLICY_CHANGED_EVENT = "policy_changed_event"
    VISITOR_UNAPPROVED_EVENT = "visitor_unapproved_event"
    OFFICIAL_STATUS_CHANGED_EVENT = "official_status_changed_event"
    PRISONER_RESTRICTION_CHANGE_EVENT = "prisoner_restriction_change_event"
    VISITOR_RESTRICTION_UPSERTED_EVENT = "visitor_restriction_upserted_event"  # of the two
    PERSON_RESTRICTION_UPSERTED_EVENT = "person_restriction_upserted_event"  # wherever they visit
    CHILD_WITHOUT_ADULT_EVENT = "child_without_adult_event"
    PRISON_VISITS_BLOCKED_FOR_DATE = "prison_visits_blocked_for_date"
    SESSION_VISITS_BLOCKED_FOR_DATE = "session_visits_blocked_for_date"
    SESSION_CHANGED_EVENT = "session_changed_event"
    NON_ASSOCIATION_EVENT = "non_association_event"
    TERMINAL_UNAVAILABLE_EVENT = "terminal_unavailable_event"
    APPOINTMENT_CREATED_OR_UPDATED_EVENT = "appointment_created_or_updated_event"
    PRISONER_ALERT_CREATED_EVENT = "prisoner_alert_created_event"


class Consequence(StrEnum):
    """FLAG = the office decides. The others are the law's: done at once, with a decision that says why."""

    FLAG = "flag"
    REMOVE_VISITOR = "remove_visitor"
    CANCEL = "cancel"


class Offer(StrEnum):
    """What can be done about it; in the order of how little it changes."""

    KEEP = "keep"  # staff's "do not change"
    APPROVE_VISITOR = "approve_visitor"
    VERIFY_OFFICIAL = "verify_official"
    OTHER_TERMINAL = "other_terminal"
    MOVE_TO_CLOSED = "move_to_closed"
    CHANGE_PEOPLE = "change_people"
    CHANGE_KIND = "change_kind"
    MOVE = "move"
    FOLLOW_TO_PRISON = "follow_to_prison"
    CANCEL = "cancel"


class ClearReason(StrEnum):
    """Why a cause is no longer open. The first five come with what somebody does to the visit."""

    VISIT_CANCELLED = "visit_cancelled"
    VISIT_UPDATED = "visit_updated"
    REQUEST_APPROVED = "request_approved"
    REQUEST_REJECTED = "request_rejected"
    REQUEST_WITHDRAWN = "request_withdrawn"
    DO_NOT_CHANGE = "do_not_change"
    PRISONER_RETURNED = "prisoner_returned"
    PRISONER_STAYS = "prisoner_stays"
    POLICY_ALLOWS = "policy_allows"
    VISITOR_APPROVED = "visitor_approved"
    OFFICIAL_VERIFIED = "official_verified"
    RESTRICTION_CLOSED = "restriction_closed"
    ADULT_COMES = "adult_comes"
    PRISON_EXCLUDE_DATE_REMOVED = "prison_exclude_date_removed"
    SESSION_EXCLUDE_DATE_REMOVED = "session_exclude_date_removed"
    SESSION_RESTORED = "session_restored"
    NON_ASSOCIATION_REMOVED = "non_association_removed"
    TERMINAL_RESTORED = "terminal_restored"
    APPOINTMENT_CANCELLED_OR_UPDATED = "appointment_cancelled_or_updated"
    ALERT_REMOVED = "alert_removed"


class AutoRejection(StrEnum):
    """Why a request nobody answered is rejected by itself."""

    PRISONER_RELEASED = "prisoner_released"
    PRISONER_TRANSFERRED = "prisoner_transferred"
    MINIMUM_BOOKING_WINDOW_REACHED = "minimum_booking_window_reached"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that changed; `about` is the id of the person, restriction, alert, terminal or appointment."""

    type: NotificationEventType
    about: str | None = None


_E, _O, _C = NotificationEventType, Offer, ClearReason
_R = RefusalCode
# What would refuse the visit if it were proposed now. What is not here does not touch a visit that is
# booked: windows, allowances, capacity and numbers were right when it was.
FROM_REFUSAL: Final[Mapping[RefusalCode, NotificationEventType]] = {
    _R.PRISONER_RELEASED: _E.PRISONER_RELEASED_EVENT,
    _R.PRISONER_NOT_FOUND: _E.PRISONER_RELEASED_EVENT,
    _R.PRISON_PRISONER_MISMATCH: _E.PRISONER_RECEIVED_EVENT,
    _R.PRISONER_TRANSFERRED: _E.PRISONER_RECEIVED_EVENT,
    _R.PRISONER_LEAVES: _E.PRISONER_LEAVES_EVENT,
    _R.KIND_UNKNOWN: _E.POLICY_CHANGED_EVENT,
    _R.KIND_NOT_AVAILABLE: _E.POLICY_CHANGED_EVENT,
    _R.VISITOR_NOT_FOUND: _E.VISITOR_UNAPPROVED_EVENT,
    _R.VISITOR_NOT_LINKED: _E.VISITOR_UNAPPROVED_EVENT,
    _R.VISITOR_NOT_APPROVED: _E.VISITOR_UNAPPROVED_EVENT,
    _R.VISITOR_NOT_FOR_KIND: _E.OFFICIAL_STATUS_CHANGED_EVENT,
    _R.OFFICIAL_NOT_VERIFIED: _E.OFFICIAL_STATUS_CHANGED_EVENT,
    _R.OFFICIAL_CHECK_EXPIRED: _E.OFFICIAL_STATUS_CHANGED_EVENT,
    _R.NO_ADULT: _E.CHILD_WITHOUT_ADULT_EVENT,
    _R.RESPONSIBLE_ADULT_MISSING: _E.CHILD_WITHOUT_ADULT_EVENT,
    _R.PRISON_NOT_FOUND: _E.PRISON_VISITS_BLOCKED_FOR_DATE,
    _R.PRISON_CLOSED: _E.PRISON_VISITS_BLOCKED_FOR_DATE,
    _R.VISIT_DATE_BLOCKED: _E.PRISON_VISITS_BLOCKED_FOR_DATE,
    _R.SESSION_DATE_BLOCKED: _E.SESSION_VISITS_BLOCKED_FOR_DATE,
    _R.PUBLIC_HOLIDAY: _E.SESSION_VISITS_BLOCKED_FOR_DATE,
    _R.SESSION_TEMPLATE_NOT_FOUND: _E.SESSION_CHANGED_EVENT,
    _R.SESSION_NOT_AVAILABLE: _E.SESSION_CHANGED_EVENT,
    _R.SESSION_KIND: _E.SESSION_CHANGED_EVENT,
    _R.NON_ASSOCIATION: _E.NON_ASSOCIATION_EVENT,
    _R.TERMINAL_NOT_FOUND: _E.TERMINAL_UNAVAILABLE_EVENT,
    _R.TERMINAL_NOT_FOR_KIND: _E.TERMINAL_UNAVAILABLE_EVENT,
    _R.TERMINAL_BLOCKED: _E.TERMINAL_UNAVAILABLE_EVENT,
    _R.TERMINAL_ALREADY_BOOKED: _E.TERMINAL_UNAVAILABLE_EVENT,
    _R.HIGHER_PRIORITY_APPOINTMENT: _E.APPOINTMENT_CREATED_OR_UPDATED_EVENT,
}
_ANEW: Final = (_O.MOVE, _O.CANCEL)


@dataclass(frozen=True, slots=True)
class Handling:
    """How causes of a type are dealt with. `keepable` = staff may answer "do not change"; never when the
    day is blocked or a visitor is not approved, nor where the visit could not be held or nobody answered
    for a child. `source` = without it nobody knows whether the cause still stands."""

    told_as: PublicCode
    cleared: ClearReason
    offers: tuple[Offer, ...]
    keepable: bool = False
    source: Source | None = None


HANDLING: Final[Mapping[NotificationEventType, Handling]] = {
    _E.PRISONER_RELEASED_EVENT: Handling(PublicCode.PERSON_NOT_HERE, _C.PRISONER_RETURNED, (_O.CANCEL,)),
    _E.PRISONER_RECEIVED_EVENT: Handling(
        PublicCode.PERSON_NOT_HERE, _C.PRISONER_RETURNED, (_O.FOLLOW_TO_PRISON, _O.CANCEL)
    ),
    _E.PRISONER_LEAVES_EVENT: Handling(PublicCode.NOT_FREE, _C.PRISONER_STAYS, _ANEW, keepable=True),
    _E.PRISONER_AWAY_EVENT: Handling(PublicCode.NOT_FREE, _C.PRISONER_RETURNED, _ANEW, keepable=True),
    _E.POLICY_CHANGED_EVENT: Handling(
        PublicCode.KIND_NOT_AVAILABLE, _C.POLICY_ALLOWS, (_O.CHANGE_KIND, _O.CANCEL)
    ),
    _E.VISITOR_UNAPPROVED_EVENT: Handling(
        PublicCode.VISITOR_NOT_APPROVED,
        _C.VISITOR_APPROVED,
        (_O.APPROVE_VISITOR, _O.CHANGE_PEOPLE, _O.CANCEL),
    ),
    _E.OFFICIAL_STATUS_CHANGED_EVENT: Handling(
        PublicCode.OFFICIAL_NOT_VERIFIED,
        _C.OFFICIAL_VERIFIED,
        (_O.VERIFY_OFFICIAL, _O.CHANGE_PEOPLE, _O.CHANGE_KIND, _O.CANCEL),
    ),
    _E.PRISONER_RESTRICTION_CHANGE_EVENT: Handling(
        PublicCode.NOT_FREE, _C.RESTRICTION_CLOSED, _ANEW, keepable=True, source=Source.RESTRICTIONS
    ),
    _E.VISITOR_RESTRICTION_UPSERTED_EVENT: Handling(
        PublicCode.VISITOR_CANNOT_COME,
        _C.RESTRICTION_CLOSED,
        (_O.CHANGE_PEOPLE, *_ANEW),
        keepable=True,
        source=Source.RESTRICTIONS,
    ),
    _E.PERSON_RESTRICTION_UPSERTED_EVENT: Handling(
        PublicCode.VISITOR_CANNOT_COME,
        _C.RESTRICTION_CLOSED,
        (_O.CHANGE_PEOPLE, *_ANEW),
        keepable=True,
        source=Source.RESTRICTIONS,
    ),
    _E.CHILD_WITHOUT_ADULT_EVENT: Handling(
        PublicCode.RESPONSIBLE_ADULT_MISSING, _C.ADULT_COMES, (_O.CHANGE_PEOPLE, _O.CANCEL)
    ),
    _E.PRISON_VISITS_BLOCKED_FOR_DATE: Handling(PublicCode.DAY_CLOSED, _C.PRISON_EXCLUDE_DATE_REMOVED, _ANEW),
    _E.SESSION_VISITS_BLOCKED_FOR_DATE: Handling(
        PublicCode.DAY_CLOSED, _C.SESSION_EXCLUDE_DATE_REMOVED, _ANEW
    ),
    _E.SESSION_CHANGED_EVENT: Handling(
        PublicCode.TIME_NOT_OFFERED, _C.SESSION_RESTORED, _ANEW, keepable=True
    ),
    _E.NON_ASSOCIATION_EVENT: Handling(
        PublicCode.NOT_FREE,
        _C.NON_ASSOCIATION_REMOVED,
        _ANEW,
        keepable=True,
        source=Source.NON_ASSOCIATIONS,
    ),
    _E.TERMINAL_UNAVAILABLE_EVENT: Handling(PublicCode.NOT_FREE, _C.TERMINAL_RESTORED, _ANEW),
    _E.APPOINTMENT_CREATED_OR_UPDATED_EVENT: Handling(
        PublicCode.NOT_FREE,
        _C.APPOINTMENT_CANCELLED_OR_UPDATED,
        _ANEW,
        keepable=True,
        source=Source.APPOINTMENTS,
    ),
    _E.PRISONER_ALERT_CREATED_EVENT: Handling(
        PublicCode.NOT_FREE, _C.ALERT_REMOVED, _ANEW, keepable=True, source=Source.ALERTS
    ),
}


def words_of_cause(cause: Cause) -> Words:
    """What the office reads; never for the public, which is told `HANDLING[cause.type].told_as`."""
    return texts("reviews")["cause"][cause.type]


def words_of_offer(offer: Offer) -> Words:
    """What can be chosen, in every language."""
    return texts("reviews")["offer"][offer]


def words_of_rejection(rejection: AutoRejection) -> Words:
    """What the requester is told, in every language."""
    return texts("reviews")["rejection"][rejection]
