"""Decide a visit's conditions by its prison's policy pack, at booking and again at the first join."""

from __future__ import annotations

from datetime import datetime, timedelta

from visitation.conditions import (
    Conditions,
    ConditionsUndecided,
    ConditionsUnreadable,
    DecidingFacts,
    ListeningDecision,
    Standing,
    Undecided,
    conditions,
    decision_from_json,
)
from visitation.eligibility import ContactClass
from visitation.jurisdictions.pack import Packs, PolicyUnreadable
from visitation.model.people import Contact
from visitation.model.prisons import Prison
from visitation.model.visits import Visit

__all__ = ["Packs", "decide", "why_undecided"]


def decide(visit: Visit, contact: Contact, prison: Prison, packs: Packs, now: datetime) -> Conditions:
    """Raises ConditionsUndecided when anything it needs is missing, unknown or unreadable."""
    try:
        policy = packs(prison.policy_pack)
    except PolicyUnreadable as error:
        raise ConditionsUndecided(Undecided.POLICY_UNREADABLE) from error
    facts = DecidingFacts(
        at=now,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        contact=contact.kind,
        standing=_standing(contact, visit, now),
        listening_decision=_listening(visit),
    )
    return conditions(visit.kind, policy, facts)


def why_undecided(
    visit: Visit, contact: Contact, prison: Prison, packs: Packs, now: datetime, told: Conditions | None
) -> Undecided | None:
    """What would refuse to start the visit if somebody joined now; None when nothing would.

    `told` are the stored conditions, which people have read by now, None when they cannot be read.
    """
    try:
        held = decide(visit, contact, prison, packs, now)
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


def _standing(contact: Contact, visit: Visit, now: datetime) -> tuple[Standing, ...]:
    """The contact's verified statuses. Until professionals have a register of their own, the office's record
    of one with an office is the check, good for the day of the visit."""
    if contact.kind != ContactClass.PROFESSIONAL or not contact.office:
        return ()
    day = visit.starts_at.date()
    return (Standing("legal", "contact record", "office", min(now.date(), day), day + timedelta(days=1)),)
