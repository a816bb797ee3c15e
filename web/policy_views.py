"""A policy pack put into the shapes of the public page."""

from __future__ import annotations

from visitation.degrees import is_recorded
from visitation.jurisdictions.booking import Booking
from visitation.jurisdictions.decisions import Appeal, DecisionKind
from visitation.jurisdictions.kinds import VisitKind
from visitation.jurisdictions.pack import PolicyPack, Rule
from web.policy_shapes import (
    AllowanceView,
    AppealView,
    BookingView,
    KindView,
    PackHead,
    RuleView,
    WhatHappens,
)
from web.views import notices_view, words


def pack_head(pack: PolicyPack, *, in_use: bool) -> PackHead:
    return PackHead(
        pack=pack.pack,
        version=pack.version,
        jurisdiction=words(pack.jurisdiction),
        valid_from=pack.valid_from.isoformat(),
        valid_until=pack.valid_until.isoformat() if pack.valid_until else None,
        reviewed=pack.reviewed,
        in_use=in_use,
    )


def what_happens(pack: PolicyPack, *, in_use: bool) -> WhatHappens:
    """The whole page of one pack."""
    return WhatHappens(
        head=pack_head(pack, in_use=in_use),
        kinds=[view for kind in pack.kinds() if (view := _kind(kind, pack)) is not None],
        booking=_booking(pack.booking),
        ban_months=pack.bans.longest_months,
        appeals=_appeals(pack.appeals),
    )


def _kind(kind: VisitKind, pack: PolicyPack) -> KindView | None:
    ordinary = pack.rule_for(kind.kind)
    if ordinary is None:
        return None
    decided = pack.rule_for(kind.kind, listening_decision=True)
    return KindView(
        kind=kind.kind,
        name=words(kind.name),
        about=words(kind.about),
        verified=kind.standing is not None,
        both_prisons=kind.both_prisons,
        approval=ordinary.approval,
        ordinary=_rule(ordinary),
        decided=None if decided is None or decided is ordinary else _rule(decided),
    )


def _rule(rule: Rule) -> RuleView:
    return RuleView(
        rule=rule.rule,
        notices=notices_view(rule.notices),
        closed=rule.closed,
        recorded=is_recorded(rule),
        basis=rule.basis,
        legal_basis=words(rule.legal_basis),
        minutes=rule.max_minutes,
    )


def _booking(booking: Booking) -> BookingView:
    window, people = booking.windows["public"], booking.people
    return BookingView(
        min_days=window.min_days,
        max_days=window.max_days,
        adult_age=booking.ages.adult_age,
        escort_age=booking.ages.escort_age,
        visitors=people.total,
        adults=people.adults,
        children=people.children,
        allowances=[
            AllowanceView(kinds=list(each.kinds), minutes=each.minutes, period=each.period)
            for each in booking.allowances
        ],
    )


def _appeals(appeals: dict[DecisionKind, Appeal]) -> list[AppealView]:
    """One for each route, with every kind of decision that takes it."""
    routes: list[tuple[Appeal, list[DecisionKind]]] = []
    for kind, appeal in appeals.items():
        same = next((kinds for route, kinds in routes if _same(route, appeal)), None)
        if same is None:
            routes.append((appeal, [kind]))
        else:
            same.append(kind)
    return [AppealView(decisions=k, to=words(a.to), how=words(a.how), days=a.days) for a, k in routes]


def _same(one: Appeal, other: Appeal) -> bool:
    return (one.to, one.how, one.days) == (other.to, other.how, other.days)
