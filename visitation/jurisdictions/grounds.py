"""Refuse policy data that treats people by a protected ground: who somebody is decides nothing here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

# The grounds of the data protection act for prisons (1301/2021, section 2) and their everyday names, as
# the parts of a key or code in which they could hide; in the three languages packs are written in.
PROTECTED: Final[MappingProxyType[str, frozenset[str]]] = MappingProxyType(
    {
        "age": frozenset({"age", "ages", "birth", "dob", "ikä", "ika", "ålder", "alder"}),
        "sex": frozenset({"sex", "gender", "sukupuoli", "kön", "kon"}),
        "origin": frozenset(
            {"origin", "race", "racial", "ethnic", "ethnicity", "alkuperä", "etninen", "ursprung", "ras"}
        ),
        "nationality": frozenset(
            {"nationality", "nationalities", "citizen", "citizenship", "foreign", "foreigner", "foreigners"}
            | {"kansalaisuus", "ulkomaalainen", "nationalitet", "medborgarskap"}
        ),
        "language": frozenset({"language", "languages", "kieli", "språk", "sprak"}),
        "religion": frozenset({"religion", "religious", "faith", "belief", "uskonto", "vakaumus", "tro"}),
        "opinion": frozenset({"opinion", "political", "politics", "union", "mielipide", "åsikt", "asikt"}),
        "family": frozenset({"family", "marital", "married", "perhe", "familj", "siviilisääty"}),
        "health": frozenset({"health", "diagnosis", "illness", "terveys", "hälsa", "halsa"}),
        "disability": frozenset({"disability", "disabled", "vamma", "vammaisuus", "funktionsnedsättning"}),
        "orientation": frozenset({"orientation", "sexual", "sexuality", "suuntautuminen", "läggning"}),
    }
)

# Accepted, each for its reason: (where it stands, the ground). A pack cannot add to these.
ACCEPTED: Final[MappingProxyType[tuple[str, str], str]] = MappingProxyType(
    {
        ("booking.ages", "age"): "names the two below",
        ("booking.ages.adult_age", "age"): "a child must not come alone: protects the child",
        ("booking.ages.escort_age", "age"): "a small child has an adult in the picture: protects the child",
        ("rules.kind:health", "health"): "says which profession visits, not how anybody is",
        ("rules.rule:health", "health"): "the same rule's name",
    }
)
_WORDS = re.compile(r"[^\W\d_]+")
# Where a value is itself a code that sorts people or visits; elsewhere values are numbers and prose.
_CODES = re.compile(r"(^|\.)(kind|kinds|rule|codes|appointments|never_against|windows)$")


def protected_grounds(raw: Any) -> tuple[str, ...]:
    """Each place in a pack's JSON that names a protected ground, with the ground; empty when there is none."""
    return tuple(
        f"{place}: {what!r} treats people by {ground}"
        for place, what in _names(raw, "")
        for ground, words in PROTECTED.items()
        if words & set(_WORDS.findall(what.lower())) and not _accepted(place, what, ground)
    )


def _accepted(place: str, what: str, ground: str) -> bool:
    return (place, ground) in ACCEPTED or (f"{place}:{what.rpartition('.')[2]}", ground) in ACCEPTED


def _names(raw: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every key and every code, with its place; list items share their list's place."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            here = f"{place}.{key}" if place else str(key)
            yield here, str(key)
            yield from _names(value, here)
    elif isinstance(raw, list):
        for value in raw:
            yield from _names(value, place)
    elif isinstance(raw, str) and _CODES.search(place):
        yield place, raw
