"""Why a route has no line of the audit log to write, where more than one route says the same."""

from __future__ import annotations

from typing import Final

OWN: Final = "people are shown what is their own, and nothing of anybody's who did not arrange it with them"
OWN_NAME: Final = "people are shown their own name"
TICKET: Final = "a ticket shows and changes nothing; what is done with it is written down"
OPENED: Final = "it is of an opening that was written down with its reason, and of nothing else"
