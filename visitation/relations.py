"""Who somebody is to a prisoner: one closed list, with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from visitation.words import Lang


@dataclass(frozen=True, slots=True)
class Relation:
    """`official` = in the course of their work. `close` = a close relative, whom the law protects further."""

    words: Mapping[Lang, str]
    official: bool = False
    close: bool = False


def _close(fi: str, sv: str, en: str) -> Relation:
    return Relation({"fi": fi, "sv": sv, "en": en}, close=True)


def _social(fi: str, sv: str, en: str) -> Relation:
    return Relation({"fi": fi, "sv": sv, "en": en})


def _official(fi: str, sv: str, en: str) -> Relation:
    return Relation({"fi": fi, "sv": sv, "en": en}, official=True)


RELATIONS: Final[Mapping[str, Relation]] = MappingProxyType(
    {
        "wife": _close("vaimo", "fru", "wife"),
        "husband": _close("aviomies", "man", "husband"),
        "partner": _close("puoliso", "partner", "partner"),
        "mother": _close("äiti", "mamma", "mother"),
        "father": _close("isä", "pappa", "father"),
        "guardian": _close("huoltaja", "vårdnadshavare", "guardian"),
        "daughter": _close("tytär", "dotter", "daughter"),
        "son": _close("poika", "son", "son"),
        "stepchild": _close("lapsipuoli", "styvbarn", "stepchild"),
        "sister": _close("sisko", "syster", "sister"),
        "brother": _close("veli", "bror", "brother"),
        "grandparent": _close("isovanhempi", "mor- eller farförälder", "grandparent"),
        "grandchild": _close("lapsenlapsi", "barnbarn", "grandchild"),
        "relative": _social("sukulainen", "släkting", "relative"),
        "friend": _social("ystävä", "vän", "friend"),
        "supporter": _social("tukihenkilö", "stödperson", "support person"),
        "other": _social("tuttu", "bekant", "acquaintance"),
        "lawyer": _official("asianajaja", "advokat", "lawyer"),
        "legal_aid": _official("oikeusavustaja", "rättsbiträde", "legal aid attorney"),
        "social_worker": _official("sosiaalityöntekijä", "socialarbetare", "social worker"),
        "probation_officer": _official(
            "rikosseuraamustyöntekijä", "brottspåföljdsarbetare", "probation officer"
        ),
        "health_worker": _official("hoitohenkilö", "vårdpersonal", "health worker"),
        "teacher": _official("opettaja", "lärare", "teacher"),
        "chaplain": _official("sielunhoitaja", "själavårdare", "chaplain"),
        "consul": _official("konsuli", "konsul", "consul"),
        "authority": _official("viranomainen", "myndighetsperson", "official"),
    }
)
# What is shown where nobody said it: a verified professional needs no link to the prisoner.
UNNAMED: Final = _official("virallinen tapaaja", "officiell besökare", "official visitor").words
