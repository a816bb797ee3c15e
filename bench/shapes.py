"""The calls that are measured: who publishes what, and who sees whom."""

from __future__ import annotations

from dataclasses import dataclass

Seating = tuple[str, int, str, str]  # leg, slot, party in it, "main" or "preview"


@dataclass(frozen=True, slots=True)
class Leg:
    """`publishes` are mids of "a", "v", "p"; `sees` are parties by slot, as "main" or "preview" pictures."""

    name: str
    publishes: tuple[str, ...]
    sees: tuple[str, ...]
    level: str = "main"


@dataclass(frozen=True, slots=True)
class Shape:
    """One call."""

    name: str
    legs: tuple[Leg, ...]

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(leg.name for leg in self.legs if leg.publishes)

    @property
    def watchers(self) -> int:
        return sum(not leg.publishes for leg in self.legs)

    @property
    def seatings(self) -> list[Seating]:
        return [
            (leg.name, slot, party, leg.level) for leg in self.legs for slot, party in enumerate(leg.sees)
        ]


def visit(watchers: int = 1, parties: int = 2) -> Shape:
    """Everybody sees everybody else; a watcher sees all."""
    names = tuple(f"party{number}" for number in range(parties))
    legs = [Leg(name, ("a", "v"), tuple(other for other in names if other != name)) for name in names]
    legs += [Leg(f"watcher{number}", (), names) for number in range(watchers)]
    return Shape("visit" if parties == 2 else f"{parties} parties", tuple(legs))


def lesson(pupils: int = 30) -> Shape:
    """A teacher whom a class sees and hears."""
    taught = [Leg(f"pupil{number}", (), ("teacher",)) for number in range(pupils)]
    return Shape(f"class of 1 + {pupils}", (Leg("teacher", ("a", "v"), ()), *taught))


def walled(officers: int = 4) -> Shape:
    """A visit with small previews; each officer's tile shows both of them."""
    names = ("party0", "party1")
    legs = [Leg(name, ("a", "v", "p"), tuple(other for other in names if other != name)) for name in names]
    legs += [Leg(f"officer{number}", (), names, "preview") for number in range(officers)]
    return Shape(f"wall of {officers} officers", tuple(legs))
