"""Lists by pages: a cursor says after which entry the next page begins, so that no page costs more than the first."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar, overload

from pydantic import Field

from visitation.errors import BadInput, Reason
from web.shapes import Place, Shape

T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K", str, int)
L = TypeVar("L", str, int)
M = TypeVar("M", str, int)
Key = tuple[str | int, ...]  # what a list is ordered by, down to what makes an entry's place its own


class PageQuery(Place):
    """Which page: from the list's beginning, or after what the page before gave as `next`."""

    cursor: Annotated[str, Field(max_length=600, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Page(Shape, Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None


def cursor_of(key: Key) -> str:
    """The cursor that stands after the entry with this key."""
    return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode()


@overload
def key_of(cursor: str | None, first: type[K], /) -> tuple[K] | None: ...
@overload
def key_of(cursor: str | None, first: type[K], second: type[L], /) -> tuple[K, L] | None: ...
@overload
def key_of(
    cursor: str | None, first: type[K], second: type[L], third: type[M], /
) -> tuple[K, L, M] | None: ...
def key_of(cursor: str | None, *kinds: Any) -> Any:
    """The key a cursor stands after, None for the beginning. Raises BadInput for a cursor that is not of this list.

    A cursor only says where to begin; what may be seen is asked of each page anew, so it needs no seal.
    """
    if cursor is None:
        return None
    try:
        key = json.loads(urlsafe_b64decode(cursor))
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds) or not all(map(_plain, key)):
        raise BadInput.together([Reason("cursor_unknown", at="cursor")])
    return tuple(key)


def _plain(part: str | int) -> bool:
    """Whether a database can compare with it."""
    return abs(part) < 2**63 if isinstance(part, int) else part.isprintable()


def paged(rows: Sequence[R], limit: int, key: Callable[[R], Key]) -> tuple[Sequence[R], str | None]:
    """Of one row more than asked for: the rows of the page, and the cursor of the next if that one was there."""
    page = rows[:limit]
    return page, cursor_of(key(page[-1])) if len(rows) > limit else None
