"""Steps 4, 5 and 6 as far as they look at the time: the session is held then, and is for this prisoner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from visitation.eligibility.codes import RefusalCode
from visitation.eligibility.facts import Places, Selection, Template
from visitation.eligibility.ground import Ground
from visitation.eligibility.proposal import Refusal, UserType
from visitation.eligibility.times import weeks_between
from visitation.eligibility.visitor_checks import has_child
from visitation.public_holidays import is_public_holiday


def time_is_ahead(on: Ground, starts_at: datetime) -> Iterator[Refusal]:
    if starts_at <= on.facts.now:
        yield Refusal(RefusalCode.TIME_IN_PAST)


def length_is_right(on: Ground, minutes: int) -> Iterator[Refusal]:
    if on.terms is not None and minutes > on.terms.max_minutes:
        yield Refusal(RefusalCode.TOO_LONG, None, (("minutes", on.terms.max_minutes),))


def session_is_there(on: Ground, template: Template | None) -> Iterator[Refusal]:
    """Staff alone may do without one."""
    if template is None and (
        on.proposal.template_id is not None or on.proposal.user_type is not UserType.STAFF
    ):
        yield Refusal(RefusalCode.SESSION_TEMPLATE_NOT_FOUND, on.proposal.template_id)


def session_is_for(on: Ground, template: Template) -> Iterator[Refusal]:
    """What holds on every day: the kind, who may book it, and the groups of prisoners."""
    if on.proposal.kind not in template.kinds:
        yield Refusal(RefusalCode.SESSION_KIND, template.id)
    if on.proposal.user_type not in template.user_types:
        yield Refusal(RefusalCode.SESSION_USER_TYPE, template.id)
    prisoner = on.prisoner
    if not _at(template.places, prisoner.housing):
        yield Refusal(RefusalCode.LOCATION_GROUP, template.id)
    if not _selects(template.categories, prisoner.category):
        yield Refusal(RefusalCode.CATEGORY_GROUP, template.id)
    if not _selects(template.incentives, prisoner.incentive):
        yield Refusal(RefusalCode.INCENTIVE_GROUP, template.id)


def session_is_held(template: Template, day: date, start: time, end: time) -> Iterator[Refusal]:
    if not (template.active and runs_on(template, day) and (start, end) == (template.start, template.end)):
        yield Refusal(RefusalCode.SESSION_NOT_AVAILABLE, template.id)


def session_is_open(on: Ground, template: Template, day: date) -> Iterator[Refusal]:
    """What the template says of that day, when it is held at all."""
    if template.for_children and on.people and not has_child(on, day):
        yield Refusal(RefusalCode.SESSION_FOR_CHILDREN, template.id)
    if not template.on_public_holidays and is_public_holiday(on.prison.country, on.prison.subdivision, day):
        yield Refusal(RefusalCode.PUBLIC_HOLIDAY)
    if day in template.excluded:
        yield Refusal(RefusalCode.SESSION_DATE_BLOCKED, template.id)


def runs_on(template: Template, day: date) -> bool:
    """By its weekday, its phase and its first and last day; blocked days are not looked at."""
    return (
        day.weekday() == template.weekday
        and template.valid_from <= day
        and (template.valid_to is None or day <= template.valid_to)
        and weeks_between(template.valid_from, day) % template.every_weeks == 0
    )


def _selects(selection: Selection, value: str | None) -> bool:
    return not selection.values or (value in selection.values) != selection.exclude


def _at(places: Places, housing: tuple[str, ...]) -> bool:
    if not places.values:
        return True
    inside = any(housing[: len(place)] == place for place in places.values)
    return inside != places.exclude
