"""Under what conditions a visit is held: decided before the call, a value obeyed during it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from visitation.degrees import (
    Recording,
    Watching,
    WithoutRecorder,
    WithoutSupervisor,
    banner_code,
    is_closed,
    is_recorded,
)
from visitation.jurisdictions.pack import PolicyPack, Rule
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
    "Watching",
    "WithoutRecorder",
    "WithoutSupervisor",
    "conditions",
    "decision_from_json",
    "decision_to_json",
    "from_json",
    "to_json",
]

_STRICT = ConfigDict(strict=True, extra="forbid")


class ConditionsUndecided(Exception):
    """No rule, or no clear one, fits the visit: it is not started, recorded or watched."""


class ConditionsUnreadable(Exception):
    """Stored conditions do not read back whole: the visit is not started, recorded or watched."""


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC)


Aware = Annotated[datetime, AfterValidator(_aware)]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing the people in the call are told, and why it is so."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    code: str
    words: Words
    why: Words


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """By whose rule: pack, its version, the rule in it, and the law."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    pack: str
    version: str
    rule: str
    legal_basis: Words


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything that is settled about a call before it begins. The first notice is the banner."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
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


@dataclass(frozen=True, slots=True)
class ListeningDecision:
    """A decision to listen to one visit, made beforehand by somebody with the right to make it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: str
    basis: str
    made_by: str
    valid_until: Aware


@dataclass(frozen=True, slots=True)
class DecidingFacts:
    """What deciding looks at besides the kind: the moment (`at`), the slot, who comes, decisions.

    `contact` is the kind of the contact's own record: who is a lawyer is not said by a booking.
    """

    at: datetime
    starts_at: datetime
    ends_at: datetime
    contact: str
    parties: int = 2
    listening_decision: ListeningDecision | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def may_be_heard(self) -> bool:
        """The decision reaches to the end of the slot, so that it cannot run out in mid-call."""
        return self.listening_decision is not None and self.listening_decision.valid_until >= self.ends_at


def conditions(kind: str, policy: PolicyPack, facts: DecidingFacts) -> Conditions:
    """The conditions this policy lays on a visit of this kind. Pure. Raises ConditionsUndecided."""
    rule = policy.rule_for(kind, listening_decision=facts.may_be_heard)
    if rule is None:
        raise ConditionsUndecided(f"{policy.pack} has no rule for the kind")
    if facts.contact != rule.contact:
        raise ConditionsUndecided(f"{rule.rule} is not for a contact of this kind")
    if not policy.in_force(_aware(facts.starts_at).date()):
        raise ConditionsUndecided(f"{policy.pack} {policy.version} is not in force on that day")
    if not 0 < facts.minutes <= rule.max_minutes or not 2 <= facts.parties <= rule.max_parties:
        raise ConditionsUndecided(f"{rule.rule} does not allow this length or so many parties")
    return _held_by(rule, policy, facts)


def _held_by(rule: Rule, policy: PolicyPack, facts: DecidingFacts) -> Conditions:
    return Conditions(
        record_picture=rule.record_picture,
        record_sound=rule.record_sound,
        watch_picture=rule.watch_picture,
        watch_sound=rule.watch_sound,
        notices=tuple(
            Notice(code, dict(policy.notices[code].words), dict(policy.notices[code].why))
            for code in rule.notices
        ),
        end_to_end=rule.end_to_end,
        minutes=facts.minutes,
        parties=facts.parties,
        without_supervisor=rule.without_supervisor,
        without_recorder=rule.without_recorder,
        show_watchers=rule.show_watchers,
        policy=PolicyRef(policy.pack, policy.version, rule.rule, dict(rule.legal_basis)),
        decided_at=_aware(facts.at),
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
