"""Under what conditions a visit is held: decided before the call, a value obeyed during it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from visitation.deciding_facts import STRICT, Aware, DecidingFacts, ListeningDecision, Standing, aware
from visitation.degrees import (
    Recording,
    Watching,
    WithoutRecorder,
    WithoutSupervisor,
    banner_code,
    is_closed,
    is_recorded,
)
from visitation.jurisdictions.kinds import VisitKind, visit_kinds
from visitation.jurisdictions.pack import PolicyPack, Rule
from visitation.jurisdictions.shapes import PolicyUnreadable
from visitation.jurisdictions.texts import Notice
from visitation.words import Words

__all__ = [
    "Conditions",
    "ConditionsUndecided",
    "ConditionsUnreadable",
    "DecidingFacts",
    "ListeningDecision",
    "Notice",
    "PolicyRef",
    "Recording",
    "Standing",
    "Undecided",
    "Watching",
    "WithoutRecorder",
    "WithoutSupervisor",
    "conditions",
    "decision_from_json",
    "decision_to_json",
    "from_json",
    "to_json",
]


class Undecided(StrEnum):
    """Why a visit's conditions are not decided. The office has words for each, and a way on."""

    POLICY_UNREADABLE = "policy_unreadable"
    POLICY_NOT_IN_FORCE = "policy_not_in_force"
    KIND_UNKNOWN = "kind_unknown"
    CONTACT_UNFIT = "contact_unfit"
    STANDING_MISSING = "standing_missing"
    STANDING_LAPSED = "standing_lapsed"
    OTHER_PRISON_SILENT = "other_prison_silent"
    CHILD_MISSING = "child_missing"
    CHILD_HEARD = "child_heard"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    DECISION_UNREADABLE = "decision_unreadable"
    CONDITIONS_UNREADABLE = "conditions_unreadable"
    CONDITIONS_CHANGED = "conditions_changed"


class ConditionsUndecided(Exception):
    """No rule, or no clear one, fits the visit: it is not started, recorded or watched."""

    def __init__(self, why: Undecided) -> None:
        super().__init__(why.value)
        self.why = why


class ConditionsUnreadable(Exception):
    """Stored conditions do not read back whole: the visit is not started, recorded or watched."""


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """By whose rule: pack, its version, the rule in it, and the law."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    pack: str
    version: str
    rule: str
    legal_basis: Words


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything that is settled about a call before it begins. The first notice is the banner."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    record_picture: Recording
    record_sound: Recording
    watch_picture: Watching
    watch_sound: Watching
    notices: Annotated[tuple[Notice, ...], Field(min_length=1)]
    end_to_end: bool
    minutes: Annotated[int, Field(gt=0)]
    parties: Annotated[int, Field(ge=2)]
    without_supervisor: WithoutSupervisor
    without_recorder: WithoutRecorder
    show_watchers: bool
    policy: PolicyRef
    decided_at: Aware

    @property
    def recorded(self) -> bool:
        """Picture or sound may be written down."""
        return is_recorded(self)

    @property
    def recorder_required(self) -> bool:
        return Recording.REQUIRED in (self.record_picture, self.record_sound)

    @property
    def watchable(self) -> bool:
        """An officer may see the picture, live and in playback, without a further decision."""
        return self.watch_picture.open

    @property
    def audible(self) -> bool:
        """An officer may hear the sound, live and in playback, without a further decision."""
        return self.watch_sound.open

    @property
    def closed(self) -> bool:
        """Nothing of it is recorded, watched or listened to, and no decision could change that."""
        return is_closed(self)


def conditions(kind: str, policy: PolicyPack, facts: DecidingFacts) -> Conditions:
    """The conditions this policy lays on a visit of this kind. Pure. Raises ConditionsUndecided."""
    try:
        what = visit_kinds().get(kind)
    except PolicyUnreadable as error:
        raise ConditionsUndecided(Undecided.POLICY_UNREADABLE) from error
    rule = policy.rule_for(kind, listening_decision=facts.may_be_heard, child=facts.children > 0)
    if what is None or rule is None:
        raise ConditionsUndecided(Undecided.KIND_UNKNOWN)
    why = _unfit(what, policy, facts) or _beyond(rule, facts)
    if why is not None:
        raise ConditionsUndecided(why)
    return _held_by(rule, policy, facts)


def _unfit(what: VisitKind, policy: PolicyPack, facts: DecidingFacts) -> Undecided | None:
    """Why these people cannot have a visit of this kind on that day."""
    if not policy.in_force(facts.day):
        return Undecided.POLICY_NOT_IN_FORCE
    if facts.contact not in what.contacts:
        return Undecided.CONTACT_UNFIT
    if what.standing is not None:
        checked = [
            s for s in facts.standing if s.kind == what.standing and s.checked_on <= aware(facts.at).date()
        ]
        if not any(standing.holds(facts.day) for standing in checked):
            return Undecided.STANDING_LAPSED if checked else Undecided.STANDING_MISSING
    if what.both_prisons and not facts.both_prisons_allow:
        return Undecided.OTHER_PRISON_SILENT
    if what.needs_child and facts.children < 1:
        return Undecided.CHILD_MISSING
    return None


def _beyond(rule: Rule, facts: DecidingFacts) -> Undecided | None:
    """What the rule does not reach to."""
    if facts.children and rule.sound_open and not rule.children_may_be_heard:
        return Undecided.CHILD_HEARD
    if not 0 < facts.minutes <= rule.max_minutes:
        return Undecided.TOO_LONG
    if not 2 <= facts.parties <= rule.max_parties:
        return Undecided.TOO_MANY
    return None


def _held_by(rule: Rule, policy: PolicyPack, facts: DecidingFacts) -> Conditions:
    return Conditions(
        record_picture=rule.record_picture,
        record_sound=rule.record_sound,
        watch_picture=rule.watch_picture,
        watch_sound=rule.watch_sound,
        notices=rule.notices,
        end_to_end=rule.end_to_end,
        minutes=facts.minutes,
        parties=facts.parties,
        without_supervisor=rule.without_supervisor,
        without_recorder=rule.without_recorder,
        show_watchers=rule.show_watchers,
        policy=PolicyRef(policy.pack, policy.version, rule.rule, dict(rule.legal_basis)),
        decided_at=aware(facts.at),
    )


_conditions: TypeAdapter[Conditions] = TypeAdapter(Conditions)
_decision: TypeAdapter[ListeningDecision] = TypeAdapter(ListeningDecision)


def to_json(held: Conditions) -> str:
    """As stored on the visit."""
    return _conditions.dump_json(held).decode()


def from_json(text: str | bytes | None) -> Conditions:
    """The exact opposite of `to_json`. Raises ConditionsUnreadable for anything else."""
    try:
        held = _conditions.validate_json(text or b"")
    except ValidationError as error:
        raise ConditionsUnreadable(f"{error.error_count()} faults") from error
    if held.notices[0].code != banner_code(held):
        raise ConditionsUnreadable("what people were told is not what would be done")
    return held


def decision_to_json(decision: ListeningDecision) -> str:
    return _decision.dump_json(decision).decode()


def decision_from_json(text: str | bytes) -> ListeningDecision:
    """Raises ConditionsUnreadable: a decision nobody can read decides nothing."""
    try:
        return _decision.validate_json(text)
    except ValidationError as error:
        raise ConditionsUnreadable(f"{error.error_count()} faults in the decision") from error
