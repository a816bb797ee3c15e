"""What comes of asking for a visit, and how often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy.exc import DBAPIError

from visitation.eligibility import Refusal, ReviewCause, VisitRestriction, VisitSubStatus
from visitation.errors import NotNow
from visitation.model.visits import Visit
from visitation.policy.identity import Identity
from visitation.services.desk import Desk, Work

T = TypeVar("T")
TRIES: Final = 5
_DEADLOCK: Final = frozenset({"40P01", "40001"})


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit as it was arranged. `review` is why the office decides, for staff alone; `wish` which of the
    wishes it is, 1 the best."""

    visit_id: str
    version: int
    sub_status: VisitSubStatus
    restriction: VisitRestriction
    terminal_id: str
    starts_at: datetime
    ends_at: datetime
    review: tuple[ReviewCause, ...] = ()
    wish: int = 1


def booked(visit: Visit, review: tuple[ReviewCause, ...] = (), wish: int = 1) -> Booked:
    return Booked(
        visit_id=visit.id,
        version=visit.version,
        sub_status=VisitSubStatus(visit.sub_status),
        restriction=VisitRestriction(visit.restriction),
        terminal_id=visit.terminal_id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        review=review,
        wish=wish,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A slot kept for whoever asked, until `expires_at`, excluded."""

    id: str
    terminal_id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


class NotBookable(NotNow):
    """The visit cannot be arranged so. `refusals` are those of the first wish, in the order of the checks,
    `by_wish` those of each. What the public may read of them is in `eligibility.wording`."""

    def __init__(self, by_wish: Sequence[tuple[Refusal, ...]]) -> None:
        super().__init__("not_bookable")
        self.by_wish = tuple(by_wish)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return self.by_wish[0]


class Raced(Exception):
    """Somebody else took the time between the look and the claim: to be looked at anew."""


async def attempt(desk: Desk, by: Identity | None, do: Callable[[Work], Awaitable[T]]) -> T:
    """Does it in one transaction; anew, with everything looked at again, when somebody else was faster.
    Raises NotNow slot_taken when they always are."""
    for _ in range(TRIES):
        try:
            async with desk.work(by) as work:
                return await do(work)
        except Raced:
            continue
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _DEADLOCK:
                raise
    raise NotNow("slot_taken")
