"""Decide a visit's conditions by its prison's policy pack, at booking and again at the first join."""

from __future__ import annotations

from datetime import datetime

from visitation.conditions import (
    Conditions,
    ConditionsUndecided,
    ConditionsUnreadable,
    DecidingFacts,
    ListeningDecision,
    Undecided,
    conditions,
    decision_from_json,
)
from visitation.eligibility.times import age_on
from visitation.jurisdictions.pack import Packs, PolicyUnreadable
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit
from visitation.storage.company import Company

__all__ = ["Packs", "decide", "why_undecided"]


def decide(
    visit: Visit, contact: Contact, prison: Prison, company: Company, packs: Packs, now: datetime
) -> Conditions:
    """Raises ConditionsUndecided when anything it needs is missing, unknown or unreadable."""
    try:
        policy = packs(prison.policy_pack)
    except PolicyUnreadable as error:
        raise ConditionsUndecided(Undecided.POLICY_UNREADABLE) from error
    grown, day = policy.booking.ages.adult_age, visit.starts_at.date()
    facts = DecidingFacts(
        at=now,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        contact=contact.kind,
        standing=company.standing,
        children=sum(age_on(born, day) < grown for born in company.born),
        both_prisons_allow=company.both_prisons_allow,
        listening_decision=_listening(visit),
    )
    return conditions(visit.kind, policy, facts)


def why_undecided(
    visit: Visit,
    contact: Contact,
    prison: Prison,
    company: Company,
    packs: Packs,
    now: datetime,
    told: Conditions | None,
) -> Undecided | None:
    """What would refuse to start the visit if somebody joined now; None when nothing would.

    `told` are the stored conditions, which people have read by now, None when they cannot be read.
    """
    try:
        held = decide(visit, contact, prison, company, packs, now)
    except ConditionsUndecided as undecided:
        return undecided.why
    if told is None:
        return Undecided.CONDITIONS_UNREADABLE
    return Undecided.CONDITIONS_CHANGED if told.closed and not held.closed else None


def _listening(visit: Visit) -> ListeningDecision | None:
    if visit.listening_decision is None:
        return None
    try:
        return decision_from_json(visit.listening_decision)
    except ConditionsUnreadable as error:
        raise ConditionsUndecided(Undecided.DECISION_UNREADABLE) from error
