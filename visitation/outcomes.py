"""How a visit turned out: one closed list, in the field's words."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    COMPLETED_NORMALLY = "completed_normally"
    VISITOR_COMPLETED_EARLY = "visitor_completed_early"
    PRISONER_COMPLETED_EARLY = "prisoner_completed_early"
    TERMINATED_BY_STAFF = "terminated_by_staff"
    VISITOR_DID_NOT_ARRIVE = "visitor_did_not_arrive"
    PRISONER_REFUSED_TO_ATTEND = "prisoner_refused_to_attend"
    PRISONER_NOT_INFORMED = "prisoner_not_informed"
    VISITOR_CANCELLED = "visitor_cancelled"
    PRISONER_CANCELLED = "prisoner_cancelled"
    ESTABLISHMENT_CANCELLED = "establishment_cancelled"
    ADMINISTRATIVE_ERROR = "administrative_error"
    TECHNICAL_PRISON_NETWORK = "technical_prison_network"
    TECHNICAL_VISITOR_NETWORK = "technical_visitor_network"
    TECHNICAL_SERVER = "technical_server"
    TECHNICAL_TERMINAL = "technical_terminal"
    NO_SUPERVISOR = "no_supervisor"
