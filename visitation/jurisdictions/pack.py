"""The shape of a policy pack, and its reading from disk: whatever is unclear makes it unreadable."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from visitation.degrees import (
    Recording,
    Watching,
    WithoutRecorder,
    WithoutSupervisor,
    banner_code,
    is_closed,
)
from visitation.words import Words

HERE = Path(__file__).parent
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]


class PolicyUnreadable(Exception):
    """The pack is missing or does not say everything; nothing may be decided by it."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeTexts(_Data):
    """What people are told, and the answer to "why?"."""

    words: Words
    why: Words


class Rule(_Data):
    """What the law makes of one kind of visit."""

    rule: Code
    kind: Code
    contact: Literal["social", "professional"] = Field(description="Whom the visit must be with")
    listening_decision: bool = Field(description="This rule is for visits with a decision to listen")
    privileged: bool
    name: Words
    legal_basis: Words
    record_picture: Recording
    record_sound: Recording
    watch_picture: Watching
    watch_sound: Watching
    notices: tuple[Code, ...] = Field(min_length=1, description="The first is the banner")
    end_to_end: bool
    max_minutes: int = Field(ge=5, le=240)
    max_parties: int = Field(ge=2, le=8)
    without_supervisor: WithoutSupervisor
    without_recorder: WithoutRecorder
    show_watchers: bool

    @model_validator(mode="after")
    def _privileged_means_closed(self) -> Self:
        if self.privileged and (not is_closed(self) or self.listening_decision):
            raise ValueError(f"{self.rule}: a privileged visit is never recorded, watched or listened to")
        return self

    @model_validator(mode="after")
    def _banner_is_true(self) -> Self:
        if self.notices[0] != banner_code(self):
            raise ValueError(f"{self.rule}: the banner must be {banner_code(self)}, which is what happens")
        return self


class PolicyPack(_Data):
    """One jurisdiction's rules for a period, with their legal basis and every text shown to people."""

    pack: Code
    version: Annotated[str, Field(pattern=r"^[0-9][0-9.-]{0,19}$")]
    jurisdiction: Words
    review: Literal["demo, to be checked by the agency's lawyer", "approved"]
    sources: tuple[str, ...] = Field(min_length=1)
    valid_from: date
    valid_until: date | None = Field(description="Last day, or null while in force")
    notices: dict[Code, NoticeTexts]
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        cases = [(rule.kind, rule.listening_decision) for rule in self.rules]
        if len(set(cases)) != len(cases):
            raise ValueError("two rules for one case")
        if len({rule.rule for rule in self.rules}) != len(self.rules):
            raise ValueError("two rules of one name")
        unknown = {code for rule in self.rules for code in rule.notices} - set(self.notices)
        if unknown:
            raise ValueError(f"no text for the notices {sorted(unknown)}")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def rule_for(self, kind: str, *, listening_decision: bool) -> Rule | None:
        """The rule of this kind; a decision to listen never opens a privileged one."""
        rules = [rule for rule in self.rules if rule.kind == kind]
        if any(rule.privileged for rule in rules):
            listening_decision = False
        return next((rule for rule in rules if rule.listening_decision == listening_decision), None)


def read_pack(text: str | bytes) -> PolicyPack:
    """Raises PolicyUnreadable."""
    try:
        return PolicyPack.model_validate_json(text)
    except ValidationError as error:
        raise PolicyUnreadable(f"{error.error_count()} faults, first: {error.errors()[0]['msg']}") from error


@cache
def load_pack(name: str) -> PolicyPack:
    """The pack `jurisdictions/<name>/pack.json` of this version. Raises PolicyUnreadable."""
    try:
        if not name.isidentifier():
            raise PolicyUnreadable("not a pack's name")
        return read_pack((HERE / name / "pack.json").read_bytes())
    except OSError as error:
        raise PolicyUnreadable(f"{name}: {error.strerror}") from error
