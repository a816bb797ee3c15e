"""The rows the prison's world is kept in; importing this names every table."""

from __future__ import annotations

from visitation.model import access, audit, contacts, people, prisons, restrictions, visits

__all__ = ["access", "audit", "contacts", "people", "prisons", "restrictions", "visits"]
