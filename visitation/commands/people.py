"""Prisoners and contacts, as the office writes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from visitation.commands.base import Code, Command, Id, Label, Languages, MaybeName, Name, Title
from visitation.eligibility import ContactClass, Presence
from visitation.words import Lang

NUMBER: Final = r"^[A-Za-z0-9-]{1,20}$"  # a prisoner's, as the agency gives it
Born = Annotated[date, Field(ge=date(1900, 1, 1))]


class PrisonerData(Command):
    """`number` is the agency's own; `cell` the label on the door; `leaves_on` a known day of release or
    transfer, from which on nothing is booked; `category` and `incentive` the prison's own codes."""

    prison_id: Id
    number: Annotated[str, Field(pattern=NUMBER)]
    name: Name
    family_name: MaybeName = ""
    born_on: Born | None = None
    unit_id: Id | None = None
    cell: Label | None = None
    terminal_id: Id | None = None
    status: Presence = Presence.IN
    leaves_on: date | None = None
    remand: bool = False
    category: Code | None = None
    incentive: Code | None = None
    languages: Languages = ()


class ContactData(Command):
    """`office` is where a professional works; `prisoner_id` is who a contact is that is a prisoner too;
    `language` the one of the house's languages in which they are written to."""

    kind: ContactClass
    name: Name
    family_name: MaybeName = ""
    prisoner_id: Id | None = None
    office: Title | None = None
    born_on: Born | None = None
    languages: Languages = ()
    language: Lang | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")] | None = None
    telephone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{3,28}$")] | None = None

    @model_validator(mode="after")
    def _prisoner_when_prisoner(self) -> Self:
        if (self.kind == ContactClass.PRISONER) != (self.prisoner_id is not None):
            raise ValueError("a contact of the kind prisoner, and only that, says which")
        return self
