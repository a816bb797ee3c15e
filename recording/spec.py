"""The values that cross between the server and the recorder: what is recorded, and what happened meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

_Value = TypeVar("_Value")


class SpecRefused(ValueError):
    """The bytes do not describe a recording or an event."""


def recording_name(recording_id: str) -> str:
    """The id itself when it is a canonical UUID (it becomes a folder's name), else SpecRefused."""
    try:
        canonical = str(uuid.UUID(recording_id))
    except (ValueError, AttributeError, TypeError):
        raise SpecRefused("recording id is not a UUID") from None
    if canonical != recording_id:
        raise SpecRefused("recording id is not a canonical UUID")
    return recording_id


@dataclass(frozen=True, slots=True)
class RecordingSpec:
    """One recording. `parties` maps a party to the name shown; `begun_ms` is wall clock, ms since the epoch."""

    recording_id: str
    call_id: str
    visit_id: str
    prison_id: str
    parties: dict[str, str]
    picture: bool
    sound: bool
    sound_playable: bool
    picture_playable: bool
    policy: str
    begun_ms: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> RecordingSpec:
        spec = _build(cls, value)
        recording_name(spec.recording_id)
        return spec


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened in the call: wall clock ms for people, monotonic ns for its place."""

    kind: str
    at_ms: int
    mono_ns: int
    party: str | None = None
    text: str | None = None
    code: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> TimelineEvent:
        return _build(cls, value)


def _build(cls: type[_Value], value: dict[str, Any]) -> _Value:
    try:
        return cls(**value)
    except TypeError as error:
        raise SpecRefused(f"not a {cls.__name__}") from error
