"""The values that live calls are described with on the wire: what a screen is told, whole, every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from signaling.reading import Many, Text, Whole

Lang = Literal["fi", "sv", "en"]
Phase = Literal["waiting", "ringing", "live", "held", "ended"]
Presence = Literal["absent", "lobby", "here", "lost"]
Level = Literal["main", "preview", "none"]
RecordingState = Literal["none", "armed", "on", "interrupted", "off"]
ReasonCode = Literal[
    "crime_prevention",
    "order",
    "safety",
    "identity",
    "technical",
    "other_person",
    "shown_object",
    "threats",
    "other",
]
EndReason = Literal[
    "time",
    "left",
    "absence",
    "recorder",
    "unsupervised",
    "node",
    "crime_prevention",
    "order",
    "safety",
    "identity",
    "technical",
    "other_person",
    "shown_object",
    "threats",
    "other",
]
By = Literal["prisoner", "visitor", "officer", "system"]
EventKind = Literal[
    "joined",
    "left",
    "ringing",
    "declined",
    "unanswered",
    "live",
    "lost",
    "back",
    "hold",
    "resume",
    "warning",
    "seen",
    "minutes",
    "gap",
    "recorder_back",
    "watch",
    "unwatch",
    "intrusion",
    "end",
]
Need = Literal["unwatched", "recorder", "lost", "held"]

Id = Annotated[str, Text(64, least=1, pattern=r"[A-Za-z0-9_-]+")]
Name = Annotated[str, Text(120)]
Party = Annotated[str, Text(40, least=1)]
Note = Annotated[str, Text(500)]
Code = Annotated[str, Text(40, least=1, pattern=r"[a-z0-9_.]+")]
Sdp = Annotated[str, Text(32_000, least=1, raw=True)]
Millis = Annotated[int, Whole(0, 2**53 - 1)]
Line = Annotated[int, Whole(0, 4)]
Slot = Annotated[int, Whole(0, 31)]
Minutes = Annotated[int, Whole(0, 24 * 60)]
Count = Annotated[int, Whole(0, 10_000)]
Words = Annotated[dict[Lang, Annotated[str, Text(2_000)]], Many(3)]
Parties = Annotated[tuple[Party, ...], Many(16)]


@dataclass(frozen=True)
class PartyState:
    """One of the people of a call.

    party: the name under which the two sides are known: "prisoner", "visitor"
    name: the first name that is shown
    relation: what this person is to the prisoner, in words; null for the prisoner
    presence: absent; lobby = signed in and waiting; here = picture and sound connected; lost = connection lost
    lost_since: when the last packet came, while presence is "lost"
    audio: false when the person's own sound is muted (enforced in the server)
    video: false when the person's own camera is off (enforced in the server)
    line: 0 lost, 1 bad, 2 weak, 3 fair, 4 good; null before anything was measured
    """

    party: Party
    name: Name
    relation: Words | None
    presence: Presence
    lost_since: Millis | None
    audio: bool
    video: bool
    line: Line | None


@dataclass(frozen=True)
class SlotState:
    """Who sits in which receiving slot of a leg of the receiver of this state.

    leg: the receiver's own leg
    slot: index of the pair of receiving lines in the offer (after the publishing lines)
    party: who is forwarded there; null = nobody
    level: "main" picture, small "preview", or "none" (sound only, or nothing)
    audio: whether sound is forwarded
    """

    leg: Id
    slot: Slot
    party: Party | None
    level: Level
    audio: bool


@dataclass(frozen=True)
class HoldState:
    """Why nothing is forwarded or recorded right now.

    reason: one of the reason codes; "technical" when the server holds by itself
    text: the officer's own words to both sides, may be empty
    by: "officer" or "system"
    """

    reason: ReasonCode
    text: Note
    since: Millis
    by: By


@dataclass(frozen=True)
class WarningState:
    """A warning that both sides must see.

    code: a reason code when a ready-made text is meant; null = only the officer's own words
    seen_by: the parties that have confirmed it
    """

    id: Id
    code: ReasonCode | None
    text: Note
    at: Millis
    seen_by: Parties


@dataclass(frozen=True)
class EndedState:
    """Why the call is over.

    reason: time, left, absence, recorder, unsupervised, node, or the officer's reason code
    text: the officer's own words to both sides
    by: who ended it: a party, "officer", or null = the server
    """

    reason: EndReason
    text: Note | None
    at: Millis
    by: By | None


@dataclass(frozen=True)
class EventState:
    """One line of the call's time line, told to officers only."""

    kind: EventKind
    at: Millis
    party: Party | None
    text: Note | None
    code: Code | None


