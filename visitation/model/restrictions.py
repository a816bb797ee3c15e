"""What stands between people: restrictions, non-associations, alerts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base, Versioned
from visitation.storage.types import UtcDateTime


class RestrictionScope(StrEnum):
    CONTACT = "contact"  # wherever they visit
    PAIR = "pair"
    PRISONER = "prisoner"  # whoever visits


class Cover(StrEnum):
    """What a court's contact restriction takes in."""

    CORRESPONDENCE = "correspondence"
    TELEPHONE = "telephone"
    VISIT = "visit"
    ASSOCIATION = "association"


class Restriction(Versioned, Base):
    """A ban, closed visits, a court's order: `type` is a RestrictionType; first and last day included.

    Lifted at once by `lifted_at`. `covers` is for a court's restriction alone; none of them ever meets a
    visit of counsel or of those who oversee the prison.
    """

    __tablename__ = "restriction"
    __table_args__ = (
        CheckConstraint(
            "(scope = 'prisoner' OR contact_id IS NOT NULL) AND (scope <> 'prisoner' OR contact_id IS NULL)",
            name="contact_by_scope",
        ),
        CheckConstraint(
            "(scope = 'contact' OR prisoner_id IS NOT NULL) AND (scope <> 'contact' OR prisoner_id IS NULL)",
            name="prisoner_by_scope",
        ),
        CheckConstraint("last_day >= first_day", name="days_forwards"),
        CheckConstraint("type <> 'ban' OR last_day IS NOT NULL", name="ban_ends"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    type: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    prisoner_id: Mapped[str | None] = mapped_column(ForeignKey("prisoner.id"), index=True)
    covers: Mapped[list[str]] = mapped_column(JSON, default=list)
    authority: Mapped[str] = mapped_column(String(100))
    case_no: Mapped[str | None] = mapped_column(String(60))
    ground: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(36))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NonAssociation(Versioned, Base):
    """Two prisoners who must not meet, in no order; the public never learns of it."""

    __tablename__ = "non_association"
    __table_args__ = (
        CheckConstraint("prisoner_id <> other_id", name="two_people"),
        CheckConstraint("last_day >= first_day", name="days_forwards"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    extent: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)


class Alert(Versioned, Base):
    """A warning or a need on a prisoner's file, by the agency's code; both days included."""

    __tablename__ = "alert"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_forwards"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
