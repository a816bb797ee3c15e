"""The shapes of recordings in the HTTP API: the list, an opened one's time line, and their places."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from web.paging import Page
from web.shapes import Ms, Name, Place, Shape, Words

Span = Annotated[int, Field(ge=0, le=2**53 - 1, description="milliseconds from the recording's start")]
ReviewReason = Literal["crime_prevention", "order", "safety", "threats", "complaint", "technical", "other"]


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


class Recordings(Page[RecordingRow]):
    """Recordings of the officer's prison, newest first; a page may hold fewer than were asked for."""

    now: Ms


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


class RecordingPlace(Place):
    """Which recording."""

    id: UUID


class TrackPlace(RecordingPlace):
    """Which track of which recording."""

    track: Name


class ClusterPlace(TrackPlace):
    """Which cluster of which track."""

    index: Annotated[int, Field(ge=0, le=10_000_000)]
