"""The Finnish pack with one thing changed, as JSON."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from visitation.jurisdictions import pack as packs

STORED: dict[str, Any] = json.loads((Path(packs.__file__).parent / "finland" / "pack.json").read_text())


def changed(**changes: object) -> str:
    return json.dumps(STORED | changes)


def with_rule(index: int, **changes: object) -> str:
    stored = copy.deepcopy(STORED)
    stored["rules"][index] |= changes
    return json.dumps(stored)


def with_booking(**changes: object) -> str:
    return changed(booking=STORED["booking"] | changes)
