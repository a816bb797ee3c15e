"""Everything that can be asked for; each has a row in the table."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    SESSION_OPEN = "session.open"
    NAME_SEE = "name.see"
    VISIT_SEE = "visit.see"
    VISIT_JOIN = "visit.join"
    OWN_SEE = "own.see"
    OWN_VISIT_SEE = "own.visit.see"
    OWN_VISIT_JOIN = "own.visit.join"
    LINK_ASK = "link.ask"
    RING_ANSWER = "ring.answer"
    CALL_WATCH = "call.watch"
    CALL_LISTEN = "call.listen"
    CALL_WARN = "call.warn"
    CALL_HOLD = "call.hold"
    CALL_RESUME = "call.resume"
    CALL_END = "call.end"
    WALL_SEE = "wall.see"
    TERMINAL_DAY_SEE = "terminal.day.see"
    OFFICE_DAY_SEE = "office.day.see"
    RECORDING_LIST = "recording.list"
    RECORDING_OPEN = "recording.open"
    RECORDING_LISTEN = "recording.listen"
