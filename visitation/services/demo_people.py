"""The invented people of the demo prison; nobody here exists, and no prison is called Kaislaranta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from visitation.policy.identity import App
from visitation.words import Lang

PRISON: Final = "Kaislaranta"
TIMEZONE: Final = "Europe/Helsinki"


def _w(fi: str, sv: str, en: str) -> dict[Lang, str]:
    return {"fi": fi, "sv": sv, "en": en}


SISTER: Final = _w("sisko", "syster", "sister")
BROTHER: Final = _w("veli", "bror", "brother")
WIFE: Final = _w("vaimo", "fru", "wife")
MOTHER: Final = _w("äiti", "mamma", "mother")
FATHER: Final = _w("isä", "pappa", "father")
DAUGHTER: Final = _w("tytär", "dotter", "daughter")
FRIEND: Final = _w("ystävä", "vän", "friend")
LAWYER: Final = _w("asianajaja", "advokat", "lawyer")


@dataclass(frozen=True, slots=True)
class DemoPair:
    """A prisoner in a cell and the person who visits."""

    cell: str
    prisoner: str
    visitor: str
    relation: dict[Lang, str]
    office: str | None = None

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
    """One way in on the demo's door; `who` is a cell, or a staff member's name."""

    app: App
    which: str
    who: str
    label: dict[Lang, str]


PAIRS: Final = (
    DemoPair("A-09", "Veikko", "Tuula", WIFE),
    DemoPair("A-12", "Pekka", "Anna", SISTER),
    DemoPair("A-14", "Mikko", "Leena", WIFE),
    DemoPair("A-17", "Tero", "Maria", LAWYER, office="Asianajotoimisto Kielo"),
    DemoPair("B-02", "Ilkka", "Eino", FATHER),
    DemoPair("B-03", "Raimo", "Sofia", DAUGHTER),
    DemoPair("B-05", "Antti", "Marja", FRIEND),
    DemoPair("B-07", "Oskari", "Kaarina", MOTHER),
    DemoPair("B-11", "Lauri", "Niilo", BROTHER),
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
)
