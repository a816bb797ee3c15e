"""What prisoners have taken note of, and what the office has to do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class Acknowledgement(Base):
    """A prisoner said "I know about it" of a visit at this time; of another time they have not said it."""

    __tablename__ = "acknowledgement"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"), primary_key=True, index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskKind(StrEnum):
    NOT_ACKNOWLEDGED = "not_acknowledged"  # the prisoner may not know about a visit that begins soon
    NOT_TOLD = "not_told"  # a message could not be sent to somebody outside


class OfficeTask(Base):
    """Something that somebody in the office has to do, once. `person_id` is the prisoner or contact it is
    about, `about_at` the visit's start then. `done_by` None = it settled by itself."""

    __tablename__ = "office_task"
    __table_args__ = (
        # What was done is not asked for again, unless the visit moves.
        UniqueConstraint("kind", "visit_id", "person_id", "about_at"),
        Index(None, "visit_id"),
        Index(
            "ix_office_task_open",
            "prison_id",
            "about_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    kind: Mapped[str] = mapped_column(String(40))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(String(36))
    about_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(36))
