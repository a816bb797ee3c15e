"""What the house knows, put into the shapes of the API."""

from __future__ import annotations

from typing import Any

from web.shapes import OfficeDay, TerminalDay, VisitView


def visit_view(facts: Any, who: Any, now: Any) -> VisitView:
    raise NotImplementedError


def terminal_day(visits: Any, who: Any, now: Any) -> TerminalDay:
    raise NotImplementedError


def office_day(day: Any, visits: Any, live: Any, now: Any) -> OfficeDay:
    raise NotImplementedError
