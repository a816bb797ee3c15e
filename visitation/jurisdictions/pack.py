"""The shape of a policy pack, and its reading from disk: whatever is unclear makes it unreadable."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from visitation.degrees import Watching
from visitation.jurisdictions.booking import Booking
from visitation.jurisdictions.decisions import DECISION_KINDS, Appeal, Bans, DecisionKind, Power
from visitation.jurisdictions.grounds import protected_grounds
from visitation.jurisdictions.kinds import VisitKind, visit_kinds
from visitation.jurisdictions.rule import Rule
from visitation.jurisdictions.shapes import Code, Data, PolicyUnreadable
from visitation.words import Words

HERE = Path(__file__).parent
DEMO_REVIEW = "demo, to be checked by the agency's lawyer"

__all__ = ["HERE", "PolicyPack", "PolicyUnreadable", "Rule", "load_pack", "pack_names", "read_pack"]


class PolicyPack(Data):
    """One jurisdiction's rules for a period, with their legal basis and every text shown to people."""

    pack: Code
    version: Annotated[str, Field(pattern=r"^[0-9][0-9.-]{0,19}$")]
    jurisdiction: Words
    review: Literal["demo, to be checked by the agency's lawyer", "approved"]
    sources: tuple[str, ...] = Field(min_length=1)
    valid_from: date
    valid_until: date | None = Field(description="Last day, or null while in force")
    rules: tuple[Rule, ...] = Field(min_length=1)
    booking: Booking
    bans: Bans
    powers: dict[DecisionKind, Power]
    appeals: dict[DecisionKind, Appeal]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        cases = [(rule.kind, rule.listening_decision) for rule in self.rules]
        if len(set(cases)) != len(cases):
            raise ValueError("two rules for one case")
        if len({rule.rule for rule in self.rules}) != len(self.rules):
            raise ValueError("two rules of one name")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        for name, said in (("powers", self.powers), ("appeals", self.appeals)):
            if missing := [kind for kind in DECISION_KINDS if kind not in said]:
                raise ValueError(f"{name}: nothing is said of {missing}")
        counted = {kind for allowance in self.booking.allowances for kind in allowance.kinds}
        if unknown := counted - {rule.kind for rule in self.rules}:
            raise ValueError(f"allowances for kinds without a rule: {sorted(unknown)}")
        return self

    @model_validator(mode="after")
    def _each_kind_is_kept(self) -> Self:
        for rule in self.rules:
            kind = visit_kinds().get(rule.kind)
            if kind is None:
                raise ValueError(f"{rule.rule}: {rule.kind!r} is not in kinds.json")
            if kind.confidential and (not rule.closed or rule.listening_decision):
                raise ValueError(
                    f"{rule.rule}: a confidential visit is never recorded, watched or listened to"
                )
            if rule.closed and kind.standing is None:
                raise ValueError(f"{rule.rule}: nobody attends, so the visitor's status must be verified")
            self._with_its_neighbour(rule)
        return self

    def _with_its_neighbour(self, rule: Rule) -> None:
        """A rule for visits with a decision to listen stands beside the one without, which speaks of it."""
        plain, listening = self._rule(rule.kind, listening=False), self._rule(rule.kind, listening=True)
        if plain is None or (listening is not None and plain.closed):
            raise ValueError(f"{rule.rule}: a decision to listen has no ordinary visit that it could change")
        if listening is None and Watching.BY_DECISION in (plain.watch_picture, plain.watch_sound):
            raise ValueError(f"{rule.rule}: says by_decision, and no rule says what the decision does")

    @property
    def reviewed(self) -> bool:
        """Whether the agency's lawyer has approved it."""
        return self.review != DEMO_REVIEW

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def rule_for(self, kind: str, *, listening_decision: bool = False, child: bool = False) -> Rule | None:
        """The rule of this kind; None for an unknown one.

        A decision to listen opens nothing where the pack has no rule for it, or none that reaches a child.
        """
        listening = self._rule(kind, listening=True) if listening_decision else None
        if listening is None or (child and not listening.children_may_be_heard):
            return self._rule(kind, listening=False)
        return listening

    def kinds(self) -> tuple[VisitKind, ...]:
        """The kinds of visit this pack has a rule for, in the order people are shown them."""
        ruled = {rule.kind for rule in self.rules}
        return tuple(kind for kind in visit_kinds().values() if kind.kind in ruled)

    def _rule(self, kind: str, *, listening: bool) -> Rule | None:
        return next((r for r in self.rules if r.kind == kind and r.listening_decision == listening), None)


Packs = Callable[[str], PolicyPack]  # by name; raises PolicyUnreadable


def read_pack(text: str | bytes) -> PolicyPack:
    """Raises PolicyUnreadable with every fault found."""
    try:
        raw = json.loads(text)
        grounds = protected_grounds(raw)
    except (ValueError, RecursionError) as error:
        raise PolicyUnreadable(f"it is not JSON: {error}") from error
    if grounds:
        raise PolicyUnreadable(*grounds)
    try:
        return PolicyPack.model_validate_json(text)
    except ValidationError as error:
        raise PolicyUnreadable(*(_fault(e["loc"], e["msg"], raw) for e in error.errors())) from error


def _fault(place: tuple[int | str, ...], message: str, raw: object) -> str:
    """Where and what; a rule is named by its own name, for counting them by hand is hard."""
    where = ".".join(map(str, place))
    if place[:1] == ("rules",) and len(place) > 1:
        rule = raw["rules"][place[1]] if isinstance(raw, dict) else None
        name = rule.get("rule") if isinstance(rule, dict) else None
        where = f"{where} ({name})" if isinstance(name, str) else where
    return f"{where}: {message}" if where else message


@cache
def load_pack(name: str) -> PolicyPack:
    """The pack `jurisdictions/<name>/pack.json` of this version. Raises PolicyUnreadable."""
    try:
        if not name.isidentifier():
            raise PolicyUnreadable("not a pack's name")
        found = read_pack((HERE / name / "pack.json").read_bytes())
    except OSError as error:
        raise PolicyUnreadable(f"{name}: {error.strerror}") from error
    if found.pack != name:
        raise PolicyUnreadable(f"{name}: it calls itself {found.pack}")
    return found


def pack_names() -> tuple[str, ...]:
    """The packs that lie here, readable or not, by name."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/pack.json")))
