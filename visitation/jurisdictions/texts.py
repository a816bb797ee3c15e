"""What people are told of a behaviour: written once for every jurisdiction, chosen by the behaviour alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, ValidationError

from visitation.degrees import Behaviour, attended_code, is_closed, recorded_code, told_codes
from visitation.jurisdictions.shapes import Data, PolicyUnreadable
from visitation.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing the people in the call are told, and why it is so."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")
    code: str
    words: Words
    why: Words


class _Told(Data):
    words: Words
    why: Words


class _Texts(Data):
    """The banner's two sentences by what is recorded and who attends, and everything else that is told."""

    recorded: dict[str, Words]
    attended: dict[str, Words]
    closed: Words
    told: dict[str, _Told]


@cache
def _texts() -> _Texts:
    try:
        return _Texts.model_validate_json(Path(__file__).with_name("notices.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise PolicyUnreadable("notices.json cannot be read") from error


def notices_of(what: Behaviour, why: Words) -> tuple[Notice, ...]:
    """Everything that is told of `what`, the banner first; `why` answers for the banner.

    Raises PolicyUnreadable when a behaviour has no words: what cannot be said is not done.
    """
    banner, *others = told_codes(what)
    try:
        told = [
            Notice(code, dict(_texts().told[code].words), dict(_texts().told[code].why)) for code in others
        ]
        return (Notice(banner, _banner(what), dict(why)), *told)
    except KeyError as missing:
        raise PolicyUnreadable(f"there are no words for {missing}") from missing


def _banner(what: Behaviour) -> Words:
    texts = _texts()
    if is_closed(what):
        return dict(texts.closed)
    recorded, attended = texts.recorded[recorded_code(what)], texts.attended[attended_code(what)]
    return {lang: f"{recorded[lang]} {attended[lang]}" for lang in LANGUAGES}
