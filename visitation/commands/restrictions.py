"""Restrictions, non-associations and alerts, as the office writes them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from visitation.commands.base import Code, Command, Id, MaybeProse, Title
from visitation.eligibility import RestrictionType
from visitation.model.restrictions import Cover, RestrictionScope


class RestrictionData(Command):
    """Both days included; None = until lifted, which a ban never is. `covers` is what a court's restriction
    takes in, and its alone; `authority` who decided, `case_no` their number for it."""

    type: RestrictionType
    scope: RestrictionScope
    contact_id: Id | None = None
    prisoner_id: Id | None = None
    covers: Annotated[tuple[Cover, ...], Field(max_length=4)] = ()
    authority: Title
    case_no: Annotated[Title, Field(max_length=60)] | None = None
    ground: MaybeProse = ""
    first_day: date
    last_day: date | None = None

    @model_validator(mode="after")
    def _whom(self) -> Self:
        meant = (self.contact_id is not None, self.prisoner_id is not None)
        wanted = {
            RestrictionScope.CONTACT: (True, False),
            RestrictionScope.PAIR: (True, True),
            RestrictionScope.PRISONER: (False, True),
        }
        if meant != wanted[RestrictionScope(self.scope)]:
            raise ValueError("the scope says whom it is about: a contact, a prisoner, or the pair")
        return self

    @model_validator(mode="after")
    def _what_of_a_court(self) -> Self:
        if (self.type == RestrictionType.COURT_CONTACT) != bool(self.covers):
            raise ValueError("a court's restriction, and only that, says what it covers")
        if len(set(self.covers)) != len(self.covers):
            raise ValueError("covered twice")
        return self

    @model_validator(mode="after")
    def _how_long(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("it ends before it begins")
        if self.type == RestrictionType.BAN and self.last_day is None:
            raise ValueError("a ban has an end")
        return self


class NonAssociationReason(StrEnum):
    BULLYING = "bullying"
    GANG_RELATED = "gang_related"
    ORGANISED_CRIME = "organised_crime"
    LEGAL_REQUEST = "legal_request"
    THREAT = "threat"
    VIOLENCE = "violence"
    OTHER = "other"


class NonAssociationExtent(StrEnum):
    CELL = "cell"
    LANDING = "landing"
    WING = "wing"


class _Days(Command):
    first_day: date
    last_day: date | None = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("it ends before it begins")
        return self


class NonAssociationData(_Days):
    """Two prisoners who must not meet, in no order; both days included."""

    prisoner_id: Id
    other_id: Id
    reason: NonAssociationReason
    extent: NonAssociationExtent = NonAssociationExtent.WING
    note: MaybeProse = ""

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.prisoner_id == self.other_id:
            raise ValueError("nobody is kept from themselves")
        return self


class AlertData(_Days):
    """`code` is the agency's own; both days included."""

    prisoner_id: Id
    code: Code
    note: MaybeProse = ""
