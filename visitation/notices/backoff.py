"""How long to wait before trying again: longer each time, and not everybody at once. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=2)


def wait(attempts: int, chance: float, asked: timedelta | None = None) -> timedelta:
    """After so many attempts (at least one); `chance` in [0, 1) spreads it over its upper half.

    `asked` is what the other side asked for: not sooner than that, as far as it is reasonable.
    """
    doubled: timedelta = min(FIRST * 2 ** min(attempts - 1, 16), LONGEST)
    own = doubled * (0.5 + chance / 2)
    return max(own, min(asked, LONGEST)) if asked is not None else own
