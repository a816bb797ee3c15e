"""Every reason for which a visit cannot be arranged, in the order of the checks."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class RefusalCode(StrEnum):
    """Declared in the order in which refusals are given. The numbers are the steps of the vocabulary."""

    # 1 the prisoner is there, and the prison is theirs
    PRISON_NOT_FOUND = "prison_not_found"
    PRISON_CLOSED = "prison_closed"
    PRISONER_NOT_FOUND = "prisoner_not_found"
    PRISON_PRISONER_MISMATCH = "prison_prisoner_mismatch"
    PRISONER_RELEASED = "prisoner_released"
    PRISONER_TRANSFERRED = "prisoner_transferred"
    PRISONER_LEAVES = "prisoner_leaves"
    # 2 whoever books may book this
    KIND_UNKNOWN = "kind_unknown"
    KIND_NOT_AVAILABLE = "kind_not_available"
    OTHER_PRISONER_MISSING = "other_prisoner_missing"
    USER_TYPE = "user_type"
    BOOKER_NOT_PERMITTED = "booker_not_permitted"
    BOOKER_VISITOR_NOT_PERMITTED = "booker_visitor_not_permitted"
    NO_ALLOWANCE = "no_allowance"
    # 3 those who come
    NO_VISITORS = "no_visitors"
    VISITOR_NOT_FOUND = "visitor_not_found"
    VISITOR_NOT_LINKED = "visitor_not_linked"
    VISITOR_NOT_APPROVED = "visitor_not_approved"
    VISITOR_NOT_FOR_KIND = "visitor_not_for_kind"
    OFFICIAL_NOT_VERIFIED = "official_not_verified"
    OFFICIAL_CHECK_EXPIRED = "official_check_expired"
    PRISONER_BANNED = "prisoner_banned"
    VISITOR_BANNED = "visitor_banned"
    COURT_CONTACT_RESTRICTION = "court_contact_restriction"
    VISITOR_AGE_UNKNOWN = "visitor_age_unknown"
    NO_CHILD = "no_child"
    NO_ADULT = "no_adult"
    RESPONSIBLE_ADULT_MISSING = "responsible_adult_missing"
    TOO_MANY_VISITORS = "too_many_visitors"
    TOO_MANY_ADULTS = "too_many_adults"
    TOO_MANY_CHILDREN = "too_many_children"
    TOO_MANY_CHILDREN_PER_ADULT = "too_many_children_per_adult"
    # 4 the time is one, and within the days that may be booked
    TIME_BACKWARDS = "time_backwards"
    TIME_OFF_GRID = "time_off_grid"
    TIME_NONEXISTENT = "time_nonexistent"
    TIME_AMBIGUOUS = "time_ambiguous"
    TIME_ACROSS_CLOCK_CHANGE = "time_across_clock_change"
    TIME_IN_PAST = "time_in_past"
    TOO_LONG = "too_long"
    DATE_TOO_EARLY = "date_too_early"
    DATE_TOO_LATE = "date_too_late"
    # 5 the session is held then, and is for this
    SESSION_TEMPLATE_NOT_FOUND = "session_template_not_found"
    SESSION_NOT_AVAILABLE = "session_not_available"
    SESSION_KIND = "session_kind"
    SESSION_USER_TYPE = "session_user_type"
    SESSION_FOR_CHILDREN = "session_for_children"
    VISIT_DATE_BLOCKED = "visit_date_blocked"
    PUBLIC_HOLIDAY = "public_holiday"
    SESSION_DATE_BLOCKED = "session_date_blocked"
    # 6 groups of prisoners the session is for
    LOCATION_GROUP = "location_group"
    CATEGORY_GROUP = "category_group"
    INCENTIVE_GROUP = "incentive_group"
    # 7 nobody near whom the prisoner must not be
    NON_ASSOCIATION = "non_association"
    # 8 nobody and nothing twice at a time, and the week's limit
    VISIT_ALREADY_BOOKED = "visit_already_booked"
    VISITOR_ALREADY_BOOKED = "visitor_already_booked"
    OFFICER_ALREADY_BOOKED = "officer_already_booked"
    TERMINAL_NOT_FOUND = "terminal_not_found"
    TERMINAL_NOT_FOR_KIND = "terminal_not_for_kind"
    TERMINAL_BLOCKED = "terminal_blocked"
    TERMINAL_ALREADY_BOOKED = "terminal_already_booked"
    REMAND_VISIT_LIMIT_FOR_WEEK_REACHED = "remand_visit_limit_for_week_reached"
    # 9 what outranks a visit
    HIGHER_PRIORITY_APPOINTMENT = "higher_priority_appointment"
    # 10 and 11 room, open and closed apart
    NO_SLOT_CAPACITY = "no_slot_capacity"
    NO_CLOSED_CAPACITY = "no_closed_capacity"


class ReviewReason(StrEnum):
    """Step 12: why the office decides about a visit that nothing forbids."""

    SOURCE_UNREAD = "source_unread"
    PRISONER_ALERT = "prisoner_alert"
    PRISONER_RESTRICTION = "prisoner_restriction"
    VISITOR_RESTRICTION = "visitor_restriction"
    CHILD_TO_BE_VETTED = "child_to_be_vetted"
    PRISONER_AWAY = "prisoner_away"
    PRISONER_ASKS = "prisoner_asks"
    NOT_AUTOMATIC = "not_automatic"


class Override(StrEnum):
    """What staff, and nobody else, may choose to pass; nothing else can be passed."""

    OVERBOOK = "overbook"
    ALLOWANCE = "allowance"
    ELIGIBILITY_GROUP = "eligibility_group"
    REMAND_LIMIT = "remand_limit"


PASSED_BY: Final = {
    RefusalCode.NO_ALLOWANCE: Override.ALLOWANCE,
    RefusalCode.LOCATION_GROUP: Override.ELIGIBILITY_GROUP,
    RefusalCode.CATEGORY_GROUP: Override.ELIGIBILITY_GROUP,
    RefusalCode.INCENTIVE_GROUP: Override.ELIGIBILITY_GROUP,
    RefusalCode.REMAND_VISIT_LIMIT_FOR_WEEK_REACHED: Override.REMAND_LIMIT,
    RefusalCode.NO_SLOT_CAPACITY: Override.OVERBOOK,
    RefusalCode.NO_CLOSED_CAPACITY: Override.OVERBOOK,
}
