"""Every refusal of the house: one closed list of codes, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

from visitation.words import Words

# Code -> what it means, for the reader of a log. What people read comes from the client's
# catalogue, which has words in every language for each code here (a test keeps it).
REFUSAL_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # who is asking
        "not_signed_in": "No session, or it has ended; sign in again.",
        "sign_in_refused": "The link or code is unknown, used up or too old.",
        "session_ended": "The session was closed or passed its limits.",
        "ticket_refused": "The one-time ticket is unknown, used or older than a minute.",
        "not_permitted": "The policy table has no row that lets this person do this.",
        "bad_origin": "The request came from another site.",
        # what was sent
        "bad_input": "The body, path or parameter does not have the agreed shape.",
        "field_missing": "A field that must be there is not.",
        "field_unknown": "There is a field that this shape does not have.",
        "not_a_choice": "The value is not one of those there are.",
        "text_too_short": "The text is shorter than it must be.",
        "number_too_small": "The number or date is below the least allowed.",
        "number_too_large": "The number or date is above the greatest allowed.",
        "list_too_short": "The list has fewer entries than it must have.",
        "list_too_long": "The list has more entries than allowed.",
        "cursor_unknown": "The cursor was not given by this list.",
        "key_missing": "A command must carry one Idempotency-Key of 16 to 64 letters, digits, - and _.",
        "key_reused": "The Idempotency-Key was sent before, with another command.",
        "version_missing": "An edit must say in If-Match which version it changes.",
        "bad_message": "The socket message does not have the agreed shape.",
        "bad_description": "The browser's answer does not fit the offer.",
        "bad_reason": "The reason is not one of the agreed codes.",
        "reason_required": "This act needs a reason.",
        "text_required": "This act needs a text.",
        "text_too_long": "The text is longer than allowed.",
        "too_large": "The body or message is larger than allowed.",
        "too_many": "Too many requests in a short time.",
        "version_unsupported": "The page is older than the server; load it again.",
        # the visit
        "not_found": "There is no such thing, or it is not this person's.",
        "visit_early": "The lobby of the visit is not open yet.",
        "visit_over": "The time of the visit has passed, or the visit has ended.",
        "visit_not_over": "This can be said once the time of the visit has passed.",
        "visit_cancelled": "The visit was cancelled.",
        "visit_undecided": "The conditions of the visit could not be decided or read.",
        "conditions_changed": "The conditions are no longer those the visit was booked under.",
        "visit_closed": "The visit is privileged: nobody watches, listens or records.",
        # the call
        "call_unknown": "There is no such call now.",
        "call_ended": "The call has ended.",
        "call_not_live": "This can only be done while the call is live.",
        "call_not_held": "The call is not on hold.",
        "call_not_ringing": "The call is not ringing.",
        "call_not_joined": "Join the visit first.",
        "call_elsewhere": "Another node holds the call.",
        "call_fenced": "This node has lost the call to a newer holder.",
        "not_watching": "Open the call before stepping in.",
        "already_decided": "This was already decided.",
        "still_running": "The same command is being done; ask again in a moment.",
        "outcome_unknown": "The same command was interrupted; see whether it was done before sending another.",
        "elsewhere": "The same person opened the page elsewhere; the newest wins.",
        "leg_unknown": "There is no such connection in this call.",
        "leg_limit": "The server carries no more connections now.",
        "sound_not_allowed": "Nobody may listen to this call.",
        "warning_unknown": "There is no such warning in this call.",
        # the recording
        "recorder_missing": "Recording is required, and there is no recorder.",
        "recording_unknown": "There is no such recording.",
        "recording_unreadable": "The recording cannot be read or its proof fails.",
        "grant_missing": "Open the recording with a reason first.",
        # the prison's week
        "stale": "Somebody changed it meanwhile.",
        "already_there": "There is such a thing already.",
        "in_use": "Something depends on it, so it cannot be removed.",
        "too_many_waiting": "As many requests wait for an answer as one person may have.",
        "not_bookable": "The rules refuse the visit; each reason is given with it.",
        "slot_taken": "Others were faster at the same moment, time and again.",
        # the house
        "unavailable": "Something the server needs does not answer.",
        "disk_full": "The server has no room left to record.",
        "draining": "The server takes no new calls; it is being updated.",
        "internal": "The server made a mistake; it was logged.",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the reasons a request is not granted; `code` is in REFUSAL_CODES, `params` fill its words.

    A code of another closed list (eligibility has two) brings its `words`, filled already.
    `at` is the JSON pointer (RFC 6901) of the body's field that is meant, or the name of the query's value;
    `about` the id of the person or thing that is meant.
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    at: str | None = None
    about: str | None = None
    words: Words | None = None

    def __post_init__(self) -> None:
        if self.words is None and self.code not in REFUSAL_CODES:
            raise LookupError(f"{self.code!r} is not a refusal code")


class Refused(Exception):
    """A request that is not granted; `code` is in REFUSAL_CODES, `params` fill its words.

    `reasons` is everything that stands against it, never empty.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        self.reasons: tuple[Reason, ...] = (Reason(code, params),)
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = params

    @classmethod
    def together(cls, reasons: Sequence[Reason], code: str | None = None) -> Self:
        """One refusal with all its reasons; `code` names them as a whole, else the first one does."""
        first = reasons[0]
        refused = cls(first.code, **first.params) if code is None else cls(code)
        refused.reasons = tuple(reasons)
        return refused


class NotSignedIn(Refused):
    """Nobody is known behind the request."""

    def __init__(self, code: str = "not_signed_in", **params: str | int) -> None:
        super().__init__(code, **params)


class NotFound(Refused):
    """There is no such thing, or not for this person."""

    def __init__(self, code: str = "not_found", **params: str | int) -> None:
        super().__init__(code, **params)


class Forbidden(Refused):
    """The person is known and may not."""

    def __init__(self, code: str = "not_permitted", **params: str | int) -> None:
        super().__init__(code, **params)


class NotNow(Refused):
    """Right person, right thing, wrong state or time."""


class BadInput(Refused):
    """What was sent has not the agreed shape."""

    def __init__(self, code: str = "bad_input", **params: str | int) -> None:
        super().__init__(code, **params)


class Unavailable(Refused):
    """The house itself cannot do it now, and so does nothing."""

    def __init__(self, code: str = "unavailable", **params: str | int) -> None:
        super().__init__(code, **params)
