"""The kinds of visit: with whom each is held, and what must be known of them; the law is in the packs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from visitation.jurisdictions.shapes import Code, Data, PolicyUnreadable
from visitation.words import Words

ContactClass = Literal["social", "professional", "authority", "prisoner"]


class VisitKind(Data):
    """What a kind of visit is, the same in every jurisdiction. No field of it can be weakened by a pack."""

    kind: Code
    contacts: tuple[ContactClass, ...] = Field(min_length=1, description="What the contact may be")
    standing: Code | None = Field(description="The verified status without which it is not held")
    confidential: bool = Field(description="Never recorded, watched or listened to, anywhere")
    both_prisons: bool = Field(description="The other party's prison must allow it too")
    needs_child: bool = Field(description="At least one visitor is a child")
    name: Words
    about: Words


_file = TypeAdapter(tuple[VisitKind, ...])


def read_kinds(text: str | bytes) -> Mapping[str, VisitKind]:
    """Raises PolicyUnreadable."""
    try:
        found = _file.validate_json(text)
    except ValidationError as error:
        raise PolicyUnreadable(
            *(f"kinds.json: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        ) from error
    kinds = {each.kind: each for each in found}
    if len(kinds) != len(found):
        raise PolicyUnreadable("kinds.json: a kind stands twice")
    if unverified := [each.kind for each in found if each.confidential and each.standing is None]:
        raise PolicyUnreadable(f"kinds.json: confidential, and nobody's status is verified: {unverified}")
    return MappingProxyType(kinds)


@cache
def visit_kinds() -> Mapping[str, VisitKind]:
    """Code -> kind, in the order people are shown them. Raises PolicyUnreadable."""
    try:
        return read_kinds(Path(__file__).with_name("kinds.json").read_bytes())
    except OSError as error:
        raise PolicyUnreadable(f"kinds.json: {error.strerror}") from error
