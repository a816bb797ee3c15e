"""The prison's week and what stands between people, as the office keeps them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tests.visitation.office import KIRSI, STRANGER, Office
from tests.visitation.world import NOON, PRISON
from visitation.commands.restrictions import AlertData, NonAssociationData, RestrictionData
from visitation.commands.schedule import AppointmentData, ExcludedDateData, TemplateData
from visitation.errors import BadInput, NotFound, NotNow
from visitation.services.demo_people import demo_id
from visitation.storage.database import Database

TODAY = NOON.date()
PEKKA, MIKKO = (demo_id("prisoner", cell) for cell in ("A-12", "A-14"))
ANNA = demo_id("contact", "A-12")


@pytest.fixture
def office(either: Database) -> Office:
    return Office(either)


def template(**changes: Any) -> TemplateData:
    given: dict[str, Any] = {
        "prison_id": PRISON, "reference": "MON-1", "name": "Monday noon", "weekday": 0, "start": "12:00",
        "end": "12:30", "valid_from": TODAY, "open_capacity": 4, "kinds": ["social"], "user_types": ["public"],
    }  # fmt: skip
    return TemplateData.model_validate(given | changes)


def restriction(**changes: Any) -> RestrictionData:
    given: dict[str, Any] = {
        "type": "ban", "scope": "contact", "contact_id": ANNA, "authority": "Kaislaranta",
        "first_day": TODAY, "last_day": TODAY + timedelta(days=30),
    }  # fmt: skip
    return RestrictionData.model_validate(given | changes)


async def test_a_session_comes_back_as_it_was_written(office: Office):
    unit = (await office.prisons.units_of(PRISON))[0].id
    data = template(units=[unit], categories=["remand"], every_weeks=2, user_types=["public", "staff"])
    kept = await office.schedule.templates.add(data, KIRSI)
    assert await office.schedule.templates_of(PRISON) == (kept,)
    assert kept.data == data


async def test_a_session_is_for_units_of_its_prison(office: Office):
    with pytest.raises(BadInput):
        await office.schedule.templates.add(template(units=["nowhere"]), KIRSI)


@pytest.mark.parametrize(
    "odd",
    [
        {"end": "12:00"}, {"start": "12:01"}, {"start": "12:00:01"}, {"weekday": 7}, {"every_weeks": 0},
        {"open_capacity": -1}, {"kinds": []}, {"user_types": ["ghost"]}, {"valid_to": "2020-01-01"},
    ],
    ids=str,
)  # fmt: skip
def test_a_session_that_cannot_be_is_refused(odd: dict[str, object]):
    with pytest.raises(ValidationError):
        template(**odd)


async def test_a_day_is_closed_once_for_the_prison_and_once_for_each_session(office: Office):
    session = (await office.schedule.templates.add(template(), KIRSI)).id
    days = [ExcludedDateData(prison_id=PRISON, template_id=one, day=TODAY) for one in (None, session)]
    kept = [await office.schedule.excluded_dates.add(day, KIRSI) for day in days]
    for day in days:
        with pytest.raises(NotNow, match="already_there"):
            await office.schedule.excluded_dates.add(day, KIRSI)
    assert set(await office.schedule.excluded_dates_of(PRISON, TODAY)) == set(kept)
    assert await office.schedule.excluded_dates_of(PRISON, TODAY + timedelta(days=1)) == ()
    await office.schedule.excluded_dates.remove(kept[0].id, 1, KIRSI)
    assert office.told[-1] == ("excluded_date", "removed")


async def test_a_closed_day_is_of_a_session_of_the_prison(office: Office):
    with pytest.raises(BadInput):
        await office.schedule.excluded_dates.add(
            ExcludedDateData(prison_id=PRISON, template_id="nothing", day=TODAY), KIRSI
        )


async def test_appointments_that_are_over_are_not_shown(office: Office):
    for hours in (-2, 1):
        starts = NOON + timedelta(hours=hours)
        data = AppointmentData(
            prisoner_id=PEKKA, kind="medical", starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        await office.schedule.appointments.add(data, KIRSI)
    (shown,) = await office.schedule.appointments_of(PEKKA, NOON)
    assert shown.data.starts_at == NOON + timedelta(hours=1)
    with pytest.raises(NotFound):
        await office.schedule.appointments.remove(shown.id, 1, STRANGER)


async def test_a_restriction_is_imposed_and_lifted_once(office: Office):
    kept = await office.restrictions.impose(restriction(), KIRSI)
    assert await office.restrictions.about(ANNA, TODAY) == (kept,)
    await office.restrictions.lift(kept.id, kept.version, KIRSI)
    assert await office.restrictions.about(ANNA, TODAY) == ()
    with pytest.raises(NotNow, match="already_decided"):
        await office.restrictions.lift(kept.id, kept.version + 1, KIRSI)
    assert [kind for kind, *_ in await office.audit()] == ["restriction.added", "restriction.changed"]


async def test_a_restriction_ends_with_its_last_day(office: Office):
    kept = await office.restrictions.impose(restriction(scope="pair", prisoner_id=PEKKA), KIRSI)
    for days, shown in ((30, (kept,)), (31, ())):
        assert await office.restrictions.about(PEKKA, TODAY + timedelta(days=days)) == shown


@pytest.mark.parametrize(
    "odd",
    [
        {"last_day": None},
        {"last_day": TODAY - timedelta(days=1)},
        {"scope": "pair"},
        {"scope": "prisoner"},
        {"scope": "prisoner", "prisoner_id": PEKKA},
        {"covers": ["visit"]},
        {"type": "court_contact"},
        {"type": "court_contact", "covers": ["visit", "visit"]},
        {"authority": " "},
    ],
    ids=str,
)
def test_a_restriction_that_does_not_say_whom_how_long_and_what_is_refused(odd: dict[str, object]):
    with pytest.raises(ValidationError):
        restriction(**odd)


async def test_a_courts_restriction_keeps_its_case(office: Office):
    data = restriction(
        type="court_contact", scope="prisoner", contact_id=None, prisoner_id=PEKKA,
        covers=["correspondence", "visit"], authority="Helsingin käräjäoikeus", case_no="PK 1", last_day=None,
    )  # fmt: skip
    kept = await office.restrictions.impose(data, KIRSI)
    assert (await office.restrictions.get(kept.id)).data == data
    with pytest.raises(NotFound):
        await office.restrictions.impose(data, STRANGER)


async def test_two_who_are_kept_apart_are_found_from_either_side(office: Office):
    data = NonAssociationData.model_validate(
        {"prisoner_id": PEKKA, "other_id": MIKKO, "reason": "threat", "first_day": TODAY}
    )
    kept = await office.restrictions.non_associations.add(data, KIRSI)
    for one in (PEKKA, MIKKO):
        assert await office.restrictions.kept_apart(one) == (kept,)
    with pytest.raises(NotFound):
        await office.restrictions.non_associations.remove(kept.id, 1, STRANGER)


async def test_alerts_are_kept_for_their_prisoner(office: Office):
    data = AlertData(prisoner_id=PEKKA, code="HA", first_day=TODAY)
    kept = await office.restrictions.alerts.add(data, KIRSI)
    ended = await office.restrictions.alerts.change(
        kept.id, 1, data.model_copy(update={"last_day": TODAY}), KIRSI
    )
    assert await office.restrictions.alerts_of(PEKKA) == (ended,)
    with pytest.raises(BadInput):
        await office.restrictions.alerts.change(
            kept.id, 2, data.model_copy(update={"prisoner_id": MIKKO}), KIRSI
        )
