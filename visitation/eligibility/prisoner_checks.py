"""Steps 1 and 2: the prisoner is there, the prison is theirs, and whoever books may book this."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from visitation.eligibility.codes import RefusalCode
from visitation.eligibility.facts import Source
from visitation.eligibility.ground import Ground
from visitation.eligibility.people import Presence
from visitation.eligibility.proposal import Refusal, UserType, VisitKind
from visitation.eligibility.visitor_checks import needed_standing

_KINDS = frozenset(VisitKind)
_GONE = {
    Presence.RELEASED: RefusalCode.PRISONER_RELEASED,
    Presence.TRANSFERRED: RefusalCode.PRISONER_TRANSFERRED,
}


def prisoner_is_there(on: Ground) -> Iterator[Refusal]:
    for side in on.sides:
        if not side.prison.active:
            yield Refusal(RefusalCode.PRISON_CLOSED, side.prison.id)
        if side.prisoner.prison_id != side.prison.id:
            yield Refusal(RefusalCode.PRISON_PRISONER_MISMATCH, side.prisoner.id)
        if side.prisoner.presence in _GONE:
            yield Refusal(_GONE[side.prisoner.presence], side.prisoner.id)


def prisoner_is_still_there(on: Ground, day: date) -> Iterator[Refusal]:
    for side in on.sides:
        leaves_on = side.prisoner.leaves_on
        if leaves_on is not None and day >= leaves_on:
            yield Refusal(RefusalCode.PRISONER_LEAVES, side.prisoner.id, (("day", leaves_on),))


def kind_is_offered(on: Ground) -> Iterator[Refusal]:
    kind = on.proposal.kind
    if kind not in _KINDS:
        yield Refusal(RefusalCode.KIND_UNKNOWN)
        return
    for side in on.sides:
        if kind not in side.prison.kinds:
            yield Refusal(RefusalCode.KIND_NOT_AVAILABLE, side.prison.id)
    if (kind == VisitKind.INTERPRISON) != (len(on.sides) == 2):
        yield Refusal(RefusalCode.OTHER_PRISONER_MISSING, on.proposal.other_prisoner_id)


def booker_may_book(on: Ground) -> Iterator[Refusal]:
    proposal, terms, booker = on.proposal, on.terms, on.facts.booker
    if terms is not None and proposal.user_type not in terms.clients:
        yield Refusal(RefusalCode.USER_TYPE)
    if proposal.user_type is UserType.PRISONER and proposal.booker_id != proposal.prisoner_id:
        yield Refusal(RefusalCode.BOOKER_NOT_PERMITTED)
    if proposal.user_type is not UserType.PUBLIC:
        return
    if booker is None or booker.id != proposal.booker_id:
        yield Refusal(RefusalCode.BOOKER_NOT_PERMITTED)
        return
    # A professional has no prisoners of their own: who may come is checked in their own record.
    official = needed_standing(on) is not None
    if not official and proposal.prisoner_id not in booker.prisoner_ids:
        yield Refusal(RefusalCode.BOOKER_NOT_PERMITTED)
    for each in on.visitor_ids:
        if each not in booker.visitor_ids:
            yield Refusal(RefusalCode.BOOKER_VISITOR_NOT_PERMITTED, each)


def allowance_is_left(on: Ground, day: date, minutes: int) -> Iterator[Refusal]:
    if on.terms is None or on.terms.uses_allowance is None or Source.ALLOWANCES in on.facts.unread:
        return
    left = on.facts.allowance
    if left is None or left.allowance != on.terms.uses_allowance:
        yield Refusal(RefusalCode.NO_ALLOWANCE)
        return
    now = [count for first, count in left.periods if first <= day]
    if not now or now[-1] < minutes:
        later = [first for first, count in left.periods if first > day and count >= minutes]
        yield Refusal(RefusalCode.NO_ALLOWANCE, None, (("next", later[0]),) if later else ())
