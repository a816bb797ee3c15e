"""Why a POST may be asked twice, where several routes say the same."""

from __future__ import annotations

from typing import Final

ANOTHER_SESSION: Final = (
    "a second session of the same person is as good as the first, and each is written down"
)
ANOTHER_TICKET: Final = "a second ticket is as good as the first, and either is good for one use"
ANOTHER_OPENING: Final = "a recording may be opened again, and each opening is written down with its reason"
