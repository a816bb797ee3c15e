"""What officers decide in a call, written down with its reason, its rule and the words both sides were told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from unicodedata import category

from visitation.errors import BadInput, Forbidden, NotFound
from visitation.model.decisions import DecisionRow
from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.ports import Clock
from visitation.services.audit import Audit, AuditKind, Fact
from visitation.services.visits import VisitFacts, facts_of
from visitation.storage.database import Database
from visitation.storage.visit_queries import one_visit

TEXT_LIMIT: Final = 500  # characters
REASONS: Final = frozenset(
    {
        "crime_prevention",
        "order",
        "safety",
        "identity",
        "technical",
        "other_person",
        "shown_object",
        "threats",
        "other",
    }
)


DecisionKind = Literal["warn", "hold", "resume", "end"]

_PERMISSION: Final[Mapping[DecisionKind, Permission]] = {
    "warn": Permission.CALL_WARN,
    "hold": Permission.CALL_HOLD,
    "resume": Permission.CALL_RESUME,
    "end": Permission.CALL_END,
}
_AUDIT: Final[Mapping[DecisionKind, AuditKind]] = {
    "warn": AuditKind.CALL_WARNED,
    "hold": AuditKind.CALL_HELD,
    "resume": AuditKind.CALL_RESUMED,
    "end": AuditKind.CALL_ENDED_BY_DECISION,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was kept. `by` is None for the server's own; `rule` is pack/version/rule."""

    id: str
    kind: DecisionKind
    visit_id: str
    call_id: str | None
    by: str | None
    reason: str | None
    text: str
    rule: str
    at: datetime


class Supervision:
    """Keeps decisions; the gates themselves are shut and opened by the call."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._audit = Audit(database, clock)

    async def record(
        self,
        kind: DecisionKind,
        *,
        by: Identity | None,
        visit_id: str,
        call_id: str | None,
        reason: str | None,
        text: str = "",
        at: datetime,
    ) -> Decision:
        """Writes a decision and its audit line. `by` None is the server itself.

        Raises BadInput (bad_reason, reason_required, text_required, text_too_long), NotFound,
        Forbidden; of a refused attempt only the audit line is written.
        """
        check(kind, reason, text)
        async with self._database.write() as session:
            parts = await one_visit(session, visit_id)
            if parts is None:
                raise NotFound
            facts = facts_of(parts)
            allowed = by is None or permits(by, _PERMISSION[kind], facts.subject())
            if allowed:
                decision = _decision(kind, by, facts, call_id, reason, text.strip(), at)
                session.add(_row(decision, facts.prison_id, by))
                said: dict[str, Fact] = {"decision": decision.id, "reason": reason, "call": call_id}
                await self._audit.append_in(session, _AUDIT[kind], by, visit_id, said)
                return decision
            refused = AuditKind.PRIVILEGED_REFUSED if facts.closed else AuditKind.ATTEMPT_REFUSED
            await self._audit.append_in(
                session, refused, by, visit_id, {"permission": _PERMISSION[kind].value}
            )
        raise Forbidden("visit_closed" if facts.closed else "not_permitted")


def check(kind: DecisionKind, reason: str | None, text: str) -> None:
    """Raises BadInput for a decision that does not say what it must."""
    if reason is not None and reason not in REASONS:
        raise BadInput("bad_reason")
    if reason is None and kind in ("hold", "end"):
        raise BadInput("reason_required")
    if kind == "warn" and reason is None and not text.strip():
        raise BadInput("text_required")
    if len(text) > TEXT_LIMIT:
        raise BadInput("text_too_long", limit=TEXT_LIMIT)
    if any(category(char) in ("Cc", "Cs") for char in text if char not in "\n\t"):
        raise BadInput  # control characters and lone surrogates


def _decision(
    kind: DecisionKind,
    by: Identity | None,
    facts: VisitFacts,
    call_id: str | None,
    reason: str | None,
    text: str,
    at: datetime,
) -> Decision:
    policy = facts.conditions.policy if facts.conditions else None
    return Decision(
        id=str(uuid.uuid4()),
        kind=kind,
        visit_id=facts.visit_id,
        call_id=call_id,
        by=by.person_id if by else None,
        reason=reason,
        text=text,
        rule=f"{policy.pack}/{policy.version}/{policy.rule}" if policy else "",
        at=at,
    )


def _row(decision: Decision, prison_id: str, by: Identity | None) -> DecisionRow:
    return DecisionRow(
        id=decision.id,
        prison_id=prison_id,
        visit_id=decision.visit_id,
        call_id=decision.call_id,
        kind=decision.kind,
        by_kind=by.kind if by else "system",
        by_person=decision.by,
        ground=decision.reason,
        facts=decision.text,
        rule=decision.rule,
        at=decision.at,
    )
