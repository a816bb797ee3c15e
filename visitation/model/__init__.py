"""The rows the prison's world is kept in; importing this names every table."""

from __future__ import annotations

from visitation.model import access, audit, people, prisons, visits

__all__ = ["access", "audit", "people", "prisons", "visits"]