@dataclass(frozen=True)
class CallState:
    """A call as its receiver may see it: whole, after every change. The client reconciles; nothing is a difference.

    visit: the visit's id
    call: the call's id; null before the first join
    phase: waiting (somebody is missing), ringing, live, held (nothing is forwarded or recorded), ended
    you: the receiver's own party, or "officer"
    now: the server's clock when this was written; count down from it, not from the device's clock
    ringing_since: while the terminal rings
    declined_at: the prisoner said "not now" to the last ring
    slots: seats of the receiver's own legs
    hold: set while phase is "held"
    minutes_notice: 5 or 1 once so many minutes are left
    ended: set when phase is "ended"
    recording: none = not recorded by rule; armed = will be; on; interrupted = the recorder is away; off = over or held
    watchers: how many officers watch now; null = the rule does not tell
    notice: the banner: what is recorded or watched, in words
    closed: nothing is recorded, watched or listened to (privileged)
    resume_until: while somebody is lost: when the call will end for absence
    events: the time line; empty for everybody but officers
    """

    visit: Id
    call: Id | None
    phase: Phase
    you: By
    now: Millis
    starts_at: Millis
    ends_at: Millis
    ringing_since: Millis | None
    declined_at: Millis | None
    parties: Annotated[tuple[PartyState, ...], Many(16)]
    slots: Annotated[tuple[SlotState, ...], Many(32)]
    hold: HoldState | None
    warnings: Annotated[tuple[WarningState, ...], Many(50)]
    minutes_notice: Literal[5, 1] | None
    ended: EndedState | None
    recording: RecordingState
    watchers: Count | None
    notice: Words
    closed: bool
    resume_until: Millis | None
    events: Annotated[tuple[EventState, ...], Many(500)]


@dataclass(frozen=True)
class WallCall:
    """One call on the officers' wall. A closed call shows its cell and times, and no names.

    call: null before the first join
    lines: quality of each party's line, 0..4, null before it was measured
    presence: of each party
    recording: as in CallState
    needs: what asks for an officer's eyes: unwatched, recorder, lost, held
    """

    visit: Id
    call: Id | None
    cell: Name
    prisoner: Name | None
    visitor: Name | None
    relation: Words | None
    phase: Phase
    starts_at: Millis
    ends_at: Millis
    closed: bool
    watchable: bool
    audible: bool
    recording: RecordingState
    lines: Annotated[dict[Party, Line | None], Many(16)]
    presence: Annotated[dict[Party, Presence], Many(16)]
    hold: HoldState | None
    needs: Annotated[tuple[Need, ...], Many(8)]


@dataclass(frozen=True)
class WallComing:
    """A visit of today that has not begun. A closed one shows no names."""

    visit: Id
    cell: Name
    prisoner: Name | None
    visitor: Name | None
    starts_at: Millis
    closed: bool


@dataclass(frozen=True)
class WallState:
    """The officers' wall of one prison: whole, after every change, at most once a second."""

    now: Millis
    calls: Annotated[tuple[WallCall, ...], Many(1_000)]
    coming: Annotated[tuple[WallComing, ...], Many(1_000)]
