"""The sessions of the coming days for one prisoner, each with every reason why it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from visitation.eligibility.checks import always, per_day, per_session, per_time, standing
from visitation.eligibility.facts import Facts, Template
from visitation.eligibility.ground import Ground, ground
from visitation.eligibility.proposal import Proposal, Refusal, UserType, VisitRestriction
from visitation.eligibility.room_checks import restriction_on, room_left
from visitation.eligibility.session_checks import runs_on, session_is_for
from visitation.eligibility.times import moment

# A session and what stands against it on every day.
_Offer = tuple[Template, list[Refusal]]


@dataclass(frozen=True, slots=True)
class Search:
    """A proposal without its time. `visitor_ids` None = people are chosen later."""

    kind: str
    prison_id: str
    prisoner_id: str
    user_type: UserType
    visitor_ids: tuple[str, ...] | None = None
    booker_id: str | None = None
    terminal_id: str | None = None
    officer_id: str | None = None
    other_prisoner_id: str | None = None
    closed_wanted: bool = False
    hold_id: str | None = None
    replaces_visit_id: str | None = None

    def at(self, template: Template, day: date) -> Proposal:
        """The proposal of this session on that day."""
        return Proposal(
            kind=self.kind,
            prison_id=self.prison_id,
            prisoner_id=self.prisoner_id,
            date=day,
            start=template.start,
            end=template.end,
            template_id=template.id,
            user_type=self.user_type,
            visitor_ids=self.visitor_ids,
            booker_id=self.booker_id,
            terminal_id=self.terminal_id,
            officer_id=self.officer_id,
            other_prisoner_id=self.other_prisoner_id,
            closed_wanted=self.closed_wanted,
            hold_id=self.hold_id,
            replaces_visit_id=self.replaces_visit_id,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One session on one day: `start` and `end` on the prison's clock, `starts_at` and `ends_at` in UTC.
    `left` is the room of the capacity that the visit would take."""

    template_id: str
    date: date
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    restriction: VisitRestriction
    left: int
    refusals: tuple[Refusal, ...]

    @property
    def free(self) -> bool:
        return not self.refusals


def slots(search: Search, from_date: date, days: int, facts: Facts) -> tuple[Slot, ...]:
    """The slots of `facts.templates` on `days` days from `from_date`, in order of time; `refusals` are what
    `hold_refusals` says of `search.at(...)`. Sessions of other kinds and user types are left out, and, but
    for staff, those of other groups of prisoners. There is none at a time that the clocks leave out or show
    twice.
    """
    templates = [each for each in facts.templates.values() if _offered(each, search)]
    if not templates:
        return ()
    on = ground(search.at(templates[0], from_date), facts, people_later=True)
    if on is None:
        return ()
    fixed = always(on)
    weekdays: list[list[_Offer]] = [[] for _ in range(7)]
    for template in templates:
        found = list(session_is_for(on, template))
        if search.user_type is UserType.STAFF or not found:
            weekdays[template.weekday].append((template, [*fixed, *found]))
    return tuple(
        slot
        for day in (from_date + timedelta(days=ahead) for ahead in range(days))
        for slot in _of_day(on, weekdays[day.weekday()], day)
    )


def _offered(template: Template, search: Search) -> bool:
    return template.active and search.kind in template.kinds and search.user_type in template.user_types


def _of_day(on: Ground, offers: list[_Offer], day: date) -> list[Slot]:
    running = [offer for offer in offers if runs_on(offer[0], day)]
    if not running:
        return []
    of_day = per_day(on, day)
    which = restriction_on(on, day)
    found = [_slot(on, template, day, which, [*fixed, *of_day]) for template, fixed in running]
    return sorted((slot for slot in found if slot is not None), key=_when)


def _slot(
    on: Ground, template: Template, day: date, which: VisitRestriction, refused: list[Refusal]
) -> Slot | None:
    at = moment(day, template.start, template.end, on.prison.timezone)
    if at.starts_at is None or at.ends_at is None:
        return None
    return Slot(
        template_id=template.id,
        date=day,
        start=template.start,
        end=template.end,
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        restriction=which,
        left=room_left(on, template, day, which),
        refusals=standing(
            on.proposal, [*refused, *per_session(on, template, day, which), *per_time(on, day, at)]
        ),
    )


def _when(slot: Slot) -> tuple[datetime, datetime, str]:
    return slot.starts_at, slot.ends_at, slot.template_id
