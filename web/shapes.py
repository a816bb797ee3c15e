"""Every body, query and answer of the HTTP API as a strict pydantic model.

Bodies and answers are strict (no coercion) and closed (`extra="forbid"`); path and query values arrive
as text, so only those models coerce. Times are integer milliseconds since the epoch (UTC).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from visitation.conditions import Undecided
from visitation.eligibility import PublicCode, RefusalCode
from visitation.errors import REFUSAL_CODES

App = Literal["visitor", "terminal", "officer", "office"]
Ms = Annotated[int, Field(ge=0, le=2**53 - 1, description="milliseconds since the epoch, UTC")]
Name = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Secret = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Shape(BaseModel):
    """What goes over the wire: strict, closed, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Place(BaseModel):
    """Path and query values: text is read into types, unknown names are refused."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)


class Words(Shape):
    """One text in every language of the product."""

    fi: str
    sv: str
    en: str


class Notice(Shape):
    """What a person is told about the call, and why it is so. The first one is the banner's line."""

    code: str
    words: Words
    why: Words


class PolicyView(Shape):
    """The rule that decided the conditions of a visit."""

    pack: str
    version: str
    rule: str
    legal_basis: Words


Code = Annotated[str, Field(json_schema_extra={"enum": sorted(REFUSAL_CODES)})]
# What stands against a visit has codes of its own: plain ones for staff, neutral ones for everybody else.
AnyCode = Annotated[
    str, Field(json_schema_extra={"enum": sorted({*REFUSAL_CODES, *RefusalCode, *PublicCode})})
]


class Against(Shape):
    """One reason why a request was refused, in words of the person's language.

    `at` is the JSON pointer of the body's field that is meant, or the query's name; `about` the id of the person
    or thing that is meant.
    """

    code: AnyCode
    detail: str
    params: dict[str, str | int]
    at: str | None
    about: str | None


class Problem(Shape):
    """RFC 9457 problem: `code` from a closed list, `detail` for people, in the language they asked for.

    `refusals` are all the reasons together, at least one. `title` is for the reader of a log.
    """

    type: str
    title: str
    status: int
    detail: str
    code: Code
    params: dict[str, str | int]
    refusals: Annotated[list[Against], Field(min_length=1)]


# sessions


class LinkSignIn(Shape):
    """A relative's sign-in: the secret part of the link they were sent."""

    link: Secret


class CodeSignIn(Shape):
    """The demo's sign-in of a cell terminal or of staff: a terminal's label or a member of staff."""

    code: Secret


class Ticket(Shape):
    """A one-use secret, good for 60 s, that opens the socket."""

    ticket: str


# visitor and terminal


class VisitorMe(Shape):
    """Who is signed in: by the link of one visit, which is named, or on pages of their own."""

    name: str
    visit: str | None


VisitState = Literal["early", "open", "over", "cancelled", "undecided"]


class VisitView(Shape):
    """A relative's own visit. `notices` is empty only while the state is "undecided"."""

    visit: str
    prisoner: str
    you: str
    relation: Words
    starts_at: Ms
    ends_at: Ms
    now: Ms
    joinable_from: Ms
    state: VisitState
    outcome: str | None
    notices: list[Notice]
    policy: PolicyView | None
    closed: bool


class TerminalVisit(Shape):
    """One visit of the day, as the prisoner sees it."""

    visit: str
    visitor: str
    relation: Words
    starts_at: Ms
    ends_at: Ms
    joinable_from: Ms
    state: VisitState
    notices: list[Notice]
    closed: bool


class TerminalDay(Shape):
    """The day of one cell terminal."""

    prisoner: str
    cell: str
    now: Ms
    visits: list[TerminalVisit]


# officer and office


class Me(Shape):
    """Who is signed in to a staff app."""

    name: str
    prison: str


OfficeState = Literal["booked", "live", "held", "done", "missed", "cancelled"]


class OfficeVisit(Shape):
    """One visit of the office's day. `office` is a professional visitor's firm or authority.

    `undecided` says why the visit cannot be held: nothing of it is started, recorded or watched until that is mended.
    """

    visit: str
    cell: str
    unit: str | None
    prisoner: str
    visitor: str
    relation: Words
    starts_at: Ms
    ends_at: Ms
    kind: str
    closed: bool
    office: str | None
    state: OfficeState
    undecided: Undecided | None
    outcome: str | None


class OfficeDay(Shape):
    """A day of the prison's visits; `date` is a local date of the prison, YYYY-MM-DD."""

    date: str
    now: Ms
    visits: list[OfficeVisit]


class DemoLink(Shape):
    """A one-click sign-in of the demo."""

    app: App
    label: Words
    href: str


class Demo(Shape):
    """Everything the demo's door offers."""

    links: list[DemoLink]


# places


class IdPlace(Place):
    """Which thing."""

    id: UUID


class DayQuery(Place):
    """Which day; today in the prison when left out."""

    date: dt.date | None = None


class DemoPlace(Place):
    """Which app of the demo."""

    app: App


class DemoWhichPlace(DemoPlace):
    """Which app of the demo, as whom."""

    which: Name


class TailPlace(Place):
    """A file's place below assets/; every part of it is checked before a file is looked for."""

    tail: str


class NamePlace(Place):
    """A file's name."""

    name: str
