"""What a pack says of decisions about people: by which law, how long a ban may last, and how each is appealed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal, get_args

from pydantic import Field

from visitation.jurisdictions.shapes import Stated
from visitation.words import Words

DecisionKind = Literal["reject", "cancel", "end", "ban", "restrict", "listen"]
DECISION_KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)


class Power(Stated):
    """The law by which the prison may decide so, in words its subject reads."""

    legal_basis: Words


class Bans(Stated):
    """A ban always ends; longer than this needs a new decision. Never against these people."""

    longest_months: int = Field(ge=1, le=12)
    never_against: tuple[Literal["close_relative", "legal", "oversight"], ...]

    def last_day(self, first: date) -> date:
        """The last day a ban that begins on `first` may have: from 31 August six months reach to 28 February."""
        months = first.month - 1 + self.longest_months
        year, month = first.year + months // 12, months % 12 + 1
        return date(year, month, min(first.day, monthrange(year, month)[1]))


class Appeal(Stated):
    """Where a decision can be taken, in words its subject reads, and by when.

    `days` count from the day after it was delivered; None when the source knows no deadline. A `last_day`
    on which offices are closed is moved to the next "working_day", or stays "as_counted".
    """

    to: Words
    how: Words
    days: int | None = Field(ge=1, le=366)
    last_day: Literal["as_counted", "working_day"]
