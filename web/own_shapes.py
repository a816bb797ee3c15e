"""The half of the API that is people's own pages: whom they visit, their visits, their data."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from visitation.services.own_people import PersonState
from web.shapes import Ms, Shape, Words

Day = Annotated[dt.date, Field(strict=False)]


class PersonView(Shape):
    """Somebody one visits, or has asked to. Until the prison has approved of it `name` and `number` are one's
    own words. `reason` is the prison's, as it was written."""

    id: str
    state: PersonState
    name: str
    number: str | None
    relation: Words
    asked_at: Ms | None
    expected_by: Day | None
    reason: str
    prisoner: str | None
    prison: str | None


class RelationView(Shape):
    """Who one can be to a prisoner; `official` = in the course of one's work."""

    code: str
    words: Words
    official: bool


class PeopleView(Shape):
    """Whom one visits and has asked to visit, and who one may say one is to them."""

    people: list[PersonView]
    relations: list[RelationView]
