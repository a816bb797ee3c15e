"""What was decided about people, and to whom each decision was delivered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from visitation.storage.base import Base
from visitation.storage.types import UtcDateTime


class DecisionRow(Base):
    """One decision, never changed. In a call: warn, hold, resume, end; elsewhere reject, cancel, ban, end.

    It is about a visit, a link that was asked for (`link_id`) or a ban (`restriction_id`). `rule` is
    pack/version/rule; `terms` the JSON of decision_terms: the law and the appeal as they stood then, for those
    that can be appealed. Its people read `facts`, for a child `interest` (why it is in the child's interest)
    and for a ban `lesser` (why a supervised visit would not do); `note` is for staff alone.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "visit_id IS NOT NULL OR restriction_id IS NOT NULL OR link_id IS NOT NULL", name="about"
        ),
        Index(None, "prison_id", "at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    prison_id: Mapped[str] = mapped_column(ForeignKey("prison.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"))
    restriction_id: Mapped[str | None] = mapped_column(ForeignKey("restriction.id"), index=True)
    link_id: Mapped[str | None] = mapped_column(ForeignKey("prisoner_contact.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    by_kind: Mapped[str] = mapped_column(String(20))
    by_person: Mapped[str | None] = mapped_column(String(36))
    ground: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(Text, default="")
    interest: Mapped[str] = mapped_column(Text, default="")
    lesser: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[str] = mapped_column(String(120))
    terms: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AddresseeRow(Base):
    """Somebody a decision is made about and delivered to: a contact or a prisoner, in their language.

    `appeal_until` is the last day for them, counted from their delivery; None before it, and where no
    deadline is known.
    """

    __tablename__ = "decision_addressee"
    __table_args__ = (
        CheckConstraint("(delivered_at IS NULL) = (delivered_how IS NULL)", name="delivered_somehow"),
        Index(None, "person_kind", "person_id"),
        Index(
            "ix_decision_addressee_waiting",
            "decision_id",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_how: Mapped[str | None] = mapped_column(String(20))
    delivered_by: Mapped[str | None] = mapped_column(String(36))
    appeal_until: Mapped[date | None] = mapped_column(Date)
