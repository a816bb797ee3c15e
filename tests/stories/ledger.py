"""Read what the house wrote down, from its own database while it runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Line:
    kind: str
    actor_kind: str
    subject: str
    facts: dict[str, Any]


def audit(data: Path) -> list[Line]:
    """The audit log, oldest line first."""
    with closing(sqlite3.connect(f"file:{data / 'visitation.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute("select kind, actor_kind, subject, facts from audit_line order by number")
        return [Line(kind, actor, subject, json.loads(facts)) for kind, actor, subject, facts in rows]


def outcome(data: Path, visit: str) -> str | None:
    with closing(sqlite3.connect(f"file:{data / 'visitation.sqlite3'}?mode=ro", uri=True)) as database:
        row = database.execute("select outcome from visit where id = ?", (visit,)).fetchone()
        assert row, f"no visit {visit}"
        return None if row[0] is None else str(row[0])


def call_seconds(data: Path, visit: str) -> float:
    """How long the one call of a visit was live or held, by the house's own clock."""
    with closing(sqlite3.connect(f"file:{data / 'visitation.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute("select begun_at, ended_at from call where visit_id = ?", (visit,)).fetchall()
    ((begun, ended),) = rows
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()
