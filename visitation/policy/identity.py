"""Who is asking: a detached value that lives on sockets and in requests, never a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["visitor", "prisoner", "officer", "office", "system"]
App = Literal["visitor", "terminal", "officer", "office"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in person. `name` is a shown first name; no row, no token.

    A visitor's identity is bound to one visit, or, on pages of their own, to none and to no prison
    (`prison_id` ""); a prisoner's to the terminal that was signed in.
    """

    kind: Kind
    person_id: str
    prison_id: str
    session_id: str
    name: str
    visit_id: str | None = None
    terminal_id: str | None = None
