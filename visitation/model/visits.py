"""Visits and their calls."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.eligibility import UserType, VisitRestriction, VisitSubStatus
from visitation.storage.base import Base, Versioned
from visitation.storage.types import UtcDateTime


class VisitStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


class ApplicationMethod(StrEnum):
    """How the visit was asked for."""

    PHONE = "phone"
    WEBSITE = "website"
    EMAIL = "email"
    IN_PERSON = "in_person"
    BY_PRISONER = "by_prisoner"
    NOT_KNOWN = "not_known"


class Need(StrEnum):
    """What people need so that they can take part."""

    INTERPRETER = "interpreter"
    SIGN_LANGUAGE = "sign_language"
    LARGE_TEXT = "large_text"


class Visit(Versioned, Base):
    """The arrangement. `conditions` is the text of `conditions.to_json`, decided at booking and
    again at the first join (`decided_finally_at`); `listening_decision` likewise is JSON or null.

    `contact_id` is the main visitor; all who come are VisitVisitor rows, the main one too. `template_id`
    is None for a visit outside every session. `other_terminal_id` is where a visitor sits who is a
    prisoner too. `sub_status`, `restriction` and `user_type` are the words of eligibility.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "prison_id", "starts_at"),
        Index(None, "terminal_id", "starts_at"),
        Index(None, "prisoner_id", "starts_at"),
        Index(None, "template_id", "starts_at"),
        Index(None, "contact_id"),
        Index(
            "ix_visit_without_outcome",
            "prison_id",
            "ends_at",
            sqlite_where=text("outcome IS NULL AND status = 'booked'"),
            postgresql_where=text("outcome IS NULL AND status = 'booked'"),
        ),
        Index(
            "ix_visit_requested",
            "prison_id",
            "starts_at",
            sqlite_where=text("sub_status = 'requested'"),
            postgresql_where=text("sub_status = 'requested'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminal.id"))
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"))
    kind: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(20), default=VisitStatus.BOOKED.value)
    sub_status: Mapped[str] = mapped_column(String(20), default=VisitSubStatus.AUTO_APPROVED.value)
    restriction: Mapped[str] = mapped_column(String(20), default=VisitRestriction.OPEN.value)
    template_id: Mapped[str | None] = mapped_column(ForeignKey("session_template.id"))
    other_terminal_id: Mapped[str | None] = mapped_column(ForeignKey("terminal.id"))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    method: Mapped[str] = mapped_column(String(20), default=ApplicationMethod.NOT_KNOWN.value)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    user_type: Mapped[str] = mapped_column(String(20), default=UserType.SYSTEM.value)
    booked_by: Mapped[str | None] = mapped_column(String(36), index=True)
    booked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(40))
    listening_decision: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[str | None] = mapped_column(Text)
    decided_finally_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(40))


class VisitVisitor(Base):
    """Somebody who comes to a visit."""

    __tablename__ = "visit_visitor"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)


class CallRow(Base):
    """A call of a visit, and which node holds it until when; every new holder raises the epoch."""

    __tablename__ = "call"
    __table_args__ = (
        # At most one call of a visit is open; the database decides the race.
        Index(
            "uq_call_open",
            "visit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "visit_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    node: Mapped[str] = mapped_column(String(60))
    epoch: Mapped[int] = mapped_column(Integer)
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(40))
