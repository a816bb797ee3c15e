"""What a refusal says to the person who meets it, in their language: the words of the apps' own catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from visitation.errors import REFUSAL_CODES
from visitation.words import LANGUAGES, Lang

CATALOGUE: Final = Path(__file__).parent / "client" / "src" / "i18n" / "po" / "call"
# The prisons' own first language, as in the apps (web/client/src/i18n/language.ts).
OTHERWISE: Final[Lang] = "fi"
PLACE: Final = re.compile(r"\{(\w+)\}")
_ID: Final = "call.refusal.{code}"
# RFC 9110 section 12.4.2; what is weighed with a number that is none is passed over.
_WANTED: Final = re.compile(
    r"\s*([A-Za-z]{2,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*"
)


def language_of(accept: str) -> Lang:
    """The language of an Accept-Language header: of those we speak the one that is wanted most."""
    wanted = [found for part in accept.split(",") if (found := _WANTED.fullmatch(part))]
    ours = {lang: lang for lang in LANGUAGES}
    spoken = [(float(found[2] or 1), ours[lang]) for found in wanted if (lang := found[1].lower()) in ours]
    best = max(spoken, key=lambda each: each[0], default=(0.0, OTHERWISE))
    return best[1] if best[0] else OTHERWISE


def refusal_words(code: str, params: Mapping[str, str | int], lang: Lang) -> str:
    """The sentence for a code of REFUSAL_CODES, its {places} filled."""
    return PLACE.sub(lambda place: str(params.get(place[1], "…")), catalogue()[lang][code])


@cache
def catalogue() -> Mapping[Lang, Mapping[str, str]]:
    """Language -> code -> words. Raises OSError or LookupError when they are not whole: without them no start."""
    return {lang: _of(lang) for lang in LANGUAGES}


def _of(lang: Lang) -> Mapping[str, str]:
    with (CATALOGUE / f"{lang}.po").open("rb") as file:
        words = {str(message.id): str(message.string) for message in read_po(file, locale=lang)}
    return {code: words[_ID.format(code=code)] for code in REFUSAL_CODES}
