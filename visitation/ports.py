"""What this room asks of the world outside it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for people and papers, monotonic time for order and lengths; the two never mix."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds since an unknown start; never steps back."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()
