"""How a visit turned out: one closed list in the field's words, each with who it lies with and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from visitation.texts import texts
from visitation.words import Words


class Outcome(StrEnum):
    # held
    COMPLETED_NORMALLY = "completed_normally"
    VISITOR_COMPLETED_EARLY = "visitor_completed_early"
    PRISONER_COMPLETED_EARLY = "prisoner_completed_early"
    TERMINATED_BY_STAFF = "terminated_by_staff"
    # did not happen
    VISITOR_DID_NOT_ARRIVE = "visitor_did_not_arrive"
    VISITOR_DECLINED_ENTRY = "visitor_declined_entry"
    VISITOR_FAILED_SECURITY_CHECKS = "visitor_failed_security_checks"
    PRISONER_REFUSED_TO_ATTEND = "prisoner_refused_to_attend"
    PRISONER_NOT_INFORMED = "prisoner_not_informed"
    PRISONER_NOT_BROUGHT = "prisoner_not_brought"
    NO_SUPERVISOR = "no_supervisor"
    LOCKDOWN = "lockdown"
    TERMINAL_MOVED = "terminal_moved"
    NO_VISITING_ORDER = "no_visiting_order"
    NOT_RECORDED = "not_recorded"
    # the technology failed, before or in the call
    TECHNICAL_PRISON_NETWORK = "technical_prison_network"
    TECHNICAL_VISITOR_NETWORK = "technical_visitor_network"
    TECHNICAL_SERVER = "technical_server"
    TECHNICAL_TERMINAL = "technical_terminal"
    # cancelled beforehand
    VISITOR_CANCELLED = "visitor_cancelled"
    BOOKER_CANCELLED = "booker_cancelled"
    PRISONER_CANCELLED = "prisoner_cancelled"
    ESTABLISHMENT_CANCELLED = "establishment_cancelled"
    CANCELLATION = "cancellation"
    BATCH_CANCELLATION = "batch_cancellation"
    ADMINISTRATIVE_CANCELLATION = "administrative_cancellation"
    ADMINISTRATIVE_ERROR = "administrative_error"
    DETAILS_CHANGED_AFTER_BOOKING = "details_changed_after_booking"
    SUPERSEDED_CANCELLATION = "superseded_cancellation"
    VISIT_ORDER_CANCELLED = "visit_order_cancelled"
    REQUESTED_VISIT_WITHDRAWN = "requested_visit_withdrawn"


class Party(StrEnum):
    """With whom it lies that a visit was cut short or did not happen."""

    PRISON = "prison"
    VISITOR = "visitor"
    PRISONER = "prisoner"
    SYSTEM = "system"
    NONE = "none"


class Became(StrEnum):
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """`refundable` = the visiting time that was not had comes back. `became` is for a visit without a call:
    one that had a call was held, whatever ended it."""

    party: Party
    refundable: bool
    became: Became


def _outcome(party: Party, became: Became, *, refundable: bool) -> OutcomeFacts:
    return OutcomeFacts(party, refundable, became)


_HELD, _MISSED, _CANCELLED = Became.HELD, Became.MISSED, Became.CANCELLED
OUTCOMES: Final[Mapping[Outcome, OutcomeFacts]] = MappingProxyType(
    {
        Outcome.COMPLETED_NORMALLY: _outcome(Party.NONE, _HELD, refundable=False),
        Outcome.VISITOR_COMPLETED_EARLY: _outcome(Party.VISITOR, _HELD, refundable=False),
        Outcome.PRISONER_COMPLETED_EARLY: _outcome(Party.PRISONER, _HELD, refundable=False),
        # The decision that ended it can be appealed; what comes back is the appeal's to say.
        Outcome.TERMINATED_BY_STAFF: _outcome(Party.PRISON, _HELD, refundable=False),
        Outcome.VISITOR_DID_NOT_ARRIVE: _outcome(Party.VISITOR, _MISSED, refundable=False),
        Outcome.VISITOR_DECLINED_ENTRY: _outcome(Party.VISITOR, _MISSED, refundable=False),
        Outcome.VISITOR_FAILED_SECURITY_CHECKS: _outcome(Party.VISITOR, _MISSED, refundable=False),
        Outcome.PRISONER_REFUSED_TO_ATTEND: _outcome(Party.PRISONER, _MISSED, refundable=False),
        Outcome.PRISONER_NOT_INFORMED: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.PRISONER_NOT_BROUGHT: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.NO_SUPERVISOR: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.LOCKDOWN: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.TERMINAL_MOVED: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.NO_VISITING_ORDER: _outcome(Party.NONE, _MISSED, refundable=True),
        # Nobody knows whose fault it was, so nobody pays for it.
        Outcome.NOT_RECORDED: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.TECHNICAL_PRISON_NETWORK: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.TECHNICAL_VISITOR_NETWORK: _outcome(Party.VISITOR, _MISSED, refundable=True),
        Outcome.TECHNICAL_SERVER: _outcome(Party.SYSTEM, _MISSED, refundable=True),
        Outcome.TECHNICAL_TERMINAL: _outcome(Party.PRISON, _MISSED, refundable=True),
        Outcome.VISITOR_CANCELLED: _outcome(Party.VISITOR, _CANCELLED, refundable=True),
        Outcome.BOOKER_CANCELLED: _outcome(Party.VISITOR, _CANCELLED, refundable=True),
        Outcome.PRISONER_CANCELLED: _outcome(Party.PRISONER, _CANCELLED, refundable=True),
        Outcome.ESTABLISHMENT_CANCELLED: _outcome(Party.PRISON, _CANCELLED, refundable=True),
        Outcome.CANCELLATION: _outcome(Party.NONE, _CANCELLED, refundable=True),
        Outcome.BATCH_CANCELLATION: _outcome(Party.PRISON, _CANCELLED, refundable=True),
        Outcome.ADMINISTRATIVE_CANCELLATION: _outcome(Party.PRISON, _CANCELLED, refundable=True),
        Outcome.ADMINISTRATIVE_ERROR: _outcome(Party.PRISON, _CANCELLED, refundable=True),
        Outcome.DETAILS_CHANGED_AFTER_BOOKING: _outcome(Party.NONE, _CANCELLED, refundable=True),
        Outcome.SUPERSEDED_CANCELLATION: _outcome(Party.NONE, _CANCELLED, refundable=True),
        Outcome.VISIT_ORDER_CANCELLED: _outcome(Party.PRISON, _CANCELLED, refundable=True),
        Outcome.REQUESTED_VISIT_WITHDRAWN: _outcome(Party.VISITOR, _CANCELLED, refundable=True),
    }
)
# How a visit turned out whose time has passed, in the order in which staff are offered it. What other systems
# wrote when they called a visit off is read, and never said anew.
STAFF_SAY: Final = (
    Outcome.COMPLETED_NORMALLY,
    Outcome.VISITOR_COMPLETED_EARLY,
    Outcome.PRISONER_COMPLETED_EARLY,
    Outcome.TERMINATED_BY_STAFF,
    Outcome.VISITOR_DID_NOT_ARRIVE,
    Outcome.VISITOR_DECLINED_ENTRY,
    Outcome.VISITOR_FAILED_SECURITY_CHECKS,
    Outcome.TECHNICAL_VISITOR_NETWORK,
    Outcome.VISITOR_CANCELLED,
    Outcome.PRISONER_REFUSED_TO_ATTEND,
    Outcome.PRISONER_CANCELLED,
    Outcome.PRISONER_NOT_INFORMED,
    Outcome.PRISONER_NOT_BROUGHT,
    Outcome.NO_SUPERVISOR,
    Outcome.LOCKDOWN,
    Outcome.TERMINAL_MOVED,
    Outcome.TECHNICAL_TERMINAL,
    Outcome.TECHNICAL_PRISON_NETWORK,
    Outcome.ESTABLISHMENT_CANCELLED,
    Outcome.ADMINISTRATIVE_ERROR,
    Outcome.TECHNICAL_SERVER,
    Outcome.DETAILS_CHANGED_AFTER_BOOKING,
    Outcome.NOT_RECORDED,
)
# Why a visit was cancelled, in the order in which staff are offered it.
STAFF_CANCEL_BY: Final = (
    Outcome.VISITOR_CANCELLED,
    Outcome.ESTABLISHMENT_CANCELLED,
    Outcome.PRISONER_CANCELLED,
    Outcome.DETAILS_CHANGED_AFTER_BOOKING,
    Outcome.ADMINISTRATIVE_ERROR,
)


def minutes_back(outcome: Outcome, booked: int, had: int) -> int:
    """Of the minutes booked, those that come back to the allowance; `had` is how many the call went on,
    without the time on hold."""
    return max(0, booked - had) if OUTCOMES[outcome].refundable else 0


def words_of_party(party: Party) -> Words:
    """With whom it lies, in every language."""
    return texts("outcomes")["party"][party]
