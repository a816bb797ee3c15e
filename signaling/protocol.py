"""Every message of the live namespace: who may send it, under which permission, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from signaling.message import Command, News
from signaling.reading import Many, Text, read
from signaling.shapes import CallState, Id, Note, ReasonCode, Sdp, WallState
from visitation.policy.permissions import Permission

VERSION = 1
NAMESPACE = "/live"
PATH = "/socket.io"

Sender = Literal["visitor", "prisoner", "officer"]

Ticket = Annotated[str, Text(200, least=8, pattern=r"[A-Za-z0-9_.~-]+")]

GoodbyeCode = Literal["elsewhere", "signed_out", "misbehaved"]
LegReason = Literal[
    "elsewhere", "ended", "intrusion", "unwatched", "fingerprint", "handshake", "closed_by_peer", "absence"
]


@dataclass(frozen=True)
class Offer:
    """A leg the server offers.

    leg: to be named in answer_leg
    sdp: the one offer of this leg; never renegotiated
    ice: no servers are needed: the server is reached directly
    """

    leg: Id
    sdp: Sdp
    ice: Annotated[tuple[Note, ...], Many(8)] = ()


@dataclass(frozen=True)
class Warned:
    """The warning as it was kept.

    id: what see_warning names
    """

    id: Id


@dataclass(frozen=True)
class Now:
    """Everything the receiver may see at this moment.

    calls: a visitor's visit, a terminal's calls of the day that have begun, or the calls an officer watches
    wall: for officers
    """

    calls: Annotated[tuple[CallState, ...], Many(64)]
    wall: WallState | None = None


@dataclass(frozen=True)
class Hello:
    """What a socket brings when it connects (Socket.IO's `auth`).

    ticket: got over HTTP a moment before; lives 60 s, good for one connection
    version: of this protocol
    tab: made at random when the page loads; tells a socket that comes back from a second tab
    """

    ticket: Ticket
    version: Literal[1]
    tab: Id | None = None


@dataclass(frozen=True)
class Join(Command, event="join", visitor=Permission.VISIT_JOIN):
    """Pass the lobby's checks and wait; rings the terminal from the visit's beginning. Rings again after a "not now"."""


@dataclass(frozen=True)
class Leave(Command, event="leave", visitor=Permission.VISIT_JOIN, prisoner=Permission.VISIT_JOIN):
    """Go: before the call is live the ring stops, in a live call the call ends for both."""


@dataclass(frozen=True)
class AnswerRing(Command, event="answer_ring", prisoner=Permission.RING_ANSWER):
    """The prisoner answers. Both sides are admitted now and the call is live."""

    visit: Id


@dataclass(frozen=True)
class DeclineRing(Command, event="decline_ring", prisoner=Permission.RING_ANSWER):
    """The prisoner says "not now"; the call goes back to waiting and may ring again."""

    visit: Id


@dataclass(frozen=True)
class OpenLeg(
    Command, event="open_leg", result=Offer, visitor=Permission.VISIT_JOIN, prisoner=Permission.VISIT_JOIN
):
    """Ask for a leg: after join, or after answering. Asked again it is a reconnect, and replaces the older leg."""


@dataclass(frozen=True)
class AnswerLeg(
    Command,
    event="answer_leg",
    visitor=Permission.VISIT_JOIN,
    prisoner=Permission.VISIT_JOIN,
    officer=Permission.CALL_WATCH,
):
    """The browser's answer to an offer. A refused one changes nothing; the leg may be answered again.

    leg: from the offer
    """

    leg: Id
    sdp: Sdp


@dataclass(frozen=True)
class SetMedia(Command, event="set_media", visitor=Permission.VISIT_JOIN, prisoner=Permission.VISIT_JOIN):
    """Own sound and camera on or off, enforced in the server.

    audio: true = may be heard
    video: true = may be seen
    """

    audio: bool
    video: bool


@dataclass(frozen=True)
class SeeWarning(Command, event="see_warning", visitor=Permission.VISIT_JOIN, prisoner=Permission.VISIT_JOIN):
    """A party confirms that it has read a warning."""

    id: Id


@dataclass(frozen=True)
class Sync(
    Command,
    event="sync",
    result=Now,
    visitor=Permission.VISIT_SEE,
    prisoner=Permission.TERMINAL_DAY_SEE,
    officer=Permission.WALL_SEE,
):
    """Ask for everything again, after a reconnect."""


@dataclass(frozen=True)
class Watch(Command, event="watch", result=Offer, officer=Permission.CALL_WATCH):
    """An officer's watcher leg of one call, showing the small previews. Impossible for a closed visit."""

    visit: Id


@dataclass(frozen=True)
class Focus(Command, event="focus", officer=Permission.CALL_WATCH):
    """The watcher leg shows full pictures, and carries sound if (and only if) the visit allows listening.

    full: true = full pictures; false = previews and no sound
    """

    visit: Id
    full: bool


@dataclass(frozen=True)
class Unwatch(Command, event="unwatch", officer=Permission.CALL_WATCH):
    """Close the watcher leg of one call."""

    visit: Id


@dataclass(frozen=True)
class Warn(Command, event="warn", result=Warned, officer=Permission.CALL_WARN):
    """A warning that both sides must see.

    code: a reason code for a ready-made text, or null
    text: the officer's own words; may be empty when a code is given
    """

    visit: Id
    code: ReasonCode | None = None
    text: Note = ""


@dataclass(frozen=True)
class Hold(Command, event="hold", officer=Permission.CALL_HOLD):
    """Shut the gates in the server: nothing is forwarded or recorded until resume.

    text: words to both sides, may be empty
    """

    visit: Id
    reason: ReasonCode
    text: Note = ""


@dataclass(frozen=True)
class Resume(Command, event="resume", officer=Permission.CALL_RESUME):
    """Open the gates again. A hold of the server's own (recorder away) stays."""

    visit: Id


@dataclass(frozen=True)
class End(Command, event="end", officer=Permission.CALL_END):
    """End the call, with a reason that both sides are told.

    text: words to both sides, may be empty
    """

    visit: Id
    reason: ReasonCode
    text: Note = ""


@dataclass(frozen=True)
class CallStateNews(CallState, News, event="call_state"):
    """The call as the receiver may see it; to its participants, and to officers who watch it."""


@dataclass(frozen=True)
class AgendaNews(News, event="agenda"):
    """To a terminal: the day's visits have changed, fetch them again over HTTP."""


@dataclass(frozen=True)
class WallStateNews(WallState, News, event="wall_state"):
    """The officers' wall of their prison."""


@dataclass(frozen=True)
class LegClosed(News, event="leg_closed"):
    """One of the receiver's legs is gone.

    reason: after the first four it may not be opened again, after the others at once
    """

    leg: Id
    reason: LegReason


@dataclass(frozen=True)
class GoodbyeNews(News, event="goodbye"):
    """The last word on this socket.

    code: elsewhere = a newer tab took over; signed_out = the session is over; misbehaved = too many bad messages
    """

    code: GoodbyeCode


COMMANDS: Mapping[str, type[Command]] = {cls.event: cls for cls in Command.__subclasses__()}
NEWS: Mapping[str, type[News]] = {cls.event: cls for cls in News.__subclasses__()}


def parse(command: type[Command], payload: Any) -> Command:
    """The command of an event's single argument (none = an empty one); raises reading.Malformed."""
    return read(command, {} if payload is None else payload)


def refusal(code: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The acknowledgement of a refused command."""
    return {"ok": False, "error": {"code": str(code), "params": dict(params or {})}}
