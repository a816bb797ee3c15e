"""The public page's half of the API: what a policy pack does to each kind of visit, in words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from visitation.jurisdictions.decisions import DecisionKind
from visitation.jurisdictions.shapes import Basis
from web.shapes import Notice, Place, Shape, Words

PackName = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]


class PackHead(Shape):
    """A policy pack: whose law, which version, since when. `in_use`: a prison of this house goes by it."""

    pack: str
    version: str
    jurisdiction: Words
    valid_from: str
    valid_until: str | None
    reviewed: bool
    in_use: bool


class PackList(Shape):
    """The packs of this house. `unreadable`: packs that prisons go by and nobody can read, by name."""

    packs: list[PackHead]
    unreadable: list[str]


class RuleView(Shape):
    """What happens to a call: the same notices that its people are shown, and what they rest on."""

    rule: str
    notices: list[Notice]
    closed: bool
    recorded: bool
    basis: Basis
    legal_basis: Words
    minutes: int


class KindView(Shape):
    """One kind of visit. `decided`: what changes when a decision to listen was made beforehand."""

    kind: str
    name: Words
    about: Words
    verified: bool
    both_prisons: bool
    approval: Literal["automatic", "office"]
    ordinary: RuleView
    decided: RuleView | None


class AllowanceView(Shape):
    """Minutes in a calendar week or month, for these kinds together."""

    kinds: list[str]
    minutes: int
    period: Literal["week", "month"]


class BookingView(Shape):
    """What a relative needs to know before they book; ages in years, None is no limit."""

    min_days: int
    max_days: int
    adult_age: int
    escort_age: int
    visitors: int | None
    adults: int
    children: int | None
    allowances: list[AllowanceView]


class AppealView(Shape):
    """Where decisions of these kinds can be taken, and within how many days; None where no deadline is known."""

    decisions: list[DecisionKind]
    to: Words
    how: Words
    days: int | None


class WhatHappens(Shape):
    """Everything the page says of one pack."""

    head: PackHead
    kinds: list[KindView]
    booking: BookingView
    ban_months: int
    appeals: list[AppealView]


class PackPlace(Place):
    """Which pack."""

    pack: PackName
