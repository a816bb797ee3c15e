"""Why the database refused a row, the same word from either engine."""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy.exc import IntegrityError

Fault = Literal["twice", "astray", "other"]
_SQLSTATES: Final[dict[str, Fault]] = {"23505": "twice", "23503": "astray"}
_SQLITE: Final[dict[str, Fault]] = {
    "SQLITE_CONSTRAINT_UNIQUE": "twice",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "twice",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "astray",
}


def fault_of(error: IntegrityError) -> Fault:
    """ "twice": such a row is there already. "astray": it points at nothing, or something points at it."""
    original = error.orig
    named = _SQLITE.get(getattr(original, "sqlite_errorname", ""))
    return named or _SQLSTATES.get(getattr(original, "sqlstate", None) or "", "other")
