"""What booking keeps besides visits: holds, wishes, the standby list, and who has what when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class Application(Base):
    """A slot held for somebody who fills in the form; it stands until `expires_at`, excluded."""

    __tablename__ = "application"
    __table_args__ = (Index(None, "template_id", "starts_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    template_id: Mapped[str] = mapped_column(ForeignKey("session_template.id"))
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminal.id"))
    kind: Mapped[str] = mapped_column(String(40))
    closed: Mapped[bool] = mapped_column(Boolean, default=False)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_type: Mapped[str] = mapped_column(String(20))
    held_by: Mapped[str] = mapped_column(String(36), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Resource(StrEnum):
    """What cannot be in two places at a time."""

    TERMINAL = "terminal"
    PRISONER = "prisoner"
    OFFICER = "officer"
    VISITOR = "visitor"


class Claim(Base):
    """Somebody or something is taken for five minutes, by one visit or one hold; the key is the rule.

    Kept while it can matter: a visit's go when it is cancelled or over, a hold's when it expires.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(visit_id IS NULL) <> (application_id IS NULL)", name="one_owner"),
        {"sqlite_with_rowid": False},
    )

    resource_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    resource_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    cell_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[str | None] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )


class Wish(Base):
    """One of up to three slots somebody would like for a visit, the best first (`rank` 1)."""

    __tablename__ = "wish"
    __table_args__ = (CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),)

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    template_id: Mapped[str] = mapped_column(ForeignKey("session_template.id"))
    day: Mapped[date] = mapped_column(Date)


class StandbyState(StrEnum):
    WAITING = "waiting"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"


class Standby(Base):
    """Somebody who would take a slot that comes free: one that starts in [earliest, latest), and no later
    than `notice_minutes` before it. The visit it became is `visit_id`."""

    __tablename__ = "standby"
    __table_args__ = (
        CheckConstraint("latest > earliest", name="window_forwards"),
        CheckConstraint("(state = 'filled') = (visit_id IS NOT NULL)", name="visit_when_filled"),
        Index(
            "ix_standby_waiting",
            "prison_id",
            "latest",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    visitors: Mapped[list[str]] = mapped_column(JSON)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    earliest: Mapped[datetime] = mapped_column(UtcDateTime)
    latest: Mapped[datetime] = mapped_column(UtcDateTime)
    notice_minutes: Mapped[int] = mapped_column(Integer)
    user_type: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(String(36), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20), default=StandbyState.WAITING.value)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id"), index=True)
