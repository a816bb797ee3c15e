"""What a prison's policy says of arranging visits, as the deciders take it: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from visitation.allowances import AllowanceRule
from visitation.eligibility import KindTerms, PrisonFacts, UserType, Window
from visitation.jurisdictions.booking import Allowance
from visitation.jurisdictions.kinds import VisitKind
from visitation.jurisdictions.pack import PolicyPack
from visitation.model.prisons import Prison

MOST: Final = 20  # people before one camera, where neither policy nor prison says less


def prison_facts(prison: Prison, pack: PolicyPack | None, excluded: Iterable[date] = ()) -> PrisonFacts:
    """The policy, narrowed by what the prison asks for. None = it cannot be read: there is no kind of visit."""
    total, adults, children = _numbers(pack)
    return PrisonFacts(
        id=prison.id,
        timezone=ZoneInfo(prison.timezone),
        kinds={kind.kind: _terms(prison, pack, kind) for kind in pack.kinds()} if pack is not None else {},
        active=prison.active,
        adult_age=pack.booking.ages.adult_age if pack is not None else 18,
        alone_from_age=pack.booking.ages.escort_age if pack is not None else None,
        max_total=_least(total, prison.max_total),
        max_adults=_least(adults, prison.max_adults),
        max_children=_least(children, prison.max_children),
        max_children_per_adult=prison.max_children_per_adult,
        week_start=prison.week_start,
        remand_limit_per_week=pack.booking.remand.visits_per_week if pack is not None else None,
        excluded=frozenset(excluded),
        country=prison.country,
        subdivision=prison.subdivision,
    )


def _numbers(pack: PolicyPack | None) -> tuple[int | None, int | None, int | None]:
    most = pack.booking.people if pack is not None else None
    return (most.total, most.adults, most.children) if most is not None else (None, None, None)


def _least(*limits: int | None) -> int:
    return min((each for each in limits if each is not None), default=MOST)


def _terms(prison: Prison, pack: PolicyPack, kind: VisitKind) -> KindTerms:
    rule = pack.rule_for(kind.kind)
    assert rule is not None, "a pack has a rule for each of its kinds"
    allowance = pack.booking.allowance_for(kind.kind)
    return KindTerms(
        kind=kind.kind,
        clients=_clients(prison, pack, kind),
        contact_classes=frozenset(kind.contacts),
        max_minutes=rule.max_minutes,
        max_visitors=_least(pack.booking.people.total, prison.max_total),
        standing=kind.standing,
        needs_child=kind.needs_child,
        automatic=rule.approval == "automatic",
        uses_allowance=allowance_name(allowance) if allowance is not None else None,
    )


def _clients(prison: Prison, pack: PolicyPack, kind: VisitKind) -> Mapping[UserType, Window]:
    """Official visits are booked by the professional; what a prison asks narrows only relatives and prisoners."""
    windows = {name: Window(each.min_days, each.max_days) for name, each in pack.booking.windows.items()}
    relatives = {UserType.PUBLIC: windows["public"], UserType.PRISONER: windows["prisoner"]}
    narrowed = {who: _narrowed(prison, window) for who, window in relatives.items()}
    if kind.standing is not None:
        narrowed[UserType.PUBLIC] = windows["professional"]
    return {**narrowed, UserType.STAFF: windows["staff"], UserType.SYSTEM: windows["staff"]}


def _narrowed(prison: Prison, window: Window) -> Window:
    return Window(
        max(window.min_days, prison.min_days or 0),
        window.max_days if prison.max_days is None else min(window.max_days, prison.max_days),
    )


def allowance_name(allowance: Allowance) -> str:
    """An allowance goes by the first of the kinds that share it."""
    return allowance.kinds[0]


def allowance_rule(allowance: Allowance, week_start: int) -> AllowanceRule:
    return AllowanceRule(
        allowance=allowance_name(allowance),
        minutes=allowance.minutes,
        period=allowance.period,
        carry_over_minutes=allowance.carry_over_minutes,
        week_start=week_start,
    )


def confidential_kinds(pack: PolicyPack) -> Collection[str]:
    """Kinds for which nobody may overhear what is said at the terminal."""
    return frozenset(kind.kind for kind in pack.kinds() if kind.confidential)
