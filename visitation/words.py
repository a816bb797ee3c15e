"""Texts that exist in every language of the house."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator

Lang = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Lang, ...]] = get_args(Lang)


def _complete(words: dict[Lang, str]) -> dict[Lang, str]:
    missing = [lang for lang in LANGUAGES if not words.get(lang, "").strip()]
    if missing:
        raise ValueError(f"no words in {', '.join(missing)}")
    return words


# One text in all three languages; `{fi, sv, en}` on the wire. Checked wherever pydantic reads it.
Words = Annotated[dict[Lang, str], AfterValidator(_complete)]
