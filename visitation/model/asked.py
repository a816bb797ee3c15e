"""What people outside have asked for: to be linked to a prisoner, and to have their data corrected."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class LinkRequest(Base):
    """What somebody typed of a prisoner; `link_id` is what came of it, None when nobody fits.

    Whoever asked sees their own words until the link is approved: what is on the file is not told them.
    An answer is promised by `expected_by`, whether there is such a prisoner or not.
    """

    __tablename__ = "link_request"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    prisoner_number: Mapped[str] = mapped_column(String(20))
    prisoner_name: Mapped[str] = mapped_column(String(100))
    prisoner_born_on: Mapped[date] = mapped_column(Date)
    relation_code: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expected_by: Mapped[date] = mapped_column(Date)
    link_id: Mapped[str | None] = mapped_column(ForeignKey("prisoner_contact.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CorrectionState(StrEnum):
    REQUESTED = "requested"
    CORRECTED = "corrected"
    DECLINED = "declined"


class CorrectionRequest(Base):
    """What somebody says is wrong in what is kept of them; `reason` is the answer they read."""

    __tablename__ = "correction_request"
    __table_args__ = (
        CheckConstraint("(state = 'requested') = (answered_at IS NULL)", name="answered_when_answered"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expected_by: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(20), default=CorrectionState.REQUESTED.value)
    answered_by: Mapped[str | None] = mapped_column(String(36))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
