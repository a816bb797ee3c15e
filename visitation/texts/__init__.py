"""Texts that the server itself says, per subject: read once, whole in every language, and filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date
from pydantic import TypeAdapter

from visitation.words import LANGUAGES, Lang, Words

HERE: Final = Path(__file__).parent
LOCALES: Final[Mapping[Lang, str]] = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}
_NOTHING: Final = "–"
_file = TypeAdapter(dict[str, dict[str, Words]])

Param = str | int | date


@cache
def texts(subject: str) -> Mapping[str, Mapping[str, Words]]:
    """Section -> code -> words, of `texts/<subject>.json`. Raises ValueError when a language is missing."""
    return _file.validate_json((HERE / f"{subject}.json").read_bytes())


def filled(words: Words, params: Iterable[tuple[str, Param]] = ()) -> Words:
    """With each {place} filled; dates are written out in the language's way, what is not given is a dash."""
    given = dict(params)
    return {lang: words[lang].format_map(_Places(given, lang)) for lang in LANGUAGES}


class _Places(dict[str, str]):
    def __init__(self, given: Mapping[str, Param], lang: Lang) -> None:
        super().__init__({name: _written(value, lang) for name, value in given.items()})

    def __missing__(self, _name: str) -> str:
        return _NOTHING


def _written(value: Param, lang: Lang) -> str:
    return format_date(value, "long", LOCALES[lang]) if isinstance(value, date) else str(value)
