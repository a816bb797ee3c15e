"""The words people read, out of the same catalogues that the apps are built with."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parents[2] / "web" / "client" / "src" / "i18n" / "po"
LANGUAGES = ("fi", "sv", "en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Message id -> words, of every room."""
    words: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob(f"*/{language}.po")):
        with path.open("rb") as file:
            words |= {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}
    return words


def said(message: str, language: str = "en") -> re.Pattern[str]:
    """What finds the words of a message on a page, whatever stands in its {places}."""
    words = catalogue(language)[message]
    parts = re.split(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", words)
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
