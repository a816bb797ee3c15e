"""The rows the prison's world is kept in; importing this names every table."""

from __future__ import annotations

from visitation.model import (
    access,
    allowances,
    audit,
    booking,
    contacts,
    idempotency,
    people,
    prisons,
    restrictions,
    schedule,
    visits,
)

__all__ = [
    "access",
    "allowances",
    "audit",
    "booking",
    "contacts",
    "idempotency",
    "people",
    "prisons",
    "restrictions",
    "schedule",
    "visits",
]
