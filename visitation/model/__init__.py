"""The rows the prison's world is kept in; importing this names every table."""

from __future__ import annotations

from visitation.model import (
    access,
    agenda,
    allowances,
    asked,
    audit,
    booking,
    contacts,
    decisions,
    idempotency,
    leases,
    notices,
    people,
    prisons,
    restrictions,
    schedule,
    visits,
)

__all__ = [
    "access",
    "agenda",
    "allowances",
    "asked",
    "audit",
    "booking",
    "contacts",
    "decisions",
    "idempotency",
    "leases",
    "notices",
    "people",
    "prisons",
    "restrictions",
    "schedule",
    "visits",
]
