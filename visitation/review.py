"""Whether a visit that was booked could still be: what changed since, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from visitation.eligibility import (
    Assessment,
    Facts,
    Override,
    Proposal,
    Refusal,
    RefusalCode,
    RestrictionType,
    ReviewCause,
    ReviewReason,
    UserType,
    VisitRestriction,
    assess,
    booking_window,
    refusals,
)
from visitation.review_causes import (
    FROM_REFUSAL,
    HANDLING,
    AutoRejection,
    Cause,
    ClearReason,
    Consequence,
    NotificationEventType,
    Offer,
)

_E = NotificationEventType
_BARRED: Final = frozenset(
    {RefusalCode.PRISONER_BANNED, RefusalCode.VISITOR_BANNED, RefusalCode.COURT_CONTACT_RESTRICTION}
)
_NOBODY_LEFT: Final = frozenset(
    {
        RefusalCode.NO_VISITORS,
        RefusalCode.NO_CHILD,
        RefusalCode.NO_ADULT,
        RefusalCode.RESPONSIBLE_ADULT_MISSING,
        RefusalCode.SESSION_FOR_CHILDREN,
    }
)
_ORDER: Final = {each: place for place, each in enumerate(NotificationEventType)}


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """A visit as it was proposed, and what it takes. `settled` are the causes that the office knew when it
    approved the visit, or answered "do not change" to."""

    visit_id: str
    proposal: Proposal
    restriction: VisitRestriction
    settled: frozenset[Cause] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause, what it leads to, and what can be offered. `visitor_id` is who is to be removed."""

    cause: Cause
    consequence: Consequence
    offers: tuple[Offer, ...]
    visitor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that came between; nothing = the visit stays as it is."""

    findings: tuple[Finding, ...]

    @property
    def causes(self) -> tuple[Cause, ...]:
        return tuple(dict.fromkeys(finding.cause for finding in self.findings))

    @property
    def consequence(self) -> Consequence | None:
        """The heaviest; None when nothing was found."""
        return max((each.consequence for each in self.findings), key=list(Consequence).index, default=None)

    @property
    def settleable(self) -> frozenset[Cause]:
        """What an approval, or staff's "do not change", settles; to be kept with the visit."""
        return frozenset(finding.cause for finding in self.findings if Offer.KEEP in finding.offers)

    @property
    def keepable(self) -> bool:
        """Staff may answer "do not change" to all of it."""
        return all(Offer.KEEP in finding.offers for finding in self.findings)


def review(visit: BookedVisit, facts: Facts) -> Review:
    """Looks at the visit as if staff proposed it now. `facts.terminals` has the visit's own terminal,
    and others that could be offered.

    What staff settled stays settled, but where "do not change" is no answer. A temporary absence flags, and
    neither it nor anything but the law ever cancels.
    """
    anew = _anew(visit)
    found = assess(anew, facts)
    barred = tuple(each for each in found.refusals if each.code in _BARRED)
    findings = [
        *(_flag(cause, *_terminals(cause, anew, facts)) for cause in _changes(found.refusals)),
        *_of_bars(barred, anew, facts),
        *(_flag(cause) for cause in _concerns(found, facts)),
    ]
    if found.restriction is VisitRestriction.CLOSED and visit.restriction is VisitRestriction.OPEN:
        findings += (_flag(cause, *_closed_room(anew, facts)) for cause in _closing(anew, facts))
    standing = [each for each in findings if each.cause not in visit.settled or Offer.KEEP not in each.offers]
    return Review(tuple(sorted(standing, key=lambda finding: _ORDER[finding.cause.type])))


def _anew(visit: BookedVisit) -> Proposal:
    return replace(
        visit.proposal,
        user_type=UserType.STAFF,
        overrides=frozenset(Override),
        replaces_visit_id=visit.visit_id,
        closed_wanted=False,
    )


def _changes(found: Iterable[Refusal]) -> Iterator[Cause]:
    causes = (Cause(FROM_REFUSAL[each.code], each.about) for each in found if each.code in FROM_REFUSAL)
    yield from dict.fromkeys(causes)


def _flag(cause: Cause, *possible: Offer) -> Finding:
    """`possible` is what the facts make possible besides what is always offered."""
    handling = HANDLING[cause.type]
    keep = (Offer.KEEP,) if handling.keepable else ()
    consequence = Consequence.CANCEL if cause.type is _E.PRISONER_RELEASED_EVENT else Consequence.FLAG
    return Finding(cause, consequence, (*keep, *possible, *handling.offers))


def _terminals(cause: Cause, anew: Proposal, facts: Facts) -> Iterator[Offer]:
    if cause.type is _E.TERMINAL_UNAVAILABLE_EVENT:
        elsewhere = assess(replace(anew, terminal_id=None), facts)
        if elsewhere.terminal_ids:
            yield Offer.OTHER_TERMINAL


