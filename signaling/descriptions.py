"""The words of a message class: its docstring, split into a summary and one line per field."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from signaling.reading import hints

_FIELD = re.compile(r"([a-z_]+): (.+)")


@dataclass(frozen=True)
class Description:
    summary: str
    fields: dict[str, str]


def described(cls: type) -> Description:
    """Lines 'name: words' that name a field describe it; everything before them is the summary."""
    known = hints(cls)
    summary: list[str] = []
    lines: dict[str, str] = {}
    for line in inspect.cleandoc(cls.__doc__ or "").splitlines():
        match = _FIELD.fullmatch(line)
        if match and match[1] in known:
            lines[match[1]] = match[2]
        elif line:
            summary.append(line)
    return Description(" ".join(summary), lines)
