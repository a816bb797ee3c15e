"""What is asked about: detached frozen values, each with what the predicates need and no more."""

from __future__ import annotations

from dataclasses import dataclass

from visitation.conditions import Conditions


@dataclass(frozen=True, slots=True)
class VisitSubject:
    """A visit; `conditions` is None when they are undecided or cannot be read."""

    visit_id: str
    prison_id: str
    prisoner_id: str
    contact_id: str
    terminal_id: str
    conditions: Conditions | None


@dataclass(frozen=True, slots=True)
class RecordingSubject:
    recording_id: str
    visit: VisitSubject


@dataclass(frozen=True, slots=True)
class PrisonSubject:
    prison_id: str


@dataclass(frozen=True, slots=True)
class TerminalSubject:
    """A terminal as signed in: the day of the person whose cell it is."""

    terminal_id: str
    prison_id: str


@dataclass(frozen=True, slots=True)
class PersonSubject:
    """What is kept of somebody outside, and what they have asked for."""

    person_id: str


Subject = VisitSubject | RecordingSubject | PrisonSubject | TerminalSubject | PersonSubject
