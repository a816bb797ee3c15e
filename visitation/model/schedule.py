"""The prison's week: recurring sessions, days without them, and what outranks a visit."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base, Versioned
from visitation.storage.types import UtcDateTime


class SessionTemplate(Versioned, Base):
    """A recurring session. `weekday` 0 = Monday; `start` and `end` are the prison's wall clock;
    `every_weeks` n = every n-th week, counted from the week of `valid_from`; `valid_to` is included.

    Who it is for: `kinds` of visit, `user_types`, and the prisoners of `units`, `categories` and
    `incentives`; with `except_…` all but those, and an empty list leaves nobody out.
    """

    __tablename__ = "session_template"
    __table_args__ = (
        UniqueConstraint("prison_id", "reference"),
        CheckConstraint('"end" > start', name="ends_after_start"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("every_weeks >= 1", name="every_weeks"),
        CheckConstraint("open_capacity >= 0 AND closed_capacity >= 0", name="capacity"),
        CheckConstraint("valid_to >= valid_from", name="valid_forwards"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    reference: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    weekday: Mapped[int] = mapped_column(Integer)
    start: Mapped[time] = mapped_column(Time)
    end: Mapped[time] = mapped_column(Time)
    every_weeks: Mapped[int] = mapped_column(Integer, default=1)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    open_capacity: Mapped[int] = mapped_column(Integer)
    closed_capacity: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    user_types: Mapped[list[str]] = mapped_column(JSON)
    for_children: Mapped[bool] = mapped_column(Boolean, default=False)
    on_public_holidays: Mapped[bool] = mapped_column(Boolean, default=False)
    units: Mapped[list[str]] = mapped_column(JSON, default=list)
    except_units: Mapped[bool] = mapped_column(Boolean, default=False)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    except_categories: Mapped[bool] = mapped_column(Boolean, default=False)
    incentives: Mapped[list[str]] = mapped_column(JSON, default=list)
    except_incentives: Mapped[bool] = mapped_column(Boolean, default=False)


class ExcludedDate(Versioned, Base):
    """A day without visits: in the whole prison, or of one session (`template_id`)."""

    __tablename__ = "excluded_date"
    __table_args__ = (
        Index(
            "uq_excluded_date_prison",
            "prison_id",
            "day",
            unique=True,
            sqlite_where=text("template_id IS NULL"),
            postgresql_where=text("template_id IS NULL"),
        ),
        Index(
            "uq_excluded_date_template",
            "template_id",
            "day",
            unique=True,
            sqlite_where=text("template_id IS NOT NULL"),
            postgresql_where=text("template_id IS NOT NULL"),
        ),
        Index(None, "prison_id", "day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    template_id: Mapped[str | None] = mapped_column(ForeignKey("session_template.id"))
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")


class Appointment(Versioned, Base):
    """Something of a prisoner's that outranks a visit: court, clinic, exam; `label` is for staff."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "prisoner_id", "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"))
    kind: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(100), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
