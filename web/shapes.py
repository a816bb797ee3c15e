"""Every body, query and answer of the HTTP API as a strict pydantic model.

Bodies and answers are strict (no coercion) and closed (`extra="forbid"`); path and query values arrive
as text, so only those models coerce. Times are integer milliseconds since the epoch (UTC).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from visitation.errors import REFUSAL_CODES

App = Literal["visitor", "terminal", "officer", "office"]
Ms = Annotated[int, Field(ge=0, le=2**53 - 1, description="milliseconds since the epoch, UTC")]
Span = Annotated[int, Field(ge=0, le=2**53 - 1, description="milliseconds from the recording's start")]
Secret = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
ReviewReason = Literal["crime_prevention", "order", "safety", "threats", "complaint", "technical", "other"]


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


class Problem(BaseModel):
    """RFC 9457 problem. `code` is from a closed list; the browser has the words for it in every language."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: str
    title: str
    status: int
    code: Annotated[str, Field(json_schema_extra={"enum": sorted(REFUSAL_CODES)})]
    params: dict[str, str | int] = Field(default_factory=dict)


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


class RecordingRow(Shape):
    """One recording in the officer's list."""

    recording: str
    visit: str
    prisoner: str
    visitor: str
    relation: Words
    cell: str
    begun_at: Ms
    ended_at: Ms | None
    duration_ms: int | None
    status: str
    gaps: int
    sound: bool


class Recordings(Shape):
    """The recordings of the officer's prison, newest first."""

    now: Ms
    recordings: list[RecordingRow]


class OpenRecording(Shape):
    """Why a recording is opened; both are written to the audit log. `other` needs a note."""

    reason: ReviewReason
    note: Annotated[str, Field(max_length=500)] = ""


class PartySpan(Shape):
    """A stretch of one track; width and height in pixels, null for sound."""

    from_ms: Span
    to_ms: Span
    width: int | None
    height: int | None


class ClusterView(Shape):
    """One WebM cluster that can be fetched; seek to one that begins with a keyframe."""

    index: int
    from_ms: Span
    to_ms: Span
    keyframe: bool


class TrackView(Shape):
    """One party's sound or picture. `codec` is what MediaSource is asked for, such as "vp8"."""

    id: str
    party: str
    kind: Literal["audio", "video"]
    codec: str
    spans: list[PartySpan]
    clusters: list[ClusterView]


class RecordedParty(Shape):
    """Who is heard and seen in a recording, by first name."""

    party: str
    name: str


class TimelineEvent(Shape):
    """Something that happened: joined, left, lost, back, hold, resume, warning, seen, gap, end, ..."""

    kind: str
    at_ms: Span
    party: str | None
    text: str | None
    code: str | None


class Gap(Shape):
    """A stretch nothing was recorded, and why; `track` is null when it is every track."""

    from_ms: Span
    to_ms: Span
    reason: str
    track: str | None


class Proof(Shape):
    """How many parts the recording has, how many are signed, and whether all of them check out."""

    parts: int
    signed: int
    verified: bool


class TimelineView(Shape):
    """An opened recording, `finished` when it was closed and signed to its end. Tracks the viewer may not have (sound) are not in it."""

    recording: str
    begun_at: Ms
    duration_ms: int
    granted_until: Ms
    finished: bool
    sound: bool
    parties: list[RecordedParty]
    tracks: list[TrackView]
    events: list[TimelineEvent]
    gaps: list[Gap]
    proof: Proof


OfficeState = Literal["booked", "live", "held", "done", "missed", "cancelled"]


class OfficeVisit(Shape):
    """One visit of the office's day."""

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
    state: OfficeState
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


class RecordingPlace(Place):
    """Which recording."""

    id: UUID


TrackId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class TrackPlace(RecordingPlace):
    """Which track of which recording."""

    track: TrackId


class ClusterPlace(TrackPlace):
    """Which cluster of which track."""

    index: Annotated[int, Field(ge=0, le=10_000_000)]


class DayQuery(Place):
    """Which day; today in the prison when left out."""

    date: dt.date | None = None


class DemoPlace(Place):
    """Which app of the demo."""

    app: App


class DemoWhichPlace(DemoPlace):
    """Which app of the demo, as whom."""

    which: TrackId


class TailPlace(Place):
    """A file's place below assets/; every part of it is checked before a file is looked for."""

    tail: str


class NamePlace(Place):
    """A file's name."""

    name: str
