"""The table of a call's states: what each command does in each phase, and where it may lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signaling import protocol as p
from signaling.message import Command
from signaling.shapes import Phase

# What a command meets in a phase: DO = it is carried out; DONE = it has been done already or is no longer
# needed, which is answered with ok and changes nothing; anything else is the code of its refusal.
DO: Final = "do"
DONE: Final = "done"

PHASES: Final[tuple[Phase, ...]] = ("waiting", "ringing", "live", "held", "ended")

RULES: Final[Mapping[type[Command], tuple[str, str, str, str, str]]] = {
    #                waiting             ringing             live               held               ended
    p.Join: (DO, DO, DO, DO, "call_ended"),
    p.Leave: (DO, DO, DO, DO, DONE),
    p.AnswerRing: (DO, DO, DONE, DONE, "call_ended"),
    p.DeclineRing: (DONE, DO, "already_decided", "already_decided", DONE),
    p.OpenLeg: (DO, DO, DO, DO, "call_ended"),
    p.AnswerLeg: (DO, DO, DO, DO, "call_ended"),
    p.SetMedia: (DO, DO, DO, DO, "call_ended"),
    p.SeeWarning: (DO, DO, DO, DO, DONE),
    p.Watch: (DO, DO, DO, DO, "call_ended"),
    p.Focus: (DO, DO, DO, DO, "call_ended"),
    p.Unwatch: (DO, DO, DO, DO, DONE),
    p.Warn: ("call_not_live", "call_not_live", DO, DO, "call_ended"),
    p.Hold: ("call_not_live", "call_not_live", DO, DO, "call_ended"),
    p.Resume: ("call_not_live", "call_not_live", DONE, DO, "call_ended"),
    p.End: (DO, DO, DO, DO, DONE),
}

# Command -> phase before -> phases after. What is not here leaves the phase as it was.
LEADS: Final[Mapping[type[Command], Mapping[Phase, frozenset[Phase]]]] = {
    p.Join: {"waiting": frozenset({"ringing"})},
    p.Leave: {
        "waiting": frozenset(),
        "ringing": frozenset({"waiting"}),
        "live": frozenset({"ended"}),
        "held": frozenset({"ended"}),
    },
    p.AnswerRing: {"waiting": frozenset({"live"}), "ringing": frozenset({"live"})},
    p.DeclineRing: {"ringing": frozenset({"waiting"})},
    p.Hold: {"live": frozenset({"held"})},
    p.Resume: {"held": frozenset({"live"})},
    p.End: {phase: frozenset({"ended"}) for phase in PHASES if phase != "ended"},
}


def rule(command: type[Command], phase: Phase) -> str:
    """DO, DONE or a refusal code; a command without a row is never carried out."""
    row = RULES.get(command)
    return row[PHASES.index(phase)] if row else "not_permitted"


def may_lead(command: type[Command], before: Phase, after: Phase) -> bool:
    return after == before or after in LEADS.get(command, {}).get(before, frozenset())
