"""How much visiting time a prisoner has left in each period: pure arithmetic over the ledger's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from visitation.eligibility.facts import AllowanceLeft
from visitation.eligibility.times import week_of


@dataclass(frozen=True, slots=True)
class AllowanceRule:
    """`minutes` for each week or month; of what is left `carry_over_minutes` at most go on to the next.
    `week_start` 0 = Monday."""

    allowance: str
    minutes: int
    period: Literal["week", "month"]
    carry_over_minutes: int = 0
    week_start: int = 0


class EntryKind(StrEnum):
    GRANT = "grant"
    CARRY_OVER = "carry_over"
    USE = "use"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of one prisoner's ledger, in minutes, negative when taken; it counts in the period that
    begins on `period_start`. A period with its GRANT is settled: what was carried over into it stands."""

    period_start: date
    kind: EntryKind
    amount: int
    visit_id: str | None = None


def period_of(rule: AllowanceRule, day: date) -> date:
    """The first day of the period that the day lies in."""
    return day.replace(day=1) if rule.period == "month" else week_of(day, rule.week_start)[0]


def period_after(rule: AllowanceRule, first: date) -> date:
    """The first day of the next period; any day of a period will do."""
    return period_of(rule, period_of(rule, first) + timedelta(days=31 if rule.period == "month" else 7))


def due(rule: AllowanceRule, entries: Iterable[Entry], since: date, today: date) -> tuple[Entry, ...]:
    """The grants, and what is carried over with them, that are to be written up to today's period; none when
    all are. `since` is the first day the prisoner has the allowance at all."""
    written = tuple(entries)
    granted = [entry.period_start for entry in written if entry.kind is EntryKind.GRANT]
    first = period_after(rule, max(granted)) if granted else period_of(rule, since)
    made: list[Entry] = []
    for period in _periods(rule, first, today):
        before = (each for each in (*written, *made) if period_after(rule, each.period_start) == period)
        carried = _carried(rule, sum(each.amount for each in before))
        made.append(Entry(period, EntryKind.GRANT, rule.minutes))
        if carried:
            made.append(Entry(period, EntryKind.CARRY_OVER, carried))
    return tuple(made)


def left(rule: AllowanceRule, entries: Iterable[Entry], today: date, last: date) -> AllowanceLeft:
    """What could still be taken in each period from today's to the last day's.

    A visit in this period may leave less to carry into a later one that has visits already: what those need
    is not left. Periods that are not granted yet count with what they will be granted. `entries` reach back
    to the last settled period at least.
    """
    known = tuple(entries)
    now = period_of(rule, today)
    end = max([last, *(entry.period_start for entry in known)])
    begin = min([now, *(entry.period_start for entry in known)])
    periods = list(_periods(rule, begin, end))
    settled = {entry.period_start for entry in known if entry.kind is EntryKind.GRANT}
    balances: dict[date, int] = {}
    before = 0
    for period in periods:
        own = sum(entry.amount for entry in known if entry.period_start == period)
        if period not in settled and period >= now:
            own += rule.minutes + _carried(rule, before)
        before = balances[period] = own
    free = _free(rule, periods, balances, settled)
    shown = _periods(rule, now, last)
    return AllowanceLeft(rule.allowance, tuple((period, max(0, free[period])) for period in shown))


def _free(
    rule: AllowanceRule, periods: list[date], balances: dict[date, int], settled: set[date]
) -> dict[date, int]:
    """How much can go from each period without any that follows running short."""
    free: dict[date, int] = {}
    after: date | None = None
    for period in reversed(periods):
        free[period] = balances[period]
        if after is not None and after not in settled:
            lost_anyway = max(0, balances[period] - rule.carry_over_minutes)
            free[period] = min(balances[period], lost_anyway + max(0, free[after]))
        after = period
    return free


def use(rule: AllowanceRule, visit_id: str, day: date, minutes: int) -> Entry:
    """A visit booked for that day; `minutes` positive."""
    return Entry(period_of(rule, day), EntryKind.USE, -minutes, visit_id)


def refund(
    rule: AllowanceRule, entries: Iterable[Entry], visit_id: str, minutes: int, today: date
) -> Entry | None:
    """Gives back at most what the visit still costs; None when that is nothing.

    In the period of the visit, or in today's when that one is over: it was settled without this."""
    of_visit = [entry for entry in entries if entry.visit_id == visit_id]
    back = min(minutes, -sum(entry.amount for entry in of_visit))
    if back <= 0:
        return None
    period = max(period_of(rule, today), *(entry.period_start for entry in of_visit))
    return Entry(period, EntryKind.REFUND, back, visit_id)


def _carried(rule: AllowanceRule, balance: int) -> int:
    """Of what is left; what was taken too much (by staff's choice) is not held against anybody."""
    return max(0, min(rule.carry_over_minutes, balance))


def _periods(rule: AllowanceRule, first: date, last: date) -> Iterator[date]:
    period = period_of(rule, first)
    while period <= last:
        yield period
        period = period_after(rule, period)
