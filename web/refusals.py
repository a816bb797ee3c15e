"""What stands against a visit, as whoever asked may read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from visitation.eligibility import PublicRefusal, Refusal, for_public, words_for_public, words_for_staff
from visitation.errors import Reason
from visitation.policy.identity import Identity
from visitation.texts import Param
from visitation.words import Words

STAFF = ("officer", "office")


def reasons_for(who: Identity, refusals: Iterable[Refusal]) -> tuple[Reason, ...]:
    """All of them together: staff read each as it is, everybody else what gives nobody away."""
    if who.kind in STAFF:
        return tuple(_reason(each, words_for_staff(each)) for each in refusals)
    return tuple(_reason(each, words_for_public(each)) for each in for_public(refusals))


def _reason(refusal: Refusal | PublicRefusal, words: Words) -> Reason:
    params = {name: _plain(value) for name, value in refusal.params}
    return Reason(refusal.code.value, params, about=refusal.about, words=words)


def _plain(value: Param) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
