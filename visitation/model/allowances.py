"""The ledger of the visiting time that a prisoner may take in each period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class AllowanceEntry(Base):
    """One movement, never changed: `amount` is in minutes, negative when taken, `kind` an EntryKind of
    visitation.allowances. It counts in the period that begins on `period_start`; what is left of that is
    the sum of its entries."""

    __tablename__ = "allowance_entry"
    __table_args__ = (
        Index(None, "prisoner_id", "allowance", "period_start"),
        # A period is granted and carried over once, whoever comes first.
        Index(
            "uq_allowance_entry_once",
            "prisoner_id",
            "allowance",
            "period_start",
            "kind",
            unique=True,
            sqlite_where=text("kind IN ('grant', 'carry_over')"),
            postgresql_where=text("kind IN ('grant', 'carry_over')"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id"))
    allowance: Mapped[str] = mapped_column(String(40))
    period_start: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Integer)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_person: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
