"""The prison's week: sessions, days without them, and prisoners' other appointments."""

from __future__ import annotations

from datetime import date, datetime

from visitation.commands.schedule import AppointmentData, ExcludedDateData, TemplateData
from visitation.errors import BadInput
from visitation.events import RecordKind
from visitation.model.schedule import Appointment, ExcludedDate, SessionTemplate
from visitation.services.desk import Desk, Work
from visitation.services.prisons import unit_in
from visitation.services.records import Kept, Records


class Schedule:
    """`templates`, `excluded_dates` and `appointments` are added, changed and removed; a session that
    visits were booked in is ended by `valid_to` or made inactive instead."""

    def __init__(self, desk: Desk) -> None:
        self.templates = Records(desk, SessionTemplate, TemplateData, RecordKind.TEMPLATE, _is_for_units_here)
        self.excluded_dates = Records(
            desk, ExcludedDate, ExcludedDateData, RecordKind.EXCLUDED_DATE, _is_of_a_session_here
        )
        self.appointments = Records(desk, Appointment, AppointmentData, RecordKind.APPOINTMENT)

    async def templates_of(self, prison_id: str) -> tuple[Kept[TemplateData], ...]:
        """In the order of the week, ended and inactive ones too."""
        order = [SessionTemplate.weekday, SessionTemplate.start]
        return await self.templates.where(SessionTemplate.prison_id == prison_id, order=order)

    async def excluded_dates_of(self, prison_id: str, first: date) -> tuple[Kept[ExcludedDateData], ...]:
        """From that day on, the prison's own and those of its sessions."""
        here = (ExcludedDate.prison_id == prison_id, ExcludedDate.day >= first)
        return await self.excluded_dates.where(*here, order=[ExcludedDate.day])

    async def appointments_of(self, prisoner_id: str, now: datetime) -> tuple[Kept[AppointmentData], ...]:
        """Those that are not over."""
        ahead = (Appointment.prisoner_id == prisoner_id, Appointment.ends_at > now)
        return await self.appointments.where(*ahead, order=[Appointment.ends_at])


async def _is_for_units_here(work: Work, data: TemplateData, _id: str | None) -> None:
    for unit_id in data.units:
        await unit_in(work, unit_id, data.prison_id)


async def _is_of_a_session_here(work: Work, data: ExcludedDateData, _id: str | None) -> None:
    if data.template_id is None:
        return
    template = await work.session.get(SessionTemplate, data.template_id)
    if template is None or template.prison_id != data.prison_id:
        raise BadInput
