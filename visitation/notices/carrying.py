"""A message on its way out, whoever carries it, and how it can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from visitation.notices.kinds import Unsent
from visitation.notices.message import Message
from visitation.words import Lang


@dataclass(frozen=True, slots=True)
class Browser:
    """A push subscription, as browsers give it (W3C Push API section 8)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """`id` is the same at every attempt: whoever gets it twice can see that it is one. `to` is a mail address, a
    telephone number or a browser. Nobody wants it after `worth_until`."""

    id: str
    to: str | Browser
    lang: Lang
    made_at: datetime
    worth_until: datetime
    message: Message


class Fate(StrEnum):
    REFUSED = "refused"  # this message can never be sent
    LATER = "later"  # this message, not now
    AWAY = "away"  # none can be sent by this channel now


class NotCarried(Exception):
    """It was not taken, as far as is known. `after` is how long the other side asked to wait."""

    def __init__(self, reason: Unsent, fate: Fate, after: timedelta | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fate = fate
        self.after = after


class Carrier(Protocol):
    """One channel's way out."""

    async def carry(self, parcel: Parcel) -> None:
        """Returns when the other side has taken it. Raises NotCarried; may be cancelled."""
        ...
