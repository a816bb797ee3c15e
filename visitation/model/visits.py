"""Visits, their calls, and what officers decided in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class VisitStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Visit(Base):
    """The arrangement. `conditions` is the text of `conditions.to_json`, decided at booking and
    again at the first join (`decided_finally_at`); `listening_decision` likewise is JSON or null."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "prison_id", "starts_at"),
        Index(None, "terminal_id", "starts_at"),
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
    listening_decision: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[str | None] = mapped_column(Text)
    decided_finally_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(40))


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


class DecisionRow(Base):
    """What somebody decided in a call (warn, hold, resume, end), by which rule, and what both were told."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[str] = mapped_column(String(20))
    by_kind: Mapped[str] = mapped_column(String(20))
    by_person: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