def _closed_room(anew: Proposal, facts: Facts) -> Iterator[Offer]:
    closed = refusals(replace(anew, closed_wanted=True, overrides=frozenset()), facts)
    if all(each.code is not RefusalCode.NO_CLOSED_CAPACITY for each in closed):
        yield Offer.MOVE_TO_CLOSED


def _of_bars(barred: tuple[Refusal, ...], anew: Proposal, facts: Facts) -> Iterator[Finding]:
    """Bans and the court's orders: the law's own answer. Those who may still come keep the visit."""
    out = {each.about for each in barred if each.about in (anew.visitor_ids or ())}
    left = tuple(each for each in anew.visitor_ids or () if each not in out)
    rest = {each.code for each in refusals(replace(anew, visitor_ids=left), facts)}
    goes_on = not rest & (_NOBODY_LEFT | _BARRED)
    for each in barred:
        cause = _restriction_cause(dict(each.params).get("restriction"), facts)
        if goes_on and each.about is not None:
            yield Finding(cause, Consequence.REMOVE_VISITOR, (Offer.CHANGE_PEOPLE, Offer.CANCEL), each.about)
        else:
            yield Finding(cause, Consequence.CANCEL, (Offer.CANCEL,))


def _restriction_cause(restriction_id: object, facts: Facts) -> Cause:
    """By whose restriction it is."""
    prisoners = [facts.prisoner, facts.other.prisoner if facts.other is not None else None]
    for restriction in (each for who in prisoners if who is not None for each in who.restrictions):
        if restriction.id == restriction_id:
            of_two = restriction.contact_ids is not None
            kind = _E.VISITOR_RESTRICTION_UPSERTED_EVENT if of_two else _E.PRISONER_RESTRICTION_CHANGE_EVENT
            return Cause(kind, restriction.id)
    return Cause(_E.PERSON_RESTRICTION_UPSERTED_EVENT, str(restriction_id))


def _concerns(found: Assessment, facts: Facts) -> Iterator[Cause]:
    causes = (_of_review(each, facts) for each in found.review)
    yield from (cause for cause in causes if cause is not None)


def _of_review(found: ReviewCause, facts: Facts) -> Cause | None:
    if found.reason is ReviewReason.PRISONER_ALERT:
        return Cause(_E.PRISONER_ALERT_CREATED_EVENT, found.about)
    if found.reason is ReviewReason.PRISONER_AWAY:
        return Cause(_E.PRISONER_AWAY_EVENT, found.about)
    if found.reason in (
        ReviewReason.PRISONER_RESTRICTION,
        ReviewReason.VISITOR_RESTRICTION,
        ReviewReason.CHILD_TO_BE_VETTED,
    ):
        return _restriction_cause(found.about, facts)
    return None


def _closing(proposal: Proposal, facts: Facts) -> Iterator[Cause]:
    """The restrictions that would now put an open visit into a closed one."""
    ids = set(proposal.visitor_ids or ())
    people = [facts.prisoner, *(facts.visitors.get(each) for each in ids)]
    people += [facts.other.prisoner] if facts.other is not None else []
    for restriction in (each for who in people if who is not None for each in who.restrictions):
        met = restriction.contact_ids is None or not ids.isdisjoint(restriction.contact_ids)
        if restriction.type is RestrictionType.CLOSED and restriction.on(proposal.date) and met:
            yield _restriction_cause(restriction.id, facts)


def cleared(
    opened: Iterable[Cause], visit: BookedVisit, now: Review, facts: Facts
) -> tuple[tuple[Cause, ClearReason], ...]:
    """Those of the causes opened before that stand no longer, and why. Nothing is cleared by not being able
    to read whether it still stands."""
    found = []
    for cause in opened:
        handling = HANDLING[cause.type]
        if cause in now.causes:
            continue
        if cause in visit.settled and handling.keepable:
            found.append((cause, ClearReason.DO_NOT_CHANGE))
        elif handling.source not in facts.unread:
            found.append((cause, handling.cleared))
    return tuple(found)


def auto_rejection(visit: BookedVisit, facts: Facts) -> AutoRejection | None:
    """Why a request that nobody answered is to be rejected by itself; a temporary absence is no reason."""
    codes = {each.code for each in refusals(_anew(visit), facts)}
    if codes & {RefusalCode.PRISONER_RELEASED, RefusalCode.PRISONER_NOT_FOUND}:
        return AutoRejection.PRISONER_RELEASED
    if codes & {RefusalCode.PRISONER_TRANSFERRED, RefusalCode.PRISON_PRISONER_MISMATCH}:
        return AutoRejection.PRISONER_TRANSFERRED
    days = booking_window(visit.proposal, facts)
    too_late = days is not None and visit.proposal.date < days[0]
    if too_late or RefusalCode.TIME_IN_PAST in codes:
        return AutoRejection.MINIMUM_BOOKING_WINDOW_REACHED
    return None
