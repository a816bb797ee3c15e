"""The invented people of the demo prison; nobody here exists, and no prison is called Kaislaranta."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from visitation.policy.identity import App
from visitation.words import Lang

PRISON: Final = "Kaislaranta"
TIMEZONE: Final = "Europe/Helsinki"
BORN: Final = date(1984, 2, 29)  # everybody here
REGISTER: Final = "Asianajajaluettelo"
CHECKED: Final = date(2026, 1, 12)
RECHECK: Final = date(2036, 1, 12)

_NAMES: Final = uuid.UUID("5b0f3a52-4c1e-5c0a-9d67-0d5a2f6b7c11")


def demo_id(kind: str, name: str) -> str:
    """The same id for the same invented person in every demo."""
    return str(uuid.uuid5(_NAMES, f"{kind}/{name}"))


def _w(fi: str, sv: str, en: str) -> dict[Lang, str]:
    return {"fi": fi, "sv": sv, "en": en}


@dataclass(frozen=True, slots=True)
class DemoPair:
    """A prisoner in a cell and the person who visits; `relation` is one of RELATIONS."""

    cell: str
    prisoner: str
    visitor: str
    relation: str
    office: str | None = None

    @property
    def number(self) -> str:
        return f"D{self.cell.replace('-', '')}"

    @property
    def unit(self) -> str:
        return self.cell.partition("-")[0]


@dataclass(frozen=True, slots=True)
class DemoVisit:
    """A visit beside now: `offset` minutes from the running five-minute mark."""

    cell: str
    offset: int
    kind: str = "social"
    listening: bool = False
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One way in on the demo's door; `who` is a cell, or a staff member's name. A visitor comes by the link
    of a visit, or to pages of their `own`."""

    app: App
    which: str
    who: str
    label: dict[Lang, str]
    own: bool = False


PAIRS: Final = (
    DemoPair("A-09", "Veikko", "Tuula", "wife"),
    DemoPair("A-12", "Pekka", "Anna", "sister"),
    DemoPair("A-14", "Mikko", "Leena", "wife"),
    DemoPair("A-17", "Tero", "Maria", "lawyer", office="Asianajotoimisto Kielo"),
    DemoPair("B-02", "Ilkka", "Eino", "father"),
    DemoPair("B-03", "Raimo", "Sofia", "daughter"),
    DemoPair("B-05", "Antti", "Marja", "friend"),
    DemoPair("B-07", "Oskari", "Kaarina", "mother"),
    DemoPair("B-11", "Lauri", "Niilo", "brother"),
)
STAFF: Final[tuple[tuple[App, str], ...]] = (("officer", "Sari"), ("office", "Kirsi"))
NOW: Final = (
    DemoVisit("A-12", 0),
    DemoVisit("A-14", 0, listening=True),
    DemoVisit("A-17", 0, kind="legal"),
)
LATER: Final = (DemoVisit("A-09", 120), DemoVisit("B-07", 60), DemoVisit("B-11", 90))
EARLIER: Final = (
    DemoVisit("B-02", -120, outcome="completed_normally"),
    DemoVisit("B-03", -90, outcome="visitor_did_not_arrive"),
    DemoVisit("B-05", -60, outcome="prisoner_completed_early"),
)
SIGN_INS: Final = (
    DemoSignIn(
        "visitor",
        "anna",
        "A-12",
        _w(
            "Läheinen: Anna, Pekan sisko", "Närstående: Anna, Pekkas syster", "Relative: Anna, Pekka’s sister"
        ),
    ),
    DemoSignIn(
        "terminal",
        "a-12",
        "A-12",
        _w("Sellin A-12 päätelaite: Pekka", "Terminalen i cell A-12: Pekka", "Terminal of cell A-12: Pekka"),
    ),
    DemoSignIn("officer", "sari", "Sari", _w("Virkailija: Sari", "Tjänsteman: Sari", "Officer: Sari")),
    DemoSignIn(
        "office",
        "kirsi",
        "Kirsi",
        _w("Tapaamistoimisto: Kirsi", "Besökskontoret: Kirsi", "Visits office: Kirsi"),
    ),
    DemoSignIn(
        "visitor",
        "maria",
        "A-17",
        _w("Asianajaja: Maria, Teron asiamies", "Advokat: Maria, Teros ombud", "Lawyer: Maria, for Tero"),
    ),
    DemoSignIn(
        "terminal",
        "a-17",
        "A-17",
        _w("Sellin A-17 päätelaite: Tero", "Terminalen i cell A-17: Tero", "Terminal of cell A-17: Tero"),
    ),
    DemoSignIn(
        "visitor",
        "leena",
        "A-14",
        _w(
            "Läheinen: Leena, Mikon vaimo (tapaamista voidaan kuunnella)",
            "Närstående: Leena, Mikkos fru (besöket kan avlyssnas)",
            "Relative: Leena, Mikko’s wife (the visit may be listened to)",
        ),
    ),
    DemoSignIn(
        "terminal",
        "a-14",
        "A-14",
        _w("Sellin A-14 päätelaite: Mikko", "Terminalen i cell A-14: Mikko", "Terminal of cell A-14: Mikko"),
    ),
    DemoSignIn(
        "visitor",
        "tuula",
        "A-09",
        _w(
            "Läheinen: Tuula, Veikon vaimo (tapaaminen myöhemmin)",
            "Närstående: Tuula, Veikkos fru (besöket är senare)",
            "Relative: Tuula, Veikko’s wife (the visit is later)",
        ),
    ),
    DemoSignIn(
        "visitor",
        "own-anna",
        "A-12",
        _w(
            "Läheinen: Annan omat sivut (läheiset, varaukset, tiedot)",
            "Närstående: Annas egna sidor (närstående, bokningar, uppgifter)",
            "Relative: Anna’s own pages (people, booking, data)",
        ),
        own=True,
    ),
    DemoSignIn(
        "visitor",
        "own-maria",
        "A-17",
        _w(
            "Asianajaja: Marian omat sivut (varaukset)",
            "Advokat: Marias egna sidor (bokningar)",
            "Lawyer: Maria’s own pages (booking)",
        ),
        own=True,
    ),
)
