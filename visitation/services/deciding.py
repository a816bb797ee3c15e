"""Decide a visit's conditions by its prison's policy pack, at booking and again at the first join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from visitation.conditions import (
    Conditions,
    ConditionsUndecided,
    ConditionsUnreadable,
    DecidingFacts,
    conditions,
    decision_from_json,
)
from visitation.jurisdictions.pack import PolicyPack, PolicyUnreadable
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit

Packs = Callable[[str], PolicyPack]


def decide(visit: Visit, contact: Contact, prison: Prison, packs: Packs, now: datetime) -> Conditions:
    """Raises ConditionsUndecided when anything it needs is missing, unknown or unreadable."""
    try:
        policy = packs(prison.policy_pack)
        listening = visit.listening_decision
        facts = DecidingFacts(
            at=now,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            contact=contact.kind,
            listening_decision=decision_from_json(listening) if listening is not None else None,
        )
        return conditions(visit.kind, policy, facts)
    except (PolicyUnreadable, ConditionsUnreadable) as error:
        raise ConditionsUndecided(str(error)) from error
