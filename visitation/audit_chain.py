"""What a line of the audit log says, and the hash that ties it to the line before: pure functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

Fact = str | int | bool | None | list[str]
NO_LINE: Final = "0" * 64  # what the first line stands on
FACTS_LIMIT: Final = 4096  # characters of canonical JSON


class AuditKind(StrEnum):
    """Everything that is written down, as subject.what-happened."""

    SESSION_OPENED = "session.opened"
    SESSION_CLOSED = "session.closed"
    SIGN_IN_REFUSED = "sign_in.refused"
    ATTEMPT_REFUSED = "attempt.refused"
    PRIVILEGED_REFUSED = "privileged.refused"
    CONDITIONS_DECIDED = "conditions.decided"
    CONDITIONS_REFUSED = "conditions.refused"
    CALL_TAKEN = "call.taken"
    CALL_BEGUN = "call.begun"
    CALL_ENDED = "call.ended"
    CALL_JOINED = "call.joined"
    CALL_WATCHED = "call.watched"
    CALL_UNWATCHED = "call.unwatched"
    CALL_LISTENED = "call.listened"
    CALL_WARNED = "call.warned"
    CALL_HELD = "call.held"
    CALL_RESUMED = "call.resumed"
    CALL_ENDED_BY_DECISION = "call.ended_by_decision"
    LEG_INTRUDED = "leg.intruded"
    LEG_FAILED = "leg.failed"
    RECORDING_BEGUN = "recording.begun"
    RECORDING_ENDED = "recording.ended"
    RECORDING_GAP = "recording.gap"
    RECORDING_OPENED = "recording.opened"
    RECORDING_REFUSED = "recording.refused"
    RECORDINGS_LISTED = "recordings.listed"
    DAY_VIEWED = "day.viewed"
    VISIT_BOOKED = "visit.booked"
    VISIT_CHANGED = "visit.changed"
    VISIT_APPROVED = "visit.approved"
    VISIT_REJECTED = "visit.rejected"
    VISIT_WITHDRAWN = "visit.withdrawn"
    VISIT_CANCELLED = "visit.cancelled"
    VISIT_OFFICER = "visit.officer_assigned"
    VISIT_OUTCOME = "visit.outcome"
    VISIT_ACKNOWLEDGED = "visit.acknowledged"
    TASK_DONE = "task.done"
    CALENDAR_MADE = "calendar.made"
    CALENDAR_REVOKED = "calendar.revoked"
    NOTICE_CHOICE = "notice.choice"
    STANDBY_ASKED = "standby.asked"
    STANDBY_FILLED = "standby.filled"
    STANDBY_WITHDRAWN = "standby.withdrawn"
    ALLOWANCE_SETTLED = "allowance.settled"
    ALLOWANCE_ADJUSTED = "allowance.adjusted"
    # What the prison edits.
    PRISON_ADDED = "prison.added"
    PRISON_CHANGED = "prison.changed"
    PRISON_REMOVED = "prison.removed"
    UNIT_ADDED = "unit.added"
    UNIT_CHANGED = "unit.changed"
    UNIT_REMOVED = "unit.removed"
    TERMINAL_ADDED = "terminal.added"
    TERMINAL_CHANGED = "terminal.changed"
    TERMINAL_REMOVED = "terminal.removed"
    PRISONER_ADDED = "prisoner.added"
    PRISONER_CHANGED = "prisoner.changed"
    PRISONER_REMOVED = "prisoner.removed"
    CONTACT_ADDED = "contact.added"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_REMOVED = "contact.removed"
    LINK_ADDED = "link.added"
    LINK_CHANGED = "link.changed"
    LINK_REMOVED = "link.removed"
    LINK_ASKED = "link.asked"
    LINK_WITHDRAWN = "link.withdrawn"
    STANDING_ADDED = "standing.added"
    STANDING_CHANGED = "standing.changed"
    STANDING_REMOVED = "standing.removed"
    RESTRICTION_ADDED = "restriction.added"
    RESTRICTION_CHANGED = "restriction.changed"
    RESTRICTION_REMOVED = "restriction.removed"
    NON_ASSOCIATION_ADDED = "non_association.added"
    NON_ASSOCIATION_CHANGED = "non_association.changed"
    NON_ASSOCIATION_REMOVED = "non_association.removed"
    ALERT_ADDED = "alert.added"
    ALERT_CHANGED = "alert.changed"
    ALERT_REMOVED = "alert.removed"
    TEMPLATE_ADDED = "template.added"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_REMOVED = "template.removed"
    EXCLUDED_DATE_ADDED = "excluded_date.added"
    EXCLUDED_DATE_CHANGED = "excluded_date.changed"
    EXCLUDED_DATE_REMOVED = "excluded_date.removed"
    APPOINTMENT_ADDED = "appointment.added"
    APPOINTMENT_CHANGED = "appointment.changed"
    APPOINTMENT_REMOVED = "appointment.removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read back; `facts` is the canonical JSON text that was hashed."""

    number: int
    at: datetime
    kind: str
    actor_kind: str
    actor: str | None
    session_id: str | None
    prison_id: str | None
    subject: str
    facts: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines there are, and the hash of the last. Keep a copy elsewhere, to be sure of the whole."""

    number: int = 0
    hash: str = NO_LINE


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at the first line where the log cannot be trusted any more."""

    number: int
    what: str


def canonical(value: object) -> str:
    """One text for one value: sorted keys, no spaces, plain UTF-8; no floats, for they have many."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def facts_text(facts: Mapping[str, Fact]) -> str:
    """Raises ValueError for facts that are no plain values, or too many."""
    for name, value in facts.items():
        plain = all(isinstance(item, str) for item in value) if isinstance(value, list) else True
        if not plain or not isinstance(value, str | int | list | None):
            raise ValueError(f"the fact {name!r} is not a plain value")
    text = canonical(dict(facts))
    if len(text) > FACTS_LIMIT:
        raise ValueError("too many facts for one line")
    return text


def line_hash(line: Line) -> str:
    """SHA-256 over everything the line says and the hash of the line before, in hex.

    Raises UnicodeEncodeError (a ValueError) for a lone surrogate, which has no UTF-8.
    """
    said = [
        line.number,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.kind,
        line.actor_kind,
        line.actor,
        line.session_id,
        line.prison_id,
        line.subject,
        line.facts,
        line.previous,
    ]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def fault_of(line: Line, before: Head) -> Fault | None:
    """Why this line cannot follow the one before, or None."""
    number = before.number + 1
    if line.number != number:
        return Fault(number, "a line is missing" if line.number > number else "a line is there twice")
    if line.previous != before.hash:
        return Fault(number, "the line does not stand on the line before it")
    if line.hash != line_hash(line):
        return Fault(number, "the line was altered, or added without the chain")
    return None
