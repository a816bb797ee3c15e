"""Links of prisoners and contacts, and what professionals were found to be, as they are written."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from visitation.commands.base import Code, Command, Id, Name, Title
from visitation.commands.people import NUMBER, Born
from visitation.relations import RELATIONS


def _relation(code: str) -> str:
    if code not in RELATIONS:
        raise ValueError("not one of the relations")
    return code


Relation = Annotated[str, Field(max_length=40), AfterValidator(_relation)]


class AskToBeLinked(Command):
    """Somebody outside asks to be somebody's contact: they know the number and the family name, or neither."""

    contact_id: Id
    prisoner_number: Annotated[str, Field(min_length=1, max_length=20)]
    prisoner_family_name: Name
    relation: Relation


class AskForPrisoner(Command):
    """Somebody outside asks to visit a prisoner, whom they describe as well as they can."""

    prisoner_number: Annotated[
        str, StringConstraints(strip_whitespace=True), Field(pattern=NUMBER, max_length=20)
    ]
    prisoner_name: Title
    prisoner_born_on: Born
    relation: Relation


class LinkData(Command):
    """A link that the office makes; it is approved at once."""

    prisoner_id: Id
    contact_id: Id
    relation: Relation


class StandingData(Command):
    """What a professional was found to be: `standing` is a policy's word, the look in the register holds
    until `recheck_on`, excluded."""

    contact_id: Id
    standing: Code
    register_name: Title
    number: Annotated[Title, Field(max_length=60)]
    checked_on: date
    recheck_on: date

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.recheck_on <= self.checked_on:
            raise ValueError("to be checked again before it was checked")
        return self
