"""How good each party's line is, 0 to 4, from the relay's figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Figures(Protocol):
    """What the relay measures of one leg; `line` is its own judgement, 0 lost to 4 good."""

    @property
    def party(self) -> str: ...

    @property
    def connected(self) -> bool: ...

    @property
    def line(self) -> int: ...


class Smoothed:
    """A line as it is shown: it worsens at once, and betters only after being better twice in a row."""

    def __init__(self) -> None:
        self._shown: dict[str, int] = {}
        self._better: dict[str, int] = {}

    def measure(self, legs: Mapping[str, Figures]) -> dict[str, int]:
        """Party -> line for the parties whose legs are connected; others are forgotten."""
        seen = {leg.party: max(0, min(4, leg.line)) for leg in legs.values() if leg.connected}
        for party in self._shown.keys() - seen.keys():
            del self._shown[party]
            self._better.pop(party, None)
        for party, line in seen.items():
            self._shown[party] = self._judge(party, line)
        return dict(self._shown)

    def _judge(self, party: str, line: int) -> int:
        shown = self._shown.get(party, line)
        if line > shown and party not in self._better:
            self._better[party] = line
            return shown
        self._better.pop(party, None)
        return line
