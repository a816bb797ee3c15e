"""Step 3: those who come are known, approved and not kept away, and the children have their adults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from visitation.eligibility.codes import RefusalCode
from visitation.eligibility.ground import Ground
from visitation.eligibility.people import (
    ContactClass,
    LinkState,
    PrisonerFacts,
    Restriction,
    RestrictionType,
    VisitorFacts,
)
from visitation.eligibility.proposal import Refusal
from visitation.eligibility.times import age_on


def visitors_are_right(on: Ground) -> Iterator[Refusal]:
    """What holds on every day: known, linked and approved, of the class that the kind is for."""
    if not on.people:
        return
    if not on.visitor_ids:
        yield Refusal(RefusalCode.NO_VISITORS)
    for each in on.visitor_ids:
        visitor = on.facts.visitors.get(each)
        if visitor is None:
            yield Refusal(RefusalCode.VISITOR_NOT_FOUND, each)
        else:
            yield from _is_right(on, visitor)
    most = min(on.prison.max_total, on.terms.max_visitors) if on.terms is not None else on.prison.max_total
    if len(on.visitor_ids) > most:
        yield Refusal(RefusalCode.TOO_MANY_VISITORS, None, (("max", most),))


def _is_right(on: Ground, visitor: VisitorFacts) -> Iterator[Refusal]:
    if on.terms is not None and visitor.contact_class not in on.terms.contact_classes:
        yield Refusal(RefusalCode.VISITOR_NOT_FOR_KIND, visitor.id)
    standing = needed_standing(on)
    if standing is not None:
        if all(status.standing != standing for status in visitor.officials):
            yield Refusal(RefusalCode.OFFICIAL_NOT_VERIFIED, visitor.id)
    elif visitor.link is None:
        yield Refusal(RefusalCode.VISITOR_NOT_LINKED, visitor.id)
    elif visitor.link is not LinkState.APPROVED:
        yield Refusal(RefusalCode.VISITOR_NOT_APPROVED, visitor.id)


def needed_standing(on: Ground) -> str | None:
    """What visitors must be verified to be. What no restriction meets asks for it whatever the terms say."""
    wanted = on.terms.standing if on.terms is not None else None
    return wanted or (on.proposal.kind if on.unrestricted else None)


def official_checks_hold(on: Ground, day: date) -> Iterator[Refusal]:
    standing = needed_standing(on)
    for visitor in on.visitors:
        rechecks = [each.recheck_on for each in visitor.officials if each.standing == standing]
        if rechecks and day >= max(rechecks):
            yield Refusal(RefusalCode.OFFICIAL_CHECK_EXPIRED, visitor.id, (("day", max(rechecks)),))


def nobody_is_kept_away(on: Ground, day: date) -> Iterator[Refusal]:
    """Bans and the court's contact restrictions. Neither ever meets counsel or those who oversee."""
    if on.unrestricted:
        return
    for side, other in zip(on.sides, reversed(on.sides), strict=True):
        others = other.prisoner.id if len(on.sides) == 2 else None
        for restriction in side.prisoner.restrictions:
            if restriction.on(day):
                yield from _meets(on, side.prisoner, restriction, others)
    for visitor in on.visitors:
        for restriction in visitor.restrictions:
            if restriction.on(day):
                yield from _of_visitor(visitor, restriction)


def _meets(
    on: Ground, prisoner: PrisonerFacts, restriction: Restriction, other: str | None
) -> Iterator[Refusal]:
    until = _until(restriction)
    if restriction.type is RestrictionType.BAN and restriction.contact_ids is None:
        yield Refusal(RefusalCode.PRISONER_BANNED, prisoner.id, until)
    elif restriction.type is RestrictionType.BAN:
        for each in on.visitors:
            if each.id in (restriction.contact_ids or ()):
                yield Refusal(RefusalCode.VISITOR_BANNED, each.id, until)
    elif restriction.type is RestrictionType.COURT_CONTACT:
        for met in _met_by_court(on, restriction, other):
            yield Refusal(RefusalCode.COURT_CONTACT_RESTRICTION, met, until)


def _met_by_court(on: Ground, restriction: Restriction, other: str | None) -> Iterator[str | None]:
    """Whom it keeps apart from the prisoner; None = everybody. `other` is the prisoner on the other side."""
    covers = restriction.covers_visits or (restriction.covers_association and other is not None)
    if not covers:
        return
    if restriction.contact_ids is None:
        yield None
        return
    others = [*(each.id for each in on.visitors), *([] if other is None else [other])]
    yield from (each for each in others if each in restriction.contact_ids)


def _of_visitor(visitor: VisitorFacts, restriction: Restriction) -> Iterator[Refusal]:
    if restriction.type is RestrictionType.BAN:
        yield Refusal(RefusalCode.VISITOR_BANNED, visitor.id, _until(restriction))
    elif restriction.type is RestrictionType.COURT_CONTACT and restriction.covers_visits:
        yield Refusal(RefusalCode.COURT_CONTACT_RESTRICTION, visitor.id, _until(restriction))


def _until(restriction: Restriction) -> tuple[tuple[str, str | date], ...]:
    last = (("until", restriction.last_day),) if restriction.last_day is not None else ()
    return ("restriction", restriction.id), *last


def ages_are_right(on: Ground, day: date) -> Iterator[Refusal]:
    """On the day of the visit: enough adults, not too many people, each small child with an adult of theirs."""
    social = [each for each in on.visitors if each.contact_class is ContactClass.SOCIAL]
    if on.people and on.terms is not None and on.terms.needs_child and not has_child(on, day):
        yield Refusal(RefusalCode.NO_CHILD)
    if not on.people or not social:
        return
    prison = on.prison
    ages = {each.id: age_on(each.born, day) for each in on.visitors if each.born is not None}
    yield from (Refusal(RefusalCode.VISITOR_AGE_UNKNOWN, each.id) for each in social if each.id not in ages)
    children = [each for each in social if ages.get(each.id, prison.adult_age) < prison.adult_age]
    grown = (each for each in on.visitors if each not in social or ages.get(each.id, -1) >= prison.adult_age)
    adults = {each.id for each in grown}
    small = [each for each in children if ages[each.id] < _alone_from(on)]
    if small and not adults:
        yield Refusal(RefusalCode.NO_ADULT, None, (("age", prison.adult_age),))
    for child in small:
        if not child.responsible_ids & adults:
            yield Refusal(RefusalCode.RESPONSIBLE_ADULT_MISSING, child.id)
    if len(adults) > prison.max_adults:
        yield Refusal(RefusalCode.TOO_MANY_ADULTS, None, (("max", prison.max_adults),))
    if len(children) > prison.max_children:
        yield Refusal(RefusalCode.TOO_MANY_CHILDREN, None, (("max", prison.max_children),))
    each_adult = prison.max_children_per_adult
    if each_adult is not None and adults and len(children) > each_adult * len(adults):
        yield Refusal(RefusalCode.TOO_MANY_CHILDREN_PER_ADULT, None, (("max", each_adult),))


def _alone_from(on: Ground) -> int:
    alone = on.prison.alone_from_age
    return on.prison.adult_age if alone is None else min(alone, on.prison.adult_age)


def has_child(on: Ground, day: date) -> bool:
    """Somebody known to be under the prison's adult age comes."""
    return any(each.born is not None and age_on(each.born, day) < on.prison.adult_age for each in on.visitors)
