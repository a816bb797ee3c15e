"""What is wrong with a body or a query, field by field: pydantic's findings in our codes, quoting nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from visitation.errors import BadInput, Reason

MOST: Final = 50  # reasons in one answer
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "string_too_short": ("text_too_short", "min_length"),
    "string_too_long": ("text_too_long", "max_length"),
    "greater_than_equal": ("number_too_small", "ge"),
    "greater_than": ("number_too_small", "gt"),
    "less_than_equal": ("number_too_large", "le"),
    "less_than": ("number_too_large", "lt"),
    "too_short": ("list_too_short", "min_length"),
    "too_long": ("list_too_long", "max_length"),
}
_CODES: Final[Mapping[str, str]] = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
}
_OURS: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
Place = tuple[int | str, ...]


def body_refused(error: ValidationError) -> BadInput:
    """The refusal of a body, each reason `at` a JSON pointer."""
    return _refused(error, lambda place: "".join(f"/{part}" for part in place))


def query_refused(error: ValidationError) -> BadInput:
    """The refusal of a query, each reason `at` a name."""
    return _refused(error, lambda place: str(place[0]) if place else None)


def _refused(error: ValidationError, at: Callable[[Place], str | None]) -> BadInput:
    # Neither the input nor an exception's text goes back, so they are not even asked for.
    found = error.errors(include_url=False, include_input=False)[:MOST]
    return BadInput.together([_reason(each, at) for each in found], "bad_input")


def _reason(found: Any, at: Callable[[Place], str | None]) -> Reason:
    kind, place = found["type"], _ours(found["loc"], unknown=found["type"] == "extra_forbidden")
    if kind in _LIMITS:
        code, name = _LIMITS[kind]
        return Reason(code, {"limit": _said(found["ctx"][name])}, at(place))
    return Reason(_CODES.get(kind, "bad_input"), {}, at(place))


def _ours(place: Place, *, unknown: bool) -> Place:
    """A place as our shapes name it. A name that is not theirs is the sender's, and not quoted back."""
    kept = place[:-1] if unknown else place
    return tuple(part for part in kept if isinstance(part, int) or _OURS.fullmatch(part))


def _said(limit: object) -> str | int:
    if isinstance(limit, date):
        return limit.isoformat()
    return limit if isinstance(limit, int) else str(limit)
