"""May this person do this to that? Asked by every route and every socket message."""

from __future__ import annotations

from visitation.policy.identity import Identity
from visitation.policy.permissions import Permission
from visitation.policy.subjects import Subject
from visitation.policy.table import TABLE


def permits(identity: Identity | None, permission: Permission, subject: Subject | None = None) -> bool:
    """True when one row of the table holds whole; no row means no, and an empty row permits nothing."""
    rows = TABLE.get(permission, ())
    return any(row and all(predicate(identity, subject) for predicate in row) for row in rows)
