"""Whether a command may be carried out at all: policy, asked per message with the visit's subject."""

from __future__ import annotations

import structlog

from signaling.message import Command
from visitation.errors import Forbidden, NotFound
from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.permits import permits
from visitation.policy.subjects import PrisonSubject, VisitSubject
from visitation.services.audit import Audit, AuditKind

log = structlog.get_logger(__name__)


def guard_of(identity: Identity, command: Command) -> Permission:
    """The permission this kind of person needs for the command. Raises Forbidden when it is not theirs."""
    guard = command.guards.get(identity.kind)
    if guard is None:
        raise Forbidden
    return guard


def check_participant(identity: Identity, command: Command, subject: VisitSubject) -> None:
    """Raises NotFound: somebody else's call is not there."""
    if not permits(identity, guard_of(identity, command), subject):
        raise NotFound("call_unknown")


async def check_officer(identity: Identity, command: Command, subject: VisitSubject, audit: Audit) -> None:
    """Raises NotFound for another prison's visit, Forbidden otherwise; both are written to the audit log."""
    guard = guard_of(identity, command)
    if permits(identity, guard, subject):
        return
    if not permits(identity, Permission.WALL_SEE, PrisonSubject(subject.prison_id)):
        await _refused(audit, AuditKind.ATTEMPT_REFUSED, identity, command, subject)
        raise NotFound
    if subject.conditions is None or subject.conditions.closed:
        await _refused(audit, AuditKind.PRIVILEGED_REFUSED, identity, command, subject)
        raise Forbidden("visit_closed")
    await _refused(audit, AuditKind.ATTEMPT_REFUSED, identity, command, subject)
    raise Forbidden


async def refused_leg(identity: Identity, command: Command, subject: VisitSubject, audit: Audit) -> None:
    """An officer spoke for a leg of a call that is closed to officers: refused elsewhere, written here."""
    if subject.conditions is None or subject.conditions.closed:
        await _refused(audit, AuditKind.PRIVILEGED_REFUSED, identity, command, subject)


async def refused_stranger(identity: Identity, command: Command, subject: VisitSubject, audit: Audit) -> None:
    """A message that is not this person's to send, about this visit: refused elsewhere, written here."""
    closed = subject.conditions is None or subject.conditions.closed
    kind = AuditKind.PRIVILEGED_REFUSED if closed else AuditKind.ATTEMPT_REFUSED
    await _refused(audit, kind, identity, command, subject)


async def _refused(
    audit: Audit, kind: AuditKind, identity: Identity, command: Command, subject: VisitSubject
) -> None:
    """Who, what, when. The refusal stands whether or not it could be written down."""
    try:
        await audit.append(kind, identity, subject.visit_id, {"what": command.event})
    except Exception:
        log.exception("audit.not_written", kind=kind.value, what=command.event)
